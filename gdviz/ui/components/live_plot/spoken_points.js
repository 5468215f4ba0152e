// A chart's points by arrow key, each with its numbers spoken: for those who do not see it, and where nothing is played.
// Left and right go along a curve, up and down from one curve to the next.
import { format } from "../live/numbers.js";

/** @import { Layout, PlotElement, Trace } from "./types.d.ts" */

/** A curve that can be gone along.
 * @typedef {{ name: string, number: number, trace: Trace, places: number[] }} Curve `places` are those with a point */

const FAR = 10; // points at a time, with Shift

/** The curves of a figure with what has a name and a point on them.
 * @param {Trace[]} traces
 * @returns {Curve[]} */
export function curvesOf(traces) {
  return traces.flatMap((trace, number) => {
    const { type = "scatter", name = "", visible = true, x = [], y = [] } = trace;
    if (type !== "scatter" || visible !== true || !name || name === "outline") return [];
    const all = Array.from({ length: Math.min(x.length, y.length) }, (_, index) => index);
    const places = all.filter((index) => Number.isFinite(x[index]) && Number.isFinite(y[index]));
    return places.length ? [{ name, number, trace, places }] : [];
  });
}

/** Where a key leads: which curve, and which of its points.
 * @param {string} key
 * @param {boolean} far
 * @param {[curve: number, point: number] | null} at null before the first key
 * @param {number[]} lengths of the curves
 * @returns {[curve: number, point: number] | null} null where the key means nothing */
export function moved(key, far, at, lengths) {
  const [curve, point] = at ?? [0, -1];
  const last = (/** @type {number} */ number) => lengths[number] - 1;
  const step = far ? FAR : 1;
  if (key === "ArrowRight") return [curve, Math.min(last(curve), point + step)];
  if (key === "ArrowLeft") return [curve, Math.max(0, point - step)];
  if (key === "Home") return [curve, 0];
  if (key === "End") return [curve, last(curve)];
  if (key !== "ArrowUp" && key !== "ArrowDown") return null;
  const next = (curve + (key === "ArrowDown" ? 1 : lengths.length - 1)) % lengths.length;
  return [next, Math.min(last(next), Math.max(0, point))];
}

/** A point in words.
 * @param {Curve} curve
 * @param {number} point
 * @param {Layout} layout */
export function spoken({ name, trace, places }, point, layout) {
  const { x, y, meta, xaxis = "x", yaxis = "y" } = trace;
  const title = (/** @type {string} */ id) => {
    const axis = /** @type {{ title?: { text?: string } } | undefined} */ (layout[id.replace(/^[xy]/, "$&axis")]);
    return axis?.title?.text || id[0];
  };
  const index = places[point];
  const height = meta?.unit ? meta.unit * Math.sinh(y[index]) : y[index]; // of a signed log scale
  const numbers = `${title(xaxis)} = ${format(x[index])}, ${title(yaxis)} = ${format(height)}`;
  return `${name}, ${point + 1} of ${places.length}: ${numbers}`;
}

export class SpokenPoints {
  /**
   * @param {PlotElement} plot
   * @param {HTMLElement} status where it is said */
  constructor(plot, status) {
    this.plot = plot;
    this.status = status;
    /** @type {[number, number] | null} */
    this.at = null;
  }

  /** @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of these */
  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    const curves = curvesOf(this.plot.data ?? []);
    if (this.at && !(this.at[1] < (curves[this.at[0]]?.places.length ?? 0))) this.at = null; // another figure by now
    const next = curves.length
      ? moved(event.key, event.shiftKey, this.at, curves.map(({ places }) => places.length))
      : null;
    if (!next) return false;
    this.at = next;
    const curve = curves[next[0]];
    this.status.textContent = spoken(curve, next[1], this.plot.layout ?? {});
    globalThis.Plotly.Fx.hover(this.plot, [{ curveNumber: curve.number, pointNumber: curve.places[next[1]] }]);
    return true;
  }
}
