// Takes a map's questions to Python: one at a time, of each kind the newest, the small ones first.
import { busy } from "../live_plot/rest.js";
import { inTurn } from "../live_plot/streamlit.js";

/** @import { Timer, Transmit } from "../live_plot/types.d.ts" */

const PATIENCE = 5000; // ms until a lost answer no longer blocks the next question
const ORDER = ["choose", "move", "point", "rest", "band"];

let lastNumber = Date.now(); // unlike 0 it does not repeat numbers of an earlier page load

export class Asker {
  constructor() {
    /** @type {Transmit} */
    this.transmit = () => {};
    /** @type {Map<string, object>} by kind */
    this.waiting = new Map();
    /** @type {number | null} the number of the question that is under way */
    this.under = null;
    /** @type {Timer} */
    this.timer = undefined;
    this.lost = () => {}; // called when no answer came
  }

  /** @param {{ kind: string }} question */
  ask(question) {
    this.waiting.set(question.kind, question);
    this.flush();
  }

  /** @param {string} kind */
  asks = (kind) => this.waiting.has(kind);

  /** @param {string} kind */
  forget(kind) {
    this.waiting.delete(kind);
    busy(this, this.under !== null || this.waiting.size > 0);
  }

  /** Is this the answer to the question that is under way?
   * @param {number | null} number */
  answered(number) {
    if (this.under === null || number !== this.under) return false;
    this.settle();
    return true;
  }

  settle() {
    clearTimeout(this.timer);
    this.under = null;
    busy(this, this.waiting.size > 0);
  }

  flush() {
    busy(this, this.under !== null || this.waiting.size > 0);
    if (this.under !== null) return;
    const kind = ORDER.find((one) => this.waiting.has(one));
    const question = kind && this.waiting.get(kind);
    if (!kind || !question) return;
    this.waiting.delete(kind);
    const number = ++lastNumber;
    this.under = number;
    this.timer = setTimeout(() => {
      if (this.under !== number) return;
      this.settle();
      this.lost();
      this.flush();
    }, PATIENCE);
    inTurn(() => this.transmit({ ...question, number }));
  }

  close() {
    clearTimeout(this.timer);
    this.waiting.clear();
    this.under = null;
    busy(this, false);
  }
}
