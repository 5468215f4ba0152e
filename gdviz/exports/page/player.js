// Plays the run that is shown, and goes to any epoch of it.

const SECONDS = 8; // for a whole run
const SLOWEST = 4; // epochs a second
const JUMPS = 16; // of a run played without motion
const ICONS = { play: "M8 5v14l11-7z", pause: "M8 5v14M16 5v14" };

export class Player {
  /**
   * @param {HTMLElement} parent
   * @param {(epoch: number) => void} show an epoch, or a moment between two
   */
  constructor(parent, show) {
    this.show = show;
    this.calm = globalThis.matchMedia("(prefers-reduced-motion: reduce)");
    this.box = document.createElement("div");
    this.box.className = "gdviz-player";
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Play the run");
    this.box.innerHTML = '<div class="gdviz-player-buttons"><button type="button" data-do="play">' +
      '<svg viewBox="0 0 24 24" aria-hidden="true"><path/></svg></button></div>' +
      '<input type="range" min="0" step="1" aria-label="Epoch"><output></output>';
    const find = (/** @type {string} */ selector) => this.box.querySelector(selector);
    this.button = /** @type {HTMLButtonElement} */ (find("button"));
    this.icon = /** @type {SVGPathElement} */ (find("path"));
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.output = /** @type {HTMLOutputElement} */ (find("output"));
    parent.append(this.box);
    this.last = 0;
    this.epoch = 0;
    this.frame = 0;
    this.begun = 0; // when it began to play,
    this.from = 0; // and the epoch then
    this.button.addEventListener("click", () => (this.frame ? this.stop() : this.play()));
    this.input.addEventListener("input", () => {
      this.stop();
      this.go(Number(this.input.value));
    });
    this.mark();
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
    [this.begun, this.from] = [performance.now(), this.epoch];
    const pace = Math.max(SLOWEST, this.last / SECONDS);
    const jump = this.last / JUMPS;
    const tick = () => {
      let epoch = this.from + ((performance.now() - this.begun) / 1000) * pace;
      if (this.calm.matches) epoch = Math.floor(epoch / jump) * jump;
      if (epoch >= this.last) this.stop();
      else this.frame = requestAnimationFrame(tick);
      if (epoch !== this.epoch) this.go(epoch);
    };
    this.frame = requestAnimationFrame(tick);
    this.mark();
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.mark();
  }

  mark() {
    const label = this.frame ? "Pause" : "Play";
    this.button.setAttribute("aria-label", label);
    this.button.title = label;
    this.icon.setAttribute("d", ICONS[this.frame ? "pause" : "play"]);
  }
}
