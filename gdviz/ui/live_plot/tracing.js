// Draws on a chart what the stage shows: another run of a reel, or the run at rest up to a moment of it. Only the traces
// that follow the hand are drawn, in SVG over Plotly's own, through the axes' own pixels; the landscape is left alone.
//
// A trace says in its `meta` which columns it draws: `{ moving: true, x, y, part, unit }` (figures/base.py).
import { axesOf } from "./overlay.js";
import { pixel, strokes, written } from "./strokes.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST_POINTS = 60; // more dots than that say nothing while they move
const FAINT = 0.3; // of what is still to come

export class Tracing {
  /** @param {SVGElement} svg the overlay's, which is drawn in by one of the two at a time */
  constructor(figure, svg) {
    this.figure = figure;
    this.svg = svg;
    this.shown = false;
  }

  show(plot, message, shown) {
    if (this.message !== message) this.build(message);
    if (this.svg.firstChild !== this.group) this.svg.replaceChildren(this.group);
    const layout = plot._fullLayout;
    for (const piece of this.pieces) {
      const [xaxis, yaxis] = axesOf(piece.trace, layout);
      const visible = plot._fullData?.[piece.index]?.visible === true;
      piece.box.style.display = visible ? "" : "none";
      if (!visible) continue;
      place(piece, xaxis, yaxis);
      if (shown.kind === "rung") drawRung(piece, xaxis, yaxis, shown);
      else drawMoment(piece, xaxis, yaxis, shown);
    }
    this.veil(plot, shown.kind);
    this.svg.style.display = "";
    this.shown = true;
  }

  hide(plot) {
    if (!this.shown) return;
    this.veil(plot, null);
    this.svg.style.display = "none";
    this.shown = false;
  }

  /** Makes the elements of all traces, once for a figure. */
  build(message) {
    this.message = message;
    this.pieces = [];
    message.traces.forEach(({ value: trace }, index) => {
      if (!trace?.meta?.part) return;
      const box = element("svg", {}); // a nested svg clips to its own box, so no path leaves the axes
      const { marker } = trace;
      const color = trace.line?.color ?? (typeof marker?.color === "string" ? marker.color : marker?.line?.color);
      const width = trace.line?.width ?? 2;
      const line = element("path", {
        fill: "none", stroke: color, "stroke-width": width, "stroke-linejoin": "round",
        "stroke-dasharray": dashes(trace.line?.dash, width),
      });
      const mark = element("path", {});
      const hair = element("path", { stroke: "currentColor", "stroke-width": 1, opacity: 0.45, "stroke-dasharray": "3 3" });
      box.append(hair, line, mark);
      this.pieces.push({ trace, index, meta: trace.meta, box, line, mark, hair, color });
    });
    this.group = element("g", {});
    this.group.append(...this.pieces.map(({ box }) => box));
  }

  /** Hides (for another run), fades (for a moment) or restores Plotly's own drawing of what moves. */
  veil(plot, kind) {
    let follows = false;
    // Traces with a zorder are in layers of their own: scatterlayer2 and so on.
    for (const node of plot.querySelectorAll('[class*="scatterlayer"] > .trace')) {
      const meta = node.__data__?.[0]?.trace?.meta;
      follows ||= Boolean(meta?.part);
      if (!meta?.moving && !meta?.own) continue;
      node.style.display = kind === "rung" ? "none" : "";
      const fades = kind === "moment" && meta.part !== undefined && meta.part !== "first";
      node.style.opacity = fades ? FAINT : "";
    }
    // A picture that cannot follow must not seem to.
    this.figure.classList.toggle("gdviz-stale", kind === "rung" && !follows);
  }
}

function drawRung({ meta, trace, line, mark, hair, color }, xaxis, yaxis, { reel, rung }) {
  const { rows, complete } = reel.rungs[rung];
  const spots = () => Array.from({ length: rows }, (_, row) => spot(meta, xaxis, yaxis, reel, rung, row));
  for (const node of [hair, line, mark]) node.removeAttribute("d");
  if (meta.part === "line" || meta.part === "halo") {
    line.setAttribute("d", strokes(spots(), xaxis._length, yaxis._length).join(""));
  } else if (meta.part === "points") {
    const every = reel.epoch(rung, rows - 1) === rows - 1; // no epoch was left out
    if (every && rows <= MOST_POINTS) dots(mark, trace, color, spots());
  } else if (meta.part === "first") {
    dots(mark, trace, color, [spot(meta, xaxis, yaxis, reel, rung, 0)]);
  } else if (complete) {
    dots(mark, trace, color, [spot(meta, xaxis, yaxis, reel, rung, rows - 1)]);
  }
}

function drawMoment(piece, xaxis, yaxis, { reel, rung, row, share }) {
  const { trace, meta, line, mark, hair, color } = piece;
  const epoch = reel.epoch(rung, row);
  const tip = between(meta, xaxis, yaxis, reel, rung, row, share);
  if (meta.part === "line" || meta.part === "halo") {
    const { points, texts, epochs } = vertices(piece, xaxis, yaxis);
    let [low, high] = [0, epochs.length]; // the first vertex after this epoch
    while (low < high) {
      const middle = (low + high) >> 1;
      if (epochs[middle] <= epoch) low = middle + 1;
      else high = middle;
    }
    const end = strokes([points[low - 1] ?? null, tip], xaxis._length, yaxis._length);
    line.setAttribute("d", texts.slice(0, low).join("") + end.join(""));
  }
  if (meta.part === "line") {
    const size = meta.x === "epoch" ? 9 : 13;
    dots(mark, { marker: { size, line: { color: "var(--st-background-color)", width: 2 } } }, color, [tip]);
    if (meta.x === "epoch") {
      const next = share ? reel.epoch(rung, row + 1) : epoch;
      const x = xaxis.c2p(epoch + share * (next - epoch));
      hair.setAttribute("d", `M${x.toFixed(1)} 0V${yaxis._length}`);
    }
  } else if (meta.part === "points") {
    const shown = Math.min(trace.x.length, row + 1);
    const few = shown <= MOST_POINTS ? shown : 0;
    const all = Array.from({ length: few }, (_, index) => pixel(xaxis, yaxis, trace.x[index], trace.y[index]));
    dots(mark, { marker: { size: trace.marker.size } }, color, all);
  }
}

/** A trace's own points as pixels, texts and epochs, computed again only when the axes change. */
function vertices(piece, xaxis, yaxis) {
  const { trace, meta } = piece;
  const view = [xaxis.range, yaxis.range, xaxis._length, yaxis._length].join();
  if (piece.view === view) return piece.cache;
  const count = Math.min(trace.x.length, trace.y.length);
  const points = Array.from({ length: count }, (_, index) => pixel(xaxis, yaxis, trace.x[index], trace.y[index]));
  const texts = strokes(points, xaxis._length, yaxis._length);
  const epochs = meta.x === "epoch" ? trace.x : Array.from(trace.customdata, (item) => item[0] ?? item);
  piece.view = view;
  piece.cache = { points, texts, epochs };
  return piece.cache;
}

/** Where a row of a reel lies in the axes; null where it cannot be drawn. */
function spot({ x, y, unit }, xaxis, yaxis, reel, rung, row) {
  const across = reel.at(rung, row, reel.column(x));
  let up = reel.at(rung, row, reel.column(y));
  if (unit) up = Math.sign(up) * Math.log10(1 + Math.abs(up) / unit); // the signed log scale of figures/epochs.py
  return pixel(xaxis, yaxis, across, up);
}

/** A point on the straight line that is drawn from a row to the next. */
function between(meta, xaxis, yaxis, reel, rung, row, share) {
  const here = spot(meta, xaxis, yaxis, reel, rung, row);
  const next = share && here !== null ? spot(meta, xaxis, yaxis, reel, rung, row + 1) : null;
  return next === null ? here : here.map((from, index) => from + share * (next[index] - from));
}

/** Markers at `points` as one path; those that are far away, or null, are left out. */
function dots(node, { marker }, color, points) {
  const radius = (typeof marker?.size === "number" ? marker.size : 6) / 2;
  const outline = marker?.symbol === "diamond" ? diamond(1.3 * radius) : circle(radius);
  node.setAttribute("d", points.filter(isNear).map((point) => `M${written(point)}${outline}`).join(""));
  node.setAttribute("fill", typeof marker?.color === "string" ? marker.color : color);
  node.setAttribute("stroke", marker?.line?.color ?? "none");
  node.setAttribute("stroke-width", marker?.line?.width ?? 0);
}

const isNear = (point) => point !== null && point.every((value) => Math.abs(value) < 1e5);

/** Plotly's dashes for a line of this width. */
function dashes(name, width) {
  const units = { dot: [1, 1], dash: [3, 3], longdash: [5, 5], dashdot: [3, 1, 1, 1], longdashdot: [5, 1, 1, 1] }[name];
  if (units) return units.map((unit) => unit * Math.max(3, width)).join();
  return !name || name === "solid" ? "none" : name.replaceAll("px", "");
}

const circle = (r) => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const diamond = (r) => `m${-r} 0l${r} ${-r}l${r} ${r}l${-r} ${r}z`;

/** Puts a trace's box over the area of its axes. */
function place(piece, xaxis, yaxis) {
  const box = [xaxis._offset, yaxis._offset, xaxis._length, yaxis._length];
  if (String(box) === piece.place) return;
  piece.place = String(box);
  ["x", "y", "width", "height"].forEach((name, index) => piece.box.setAttribute(name, box[index]));
}

function element(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}
