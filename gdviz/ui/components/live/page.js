// What all parts of the page share while a hand moves or a run plays: the experiments that it shows, and what is drawn
// instead of the run at rest. Whoever changes that and whoever draws it find each other here.
import { advance } from "./experiment.js";
import { busy } from "../live_plot/rest.js";
import { afterTwoFrames, whenRunEnds } from "../live_plot/streamlit.js";

/**
 * @import { RunInProgress, Experiment } from "./experiment.js"
 * @import { Run } from "./run.js"
 * @import { Asker, Changes, Landscape, Shown, Timer, VerdictAnswer, Words } from "../live_plot/types.d.ts"
 */

const FRAME = 6; // ms of a frame that a run may take
const APART = 100; // ms from one question for a verdict to the next
const AGAIN = 100; // ms until a run that is not here yet is looked for again
const TRIES = 60;

/** A run with all its epochs, which may take many frames; null if it is `wanted` no more.
 * @param {RunInProgress | null} inProgress
 * @param {() => boolean} wanted */
async function finished(inProgress, wanted) {
  if (inProgress === null) return null;
  for (inProgress.advance(FRAME); !inProgress.done; inProgress.advance(FRAME)) {
    await new Promise((resolve) => setTimeout(resolve));
    if (!wanted()) return null;
  }
  return inProgress.run();
}

export const page = {
  /** What the page shows at rest; the first is the one that is played.
   * @type {Experiment[]} */
  experiments: [],
  /** The first of them as it is when a hand steers it.
   * @type {Experiment | null} */
  steerable: null,
  /** Where on the landscape they are seen.
   * @type {Landscape} */
  place: { axes: [0, 0], at: [], digits: [] },
  /** A moment of the run at rest, other runs (with a `row` and `share` only as far as they have come), or null for the
   * run at rest.
   * @type {Shown | null} */
  shown: null,
  /** @type {Set<(shown: Shown | null) => void>} */
  listeners: new Set(),
  /** Takes questions to Python (live.js), where the page has answers; else null.
   * @type {Asker | null} */
  asker: null,
  /** Draws a map with the changes of a hand, where the page has one; else null.
   * @type {((changes: Changes) => void) | null} */
  map: null,
  /** What hands have changed since Python last said what the page shows. An answer to anything else comes too late.
   * @type {Changes} */
  changes: {},

  /** @param {Shown | null} shown */
  show(shown) {
    if (shown === null && this.shown === null) return;
    if (shown?.kind !== "run") verdicts.last = null;
    this.shown = shown;
    busy(this, shown?.kind === "run");
    for (const listener of this.listeners) listener(shown);
  },

  /** Shows the runs with the changes of a hand: at once where the browser can make them, else when Python has, if they
   * are still `wanted()` then; of a change that needs another module, nothing before the hand lets go.
   * @param {Changes} changed
   * @param {() => boolean} wanted
   * @returns {Promise<Run[] | null>} what was shown first */
  async preview(changed, wanted) {
    if (this.map) {
      this.map(changed);
      return null;
    }
    const changes = this.changes = { ...this.changes, ...changed };
    const runsInProgress = this.runsInProgress(changes);
    if (runsInProgress) {
      advance(runsInProgress, FRAME);
      const runs = this.runs(runsInProgress);
      this.show({ kind: "run", runs, words: verdicts.words(changes) });
      this.go(runsInProgress, changes, wanted);
      verdicts.ask(changes, wanted);
      return runs;
    }
    // What only another module would show is not asked for at each move: it comes when the hand lets go.
    if (this.experiments.some((experiment) => experiment.step && !experiment.knows(changes))) return null;
    const answer = await this.asker?.ask({ kind: "run", changes });
    if (!answer || answer.runs.length === 0 || !wanted()) return null;
    this.show({ kind: "run", runs: answer.runs, words: verdicts.words(changes) });
    verdicts.ask(changes, wanted);
    return answer.runs;
  },

  /** The runs of all experiments with these changes, if the browser can make every one of them.
   * @param {Changes} changes
   * @returns {RunInProgress[] | null} */
  runsInProgress(changes) {
    const { experiments } = this;
    if (experiments.length === 0 || !experiments.every((experiment) => experiment.takes(changes))) return null;
    const runsInProgress = experiments.map((experiment) => experiment.begin(changes));
    return runsInProgress.every((inProgress) => inProgress !== null)
      ? /** @type {RunInProgress[]} */ (runsInProgress)
      : null;
  },

  /** @param {RunInProgress[]} runsInProgress */
  runs(runsInProgress) {
    return runsInProgress.map((inProgress) => inProgress.run());
  },

  /** Takes runs on, frame by frame, until they end or another one is wanted.
   * @param {RunInProgress[]} runsInProgress
   * @param {Changes} changes
   * @param {() => boolean} wanted */
  go(runsInProgress, changes, wanted) {
    if (runsInProgress.every(({ done }) => done)) return;
    requestAnimationFrame(() => {
      if (this.changes !== changes || this.shown?.kind !== "run" || !wanted()) return;
      advance(runsInProgress, FRAME);
      this.show({ kind: "run", runs: this.runs(runsInProgress), words: verdicts.words(changes) });
      this.go(runsInProgress, changes, wanted);
    });
  },

  /** The run called `name`, which the page shows at rest, with all its epochs; null where another one is shown by now.
   * @param {string} name
   * @param {() => boolean} wanted
   * @returns {Promise<Run | null>} */
  async runAtRest(name, wanted) {
    for (let tries = 0; tries < TRIES && wanted(); tries += 1) {
      const experiment = this.experiments.at(0);
      if (experiment?.described.name === name) experiment.rest ??= await this.made(experiment, wanted);
      if (experiment?.rest && experiment.described.name === name) return experiment.rest;
      await new Promise((resolve) => setTimeout(resolve, AGAIN)); // its description, or an answer, is still on the way
    }
    return null;
  },

  /** An experiment's run, made here or asked for.
   * @param {Experiment} experiment
   * @param {() => boolean} wanted
   * @returns {Promise<Run | null>} */
  async made(experiment, wanted) {
    const own = experiment.described.whole && (await experiment.load()) && experiment.takes({});
    if (own) return finished(experiment.begin({}), wanted);
    const answer = await this.asker?.ask({ kind: "rest" });
    return answer?.name === experiment.described.name ? answer.runs.at(0) ?? null : null;
  },

  /** The run at rest as a hand steers it, null where it cannot be made.
   * @param {[number, number, number | null][]} turns
   * @returns {Promise<Run | null>} */
  async steered(turns) {
    const inProgress = this.steerable?.takes({}) ? this.steerable.steered(turns) : null;
    if (inProgress) return finished(inProgress, () => true);
    const answer = await this.asker?.ask({ kind: "drive", turns });
    return answer?.runs.at(0) ?? null;
  },

  /** The page has caught up with the hand: what was shown ahead of it goes, unless the hand is `busy()` again.
   * @param {() => boolean} busy */
  settle(busy) {
    whenRunEnds(() =>
      afterTwoFrames(() => {
        if (!busy() && this.shown?.kind === "run") this.show(null);
      })
    );
  },

  /** A key was pressed on a chart; true if the player took it. Set by the player.
   * @param {KeyboardEvent} _event
   * @returns {boolean} */
  press(_event) {
    return false;
  },
};

/** What is said of the runs under the hand. It comes from Python, so it comes later: until then the last words stand,
 * marked as those of another run. */
export const verdicts = {
  /** @type {{ changes: Changes, words: Words } | null} */
  last: null,
  /** @type {Timer} */
  timer: undefined,
  asked: -Infinity,
  /** @type {{ changes: Changes, wanted: () => boolean } | null} */
  waiting: null,

  /** @param {Changes} changes
   * @returns {Words | null} null: as at rest */
  words(changes) {
    if (this.last === null) return null;
    return this.last.changes === changes ? this.last.words : { ...this.last.words, late: true };
  },

  /** Asks for the verdict on these changes, or on newer ones, as soon as the last question allows.
   * @param {Changes} changes
   * @param {() => boolean} wanted */
  ask(changes, wanted) {
    this.waiting = { changes, wanted };
    if (this.timer !== undefined) return;
    this.timer = setTimeout(() => this.send(), Math.max(0, this.asked + APART - performance.now()));
  },

  again() {
    if (this.waiting) this.ask(this.waiting.changes, this.waiting.wanted);
  },

  async send() {
    const { waiting } = this;
    if (!waiting || !page.asker) {
      this.timer = undefined;
      return;
    }
    this.waiting = null;
    this.asked = performance.now();
    const { changes, wanted } = waiting;
    const answer = /** @type {VerdictAnswer | null} */ (await page.asker.ask({ kind: "verdict", changes }));
    this.timer = undefined;
    this.again();
    if (!answer || !wanted() || page.shown?.kind !== "run") return;
    this.last = { changes, words: { sentence: answer.sentence, look: answer.look } };
    page.show({ ...page.shown, words: this.words(page.changes) });
  },
};
