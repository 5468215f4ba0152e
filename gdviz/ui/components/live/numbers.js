// Numbers as people write them, the same as gdviz/numerals.py has it: both go by one table, and tests compare the two.
import RULES from "../../../numerals.json" with { type: "json" };

const LEAST = 2.2250738585072014e-308; // below, floats lose digits

/** With so many significant digits, a real minus sign, and a power of ten where it helps.
 * @param {number} value */
export function format(value, digits = 3) {
  if (Number.isNaN(value)) return RULES.no_number;
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size < LEAST) return RULES.next_to_nothing;
  const rounded = Number(size.toExponential(digits - 1));
  const plainly = RULES.smallest_plain <= rounded && rounded < RULES.largest_plain;
  if (plainly || (size < RULES.largest_plain && Number.isInteger(size))) return sign + plain(size, digits);
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
  return `${sign}${trimmed(mantissa)} × ${powerOfTen(Number(exponent))}`;
}

/** Named numbers: x = 1, y = −2.5.
 * @param {string[]} names
 * @param {ArrayLike<number>} values
 * @param {number} [digits] */
export const assignment = (names, values, digits) =>
  names.map((name, i) => `${name} = ${format(values[i], digits)}`).join(", ");

/** @param {number} value */
export const count = (value) => value.toLocaleString("en-US");

/** @param {number} size
 * @param {number} digits */
function plain(size, digits) {
  const text = Number.isInteger(size) ? String(size) : trimmed(size.toFixed(decimals(size, digits)));
  return !text.includes(".") && Number(text) >= RULES.grouped_from ? count(Number(text)) : text;
}

/** @type {(size: number, digits: number) => number} */
const decimals = (size, digits) => Math.max(0, digits - 1 - Math.floor(Math.log10(Number(size.toPrecision(digits)))));

/** @param {string} text */
const trimmed = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);

/** @param {number} exponent */
export const powerOfTen = (exponent) =>
  "10" + String(exponent).replace(/[-\d]/g, (sign) => RULES.superscripts["-0123456789".indexOf(sign)]);

/** The next of 1, 2, 5, 10, 20, … that is no smaller: the steps of numbers along an axis.
 * @param {number} value above zero */
export function roundStep(value, factors = [1, 2, 5]) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * (factors.find((factor) => factor * unit >= value) ?? 10);
}

/** The least and the greatest of the first so many values that are finite, and above a floor; infinities where none is.
 * @param {ArrayLike<number>} values
 * @returns {[number, number]} */
export function extentOf(values, rows = values.length, floor = -Infinity) {
  let [low, high] = [Infinity, -Infinity];
  for (let row = 0; row < rows; row += 1) {
    const value = values[row];
    if (!(value > floor) || value === Infinity) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** NaN where there are none.
 * @param {ArrayLike<number>} values */
export function median(values) {
  const sorted = Float64Array.from(values).sort(), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
