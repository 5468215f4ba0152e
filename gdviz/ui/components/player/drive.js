// Drive mode: learning rate and momentum are changed while the run goes, from the point that it has reached. What the
// hand does is written down as turns: from this epoch on, this rate and this beta.
import { count, format } from "../live/numbers.js";
import { page } from "../live/page.js";

/**
 * @import { Run } from "../live/run.js"
 * @import { Steering, Turn, TurnRow } from "./types.d.ts"
 */

const short = (/** @type {number} */ value) => Number(value.toPrecision(3));

export class Drive {
  /** @param {() => void} turned called when the hand has set something */
  constructor(turned) {
    this.on = false;
    this.held = false;
    this.dirty = false;
    /** @type {Turn[]} */
    this.turns = [];
    this.most = 0; // turns
    /** @type {Turn | undefined} the one that holds at the epoch that is shown */
    this.now = undefined;
    /** @type {Run | null} of the turns, while the page does not have them yet */
    this.run = null;
    this.until = Infinity; // the epoch up to which the run is true, while a newer one is under way
    this.panel = document.createElement("div");
    this.panel.className = "gdviz-drive";
    this.panel.hidden = true;
    this.panel.innerHTML =
      '<label>Learning rate η <input type="range" step="0.01" data-set="rate"><output aria-live="off"></output></label>' +
      '<label>Momentum β <input type="range" min="0" max="0.99" step="0.01" data-set="beta"><output aria-live="off"></output></label>' +
      '<button type="button" data-do="again">Start over</button><p role="status"></p>';
    const [rate, beta] = this.panel.querySelectorAll("input");
    this.rate = rate;
    this.beta = beta;
    this.status = /** @type {HTMLElement} */ (this.panel.querySelector("p"));
    for (const input of [this.rate, this.beta]) {
      input.addEventListener("input", () => {
        this.label();
        turned();
      });
      input.addEventListener("pointerdown", () => (this.held = true));
      for (const name of ["pointerup", "pointercancel", "change"]) {
        input.addEventListener(name, () => (this.held = false));
      }
    }
  }

  /** What Python says can be steered, null where nothing can.
   * @param {Steering | null} steering */
  offer(steering) {
    if (!steering) {
      this.switch(false);
      return;
    }
    this.turns = steering.turns.map(([epoch, rate, beta]) => ({ epoch, rate, beta }));
    this.most = steering.most;
    [this.rate.min, this.rate.max] = steering.ends.map((end) => String(Math.log10(end)));
    const beta = /** @type {HTMLElement} */ (this.beta.parentElement);
    beta.hidden = this.turns[0].beta === null;
    this.run = null;
    this.dirty = false;
    this.until = Infinity;
  }

  /** @param {boolean} on */
  switch(on) {
    this.on = on;
    this.panel.hidden = !on;
    this.say(on ? "Press play, then steer while it runs: the run goes on from the point it has reached." : "");
  }

  /** @param {string} text */
  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** The sliders show what holds at `epoch`, unless a hand is on one.
   * @param {number} epoch */
  follow(epoch) {
    if (this.held || this.until !== Infinity) return;
    const turn = this.turns.findLast((one) => one.epoch <= epoch);
    if (!turn) return;
    this.rate.value = String(Math.log10(turn.rate));
    this.beta.value = String(turn.beta ?? 0);
    this.now = turn;
    this.label();
  }

  get settings() {
    const { rate, beta } = this.now ?? {};
    const set = short(10 ** Number(this.rate.value));
    return {
      rate: rate !== undefined && Math.abs(Math.log10(rate / set)) < 0.005 ? rate : set, // untouched: the very rate
      beta: beta === null ? null : Number(this.beta.value),
    };
  }

  label() {
    const { rate, beta } = this.settings;
    label(this.rate, rate);
    label(this.beta, beta ?? 0);
  }

  /** Writes down that the settings hold from `epoch` on, and makes that run. Gives null if overtaken.
   * @param {number} epoch
   * @returns {Promise<Run | null>} */
  turn(epoch) {
    const before = this.turns.filter((one) => one.epoch < epoch);
    if (before.length >= this.most) {
      this.say(`A drive holds ${this.most} turns; that is all of them.`);
      return Promise.resolve(null);
    }
    return this.ask([...before, { epoch, ...this.settings }], epoch);
  }

  /** Forgets all turns but the first. */
  again() {
    return this.ask([{ epoch: 0, ...this.settings }], 0);
  }

  /**
   * @param {Turn[]} turns
   * @param {number} epoch
   */
  async ask(turns, epoch) {
    this.turns = turns;
    this.now = turns.at(-1);
    this.dirty = true;
    this.until = epoch;
    const run = await page.steered(this.rows);
    if (this.turns !== turns) return null;
    this.until = Infinity;
    this.run = run ?? this.run;
    return run;
  }

  get rows() {
    return this.turns.map(/** @returns {TurnRow} */ ({ epoch, rate, beta }) => [epoch, rate, beta]);
  }

  /** What is said while it drives.
   * @param {Run} run
   * @param {number} row */
  words(run, row) {
    const { rate, beta } = this.turns.findLast((one) => one.epoch <= run.epoch(row)) ?? this.settings;
    const set = beta === null ? `η = ${format(rate, 4)}` : `η = ${format(rate, 4)}, β = ${format(beta, 4)}`;
    return {
      look: "info",
      sentence: `Driving: epoch ${count(run.epoch(row))}, ${set}, f = ${format(run.at(row, "value"), 4)}.`,
    };
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {number} value
 */
function label(input, value) {
  if (input.nextElementSibling) input.nextElementSibling.textContent = format(value, 4);
  input.setAttribute("aria-valuetext", format(value, 4));
}
