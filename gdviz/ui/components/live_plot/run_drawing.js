// Draws on a chart what the page shows: another run, or the run at rest up to a moment of it. Only the traces
// that follow the hand are drawn, in SVG over Plotly's own, through the axes' or the camera's own pixels; the landscape
// is left alone.
//
// A trace says in its `meta` which columns it draws: `{ moving: true, x, y, part, unit }` (figures/base.py).
import { BACKGROUND } from "./streamlit.js";
import { drawnTraces, isVisible, sceneOf } from "./plotly_internals.js";
import { mix } from "./relief.js";
import { reached, signedLog } from "../live/run.js";
import { strokes, written } from "./strokes.js";
import { dashes, place, svgElement } from "./svg.js";
import { viewOf } from "./views.js";

/**
 * @import { Run } from "../live/run.js"
 * @import { Figure, Marker, Meta, Numbers, PathInSpace, PlotElement, Point, Shown, Trace, View } from "./types.d.ts"
 */

/**
 * A trace that follows the hand, and the elements that draw it.
 * @typedef {object} DrawnTrace
 * @property {Trace} trace
 * @property {number} index its number in the figure
 * @property {Meta} meta
 * @property {Marker | undefined} marker
 * @property {string} color
 * @property {SVGSVGElement} box
 * @property {SVGPathElement} line
 * @property {SVGPathElement} mark
 * @property {SVGPathElement} hair
 * @property {SVGPathElement | null} rest what is still to come, if Plotly cannot fade its own drawing
 * @property {{ key: string } & Vertices} [cache] its own points in that view
 *
 * @typedef {{ points: (Point | null)[], texts: string[], epochs: Numbers }} Vertices
 */

// Pixels on the screen for each that a line and a mark in a scene ask for.
const LINE_IN_SPACE = 0.5;
const MARK_IN_SPACE = 1.7;
const FAINT = 0.3; // of what is still to come

export class RunDrawing {
  /** @param {HTMLElement} figure
   * @param {SVGElement} svg the overlay's, which is drawn in by one of the two at a time */
  constructor(figure, svg) {
    this.figure = figure;
    this.svg = svg;
    this.shown = false;
    /** @type {DrawnTrace[]} */
    this.pieces = [];
    this.group = svgElement("g", {});
    /** @type {Figure | undefined} the figure that the pieces are of */
    this.message = undefined;
  }

  /** @param {PlotElement} plot
   * @param {Figure} message
   * @param {Shown} shown */
  show(plot, message, shown) {
    if (this.message !== message) this.build(message);
    if (this.svg.firstChild !== this.group) this.svg.replaceChildren(this.group);
    const traces = message.traces.map(({ value }) => value);
    /** @type {Map<string, string>} lines and their halos are the same */
    const paths = new Map();
    for (const piece of this.pieces) {
      const view = isVisible(plot, piece.index) ? viewOf(piece.trace, plot, traces) : null;
      piece.box.style.display = view ? "" : "none";
      if (!view) continue;
      place(piece.box, view);
      if (shown.kind === "run") drawRun(piece, view, shown, message.limits.dots, paths);
      else drawMoment(piece, view, shown, message.limits.dots);
    }
    this.hideOwn(plot, shown.kind);
    this.svg.style.display = "";
    this.shown = true;
  }

  /** @param {PlotElement} plot */
  hide(plot) {
    if (!this.shown) return;
    this.hideOwn(plot, null);
    this.svg.style.display = "none";
    this.shown = false;
  }

  /** Makes the elements of all traces, once for a figure.
   * @param {Figure} message */
  build(message) {
    this.message = message;
    this.pieces = message.traces.flatMap((
      { value },
      index,
    ) => (value?.meta?.part ? [{ ...elementsOf(value), trace: value, meta: value.meta, index }] : []));
    this.group = svgElement("g", {});
    this.group.append(...this.pieces.map(({ box }) => box));
  }

  /** Hides (for another run), fades (for a moment) or restores Plotly's own drawing of what moves.
   * @param {PlotElement} plot
   * @param {Shown["kind"] | null} kind */
  hideOwn(plot, kind) {
    /** @typedef {Meta | undefined} About */
    const follower = (/** @type {About} */ meta) => meta?.part !== undefined;
    const fades = (/** @type {About} */ meta) => kind === "moment" && follower(meta) && meta?.part !== "first";
    const hidden = (/** @type {About} */ meta) => kind === "run" && Boolean(meta?.moving || meta?.own);
    let follows = false;
    for (const [node, meta] of drawnTraces(plot)) {
      follows ||= follower(meta);
      if (!meta?.moving && !meta?.own) continue;
      node.style.display = hidden(meta) ? "none" : "";
      node.style.opacity = fades(meta) ? String(FAINT) : "";
    }
    const scene = sceneOf(plot);
    if (scene) {
      scene.hide((meta) => hidden(meta) || fades(meta));
      follows ||= scene.metas.some(follower);
    }
    // A picture that cannot follow must not seem to.
    this.figure.toggleAttribute("data-stale", kind === "run" && !follows);
  }
}

/** The elements that draw a trace.
 * @param {Trace} trace
 * @returns {Omit<DrawnTrace, "trace" | "meta" | "index">} */
export function elementsOf(trace) {
  const box = svgElement("svg", {}); // a nested svg clips to its own box, so no path leaves the axes
  const inSpace = trace.type === "scatter3d";
  const marker = inSpace && trace.marker
    ? { ...trace.marker, size: Number(trace.marker.size) * MARK_IN_SPACE }
    : trace.marker;
  const own = typeof marker?.color === "string" ? marker.color : marker?.line?.color;
  const color = trace.line?.color ?? own ?? "currentColor";
  const width = (trace.line?.width ?? 2) * (inSpace ? LINE_IN_SPACE : 1);
  const ink = { fill: "none", stroke: color, "stroke-width": width };
  const line = svgElement("path", {
    ...ink,
    "stroke-linejoin": "round",
    "stroke-dasharray": dashes(trace.line?.dash, width),
  });
  // Plotly fades its own drawing of what is still to come; what is drawn in a scene it cannot fade.
  const rest = inSpace ? svgElement("path", { ...ink, opacity: FAINT }) : null;
  const mark = svgElement("path", {});
  const hair = svgElement("path", {
    stroke: "currentColor",
    "stroke-width": 1,
    opacity: 0.45,
    "stroke-dasharray": "3 3",
  });
  box.append(...(rest ? [rest] : []), hair, line, mark);
  return { marker, box, line, mark, hair, rest, color };
}

/** Another run than the one at rest, all of it or, where it is driven, as far as it has come.
 * @param {DrawnTrace} piece
 * @param {View} view
 * @param {Shown} shown
 * @param {number} most dots; more say nothing while they move
 * @param {Map<string, string>} paths those that are drawn already */
function drawRun(piece, view, { runs, row, share }, most, paths) {
  const { meta, line, mark, hair, rest, color } = piece;
  const run = runs[meta.run ?? 0]; // where several runs are shown, a trace says which is its own
  for (const node of [hair, line, mark, rest]) node?.removeAttribute("d");
  if (!run || run.rows === 0) return;
  const rows = row === undefined ? run.rows : row + 1;
  const tip = share ? mix(run.spot(meta, rows - 1), run.spot(meta, rows), share) : run.spot(meta, rows - 1);
  if (meta.part === "line" || meta.part === "halo") {
    const key = [view.left, view.top, view.key, meta.run, meta.x, meta.y, meta.unit].join();
    const path = paths.get(key) ?? pathOf(run, meta, view, rows, share ? tip : null);
    paths.set(key, path);
    line.setAttribute("d", path);
  } else if (meta.part === "points") {
    const every = run.epoch(rows - 1) === rows - 1; // no epoch was left out
    const spots = every && rows <= most ? Array.from({ length: rows }, (_, index) => run.spot(meta, index)) : [];
    if (spots.length && share) spots.push(tip);
    dots(mark, piece.marker, color, spots.map((point) => view.pixel(point)));
  } else if (meta.part === "first") {
    dots(mark, piece.marker, color, [view.pixel(run.spot(meta, 0), meta.lift)]);
  } else if (run.facts.complete !== false || row !== undefined) {
    dots(mark, piece.marker, color, [view.pixel(tip, meta.lift)]);
  }
}

/** The path through the first rows of a run, and on to the tip.
 * @param {Run} run
 * @param {Meta} meta
 * @param {View} view
 * @param {number} rows
 * @param {Point | null} tip */
function pathOf(run, meta, view, rows, tip) {
  const xs = run.column(meta.x);
  const values = run.column(meta.y);
  if (!xs || !values) return "";
  const { unit } = meta;
  const ys = unit ? Float64Array.from({ length: rows }, (_, row) => signedLog(values[row], unit)) : values;
  if (tip === null) return view.path(xs, ys, rows, meta.x === "epoch");
  /** @type {(column: Numbers, last: number) => Numbers} */
  const on = (column, last) => Float64Array.from({ length: rows + 1 }, (_, row) => (row < rows ? column[row] : last));
  return view.path(on(xs, tip[0]), on(ys, tip[1]), rows + 1, meta.x === "epoch");
}

/** The run at rest up to a moment of it.
 * @param {DrawnTrace} piece
 * @param {View} view
 * @param {Shown} shown
 * @param {number} most dots */
function drawMoment(piece, view, { runs: [run], row = 0, share }, most) {
  const { trace, meta, line, mark, hair, rest, color } = piece;
  for (const node of [line, mark, rest]) node?.removeAttribute("d");
  const epoch = run.epoch(row);
  const moment = share ? epoch + share * (run.epoch(row + 1) - epoch) : epoch;
  const tip = view.between(run.spot(meta, row), share ? run.spot(meta, row + 1) : null, share);
  if (meta.part === "line" || meta.part === "halo") {
    const { points, texts, epochs } = vertices(piece, view);
    const low = reached(epochs, moment); // the first vertex after it
    const end = strokes([points[low - 1] ?? null, tip], view.width, view.height);
    line.setAttribute("d", texts.slice(0, low).join("") + end.join(""));
    rest?.setAttribute("d", texts.slice(low).join("").replace(/^L/, "M"));
  }
  if (meta.part === "line") {
    const size = meta.x === "epoch" ? 9 : 13;
    dots(mark, { size, line: { color: BACKGROUND, width: 2 } }, color, [tip]);
    if (meta.x === "epoch") {
      hair.setAttribute("d", `M${written([view.across(moment), 0])}V${view.height}`);
    }
  } else if (meta.part === "points") {
    const shown = reached(/** @type {Numbers} */ (trace.marker?.color), epoch); // dots are colored by their epochs
    const points = shown <= most ? vertices(piece, view).points.slice(0, shown) : [];
    dots(mark, { size: piece.marker?.size }, color, points);
  }
}

/** A trace's own points as pixels, texts and epochs, computed again only when the view changes.
 * @param {DrawnTrace} piece
 * @param {View} view
 * @returns {Vertices} */
function vertices(piece, view) {
  const { trace, meta } = piece;
  if (piece.cache?.key === view.key) return piece.cache;
  const points = view.vertices(trace);
  const texts = strokes(points, view.width, view.height);
  // In customdata an epoch comes first, and last the exact moment where points lie between two epochs.
  const place = /** @type {PathInSpace} */ (trace).z ? -1 : 0;
  const epochs = meta.x === "epoch" ? trace.x : Array.from(trace.customdata ?? [], (item) => entry(item, place));
  piece.cache = { key: view.key, points, texts, epochs };
  return piece.cache;
}

/** @type {(item: number | Numbers, place: number) => number} */
const entry = (item, place) => (typeof item === "number" ? item : /** @type {number[]} */ (item).at(place) ?? NaN);

/** Markers at `points` as one path; those that are far away, or null, are left out.
 * @param {SVGPathElement} node
 * @param {Marker | undefined} marker
 * @param {string} color
 * @param {(Point | null)[]} points */
export function dots(node, marker, color, points) {
  const radius = (typeof marker?.size === "number" ? marker.size : 6) / 2;
  const outline = (OUTLINES[marker?.symbol ?? ""] ?? circle)(radius);
  node.setAttribute("d", points.map((point) => (isNear(point) ? `M${written(point)}${outline}` : "")).join(""));
  node.setAttribute("fill", typeof marker?.color === "string" ? marker.color : color);
  node.setAttribute("stroke", marker?.line?.color ?? "none");
  node.setAttribute("stroke-width", String(marker?.line?.width ?? 0));
}

/** @type {(point: Point | null) => point is Point} */
const isNear = (point) => point !== null && point.every((value) => Math.abs(value) < 1e5);

const circle = (/** @type {number} */ r) => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

/** Plotly's markers around a point; all others are drawn as circles.
 * @type {Record<string, (radius: number) => string>} */
const OUTLINES = {
  diamond: (radius) => {
    const r = 1.3 * radius;
    return `m${-r} 0l${r} ${-r}l${r} ${r}l${-r} ${r}z`;
  },
  square: (r) => `m${-r} ${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
};
