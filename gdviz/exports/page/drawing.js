// Columns of a run as SVG paths in the pixels of a chart.

/** @import { Axis, Point, Trace } from "./types.d.ts" */
/** @import { Run } from "./runs.js" */

const FAR = 1e4; // pixels: beyond it, lines are cut off
const MOST = 2000; // points of a path that are drawn

/** The points of a run up to an epoch, in pixels of the chart; null where an axis has no place for it.
 * @param {Run} run
 * @param {NonNullable<Trace["meta"]>} meta
 * @param {Axis} xaxis
 * @param {Axis} yaxis
 * @param {number} until
 * @returns {(Point | null)[]} */
export function pixels(run, meta, xaxis, yaxis, until) {
  const last = Math.min(until, run.epochs);
  const step = Math.max(1, Math.ceil(last / MOST));
  /** @type {(Point | null)[]} */
  const points = [];
  for (let k = 0; k < last; k += step) points.push(pixel(run, meta, xaxis, yaxis, k));
  points.push(pixel(run, meta, xaxis, yaxis, last));
  return points;
}

/** One row of a run in pixels of the chart.
 * @param {Run} run
 * @param {NonNullable<Trace["meta"]>} meta
 * @param {Axis} xaxis
 * @param {Axis} yaxis
 * @param {number} k
 * @returns {Point | null} */
export function pixel(run, meta, xaxis, yaxis, k) {
  const up = height(run.at(meta.y ?? "value", k), meta.unit);
  const x = placed(xaxis, run.at(meta.x ?? "epoch", k));
  const y = placed(yaxis, up);
  return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
}

/** @param {Axis} axis
 * @param {number} value */
function placed(axis, value) {
  return axis._offset + (axis.type === "log" && !(value > 0) ? NaN : axis.c2p(value));
}

/** What an axis shows for a value: its own, or its place on a signed log scale, as landscapes/scales.py.
 * @param {number} value
 * @param {number | undefined} unit */
export function height(value, unit) {
  return unit ? Math.sign(value) * Math.log10(1 + Math.abs(value) / unit) : value;
}

/** A line through the points as the text of an SVG path, cut off far outside.
 * @param {(Point | null)[]} points
 * @returns {string} */
export function line(points) {
  let text = "";
  /** @type {Point | null} */
  let before = null;
  let drawn = false; // whether the text so far ends at `before`
  for (const point of points) {
    if (point !== null && before === null && near(point)) {
      text += `M${spot(point)}`;
      drawn = true;
    } else if (point !== null && before !== null) {
      const part = cut(before, point);
      if (part !== null) text += `${drawn && part[0] === before ? "" : `M${spot(part[0])}`}L${spot(part[1])}`;
      drawn = part !== null && part[1] === point;
    }
    if (point === null) drawn = false;
    before = point;
  }
  return text;
}

/** The part of a line from a to b that is not far away (Liang and Barsky 1984); its ends inside stay themselves.
 * @param {Point} a
 * @param {Point} b
 * @returns {[Point, Point] | null} */
function cut(a, b) {
  if (near(a) && near(b)) return [a, b];
  let [from, to] = [0, 1];
  for (const i of [0, 1]) {
    const way = b[i] - a[i];
    for (const [speed, room] of [[-way, a[i] + FAR], [way, FAR - a[i]]]) {
      if (speed === 0 && room < 0) return null;
      if (speed < 0) from = Math.max(from, room / speed);
      if (speed > 0) to = Math.min(to, room / speed);
    }
  }
  if (!(from < to)) return null;
  /** @type {(share: number) => Point} */
  const along = (share) => [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
  return [from === 0 ? a : along(from), to === 1 ? b : along(to)];
}

/** @param {Point} point */
const near = ([x, y]) => Math.abs(x) <= FAR && Math.abs(y) <= FAR;

/** @param {Point} point */
const spot = ([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** Small circles at the points.
 * @param {(Point | null)[]} points
 * @param {number} radius */
export function dots(points, radius) {
  return points.filter((point) => point !== null && near(point)).map((point) => {
    const [x, y] = /** @type {Point} */ (point);
    return `M${spot([x - radius, y])}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${
      -2 * radius
    } 0`;
  }).join("");
}

/** A diamond at a point.
 * @param {Point | null} point
 * @param {number} size */
export function diamond(point, size) {
  if (point === null || !near(point)) return "";
  const [x, y] = point;
  return `M${spot([x - size, y])}L${spot([x, y - size])}L${spot([x + size, y])}L${spot([x, y + size])}Z`;
}

/** plotly.js's names of dashes, or lengths, as SVG has them.
 * @param {string | undefined} dash */
export function dashes(dash) {
  const named = { solid: "", dot: "3 3", dash: "9 6", longdash: "15 6", dashdot: "9 5 3 5", longdashdot: "15 5 3 5" };
  return named[/** @type {keyof typeof named} */ (dash ?? "solid")] ??
    (dash ?? "").replaceAll("px", "").replaceAll(",", " ");
}

/** The range of an axis that shows these values; an explosion leaves the picture.
 * @param {number[]} values
 * @param {boolean} logarithmic
 * @param {number} start
 * @returns {Point} */
export function range(values, logarithmic, start) {
  const finite = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  if (!finite.length) return [0, 1];
  const low = finite.reduce((a, b) => Math.min(a, b));
  const high = finite.reduce((a, b) => Math.max(a, b));
  if (logarithmic) {
    const top = Math.min(Math.log10(high), Math.log10(start > 0 ? start : high) + 3);
    const bottom = Math.max(Math.log10(low), top - 40);
    const room = 0.06 * (top - bottom) || 0.5;
    return [bottom - room, top + room];
  }
  const span = Math.max(Math.abs(start), 1) * 100; // what lies further is on its way to infinity
  const [from, to] = [Math.max(low, start - span), Math.min(high, start + span)];
  const room = 0.06 * (to - from) || 0.5 * Math.max(1, Math.abs(to));
  return [from - room, to + room];
}
