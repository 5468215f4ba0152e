// Polylines through pixels as SVG path texts. A diverging path goes further than any renderer can count, and moving its
// points nearer one coordinate at a time would turn its lines; so each line is cut off where it leaves the picture.

/** @import { Point } from "./types.d.ts" */

const AROUND = 2000; // pixels beyond the picture: no end of a cut line is seen
const LOST = 1e12; // pixels

/** For each of `points` ([x, y], or null for a gap) the text that draws the line up to it: all joined draw the path.
 * @param {(Point | null)[]} points
 * @param {number} width of the picture
 * @param {number} height
 * @returns {string[]} */
export function strokes(points, width, height) {
  const texts = new Array(points.length);
  /** @type {Point | null} */
  let before = null;
  /** @type {Point | null} where the text so far ends */
  let pen = null;
  points.forEach((point, index) => {
    texts[index] = "";
    if (point !== null && before === null) {
      const inside = cut(point, point, width, height) !== null;
      if (inside) texts[index] = `M${written(point)}`;
      pen = inside ? point : null;
    } else if (point !== null && before !== null) {
      const line = cut(before, point, width, height);
      if (line !== null) {
        texts[index] = `${pen === before && line[0] === before ? "" : `M${written(line[0])}`}L${written(line[1])}`;
      }
      pen = line === null ? null : line[1];
    }
    before = point;
  });
  return texts;
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
export const written = ([x, y]) => `${Math.round(10 * x) / 10} ${Math.round(10 * y) / 10}`;
