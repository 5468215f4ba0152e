// A rate's place on a slider over decades, and how it is written.

const FINE = 0.01; // decades for one arrow key: 2.3 %
const COARSE = 0.1; // for PageUp and PageDown: 26 %

/** @type {Record<string, number>} */
const ARROWS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** Three significant digits, as a person would write them.
 * @param {number} value */
export function plain(value) {
  const short = Number(value.toPrecision(3));
  return short >= 1e-6 && short < 1e6
    ? short.toLocaleString("en-US", { maximumFractionDigits: 9, useGrouping: false })
    : String(short);
}

/** Where a key moves the thumb, in decades; undefined if it is none of the slider's.
 * @param {string} key
 * @param {number} position
 * @param {number} low
 * @param {number} high
 * @returns {number | undefined} */
export function afterKey(key, position, low, high) {
  if (key === "Home") return low;
  if (key === "End") return high;
  const way = ARROWS[key];
  if (way) return position + way * FINE;
  return { PageUp: position + COARSE, PageDown: position - COARSE }[key];
}

/** The value in a slider's range with three significant digits.
 * @param {number} value
 * @param {number} low in decades
 * @param {number} high in decades */
export function offered(value, low, high) {
  return Number(Math.min(10 ** high, Math.max(10 ** low, value)).toPrecision(3));
}
