// Under the pointer: the value and the gradient there, and the next step that each method would take, as a faint arrow.
// A finger has no such pointer, and sets the start instead.
import { htmlElement } from "../live/elements.js";
import { hand } from "./outbox.js";
import { allAxes, isOverAxes } from "./plotly_internals.js";
import { dataAt } from "./pointer.js";
import { format } from "../live/numbers.js";
import { page } from "../live/page.js";
import { strokes, written } from "./strokes.js";
import { dashes, place, svgElement } from "./svg.js";

/**
 * @import { Axes } from "./plotly_internals.js"
 * @import { Answer, HoverWords, PlotElement, Point } from "./types.d.ts"
 */

const AWAY = 16; // pixels from the pointer to the words
const HEAD = 9; // length of an arrow's head
const SHORTEST = 3; // pixels: a shorter step is a dot

export class Hover {
  /** @param {HTMLElement} figure
   * @param {PlotElement} plot */
  constructor(figure, plot) {
    this.figure = figure;
    this.plot = plot;
    this.wanted = false;
    this.asking = false;
    /** @type {{ clientX: number, clientY: number } | null} */
    this.pointer = null;
    /** @type {Point} in pixels, where the first arrow goes */
    this.way = [-1, -1];
    this.svg = svgElement("svg", { class: "gdviz-hover", "aria-hidden": "true" });
    this.box = svgElement("svg", {}); // clips to the axes
    this.svg.append(this.box);
    this.tip = htmlElement("div", "gdviz-tip");
    this.tip.setAttribute("aria-hidden", "true");
    figure.append(this.svg, this.tip);
    this.hide();
    figure.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerleave", "pointerdown"]) figure.addEventListener(name, () => this.hide());
  }

  hide() {
    this.pointer = null;
    this.svg.style.display = "none";
    this.tip.hidden = true;
  }

  /** @param {PointerEvent} event */
  move(event) {
    const over = isOverAxes(event.target); // not the modebar, not the start
    const still = event.buttons === 0 && !hand.moving && page.shown === null;
    if (!this.wanted || !page.asker || event.pointerType !== "mouse" || !over || !still) {
      this.hide();
      return;
    }
    this.pointer = { clientX: event.clientX, clientY: event.clientY };
    if (!this.tip.hidden) this.put();
    if (!this.asking) this.ask();
  }

  /** Asks about where the pointer is, again and again while it moves. */
  async ask() {
    const { pointer } = this;
    const axes = allAxes(this.plot).at(0);
    const point = pointer && axes && dataAt(this.plot, axes, pointer.clientX, pointer.clientY);
    if (!point) {
      this.hide();
      return;
    }
    const own = looked(point);
    if (own) {
      this.show(own, axes);
      return;
    }
    this.asking = true;
    const answer = await page.asker?.ask({ kind: "hover", ...point });
    this.asking = false;
    if (this.pointer === null || page.shown !== null) return;
    if (answer) this.show(/** @type {Answer & HoverWords} */ (answer), axes);
    else if (this.pointer === pointer) this.hide(); // what stands there is said of another place
    if (this.pointer !== pointer) this.ask();
  }

  /** @param {HoverWords} answer
   * @param {Axes} axes */
  show({ lines, from, steps }, axes) {
    place(this.box, axes);
    const begin = axes.pixel(from);
    const ends = steps.map(({ to }) => axes.pixel(to));
    const arrows = steps.map(({ color, dash }, index) => arrow(begin, ends[index], axes, color, dash));
    const first = ends.at(0);
    this.way = begin && first ? [first[0] - begin[0], first[1] - begin[1]] : [-1, -1];
    this.box.replaceChildren(...arrows.flat());
    this.tip.replaceChildren(
      ...lines.map((line) => htmlElement("span", "", line)),
      ...steps.map(({ text, color }) => {
        const line = htmlElement("span", "gdviz-tip-step", text);
        line.style.setProperty("--color", color);
        return line;
      }),
    );
    this.svg.style.display = "";
    this.tip.hidden = false;
    this.put();
  }

  /** The words beside the pointer, on the side that the first arrow leaves free, and inside of the figure. */
  put() {
    if (this.pointer === null) return;
    const frame = this.figure.getBoundingClientRect();
    /** @type {(at: number, size: number, room: number, before: boolean) => number} */
    const beside = (at, size, room, before) => {
      const places = [at - AWAY - size, at + AWAY];
      if (!before) places.reverse();
      return places.find((low) => low >= 0 && low + size <= room) ?? Math.max(0, room - size);
    };
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    const left = beside(this.pointer.clientX - frame.left, width, frame.width, this.way[0] > 0);
    const top = beside(this.pointer.clientY - frame.top, height, frame.height, this.way[1] > 0);
    this.tip.style.transform = `translate(${left}px, ${top}px)`;
  }
}

/** What the browser can say itself of a place on the landscape: null where it cannot run every experiment.
 * @param {{ x: number, y: number }} point
 * @returns {HoverWords | null} */
function looked({ x, y }) {
  const { experiments, place: { axes, at } } = page;
  if (experiments.length === 0) return null;
  const theta = [...at];
  axes.forEach((axis, index) => (theta[axis] = [x, y][index]));
  const flat = theta.length > 1;
  /** @type {HoverWords | null} */
  let words = null;
  for (const experiment of experiments) {
    const run = experiment.takes({}) ? experiment.look(theta) : null;
    if (!run) return null;
    const { title, color, dash } = experiment.described;
    /** @type {(row: number) => Point} */
    const seen = (row) => [run.at(row, `theta ${axes[0]}`), run.at(row, flat ? `theta ${axes[1]}` : "value")];
    const slope = axes.map((axis) => format(run.at(0, `gradient ${axis}`))).join(", ");
    words ??= {
      lines: [`f = ${format(run.at(0, "value"), 4)}`, flat ? `∇f = (${slope})` : `f′ = ${slope}`],
      from: seen(0),
      steps: [],
    };
    if (run.rows < 2) continue;
    const to = seen(1);
    words.steps.push({ to, text: `${title}: next (${to.map((value) => format(value)).join(", ")})`, color, dash });
  }
  return words;
}

/** A step in pixels: a line with a head, or a dot where it is too short.
 * @param {Point | null} begin
 * @param {Point | null} end
 * @param {Axes} axes
 * @param {string} color
 * @param {string} dash
 * @returns {SVGElement[]} */
function arrow(begin, end, axes, color, dash) {
  if (!begin || !end) return [];
  const look = { stroke: color, fill: "none", class: "gdviz-arrow" };
  const d = strokes([begin, end], axes.width, axes.height).join("");
  const line = [
    svgElement("path", { ...look, class: "gdviz-arrow-halo", d }),
    svgElement("path", { ...look, d, "stroke-dasharray": dashes(dash, 2.5) }),
  ];
  const [dx, dy] = [end[0] - begin[0], end[1] - begin[1]];
  const length = Math.hypot(dx, dy);
  if (!(length > SHORTEST) || length > 1e6) return length > SHORTEST ? line : [dot(begin, look.stroke)];
  const size = Math.min(HEAD, length / 2) / length;
  const wing = (/** @type {number} */ side) =>
    written([end[0] - size * (dx + side * 0.5 * dy), end[1] - size * (dy - side * 0.5 * dx)]);
  const head = svgElement("path", { ...look, fill: look.stroke, d: `M${written(end)}L${wing(1)}L${wing(-1)}Z` });
  return [...line, head];
}

/** @type {(at: Point, fill: string) => SVGElement} */
const dot = ([cx, cy], fill) => svgElement("circle", { cx, cy, r: 3, fill, class: "gdviz-arrow" });
