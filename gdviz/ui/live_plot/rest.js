// Is the page at rest: no script runs, no message is on its way, no chart is being drawn, no hand moves anything? Then
// <html> has the attribute data-gdviz-rest. Tests, benchmarks and programs that take pictures wait for it.

const QUIET = 80; // ms: what a run has sent reaches the page's parts a few turns after its end

const under = new Set(); // whatever is under way
let timer = 0;

/** Notes that `what` has begun (`on`) or is done. */
export function busy(what, on) {
  if (under.has(what) === on) return;
  if (on) under.add(what);
  else under.delete(what);
  look();
}

const root = document.documentElement;
const app = document.querySelector("[data-test-script-state]");

function look() {
  clearTimeout(timer);
  root.removeAttribute("data-gdviz-rest");
  if (under.size > 0 || app?.getAttribute("data-test-script-state") !== "notRunning") return;
  timer = setTimeout(() => root.setAttribute("data-gdviz-rest", ""), QUIET);
}

if (app) new MutationObserver(look).observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
look();
