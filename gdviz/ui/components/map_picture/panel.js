// What stands around a map: its frame with axes, the legend, the buttons, what is pointed at, how far it is.
import { htmlElement } from "../live/elements.js";
import { count, format } from "../live/numbers.js";
import { primaryColor } from "../live_plot/streamlit.js";
import { fitted } from "./dimension.js";
import { ticks } from "./zoom.js";

/** @import { Head, Spot, View } from "./types.d.ts" */

const SPACE = 90; // pixels for each number along an axis
const MOST = 14; // entries of a legend

export class Panel {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.box = htmlElement("div", "gdviz-map");
    this.box.innerHTML = `<div><div class="gdviz-map-frame"><canvas tabindex="0" role="img"></canvas>` +
      `<div class="gdviz-map-axes" aria-hidden="true"></div></div></div><div class="gdviz-map-side">` +
      `<div class="gdviz-map-tools"><button type="button" aria-label="Zoom in">+</button>` +
      `<button type="button" aria-label="Zoom out">−</button><button type="button">Whole map</button>` +
      `<button type="button" hidden>Stop</button></div><progress max="1" hidden></progress>` +
      `<p class="gdviz-map-status" role="status"></p><ul class="gdviz-map-legend"></ul>` +
      `<canvas class="gdviz-map-fit" aria-hidden="true" hidden></canvas>` +
      `<p class="gdviz-map-spot"></p><canvas class="gdviz-map-curve" aria-hidden="true"></canvas></div>`;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.box.querySelector(selector));
    this.canvas = /** @type {HTMLCanvasElement} */ (find("canvas"));
    this.marks = find(".gdviz-map-axes");
    this.words = find(".gdviz-map-status");
    this.list = find(".gdviz-map-legend");
    this.spot = find(".gdviz-map-spot");
    this.curve = /** @type {HTMLCanvasElement} */ (find(".gdviz-map-curve"));
    this.fit = /** @type {HTMLCanvasElement} */ (find(".gdviz-map-fit"));
    this.bar = /** @type {HTMLProgressElement} */ (find("progress"));
    const [closer, wider, home, stop] = /** @type {HTMLButtonElement[]} */ ([...this.box.querySelectorAll("button")]);
    this.stopper = stop;
    this.onZoom = (/** @type {number} */ _factor) => {};
    this.onHome = () => {};
    this.onStop = () => {};
    closer.addEventListener("click", () => this.onZoom(2));
    wider.addEventListener("click", () => this.onZoom(0.5));
    home.addEventListener("click", () => this.onHome());
    stop.addEventListener("click", () => this.onStop());
    this.drawn = "";
    parent.append(this.box);
    this.showSpot(null);
  }

  /** @param {Head} head */
  name(head) {
    if (this.canvas.getAttribute("aria-label") !== head.alt) this.canvas.setAttribute("aria-label", head.alt);
  }

  /** @param {string} text
   * @param {boolean} stopped */
  status(text, stopped) {
    if (this.words.textContent !== text) this.words.textContent = text;
    this.stopper.textContent = stopped ? "Go on" : "Stop";
    if (stopped) this.stopper.hidden = false;
  }

  /** @param {number | null} share of the work that is done, null when all is
   * @param {number} taken ms */
  progress(share, taken) {
    const long = share !== null && taken > 700;
    this.bar.hidden = this.stopper.hidden = !long;
    if (share === null || !long) return;
    this.bar.value = share;
    const left = taken * (1 - share) / Math.max(share, 1e-3) / 1000;
    this.bar.title = `${Math.round(100 * share)} %, about ${Math.ceil(left)} s left`;
    this.bar.setAttribute("aria-label", this.bar.title);
  }

  /** @param {Head} head
   * @param {number[]} counts of the pixels of each kind, from kind 0 on */
  legend(head, counts) {
    const all = counts.slice(1).reduce((sum, count) => sum + count, 0);
    const there = head.words.map((words, k) => ({ words, hue: head.hues[k], count: counts[k + 1] ?? 0 }))
      .filter(({ count }) => count > 0);
    const shown = there.length > MOST ? [...there].sort((a, b) => b.count - a.count).slice(0, MOST) : there;
    const items = shown.map(({ words, hue, count }) => {
      const share = count / all, error = Math.sqrt(share * (1 - share) / all);
      const [item, swatch] = [htmlElement("li"), htmlElement("i")];
      swatch.style.background = hue;
      item.append(swatch, `${words}: ${percent(share)} ± ${percent(error)} %`);
      return item;
    });
    if (there.length > shown.length) {
      items.push(htmlElement("li", "", `and ${there.length - shown.length} more`));
    }
    this.list.replaceChildren(...items);
  }

  /** @param {Head | null} head
   * @param {View} view */
  axes(head, view) {
    if (!head) return;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const drawn = JSON.stringify([view, width, height, head.whole.map(({ name }) => name)]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const marks = [
      ...along("x", view.x0, view.x1, width / SPACE, head.whole[0].log),
      ...along("y", view.y0, view.y1, height / SPACE, head.whole[1].log),
    ];
    for (const [k, axis] of ["x", "y"].entries()) {
      const name = htmlElement("span", "gdviz-map-name", head.whole[k].name);
      name.dataset.axis = axis;
      marks.push(name);
    }
    this.marks.replaceChildren(...marks);
  }

  /** Draws how many boxes of 1, 2, 4 … pixels a boundary enters, and the line whose slope is its dimension.
   * @param {number[]} counts none to hide it */
  showFit(counts) {
    this.fit.hidden = counts.length === 0;
    const { pen, width, height } = cleared(this.fit);
    if (!pen || !counts.length) return;
    const line = fitted(counts), logs = counts.map(Math.log2);
    const low = Math.min(...logs, ...line), high = Math.max(...logs, ...line);
    const place = (/** @type {number} */ k, /** @type {number} */ log) => /** @type {[number, number]} */ ([
      24 + k / (counts.length - 1) * (width - 48),
      height - 44 - (log - low) / (high - low || 1) * (height - 68),
    ]);
    const ink = getComputedStyle(this.box).color;
    pen.strokeStyle = primaryColor(this.box);
    pen.lineWidth = 4;
    pen.beginPath();
    pen.moveTo(...place(0, line[0]));
    pen.lineTo(...place(counts.length - 1, line[1]));
    pen.stroke();
    pen.fillStyle = ink;
    for (const [k, log] of logs.entries()) {
      pen.beginPath();
      pen.arc(...place(k, log), 6, 0, 7);
      pen.fill();
    }
    pen.font = `22px ${getComputedStyle(this.box).fontFamily}`;
    pen.fillText("boxes of 1 pixel", 8, height - 10);
    const last = `${2 ** (counts.length - 1)} pixels`;
    pen.fillText(last, width - 8 - pen.measureText(last).width, height - 10);
    const most = `${count(counts[0])} enter the boundary`;
    pen.fillText(most, width - 8 - pen.measureText(most).width, 24);
  }

  /** @param {Spot | null} spot */
  showSpot(spot) {
    this.spot.textContent = spot
      ? spot.lines.join("\n")
      : "Point at the map to see a run; click to make it the experiment.";
    this.curve.hidden = !spot || spot.curve.length < 2;
    const { pen, width, height } = cleared(this.curve);
    const curve = spot?.curve ?? [];
    if (!pen || curve.length < 2) return;
    const low = Math.min(...curve), high = Math.max(...curve), span = high - low || 1;
    pen.strokeStyle = primaryColor(this.box);
    pen.lineWidth = 3;
    pen.beginPath();
    curve.forEach((value, k) =>
      pen.lineTo(8 + k / (curve.length - 1) * (width - 16), 8 + (high - value) / span * (height - 16))
    );
    pen.stroke();
  }
}

/** A canvas with nothing on it, two of its pixels for one of the page.
 * @param {HTMLCanvasElement} canvas */
function cleared(canvas) {
  const width = canvas.width = 2 * canvas.clientWidth, height = canvas.height = 2 * canvas.clientHeight;
  return { pen: canvas.getContext("2d"), width, height };
}

/** @param {string} axis
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @param {boolean} log */
function along(axis, low, high, count, log) {
  const end = axis === "y" ? low + 0.96 * (high - low) : high; // above stands the name
  return numbersAlong(low, end, Math.max(2, Math.floor(count)), log).map((at) => {
    const relative = log ? 2.3 * (high - low) : (high - low) / Math.max(Math.abs(low), Math.abs(high));
    const mark = htmlElement("span", "gdviz-map-tick", format(log ? 10 ** at : at, telling(relative)));
    mark.dataset.axis = axis;
    const share = (at - low) / (high - low);
    if (axis === "x") mark.style.left = `${100 * share}%`;
    else mark.style.bottom = `calc(${100 * share}% - 1em)`;
    return mark;
  });
}

/** Where round numbers are on an axis; of a logarithmic one over many decades the powers of ten.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @param {boolean} log */
function numbersAlong(low, high, count, log) {
  if (!log) return ticks(low, high, count);
  if (high - low > 1.2) return ticks(low, high, Math.min(count, high - low));
  return ticks(10 ** low, 10 ** high, count).map(Math.log10);
}

/** How many digits tell a number from its neighbors.
 * @param {number} relative the width of the axis next to it */
const telling = (relative) => Math.min(16, Math.max(3, Math.ceil(-Math.log10(relative)) + 2));

/** @param {number} share */
const percent = (share) => (100 * share).toFixed(2);
