// Plays the run that is shown, and goes to any epoch of it.
import { count } from "../../ui/components/live/numbers.js";
import { Clock, usualPace } from "../../ui/components/player/clock.js";
import { Transport } from "../../ui/components/player/transport.js";

export class Player {
  /** @param {HTMLElement} parent
   * @param {(epoch: number) => void} show an epoch, or a moment between two */
  constructor(parent, show) {
    this.show = show;
    this.transport = new Transport(parent, '<button type="button" data-do="play"></button>');
    const { input, play } = this.transport;
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
    play.addEventListener("click", () => (this.clock.goes ? this.stop() : this.play()));
    input.addEventListener("input", () => {
      this.stop();
      this.go(Number(input.value));
    });
    this.transport.playing(false);
  }

  /** How many epochs there are; the last one is shown.
   * @param {number} epochs */
  rest(epochs) {
    this.stop();
    this.last = epochs;
    const { input, play } = this.transport;
    input.max = String(epochs);
    input.disabled = play.disabled = epochs === 0;
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
    const whole = Math.floor(epoch);
    this.transport.show(whole, this.last, `epoch ${count(whole)} of ${count(this.last)}`);
  }

  play() {
    if (this.epoch >= this.last) this.go(0);
    this.transport.playing(true);
    this.clock.start();
  }

  stop() {
    this.clock.stop();
    this.transport.playing(false);
  }
}
