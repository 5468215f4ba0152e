// Brings the page's experiments from Python, and takes questions there and answers back: one at a time, of each kind the
// newest.
import { busy } from "../live_plot/rest.js";
import { mounted } from "../live_plot/streamlit.js";
import { Experiment } from "./experiment.js";
import { page } from "./page.js";
import { opened, tables } from "./run.js";

/**
 * @import { Answer, Question } from "../live_plot/types.d.ts"
 * @import { Head, Waiting } from "./types.d.ts"
 */

const PATIENCE = 4000; // ms until a lost answer no longer blocks the next question

export default mounted(() => new Live(), "event");

class Live {
  constructor() {
    page.asker = this;
    this.text = "";
    this.desk = ""; // where questions are put
    /** @type {Map<string, Waiting>} by kind, in the order in which they came */
    this.waiting = new Map();
    this.asking = false;
  }

  /** Asks Python; the promise gives `{ ...answer, runs }`, or null if a newer question of its kind overtook it, or no
   * answer came.
   * @param {Question} question
   * @returns {Promise<Answer | null>} */
  ask(question) {
    return new Promise((resolve) => {
      this.waiting.get(question.kind)?.resolve(null);
      this.waiting.set(question.kind, { question, resolve });
      this.flush();
    });
  }

  async flush() {
    if (this.asking) return;
    for (let [next] = this.waiting.values(); next; [next] = this.waiting.values()) {
      this.asking = true;
      busy(this, true);
      this.waiting.delete(next.question.kind);
      next.resolve(await this.answered(next.question));
    }
    this.asking = false;
    busy(this, false);
  }

  /** @param {Question} question
   * @returns {Promise<Answer | null>} */
  async answered(question) {
    const url = new URL(`../../../gdviz-answers/${this.desk}`, import.meta.url);
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await fetch(url, { method: "POST", body: JSON.stringify(question), signal });
      if (!response.ok) return null; // the page was drawn anew, and says so soon
      const { head, rest } = opened(new Uint8Array(await response.arrayBuffer()));
      return head.refused ? null : { ...head, runs: rest.length ? tables(rest) : [] };
    } catch (error) {
      console.warn("gdviz: no answer came", error);
      return null;
    }
  }

  /** @param {Uint8Array} bytes */
  receive(bytes) {
    this.describe(opened(bytes).head);
  }

  /** Takes over the experiments that the page shows now.
   * @param {Head} head */
  describe({ desk, experiments, place, steered }) {
    this.desk = desk;
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

  remove() {
    if (page.asker === this) Object.assign(page, { asker: null, experiments: [], steerable: null });
    for (const { resolve } of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}
