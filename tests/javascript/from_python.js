// Answers test_javascript.py: what the modules make of what Python has written. Reads one line of JSON, writes one.
import "./browser.js";
import { explosion, extent, signedTicks } from "../../gdviz/exports/page/scales.js";
import { format } from "../../gdviz/ui/live/numbers.js";
import { tables } from "../../gdviz/ui/live/run.js";
import { Relief } from "../../gdviz/ui/live_plot/relief.js";
import { decodeArrays } from "../../gdviz/ui/live_plot/arrays.js";

/** @import { PathInSpace, Place, Point, Surface } from "../../gdviz/ui/live_plot/types.d.ts" */

/**
 * @typedef {object} Given
 * @property {Surface} surface
 * @property {Point[]} path
 * @property {{ bytes: Uint8Array<ArrayBuffer> }} runs
 * @property {[number, number][]} numbers
 * @property {Float64Array[][]} columns
 */

/** @type {Given} */
const given = decodeArrays(await new Response(Deno.stdin.readable).json());
const { surface, path, runs: { bytes }, numbers, columns } = given;

const relief = new Relief(surface);
const COLUMNS = ["epoch", "theta 0", "theta 1", "value", "gap", "norm"];
console.log(JSON.stringify({
  draped: relief.drape(path).flat(),
  stands: path.map((point) => relief.stand(point)),
  runs: tables(bytes).map((run) => ({
    facts: run.facts,
    table: Array.from({ length: run.rows }, (_, row) => COLUMNS.map((name) => run.at(row, name))),
  })),
  scales: columns.map((run) => {
    const unit = explosion(run);
    return unit === null ? null : { unit, ...signedTicks(unit, extent(run)) };
  }),
  written: numbers.map(([value, digits]) => format(value, digits)),
}));
