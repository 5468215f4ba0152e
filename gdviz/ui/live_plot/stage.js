// What all charts of a page show together instead of the run at rest: one moment of it while it plays, or another run
// while a hand drags the learning rate. Whoever sets it and whoever draws it find each other here.
import { whenRunEnds } from "./outbox.js";
import { busy } from "./rest.js";

/** Is a motion that nobody needs unwelcome? */
export const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

export const stage = {
  /** The run at rest, epoch by epoch: a Reel of one run, or null. */
  film: null,
  /** The experiment at many learning rates: a Reel, or null while it is not here. */
  ladder: null,
  /** `{ kind: "moment", reel, rung: 0, row, share }` (a `share` of the step to the next row) or `{ kind: "rung", reel, rung }`,
   * another run, with a `row` and `share` only as far as it has come, and `words` on it; null shows the run at rest. */
  shown: null,
  listeners: new Set(),

  show(shown) {
    if (shown === null && this.shown === null) return;
    this.shown = shown;
    busy(this, shown?.kind === "rung");
    for (const listener of this.listeners) listener(shown);
  },

  /** Takes questions to Python (scout/scout.js), where the page has answers; else null. */
  scout: null,

  /** Shows the run that Python answers to `question`, if it is still `wanted()` when it comes. */
  async foresee(question, wanted) {
    const answer = await this.scout?.ask(question);
    if (answer?.reel && wanted()) this.show({ kind: "rung", reel: answer.reel, rung: 0 });
    return answer;
  },

  /** The page has caught up with the hand: what was shown ahead of it goes, unless the hand is `busy()` again. */
  settle(busy) {
    const twoFramesOn = (act) => requestAnimationFrame(() => requestAnimationFrame(act));
    whenRunEnds(() =>
      twoFramesOn(() => {
        if (!busy() && this.shown?.kind === "rung") this.show(null);
      }),
    );
  },

  /** A hand nears the learning rate: fetch the ladder. Set by the player, and so is `press`. */
  ask() {},
  /** A key was pressed on a chart; true if the player took it. */
  press() {
    return false;
  },
};
