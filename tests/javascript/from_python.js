// Answers test_javascript.py: what the modules make of what Python has written. Reads one line of JSON, writes one.
import { Reel } from "../../gdviz/ui/live_plot/reel.js";
import { Relief } from "../../gdviz/ui/live_plot/relief.js";
import { decodeArrays } from "../../gdviz/ui/live_plot/arrays.js";

/** @import { PathInSpace, Place, Point, ReelHead, Surface } from "../../gdviz/ui/live_plot/types.d.ts" */

/** @type {{ surface: Surface, path: Point[], reel: { bytes: Uint8Array<ArrayBuffer> } }} */
const { surface, path, reel: { bytes } } = decodeArrays(await new Response(Deno.stdin.readable).json());

const relief = new Relief(surface);
const reel = new Reel(bytes);
const table = reel.rungs.map(({ rows }, run) =>
  Array.from({ length: rows }, (_, row) => reel.columns.map((_, column) => reel.at(run, row, column)))
);
console.log(JSON.stringify({
  draped: relief.drape(path).flat(),
  stands: path.map((point) => relief.stand(point)),
  runs: reel.rungs,
  columns: reel.columns,
  table,
}));
