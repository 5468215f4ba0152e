// While a hand moves, only the path changes and the landscape stays. Laying the landscape out anew takes Plotly about
// 28 ms a frame; an SVG path through the axes' own pixels takes 0.2 ms. So traces with `meta: {moving: true}` are drawn
// here meanwhile, and Plotly draws the true ones when the hand rests.
import { axesOf, drawnTraces } from "./plotly_internals.js";
import { strokes } from "./strokes.js";
import { place } from "./svg.js";
import { dots, elementsOf } from "./run_drawing.js";
import { FlatView } from "./views.js";

/**
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
  /** @param {SVGElement} svg over the figure */
  constructor(svg) {
    this.svg = svg;
    this.shown = false;
  }

  /** Are all points inside of axes that choose their own range? If not, Plotly has to draw, and to choose again.
   * @param {PlotElement} plot
   * @param {Part<Trace>[]} traces */
  fits(plot, traces) {
    return traces.filter(isMoving).every(({ value }) => {
      const view = new FlatView(axesOf(plot, value));
      const { x, y } = view.axes;
      return view.vertices(value).every((point) => point === null || (holds(x, point[0]) && holds(y, point[1])));
    });
  }

  /** @param {PlotElement} plot
   * @param {Figure} message */
  show(plot, { traces, limits }) {
    const drawn = traces.filter((part) => isMoving(part) && part.value.visible !== false);
    this.svg.replaceChildren(...drawn.map(({ value }) => drawing(plot, value, limits.dots)));
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

/** A trace's own points, drawn.
 * @param {PlotElement} plot
 * @param {Trace} trace
 * @param {number} most dots; more say nothing while they move */
function drawing(plot, trace, most) {
  const { box, line, mark, marker, color } = elementsOf(trace);
  const view = new FlatView(axesOf(plot, trace));
  const points = view.vertices(trace);
  const mode = trace.mode ?? "lines";
  place(box, view);
  box.setAttribute("opacity", String(trace.opacity ?? 1));
  if (mode.includes("lines")) line.setAttribute("d", strokes(points, view.width, view.height).join(""));
  if (mode.includes("markers") && points.length <= most) dots(mark, marker, color, points);
  return box;
}

/** Need Plotly not choose another range for a point at this pixel of an axis?
 * @param {AxisLike} axis
 * @param {number} pixel */
const holds = (axis, pixel) => !axis.automatic || (pixel >= -1 && pixel <= axis.length + 1);
