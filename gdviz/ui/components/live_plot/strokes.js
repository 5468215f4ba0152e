// Polylines through pixels as SVG path texts. A diverging path goes further than any renderer can count, and moving its
// points nearer one coordinate at a time would turn its lines; so each line is cut off where it leaves the picture.

/** @import { Numbers, Point } from "./types.d.ts" */

const AROUND = 2000; // pixels beyond the picture: no end of a cut line is seen
const LOST = 1e12; // pixels

/** Draws a line from point to point: each gives the text that draws the line up to it, and all joined draw the path. */
class Pen {
  /** @param {number} width of the picture
   * @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.x = NaN; // the point before, no number after a gap
    this.y = NaN;
    this.near = false; // is it near the picture?
    this.down = false; // does the text so far end there?
  }

  /** Goes to a point; no numbers are a gap. The usual case, from one near the picture to the next, makes nothing but the
   * text: it is done thousands of times a frame.
   * @param {number} x
   * @param {number} y */
  to(x, y) {
    const { x: lastX, y: lastY, near: wasNear, down: wasDown } = this;
    const near = x >= -AROUND && x <= this.width + AROUND && y >= -AROUND && y <= this.height + AROUND;
    const gap = !near && !(Number.isFinite(x) && Number.isFinite(y));
    this.x = gap ? NaN : x;
    this.y = y;
    this.near = this.down = near;
    if (gap) return "";
    if (Number.isNaN(lastX)) return near ? `M${digits(x)} ${digits(y)}` : "";
    if (near && wasNear && wasDown) return `L${digits(x)} ${digits(y)}`;
    const line = cut([lastX, lastY], [x, y], this.width, this.height);
    if (line === null) return "";
    const [from, to] = line;
    this.down = to[0] === x && to[1] === y;
    const on = wasDown && from[0] === lastX && from[1] === lastY;
    return `${on ? "" : `M${written(from)}`}L${written(to)}`;
  }
}

/** For each of `points` ([x, y], or null for a gap) the text that draws the line up to it: all joined draw the path.
 * @param {(Point | null)[]} points
 * @param {number} width of the picture
 * @param {number} height
 * @returns {string[]} */
export function strokes(points, width, height) {
  const pen = new Pen(width, height);
  return points.map((point) => (point === null ? pen.to(NaN, NaN) : pen.to(point[0], point[1])));
}

/** The path through the chosen `rows` of two columns; a row of -1 is a gap.
 * @param {Numbers} xs
 * @param {Numbers} ys
 * @param {number[]} rows
 * @param {number} width of the picture
 * @param {number} height */
export function stroke(xs, ys, rows, width, height) {
  const pen = new Pen(width, height);
  let text = "";
  for (const row of rows) text += row < 0 ? pen.to(NaN, NaN) : pen.to(xs[row], ys[row]);
  return text;
}

/** The part of the line from a to b near the picture, or null (Liang and Barsky 1984). Ends inside stay themselves.
 * @param {Point} a
 * @param {Point} b
 * @param {number} width
 * @param {number} height
 * @returns {[Point, Point] | null} */
function cut(a, b, width, height) {
  if (isLost(a) && isLost(b)) return null; // where such a line crosses the picture is lost in rounding, or overflows
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  let [from, to] = [0, 1];
  const sides = [[-dx, a[0] + AROUND], [dx, width + AROUND - a[0]], [-dy, a[1] + AROUND], [dy, height + AROUND - a[1]]];
  for (const [way, room] of sides) {
    if (way === 0 && room < 0) return null;
    if (way < 0) from = Math.max(from, room / way);
    if (way > 0) to = Math.min(to, room / way);
  }
  if (!(from <= to)) return null;
  if (from > 0 && to < 1 && (isLost(a) || isLost(b))) return null;
  if (from > 0 && to === 1) {
    const line = cut(b, a, width, height); // from inside, so that nothing cancels
    return line && [line[1], line[0]];
  }
  /** @type {(share: number) => Point} */
  const along = (share) => [between(a[0] + share * dx, width), between(a[1] + share * dy, height)];
  return [from === 0 ? a : along(from), to === 1 ? b : along(to)];
}

/** @param {Point} point */
const isLost = (point) => point.some((value) => Math.abs(value) > LOST);

/** @type {(value: number, size: number) => number} */
const between = (value, size) => Math.min(size + AROUND, Math.max(-AROUND, value));

/** @param {Point} point */
export const written = ([x, y]) => `${digits(x)} ${digits(y)}`;

const digits = (/** @type {number} */ pixel) => Math.round(10 * pixel) / 10;
