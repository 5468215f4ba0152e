// Is the page at rest: no script runs, no message is on its way, no chart is being drawn, no hand moves anything? Then
// <html> has the attribute data-gdviz-rest. Tests, benchmarks and programs that take pictures wait for it.

import { isIdle, watchRuns } from "./streamlit.js";

/** @import { Timer } from "./types.d.ts" */

const QUIET = 80; // ms: what a run has sent reaches the page's parts a few turns after its end

/** @type {Set<object>} whatever is under way */
const under = new Set();
/** @type {Timer} */
let timer;

/** Notes that `what` has begun (`on`) or is done.
 * @param {object} what
 * @param {boolean} on */
export function busy(what, on) {
  if (under.has(what) === on) return;
  if (on) under.add(what);
  else under.delete(what);
  look();
}

const root = document.documentElement;

function look() {
  clearTimeout(timer);
  root.removeAttribute("data-gdviz-rest");
  if (under.size > 0 || !isIdle()) return;
  timer = setTimeout(() => root.setAttribute("data-gdviz-rest", ""), QUIET);
}

watchRuns(look);
look();

/** Until the page is at rest, and shows a chart. */
export async function chartsDrawn() {
  const drawn = () => root.hasAttribute("data-gdviz-rest") && document.querySelector("figure[data-draws]") !== null;
  while (!drawn()) await new Promise((resolve) => setTimeout(resolve, QUIET));
}
