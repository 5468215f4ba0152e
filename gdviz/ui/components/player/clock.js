// Goes through the rows of a run: a little in each frame, or in a few jumps for a visitor who wants no motion.
/** @import { Timer } from "../live_plot/types.d.ts" */

const SECONDS = 8; // for a whole run
const SLOWEST = 4; // epochs a second
const JUMPS = 16; // of a run played without motion
const JUMP_MS = 700;

/** Does the visitor want no motion? */
export const reducedMotion = globalThis.matchMedia("(prefers-reduced-motion: reduce)");

/** Rows a second of a run with so many.
 * @param {number} rows */
export const usualPace = (rows, seconds = SECONDS) => Math.max(SLOWEST, rows / seconds);

/**
 * @typedef {object} Played what a clock asks and tells of what it plays
 * @property {() => number} at the row, and how much of the way to the next
 * @property {() => number} pace rows a second
 * @property {() => number} speed how often the usual
 * @property {() => number} last row
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
    if (reducedMotion.matches) {
      this.timer = setInterval(
        () => played.due(played.at() + Math.max(1, played.last() / JUMPS)),
        JUMP_MS / played.speed(),
      );
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
