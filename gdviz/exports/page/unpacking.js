// From the texts in the file to what they were: figures with their arrays, and plotly.js.
import { bytesOf, decodeArrays } from "../../ui/components/live_plot/arrays.js";

/**
 * @import { Contents } from "./types.d.ts"
 * @import { PlotlyLibrary } from "../../ui/components/live_plot/types.d.ts"
 */

/** What Python wrote, with every array in its place. Equal arrays are one.
 * @param {string} text
 * @returns {Contents} */
export function unpacked(text) {
  const contents = JSON.parse(text);
  const arrays = decodeArrays(contents.arrays);
  return /** @type {Contents} */ (placed(contents, arrays));
}

/**
 * @param {unknown} value
 * @param {unknown[]} arrays
 * @returns {unknown} */
function placed(value, arrays) {
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  const fields = /** @type {Record<string, unknown>} */ (value);
  if ("$" in fields) return arrays[Number(fields.$)];
  if (value === arrays) return value;
  for (const [name, item] of Object.entries(fields)) fields[name] = placed(item, arrays);
  return value;
}

/** Unpacks plotly.js and runs it, as a script of the page: its hash is in the page's policy.
 * @param {string} packed
 * @returns {Promise<PlotlyLibrary>} */
export async function startPlotly(packed) {
  const bytes = new Blob([bytesOf(packed)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const script = document.createElement("script");
  script.textContent = await new Response(bytes).text();
  // It makes an error as it starts: for a trace of that V8 would read its five megabytes again.
  const traces = /** @type {{ stackTraceLimit?: number }} */ (Error);
  const { stackTraceLimit } = traces;
  traces.stackTraceLimit = 0;
  document.head.append(script);
  traces.stackTraceLimit = stackTraceLimit;
  script.remove();
  return globalThis.Plotly;
}
