// Answers test_javascript.py: what the modules make of what Python has written. Reads one line of JSON, writes one.
import "./browser.js";
import { boxCounts, dimension, fitted } from "../../gdviz/ui/components/map_picture/dimension.js";
import { painted } from "../../gdviz/ui/components/map_picture/shades.js";
import { explosion, extent, signedTicks } from "../../gdviz/exports/page/scales.js";
import { format } from "../../gdviz/ui/components/live/numbers.js";
import { tables } from "../../gdviz/ui/components/live/run.js";
import { Relief } from "../../gdviz/ui/components/live_plot/relief.js";
import { decodeArrays } from "../../gdviz/ui/components/live_plot/arrays.js";

/** @import { DrawnLimits } from "../../gdviz/exports/page/types.d.ts" */
/** @import { Colors, Pixels } from "../../gdviz/ui/components/map_picture/types.d.ts" */
/** @import { PathInSpace, Place, Point, Surface } from "../../gdviz/ui/components/live_plot/types.d.ts" */

/**
 * @typedef {object} Given
 * @property {Surface} surface
 * @property {Point[]} path
 * @property {{ bytes: Uint8Array<ArrayBuffer> }} runs
 * @property {[number, number][]} numbers
 * @property {Float64Array[][]} columns
 * @property {DrawnLimits} limits
 * @property {{ pixels: Pixels, colors: Colors, fewest: number }} map
 */

/** @type {Given} */
const given = decodeArrays(await new Response(Deno.stdin.readable).json());
const { surface, path, runs: { bytes }, numbers, columns, limits, map } = given;

const relief = new Relief(surface);
const COLUMNS = ["epoch", "theta 0", "theta 1", "value", "gap", "norm"];
const edges = boxCounts(map.pixels.kinds, map.pixels.side, (kind) => kind < 3, map.fewest);
console.log(JSON.stringify({
  draped: relief.drape(path).flat(),
  stands: path.map((point) => relief.stand(point)),
  runs: tables(bytes).map((run) => ({
    facts: run.facts,
    table: Array.from({ length: run.rows }, (_, row) => COLUMNS.map((name) => run.at(row, name))),
  })),
  scales: columns.map((run) => {
    const unit = explosion(run, limits);
    return unit === null ? null : { unit, ...signedTicks(unit, extent(run), limits) };
  }),
  painted: Array.from(painted(map.pixels, map.colors)),
  boxes: { counts: edges, dimension: dimension(edges), fitted: fitted(edges) },
  written: numbers.map(([value, digits]) => format(value, digits)),
}));
