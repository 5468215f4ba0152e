// Brings the page's experiments from Python, and takes questions there and answers back: one at a time, of each kind the
// newest.
import { busy } from "../live_plot/rest.js";
import { inTurn, mounted } from "../live_plot/streamlit.js";
import { Experiment } from "./experiment.js";
import { page } from "./page.js";
import { opened, tables } from "./run.js";

/**
 * @import { Answer, Question, Transmit } from "../live_plot/types.d.ts"
 * @import { Asked, Head, Waiting } from "./types.d.ts"
 */

const PATIENCE = 4000; // ms until a lost answer no longer blocks the next question

let lastNumber = Date.now(); // unlike 0 it does not repeat numbers of an earlier page load

export default mounted(() => new Live(), "event", "question");

class Live {
  constructor() {
    /** @type {Transmit} */
    this.transmit = () => {};
    page.asker = this;
    this.text = "";
    /** @type {Map<string, Waiting>} by kind, in the order in which they came */
    this.waiting = new Map();
    /** @type {Asked | null} */
    this.under = null;
  }

  /** Asks Python; the promise gives `{ ...answer, runs }`, or null if a newer question of its kind overtook it.
   * @param {Question} question
   * @returns {Promise<Answer | null>} */
  ask(question) {
    return new Promise((resolve) => {
      this.waiting.get(question.kind)?.resolve(null);
      this.waiting.set(question.kind, { question, resolve });
      this.flush();
    });
  }

  flush() {
    const next = this.waiting.values().next().value;
    if (this.under || !next) return;
    this.waiting.delete(next.question.kind);
    const number = ++lastNumber;
    this.under = { ...next, number, timer: setTimeout(() => this.settle(number, null), PATIENCE) };
    busy(this, true);
    inTurn(() => this.transmit({ ...next.question, number }));
  }

  /**
   * @param {Uint8Array} bytes
   * @param {Transmit} transmit
   */
  receive(bytes, transmit) {
    this.transmit = transmit;
    /** @type {{ head: Head, rest: Uint8Array }} */
    const { head, rest } = opened(bytes);
    this.describe(head);
    if (this.under === null || head.answered !== this.under.number) return;
    if (head.answer) {
      const runs = rest.length ? tables(rest) : [];
      this.settle(head.answered, head.answer.refused ? null : { ...head.answer, runs });
    } else {
      // Answered in a message that never came: Streamlit drops one that is overtaken by the next.
      const { question, resolve, timer } = this.under;
      clearTimeout(timer);
      this.under = null;
      if (this.waiting.has(question.kind)) resolve(null);
      else this.waiting.set(question.kind, { question, resolve });
      this.flush();
    }
  }

  /** Takes over the experiments that the page shows now.
   * @param {Head} head */
  describe({ experiments, place, steered }) {
    page.place = place;
    const text = JSON.stringify([experiments, steered]);
    if (text === this.text) return;
    this.text = text;
    page.changes = {};
    page.experiments = experiments.map((described) => new Experiment(described));
    page.steerable = steered && new Experiment(steered);
    for (const experiment of page.experiments) experiment.load();
    page.steerable?.load();
  }

  /**
   * @param {number} number
   * @param {Answer | null} answer
   */
  settle(number, answer) {
    if (this.under?.number !== number) return;
    const { resolve, timer } = this.under;
    clearTimeout(timer);
    this.under = null;
    resolve(answer);
    this.flush();
    busy(this, this.under !== null);
  }

  remove() {
    busy(this, false);
    if (page.asker === this) Object.assign(page, { asker: null, experiments: [], steerable: null });
    clearTimeout(this.under?.timer);
    this.under?.resolve(null);
    for (const { resolve } of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}
