// Arrays of numbers as Plotly's Python packs them.

/**
 * A numeric array as Plotly's Python writes it: its type, its bytes, and rows and columns if it has two dimensions.
 * @typedef {{ dtype: string, bdata: string, shape?: string | number }} PackedArray
 */

/** @type {Record<string, new (buffer: ArrayBuffer) => TypedArray>} */
const ARRAYS = {
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
};

/**
 * @typedef {Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array}
 *   TypedArray
 * @param {string} base64
 */
export function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** @param {PackedArray} packed */
function decodeArray({ dtype, bdata, shape }) {
  const values = new ARRAYS[dtype](bytesOf(bdata).buffer);
  const sizes = shape === undefined ? [values.length] : String(shape).split(",").map(Number);
  if (sizes.length === 1) return values;
  const [rows, columns] = sizes;
  return Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns));
}

/** Replaces Plotly's base64 array specifications by arrays, in place.
 *
 * plotly.js could do this itself, but it compares arrays by identity: a landscape that is decoded once and handed over
 * as the same arrays again is not computed again.
 * @template Value
 * @param {Value} value
 * @returns {Value} */
export function decodeArrays(value) {
  if (value === null || typeof value !== "object") return value;
  const fields = /** @type {Record<string, unknown>} */ (value);
  for (const [name, item] of Object.entries(fields)) {
    if (isPacked(item)) fields[name] = decodeArray(item);
    else decodeArrays(item);
  }
  return value;
}

/** @param {unknown} item
 * @returns {item is PackedArray} */
function isPacked(item) {
  const { bdata, dtype = "", shape = "" } = /** @type {Partial<PackedArray>} */ (item ?? {});
  return typeof bdata === "string" && dtype in ARRAYS && String(shape).split(",").length < 3;
}
