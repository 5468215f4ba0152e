// Draws on a chart what the stage shows: another run of a reel, or the run at rest up to a moment of it. Only the traces
// that follow the hand are drawn, in SVG over Plotly's own, through the axes' or the camera's own pixels; the landscape
// is left alone.
//
// A trace says in its `meta` which columns it draws: `{ moving: true, x, y, part, unit }` (figures/base.py).
import { veilScene } from "./scene.js";
import { strokes, written } from "./strokes.js";
import { dashes, element } from "./svg.js";
import { sceneOf, viewOf } from "./views.js";

const MOST_POINTS = 60; // more dots than that say nothing while they move
// Pixels on the screen for each that a line and a mark in a scene ask for.
const LINE_IN_SPACE = 0.5;
const MARK_IN_SPACE = 1.7;
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
    const traces = message.traces.map(({ value }) => value);
    for (const piece of this.pieces) {
      const visible = plot._fullData?.[piece.index]?.visible === true;
      const view = visible ? viewOf(piece.trace, plot, traces) : null;
      piece.box.style.display = view ? "" : "none";
      if (!view) continue;
      place(piece, view);
      if (shown.kind === "rung") drawRung(piece, view, shown);
      else drawMoment(piece, view, shown);
    }
    this.veil(plot, shown.kind);
    this.svg.style.display = "";
    this.shown = true;
    if (sceneOf(plot)) this.followCamera(plot, message, shown, traces);
  }

  /** Plotly does not tell each turn of a camera. */
  followCamera(plot, message, shown, traces) {
    cancelAnimationFrame(this.frame);
    const piece = this.pieces.find(({ box }) => box.style.display === "");
    const look = () => {
      if (!this.shown || !piece || !sceneOf(plot)) return;
      if (viewOf(piece.trace, plot, traces)?.key !== piece.seen) this.show(plot, message, shown);
      else this.frame = requestAnimationFrame(look);
    };
    this.frame = requestAnimationFrame(look);
  }

  hide(plot) {
    if (!this.shown) return;
    cancelAnimationFrame(this.frame);
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
      const inSpace = trace.type === "scatter3d";
      const marker = inSpace && trace.marker
        ? { ...trace.marker, size: trace.marker.size * MARK_IN_SPACE }
        : trace.marker;
      const color = trace.line?.color ?? (typeof marker?.color === "string" ? marker.color : marker?.line?.color);
      const width = (trace.line?.width ?? 2) * (inSpace ? LINE_IN_SPACE : 1);
      const line = element("path", {
        fill: "none",
        stroke: color,
        "stroke-width": width,
        "stroke-linejoin": "round",
        "stroke-dasharray": dashes(trace.line?.dash, width),
      });
      // Plotly fades its own drawing of what is still to come; what is drawn in a scene it cannot fade.
      const rest = inSpace
        ? element("path", { fill: "none", stroke: color, "stroke-width": width, opacity: FAINT })
        : null;
      const mark = element("path", {});
      const hair = element("path", {
        stroke: "currentColor",
        "stroke-width": 1,
        opacity: 0.45,
        "stroke-dasharray": "3 3",
      });
      box.append(...[rest, hair, line, mark].filter(Boolean));
      this.pieces.push({ trace, index, meta: trace.meta, marker, box, line, mark, hair, rest, color });
    });
    this.group = element("g", {});
    this.group.append(...this.pieces.map(({ box }) => box));
  }

  /** Hides (for another run), fades (for a moment) or restores Plotly's own drawing of what moves. */
  veil(plot, kind) {
    const follower = (meta) => meta?.part !== undefined;
    const fades = (meta) => kind === "moment" && follower(meta) && meta.part !== "first";
    const hidden = (meta) => kind === "rung" && Boolean(meta?.moving || meta?.own);
    let follows = false;
    // Traces with a zorder are in layers of their own: scatterlayer2 and so on.
    for (const node of plot.querySelectorAll('[class*="scatterlayer"] > .trace')) {
      const meta = node.__data__?.[0]?.trace?.meta;
      follows ||= follower(meta);
      if (!meta?.moving && !meta?.own) continue;
      node.style.display = hidden(meta) ? "none" : "";
      node.style.opacity = fades(meta) ? FAINT : "";
    }
    const scene = sceneOf(plot);
    if (scene) {
      veilScene(scene, (meta) => hidden(meta) || fades(meta));
      follows ||= Object.values(scene.traces).some(({ data }) => follower(data?.meta));
    }
    // A picture that cannot follow must not seem to.
    this.figure.classList.toggle("gdviz-stale", kind === "rung" && !follows);
  }
}

/** Another run than the one at rest, all of it or, where it is driven, as far as it has come. */
function drawRung(piece, view, { reel, rung: only, row, share }) {
  const { meta, line, mark, hair, rest, color } = piece;
  const rung = meta.run ?? only; // where several runs are shown, a trace says which is its own
  const { complete } = reel.rungs[rung];
  const rows = row === undefined ? reel.rungs[rung].rows : row + 1;
  const at = (index) => spot(meta, reel, rung, index);
  const tip = share ? at(rows - 1).map((value, axis) => value + share * (at(rows)[axis] - value)) : at(rows - 1);
  const spots = () => [...Array.from({ length: rows }, (_, index) => at(index)), ...(share ? [tip] : [])];
  for (const node of [hair, line, mark, rest]) node?.removeAttribute("d");
  if (meta.part === "line" || meta.part === "halo") {
    line.setAttribute("d", view.path(spots()));
  } else if (meta.part === "points") {
    const every = reel.epoch(rung, rows - 1) === rows - 1; // no epoch was left out
    if (every && rows <= MOST_POINTS) dots(mark, piece, color, spots().map((point) => view.pixel(point)));
  } else if (meta.part === "first") {
    dots(mark, piece, color, [view.pixel(at(0), meta.lift)]);
  } else if (complete || row !== undefined) {
    dots(mark, piece, color, [view.pixel(tip, meta.lift)]);
  }
}

function drawMoment(piece, view, { reel, rung, row, share }) {
  const { trace, meta, line, mark, hair, rest, color } = piece;
  for (const node of [line, mark, rest]) node?.removeAttribute("d");
  const epoch = reel.epoch(rung, row);
  const moment = share ? epoch + share * (reel.epoch(rung, row + 1) - epoch) : epoch;
  const tip = view.between(spot(meta, reel, rung, row), share ? spot(meta, reel, rung, row + 1) : null, share);
  if (meta.part === "line" || meta.part === "halo") {
    const { points, texts, epochs } = vertices(piece, view);
    const low = reached(epochs, moment); // the first vertex after it
    const end = strokes([points[low - 1] ?? null, tip], view.width, view.height);
    line.setAttribute("d", texts.slice(0, low).join("") + end.join(""));
    rest?.setAttribute("d", texts.slice(low).join("").replace(/^L/, "M"));
  }
  if (meta.part === "line") {
    const size = meta.x === "epoch" ? 9 : 13;
    dots(mark, { marker: { size, line: { color: "var(--st-background-color)", width: 2 } } }, color, [tip]);
    if (meta.x === "epoch") {
      hair.setAttribute("d", `M${written([view.across(moment), 0])}V${view.height}`);
    }
  } else if (meta.part === "points") {
    const shown = reached(trace.marker.color, epoch);
    const points = shown <= MOST_POINTS ? vertices(piece, view).points.slice(0, shown) : [];
    dots(mark, { marker: { size: piece.marker.size } }, color, points);
  }
}

/** How many of ascending `epochs` are not after `moment`. */
function reached(epochs, moment) {
  let [low, high] = [0, epochs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (epochs[middle] <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A trace's own points as pixels, texts and epochs, computed again only when the view changes. */
function vertices(piece, view) {
  const { trace, meta } = piece;
  if (piece.view === view.key) return piece.cache;
  const points = view.vertices(trace);
  const texts = strokes(points, view.width, view.height);
  // In customdata an epoch comes first, and last the exact moment where points lie between two epochs.
  const place = trace.z ? -1 : 0;
  const epochs = meta.x === "epoch" ? trace.x : Array.from(trace.customdata ?? [], (item) => item.at?.(place) ?? item);
  piece.view = view.key;
  piece.cache = { points, texts, epochs };
  return piece.cache;
}

/** What a row of a reel says, in the coordinates of a trace. */
function spot({ x, y, unit }, reel, rung, row) {
  const across = reel.at(rung, row, reel.column(x));
  const up = reel.at(rung, row, reel.column(y));
  return [across, unit ? Math.sign(up) * Math.log10(1 + Math.abs(up) / unit) : up]; // figures/epochs.py's signed log scale
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

const circle = (r) => `m${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const diamond = (r) => `m${-r} 0l${r} ${-r}l${r} ${r}l${-r} ${r}z`;

/** Puts a trace's box over the area it is drawn in. */
function place(piece, view) {
  const box = [view.left, view.top, view.width, view.height];
  piece.seen = view.key;
  if (String(box) === piece.place) return;
  piece.place = String(box);
  ["x", "y", "width", "height"].forEach((name, index) => piece.box.setAttribute(name, box[index]));
}
