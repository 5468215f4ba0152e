// plotly.js is one classic script of 5 MB, served from the installed Python package: load it once a page.

let loading = null;

export function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../plotly.min.js", import.meta.url).href;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      loading = null; // the next draw may try again
      script.remove();
      reject(new Error("plotly.js could not be loaded"));
    });
    document.head.append(script);
  });
  return loading;
}

const ARRAYS = {
  i1: Int8Array,
  u1: Uint8Array,
  c1: Uint8ClampedArray,
  u1c: Uint8ClampedArray,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
};

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

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
 * as the same arrays again is not computed again. */
export function decodeArrays(value) {
  if (value === null || typeof value !== "object") return value;
  for (const [name, item] of Object.entries(value)) {
    if (item !== null && typeof item === "object") {
      const dimensions = String(item.shape ?? "").split(",").length;
      const isArray = typeof item.bdata === "string" && item.dtype in ARRAYS && dimensions < 3;
      value[name] = isArray ? decodeArray(item) : decodeArrays(item);
    }
  }
  return value;
}
