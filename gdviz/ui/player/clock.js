// Goes through the rows of a run: a little in each frame, or in a few jumps for a visitor who wants no motion.
import { calm } from "../live/page.js";

/** @import { Timer } from "../live_plot/types.d.ts" */

const JUMP_MS = 700;

/**
 * @typedef {object} Played what a clock asks and tells of what it plays
 * @property {() => number} at the row, and how much of the way to the next
 * @property {() => number} pace rows a second
 * @property {() => number} speed how often the usual
 * @property {() => number} jump rows, where there is no motion
 * @property {(row: number) => void} due a row is to be shown
 */

export class Clock {
  /** @param {Played} played */
  constructor(played) {
    this.played = played;
    this.frame = 0;
    /** @type {Timer} */
    this.timer = undefined;
    /** @type {number | null} since when it goes at this pace, */
    this.since = null;
    this.from = 0; // and from which row
  }

  get goes() {
    return Boolean(this.frame || this.timer);
  }

  start() {
    const { played } = this;
    if (calm.matches) {
      this.timer = setInterval(() => played.due(played.at() + played.jump()), JUMP_MS / played.speed());
      return;
    }
    this.since = null;
    const tick = (/** @type {number} */ now) => {
      this.frame = requestAnimationFrame(tick);
      if (this.since === null) [this.since, this.from] = [now, played.at()];
      played.due(this.from + ((now - this.since) / 1000) * played.pace());
    };
    this.frame = requestAnimationFrame(tick);
  }

  /** Goes on from where the run is: another pace, or another run. */
  anew() {
    this.since = null;
  }

  stop() {
    cancelAnimationFrame(this.frame);
    clearInterval(this.timer);
    this.frame = 0;
    this.timer = undefined;
  }
}
