// Plays the run that is shown, and goes to any epoch of it.
import { Clock, usualPace } from "../../ui/components/player/clock.js";
import { mark } from "../../ui/components/player/icons.js";

export class Player {
  /**
   * @param {HTMLElement} parent
   * @param {(epoch: number) => void} show an epoch, or a moment between two
   */
  constructor(parent, show) {
    this.show = show;
    this.box = document.createElement("div");
    this.box.className = "gdviz-player";
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Play the run");
    this.box.innerHTML = '<div class="gdviz-player-buttons"><button type="button" data-do="play"></button></div>' +
      '<input type="range" min="0" step="1" aria-label="Epoch"><output></output>';
    const find = (/** @type {string} */ selector) => this.box.querySelector(selector);
    this.button = /** @type {HTMLButtonElement} */ (find("button"));
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.output = /** @type {HTMLOutputElement} */ (find("output"));
    parent.append(this.box);
    this.last = 0;
    this.epoch = 0;
    this.clock = new Clock({
      at: () => this.epoch,
      pace: () => usualPace(this.last),
      speed: () => 1,
      last: () => this.last,
      due: (epoch) => {
        if (epoch >= this.last) this.stop();
        this.go(epoch);
      },
    });
    this.button.addEventListener("click", () => (this.clock.goes ? this.stop() : this.play()));
    this.input.addEventListener("input", () => {
      this.stop();
      this.go(Number(this.input.value));
    });
    mark(this.button, false);
  }

  /** How many epochs there are; the last one is shown.
   * @param {number} epochs */
  rest(epochs) {
    this.stop();
    this.last = epochs;
    this.input.max = String(epochs);
    this.input.disabled = this.button.disabled = epochs === 0;
    this.say(epochs);
  }

  /** @param {number} epoch */
  go(epoch) {
    this.say(Math.min(this.last, Math.max(0, epoch)));
    this.show(this.epoch);
  }

  /** @param {number} epoch */
  say(epoch) {
    this.epoch = epoch;
    const whole = Math.floor(epoch).toLocaleString("en-US");
    const words = `epoch ${whole} of ${this.last.toLocaleString("en-US")}`;
    this.input.value = String(Math.floor(epoch));
    this.input.setAttribute("aria-valuetext", words);
    this.output.textContent = words;
  }

  play() {
    if (this.epoch >= this.last) this.go(0);
    mark(this.button, true);
    this.clock.start();
  }

  stop() {
    this.clock.stop();
    mark(this.button, false);
  }
}
