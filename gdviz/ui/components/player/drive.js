// Drive mode: learning rate and momentum are changed while the run goes, from the point that it has reached. What the
// hand does is written down as turns: from this epoch on, this rate and this beta.
import { htmlElement } from "../live/elements.js";
import { count, format } from "../live/numbers.js";
import { page } from "../live/page.js";

/**
 * @import { Run } from "../live/run.js"
 * @import { Steering, Turn, TurnRow } from "./types.d.ts"
 */

/** A slider of a number that it may not have a place for: until a hand moves it, it stands for the very number. */
export class Dial {
  /** @param {HTMLInputElement} input with what shows its number behind it
   * @param {(value: number) => number} place of a number on the slider
   * @param {(place: number) => number} value that a hand chooses there */
  constructor(input, place, value) {
    this.input = input;
    this.place = place;
    this.chosen = value;
    this.given = NaN;
    this.rests = ""; // where the slider is for that number
  }

  get value() {
    return this.input.value === this.rests ? this.given : this.chosen(Number(this.input.value));
  }

  /** @param {number} value */
  give(value) {
    this.given = value;
    this.input.value = String(this.place(value));
    this.rests = this.input.value; // at one of its steps
    this.label();
  }

  label() {
    const text = format(this.value, 4);
    if (this.input.nextElementSibling) this.input.nextElementSibling.textContent = text;
    this.input.setAttribute("aria-valuetext", text);
  }
}

export class Drive {
  /** @param {() => void} turned called when the hand has set something */
  constructor(turned) {
    this.on = false;
    this.held = false;
    this.dirty = false;
    /** @type {Turn[]} */
    this.turns = [];
    this.most = 0; // turns
    /** @type {Run | null} of the turns, while the page does not have them yet */
    this.run = null;
    this.until = Infinity; // the epoch up to which the run is true, while a newer one is under way
    this.panel = htmlElement("div", "gdviz-drive");
    this.panel.hidden = true;
    this.panel.innerHTML =
      '<label>Learning rate η <input type="range" step="0.01" data-set="rate"><output aria-live="off"></output></label>' +
      '<label>Momentum β <input type="range" min="0" max="0.99" step="0.01" data-set="beta"><output aria-live="off"></output></label>' +
      '<button type="button" data-do="again">Start over</button><p role="status"></p>';
    const [rate, beta] = this.panel.querySelectorAll("input");
    this.rate = new Dial(rate, Math.log10, (place) => Number((10 ** place).toPrecision(3)));
    this.beta = new Dial(beta, Number, Number);
    this.status = /** @type {HTMLElement} */ (this.panel.querySelector("p"));
    for (const dial of [this.rate, this.beta]) {
      const { input } = dial;
      input.addEventListener("input", () => {
        dial.label();
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
    [this.rate.input.min, this.rate.input.max] = steering.ends.map((end) => String(Math.log10(end)));
    const beta = /** @type {HTMLElement} */ (this.beta.input.parentElement);
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
    this.rate.give(turn.rate);
    this.beta.give(turn.beta ?? 0);
  }

  get settings() {
    return { rate: this.rate.value, beta: this.turns[0].beta === null ? null : this.beta.value };
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

  /** @param {Turn[]} turns
   * @param {number} epoch */
  async ask(turns, epoch) {
    this.turns = turns;
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
