// How an axis of values shows other runs than those that Python drew: as landscapes/scales.py, with its
// limits; tests compare the two.

import { extentOf, median, powerOfTen, roundStep as nextRound } from "../../ui/components/live/numbers.js";

/**
 * @import { Numbers } from "../../ui/components/live_plot/types.d.ts"
 * @import { DrawnLimits } from "./types.d.ts"
 */

/** The unit of the signed log scale that parameters need, null where a linear axis shows them well.
 * @param {Numbers[]} columns of one run, a row for each epoch
 * @param {Pick<DrawnLimits, "explosion">} limits
 * @returns {number | null} */
export function explosion(columns, { explosion: most }) {
  const sizes = Float64Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => largest(columns, row))
    .filter(Number.isFinite);
  const top = sizes.reduce((most, size) => Math.max(most, size), 0);
  if (top === 0) return null;
  const begin = sizes[0] || sizes.filter((size) => size > 0).reduce((least, size) => Math.min(least, size), Infinity);
  if (!(top > most * Math.max(begin, median(sizes)))) return null;
  return 10 ** Math.floor(Math.log10(Math.max(begin, top * 1e-280)));
}

/** @type {(columns: Numbers[], row: number) => number} */
const largest = (columns, row) => columns.reduce((most, column) => Math.max(most, Math.abs(column[row])), 0);

/** The range of a linear axis for these places, with a little room; null where there are none.
 * @param {Numbers[]} columns
 * @param {Pick<DrawnLimits, "room">} limits
 * @returns {[number, number] | null} */
export function roomFor(columns, limits) {
  const [low, high] = extent(columns);
  if (!(low <= high)) return null;
  const room = limits.room * (high - low) || 0.5 * Math.max(1, Math.abs(high));
  return [low - room, high + room];
}

/** The range of a log axis, in exponents, and its step from tick to tick; null where nothing is above 0.
 * @param {Numbers[]} columns
 * @param {Pick<DrawnLimits, "room" | "ticks">} limits
 * @returns {{ range: [number, number], step: number | string } | null} */
export function decadesFor(columns, limits) {
  const [low, high] = extent(columns.map((column) => Float64Array.from(column).filter((value) => value > 0)));
  if (!(low <= high)) return null;
  const [from, to] = [Math.log10(low), Math.log10(high)];
  const room = Math.max(limits.room * (to - from), 0.1);
  return { range: [from - room, to + room], step: logStep(low, high, limits.ticks) };
}

/** The step between the ticks of a log axis: whole decades, or, where there is less than one, an equal step of the value.
 * @param {number} low
 * @param {number} high
 * @param {number} ticks */
function logStep(low, high, ticks) {
  const decades = Math.log10(high) - Math.log10(low);
  if (decades >= 1) return roundStep(decades / ticks);
  const least = Math.max((high - low + 0.4 * high) / ticks, 1e-300);
  const unit = 10 ** Math.floor(Math.log10(least));
  return `L${Number((roundStep(least / unit) * unit).toPrecision(1))}`;
}

/** @param {Numbers[]} columns
 * @returns {[number, number]} */
export function extent(columns) {
  const found = columns.map((column) => extentOf(column));
  return [Math.min(...found.map(([low]) => low)), Math.max(...found.map(([, high]) => high))];
}

/** Values and labels of ticks on a signed log scale: 0 and round powers of ten, as far as the values go.
 * @param {number} unit
 * @param {[number, number]} extent
 * @param {Pick<DrawnLimits, "ticks">} limits
 * @returns {{ values: number[], labels: string[] }} */
export function signedTicks(unit, [low, high], { ticks }) {
  const first = Math.round(Math.log10(unit));
  const top = Math.max(Math.abs(low), Math.abs(high), unit);
  const last = Math.max(first + 1, Math.floor(Math.log10(top)));
  const step = roundStep((last - first) / ticks);
  let exponents = [];
  for (let e = first - (((first % step) + step) % step); e <= last; e += step) if (e > first) exponents.push(e);
  if (exponents.length === 0) exponents = [last];
  const up = high > unit ? exponents : [];
  const down = low < -unit ? exponents.toReversed() : [];
  return {
    values: [...down.map((e) => -(10 ** e)), 0, ...up.map((e) => 10 ** e)],
    labels: [...down.map((e) => `−${power(e)}`), "0", ...up.map(power)],
  };
}

/** @param {number} exponent */
const power = (exponent) => 0 <= exponent && exponent <= 2 ? String(10 ** exponent) : powerOfTen(exponent);

/** The smallest of 1, 2, 3, 5, 10, 20, 30, 50, … that is at least `least`.
 * @param {number} least */
export const roundStep = (least) => nextRound(Math.max(1, least), [1, 2, 3, 5]);
