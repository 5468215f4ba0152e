// plotly.js is one classic script of 5 MB, served from the installed Python package: load it once a page. The page that the
// server sends names it already (ui/entry): here it is only waited for, unless that failed.

/** @import { PlotlyLibrary } from "./types.d.ts" */

/** @type {Promise<PlotlyLibrary> | null} */
let loading = null;

export function loadPlotly() {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  loading ??= new Promise((resolve, reject) => {
    const { href } = new URL("../plotly.min.js", import.meta.url);
    const early = [...document.scripts].find((script) => script.src === href && script.dataset.coming !== undefined);
    const script = early ?? document.createElement("script");
    const failed = () => {
      loading = null; // the next draw may try again
      script.remove();
      reject(new Error("plotly.js could not be loaded"));
    };
    script.addEventListener("load", () => globalThis.Plotly ? resolve(globalThis.Plotly) : failed());
    script.addEventListener("error", failed);
    if (early) return;
    script.src = href;
    document.head.append(script);
  });
  return loading;
}

/** @type {(() => Promise<void>)[]} first drawings that wait */
const line = [];
let drawing = false;

/** Draws a chart for the first time when those before it are seen: the landscape and its path, which are to be `first`,
 * need not wait for curves.
 * @param {() => Promise<void>} draw
 * @param {boolean} first
 * @returns {Promise<void>} */
export function inTurn(draw, first) {
  return new Promise((resolve, reject) => {
    const mine = () => draw().then(resolve, reject);
    if (first) line.unshift(mine);
    else line.push(mine);
    if (!drawing) drawAll();
  });
}

async function drawAll() {
  drawing = true;
  await new Promise((done) => setTimeout(done)); // the charts of a page come together
  for (let next = line.shift(); next; next = line.shift()) {
    await next();
    await painted();
  }
  drawing = false;
}

/** Until the browser has painted; not for ever, as nothing is painted in a tab that is not seen. */
const painted = () =>
  new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 100);
  });

/** A copy of a part of a figure with other colors; what is no color and no plain object stays.
 * @template Part
 * @param {Part} part
 * @param {Record<string, string>} colors
 * @returns {Part} */
export function recolored(part, colors) {
  /** @type {unknown} */
  let copy = part;
  if (typeof part === "string") copy = colors[part] ?? part;
  else if (Array.isArray(part)) copy = part.map((item) => recolored(item, colors));
  else if (part !== null && typeof part === "object" && Object.getPrototypeOf(part) === Object.prototype) {
    copy = Object.fromEntries(Object.entries(part).map(([name, item]) => [name, recolored(item, colors)]));
  }
  return /** @type {Part} */ (copy);
}
