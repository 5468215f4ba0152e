// While a hand moves, only the path changes and the landscape stays. Laying the landscape out anew takes Plotly about
// 28 ms a frame; an SVG path through the axes' own pixels takes 0.2 ms. So traces with `meta: {moving: true}` are drawn
// here meanwhile, and Plotly draws the true ones when the hand rests.
import { axesOf, drawnTraces } from "./plotly_internals.js";
import { strokes, written } from "./strokes.js";
import { element, place } from "./svg.js";

/**
 * @import { Axes } from "./plotly_internals.js"
 * @import { AxisLike, Figure, Part, PlotElement, Trace } from "./types.d.ts"
 */

/** @param {Part<Trace>} part */
const isMoving = ({ value }) => value?.meta?.moving === true && (value.type ?? "scatter") === "scatter";

/** May `message` be drawn over what `before` left on the screen? Only if nothing but moving traces changed.
 * @param {Figure | undefined} before
 * @param {Figure} message */
export function onlyMoves(before, message) {
  return (
    before !== undefined &&
    before.layoutDigest === message.layoutDigest &&
    before.template.digest === message.template.digest &&
    before.traces.length === message.traces.length &&
    message.traces.some(isMoving) &&
    message.traces.every((part, index) => isMoving(part) || part.digest === before.traces[index].digest)
  );
}

export class Overlay {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.svg = element("svg", {});
    this.svg.setAttribute("class", "gdviz-overlay");
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.style.display = "none";
    figure.append(this.svg);
    this.shown = false;
  }

  /** Are all points inside of axes that choose their own range? If not, Plotly has to draw, and to choose again.
   * @param {PlotElement} plot
   * @param {Part<Trace>[]} traces */
  fits(plot, traces) {
    return traces.filter(isMoving).every(({ value }) => {
      const axes = axesOf(plot, value);
      if (!axes.x.automatic && !axes.y.automatic) return true;
      return pixels(value, axes).every((point) =>
        point === null || (holds(axes.x, point[0]) && holds(axes.y, point[1]))
      );
    });
  }

  /**
   * @param {PlotElement} plot
   * @param {Figure} message
   */
  show(plot, { traces, limits }) {
    const drawn = traces.filter((part) => isMoving(part) && part.value.visible !== false);
    this.svg.replaceChildren(
      ...drawn.map(({ value }) => {
        const axes = axesOf(plot, value);
        const box = element("svg", {}); // a nested svg clips to its own box, so no path leaves the axes
        place(box, axes);
        box.append(...marks(value, axes, limits.dots));
        return box;
      }),
    );
    showMoving(plot, false);
    this.svg.style.display = "";
    this.shown = true;
  }

  /** @param {PlotElement} plot */
  hide(plot) {
    if (!this.shown) return;
    showMoving(plot, true);
    this.svg.style.display = "none";
    this.shown = false;
  }
}

/** Shows or hides Plotly's own drawing of the moving traces.
 * @param {PlotElement} plot
 * @param {boolean} shown */
function showMoving(plot, shown) {
  for (const [node, meta] of drawnTraces(plot)) {
    if (meta?.moving) node.style.display = shown ? "" : "none";
  }
}

/**
 * @param {Trace} trace
 * @param {Axes} axes
 * @param {number} most dots; more say nothing while they move
 */
function marks(trace, axes, most) {
  const mode = trace.mode ?? "lines";
  const points = pixels(trace, axes);
  const result = [];
  if (mode.includes("lines")) {
    result.push(element("path", {
      d: strokes(points, axes.width, axes.height).join(""),
      fill: "none",
      stroke: trace.line?.color ?? "currentColor",
      "stroke-width": trace.line?.width ?? 2,
      "stroke-linejoin": "round",
      opacity: trace.opacity ?? 1,
    }));
  }
  if (mode.includes("markers") && points.length <= most) {
    const { color, size, symbol, line } = trace.marker ?? {};
    for (const point of points) {
      if (point === null || !(Math.hypot(...point) < 1e6)) continue;
      result.push(element("path", {
        d: shape(symbol, one(size, 6) / 2),
        transform: `translate(${written(point)})`,
        fill: one(color, one(line?.color, trace.line?.color ?? "currentColor")),
        stroke: one(line?.color, "none"),
        "stroke-width": one(line?.width, 0),
      }));
    }
  }
  return result;
}

/** Need Plotly not choose another range for a point at this pixel of an axis?
 * @param {AxisLike} axis
 * @param {number} pixel */
const holds = (axis, pixel) => !axis.automatic || (pixel >= -1 && pixel <= axis.length + 1);

/** A value that holds for all markers of a trace; where each has its own, or none is given, another one.
 * @template {string | number} Value
 * @param {unknown} value
 * @param {Value} otherwise
 * @returns {Value} */
const one = (value, otherwise) =>
  typeof value === "string" || typeof value === "number" ? /** @type {Value} */ (value) : otherwise;

/** A marker around the origin as Plotly draws it: diamond or square, all others as circles.
 * @param {string | undefined} symbol
 * @param {number} radius */
function shape(symbol, radius) {
  const r = symbol === "diamond" ? 1.3 * radius : radius;
  if (symbol === "diamond") return `M${r},0L0,${r}L-${r},0L0,-${r}Z`;
  if (symbol === "square") return `M${r},${r}H-${r}V-${r}H${r}Z`;
  return `M${r},0A${r},${r} 0 1,1 0,-${r}A${r},${r} 0 0,1 ${r},0Z`;
}

/** Where a trace's points lie; null where there is none.
 * @param {Trace} trace
 * @param {Axes} axes */
function pixels({ x, y }, axes) {
  const count = Math.min(x?.length ?? 0, y?.length ?? 0);
  return Array.from({ length: count }, (_, index) => axes.pixel([x[index], y[index]]));
}
