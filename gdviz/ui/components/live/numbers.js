// Numbers as people write them, the same as gdviz/numerals.py has it: tests compare the two.

const SMALLEST_PLAIN = 1e-3;
const LARGEST_PLAIN = 1e6;
const LEAST = 2.2250738585072014e-308; // below, floats lose digits

/** With so many significant digits, a real minus sign, and a power of ten where it helps.
 * @param {number} value */
export function format(value, digits = 3) {
  if (Number.isNaN(value)) return "undefined";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  if (size === Infinity) return `${sign}∞`;
  if (size === 0) return "0";
  if (size < LEAST) return "next to nothing";
  const rounded = Number(size.toExponential(digits - 1));
  const plainly = SMALLEST_PLAIN <= rounded && rounded < LARGEST_PLAIN;
  if (plainly || (size < LARGEST_PLAIN && Number.isInteger(size))) return sign + plain(size, digits);
  const [mantissa, exponent] = size.toExponential(digits - 1).split("e");
  return `${sign}${trimmed(mantissa)} × ${powerOfTen(Number(exponent))}`;
}

/** @param {number} value */
export const count = (value) => value.toLocaleString("en-US");

/**
 * @param {number} size
 * @param {number} digits
 */
function plain(size, digits) {
  const text = Number.isInteger(size) ? String(size) : trimmed(size.toFixed(decimals(size, digits)));
  return !text.includes(".") && Number(text) >= 10_000 ? count(Number(text)) : text;
}

/** @type {(size: number, digits: number) => number} */
const decimals = (size, digits) => Math.max(0, digits - 1 - Math.floor(Math.log10(Number(size.toPrecision(digits)))));

/** @param {string} text */
const trimmed = (text) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);

/** @param {number} exponent */
export const powerOfTen = (exponent) =>
  "10" + String(exponent).replace(/[-\d]/g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(sign)]);

/** The next of 1, 2, 5, 10, 20, … that is no smaller: the steps of numbers along an axis.
 * @param {number} value above zero */
export function roundStep(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return unit * ([1, 2, 5].find((factor) => factor * unit >= value) ?? 10);
}

/** NaN where there are none.
 * @param {ArrayLike<number>} values */
export function median(values) {
  const sorted = Float64Array.from(values).sort(), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
