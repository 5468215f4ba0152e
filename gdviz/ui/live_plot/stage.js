// What all charts of a page show together instead of the run at rest: one moment of it while it plays, or another run
// while a hand drags the learning rate. Whoever sets it and whoever draws it find each other here.
import { busy } from "./rest.js";
import { whenRunEnds } from "./streamlit.js";

/**
 * @import { Reel } from "./reel.js"
 * @import { Answer, Asker, Question, Shown } from "./types.d.ts"
 */

/** Is a motion that nobody needs unwelcome? */
export const calm = globalThis.matchMedia("(prefers-reduced-motion: reduce)");

export const stage = {
  /** The run at rest, epoch by epoch.
   * @type {Reel | null} */
  film: null,
  /** The experiment at many learning rates; null while it is not here.
   * @type {Reel | null} */
  ladder: null,
  /** A moment of the run at rest, another run (with a `row` and `share` only as far as it has come), or null for the run
   * at rest.
   * @type {Shown | null} */
  shown: null,
  /** @type {Set<(shown: Shown | null) => void>} */
  listeners: new Set(),

  /** @param {Shown | null} shown */
  show(shown) {
    if (shown === null && this.shown === null) return;
    this.shown = shown;
    busy(this, shown?.kind === "rung");
    for (const listener of this.listeners) listener(shown);
  },

  /** Takes questions to Python (scout/scout.js), where the page has answers; else null.
   * @type {Asker | null} */
  scout: null,

  /** Shows the run that Python answers to `question`, if it is still `wanted()` when it comes.
   * @param {Question} question
   * @param {() => boolean} wanted
   * @returns {Promise<Answer | null | undefined>} */
  async foresee(question, wanted) {
    const answer = await this.scout?.ask(question);
    if (answer?.reel && wanted()) this.show({ kind: "rung", reel: answer.reel, rung: 0 });
    return answer;
  },

  /** The page has caught up with the hand: what was shown ahead of it goes, unless the hand is `busy()` again.
   * @param {() => boolean} busy */
  settle(busy) {
    const twoFramesOn = (/** @type {() => void} */ act) => requestAnimationFrame(() => requestAnimationFrame(act));
    whenRunEnds(() =>
      twoFramesOn(() => {
        if (!busy() && this.shown?.kind === "rung") this.show(null);
      })
    );
  },

  /** A hand nears the learning rate: fetch the ladder. Set by the player, and so is `press`. */
  ask() {},
  /** A key was pressed on a chart; true if the player took it.
   * @param {KeyboardEvent} _event
   * @returns {boolean} */
  press(_event) {
    return false;
  },
};
