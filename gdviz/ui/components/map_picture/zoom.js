// Views of a map: where a pixel is, what zooming and moving make of a view, which picture is asked for next.
import { format, roundStep } from "../live/numbers.js";

/** @import { AxisHead, View } from "./types.d.ts" */

/** @param {AxisHead[]} axes
 * @returns {View} */
export const viewOf = ([x, y]) => ({ x0: x.low, x1: x.high, y0: y.low, y1: y.high });

/** @param {View} a
 * @param {View} b */
export const sameView = (a, b) => a.x0 === b.x0 && a.x1 === b.x1 && a.y0 === b.y0 && a.y1 === b.y1;

/** The place at a share of the picture, from the left and from the bottom.
 * @param {View} view
 * @param {number} right
 * @param {number} up
 * @returns {[number, number]} */
export const placeAt = (view, right, up) => [
  view.x0 + right * (view.x1 - view.x0),
  view.y0 + up * (view.y1 - view.y0),
];

/** The share of the picture at which a place is.
 * @param {View} view
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]} */
export const shareAt = (view, x, y) => [(x - view.x0) / (view.x1 - view.x0), (y - view.y0) / (view.y1 - view.y0)];

/** The view with everything `factor` times as large about a place, which stays where it is on the screen. It ends where
 * the numbers do, at `least` of the whole, and at ten times the whole.
 * @param {View} view
 * @param {number} factor
 * @param {[number, number]} place
 * @param {View} whole
 * @param {number} least
 * @returns {View} */
export function zoomed(view, factor, [x, y], whole, least) {
  const width = (view.x1 - view.x0) / (whole.x1 - whole.x0);
  const kept = Math.min(width / least, Math.max(width / 10, factor));
  if (!(kept > 0) || kept === 1) return view;
  const made = {
    x0: x - (x - view.x0) / kept,
    x1: x + (view.x1 - x) / kept,
    y0: y - (y - view.y0) / kept,
    y1: y + (view.y1 - y) / kept,
  };
  return made.x1 > made.x0 && made.y1 > made.y0 ? made : view;
}

/** The view moved by shares of the picture.
 * @param {View} view
 * @param {number} right
 * @param {number} up
 * @returns {View} */
export function moved(view, right, up) {
  const dx = right * (view.x1 - view.x0), dy = up * (view.y1 - view.y0);
  return { x0: view.x0 + dx, x1: view.x1 + dx, y0: view.y0 + dy, y1: view.y1 + dy };
}

/** The view of a box between two places, or null for one that is no box.
 * @param {[number, number]} a
 * @param {[number, number]} b
 * @returns {View | null} */
export function boxed(a, b) {
  const made = {
    x0: Math.min(a[0], b[0]),
    x1: Math.max(a[0], b[0]),
    y0: Math.min(a[1], b[1]),
    y1: Math.max(a[1], b[1]),
  };
  return made.x1 > made.x0 && made.y1 > made.y0 ? made : null;
}

/** How many times the whole is magnified.
 * @param {View} view
 * @param {View} whole */
export const depth = (view, whole) => (whole.x1 - whole.x0) / (view.x1 - view.x0);

/** Are there fewer numbers than pixels along an axis, so that neighbors are the same number?
 * @param {View} view
 * @param {number} side */
export function beyondNumbers(view, side) {
  const steps = (/** @type {number} */ low, /** @type {number} */ high) =>
    (high - low) / (Number.EPSILON * Math.max(Math.abs(low), Math.abs(high), 1e-300));
  return Math.min(steps(view.x0, view.x1), steps(view.y0, view.y1)) < 2 * side;
}

/** The side of the picture to ask for after one of `side`, null after the finest.
 * @param {number[]} sides from coarse to fine
 * @param {number} side 0 for none yet
 * @param {number} finest
 * @returns {number | null} */
export const nextSide = (sides, side, finest) => sides.find((one) => one > side && one <= finest) ?? null;

/** Numbers to write along an axis, at most about `count`.
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @returns {number[]} */
export function ticks(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  if (!(raw > 0)) return [];
  const step = roundStep(raw);
  const found = [];
  for (let k = Math.ceil(low / step); k * step <= high && found.length < 50; k += 1) found.push(k * step);
  return found;
}

/** How many times the whole is magnified, as it is written.
 * @param {View} view
 * @param {View} whole */
export const magnified = (view, whole) => `× ${format(depth(view, whole)).replace(" × ", "·")}`;

/** The number with the fewest digits from `low` to `high`, near `at` between them: what a pixel can tell of a place.
 * @param {number} low
 * @param {number} at
 * @param {number} high */
export function shortest(low, at, high) {
  if (low <= 0 && high >= 0) return 0;
  for (let digits = 1; digits < 17; digits += 1) {
    const rounded = Number(at.toPrecision(digits));
    if (rounded >= low && rounded <= high) return rounded;
  }
  return at;
}
