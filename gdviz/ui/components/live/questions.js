// Puts questions to the core and brings its answers: one at a time, of each kind the newest.
import { busy } from "../live_plot/rest.js";
import { opened } from "./run.js";

/** @import { Answer, Waiting } from "./types.d.ts" */

const PATIENCE = 4000; // ms until a lost answer no longer blocks the next question

export class Questions {
  constructor() {
    this.endpoint = ""; // where questions are put
    /** @type {Map<string, Waiting>} by kind, in the order in which they came */
    this.waiting = new Map();
    this.asking = false;
  }

  /** Asks; the promise gives null if a newer question of its kind overtook it, or no answer came.
   * @param {{ kind: string }} question
   * @returns {Promise<Answer | null>} */
  ask(question) {
    return new Promise((resolve) => {
      this.forget(question.kind);
      this.waiting.set(question.kind, { question, resolve });
      this.flush();
    });
  }

  /** Takes back a question that is not on its way yet.
   * @param {string} kind */
  forget(kind) {
    this.waiting.get(kind)?.resolve(null);
    this.waiting.delete(kind);
  }

  /** Takes back all of them. */
  close() {
    for (const kind of [...this.waiting.keys()]) this.forget(kind);
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

  /** @param {object} question
   * @returns {Promise<Answer | null>} */
  async answered(question) {
    const url = new URL(`../../../${this.endpoint}`, import.meta.url);
    try {
      const signal = AbortSignal.timeout(PATIENCE);
      const response = await fetch(url, { method: "POST", body: JSON.stringify(question), signal });
      if (!response.ok) return null; // the page was drawn anew, and says so soon
      return opened(new Uint8Array(await response.arrayBuffer()));
    } catch (error) {
      console.warn("gdviz: no answer came", error);
      return null;
    }
  }
}
