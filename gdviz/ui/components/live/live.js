// Brings the page's experiments from Python, and what charts ask there.
import { mounted } from "../live_plot/streamlit.js";
import { Questions } from "./questions.js";
import { Experiment } from "./experiment.js";
import { page } from "./page.js";
import { opened, tables } from "./run.js";

/**
 * @import { Answer, Question } from "../live_plot/types.d.ts"
 * @import { Head } from "./types.d.ts"
 */

export default mounted(() => new Live(), "event");

class Live {
  constructor() {
    page.asker = this;
    this.text = "";
    this.questions = new Questions();
  }

  /** Asks Python; the promise gives `{ ...answer, runs }`, or null where there is no answer.
   * @param {Question} question
   * @returns {Promise<Answer | null>} */
  async ask(question) {
    const answer = await this.questions.ask(question);
    if (!answer || answer.head.refused !== undefined) return null;
    return { ...answer.head, runs: answer.rest.length ? tables(answer.rest) : [] };
  }

  /** @param {Uint8Array} bytes */
  receive(bytes) {
    this.describe(opened(bytes).head);
  }

  /** Takes over the experiments that the page shows now.
   * @param {Head} head */
  describe({ endpoint, experiments, place, steered }) {
    this.questions.endpoint = endpoint;
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
    this.questions.close();
  }
}
