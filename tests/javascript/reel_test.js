import assert from "node:assert/strict";
import { packed } from "./browser.js";
import { opened, Reel } from "../../gdviz/ui/live_plot/reel.js";

const COLUMNS = ["epoch", "theta 0", "value"];
const TABLES = [[[0, 4, 16], [1, 3, 9], [5, 1, 1], [9, 0.5, -99]], [[0, 4, 16], [1, -4, NaN]]];
const reel = new Reel(packed(COLUMNS, TABLES, [{ rate: 0.01, sentence: "langsam ∇" }, { rate: 1 }]));

Deno.test("a reel holds the numbers that were written, at their run, row and column", () => {
  TABLES.forEach((table, rung) =>
    table.forEach((row, index) => row.forEach((value, column) => assert.equal(reel.at(rung, index, column), value)))
  );
  assert.deepEqual(reel.rungs.map(({ rows, first }) => [rows, first]), [[4, 0], [2, 4]]);
  assert.equal(reel.rungs[0].sentence, "langsam ∇");
  assert.equal(reel.epoch(0, 2), 5);
});

Deno.test("a view into longer bytes is read as well", () => {
  const bytes = packed(COLUMNS, TABLES);
  const longer = new Uint8Array(bytes.length + 8);
  longer.set(bytes, 4);
  assert.equal(new Reel(longer.subarray(4, 4 + bytes.length)).at(1, 1, 1), -4);
  assert.equal(opened(longer.subarray(4, 4 + bytes.length)).rest.length, 6 * 3 * 4);
});

Deno.test("a column that is not there has nothing in it", () => {
  assert.equal(reel.column("value"), 2);
  assert.equal(reel.at(0, 2, reel.column("gap")), undefined);
});

Deno.test("a spot lies where the trace draws it, on a signed log scale too", () => {
  assert.deepEqual(reel.spot({ x: "epoch", y: "value" }, 0, 1), [1, 9]);
  assert.deepEqual(reel.spot({ x: "theta 0", y: "value", unit: 1 }, 0, 3), [0.5, Math.asinh(-99)]);
  assert.deepEqual(reel.spot({ x: "theta 0", y: "value", unit: 1 }, 0, 1), [3, Math.asinh(9)]);
});

Deno.test("the row of an epoch is the last that is not after it", () => {
  const found = [-1, 0, 0.5, 1, 4.9, 5, 8, 9, 100].map((epoch) => reel.rowAt(0, epoch));
  assert.deepEqual(found, [0, 0, 0, 1, 1, 2, 2, 3, 3]);
});

Deno.test("the nearest rate is near by its logarithm", () => {
  assert.equal(reel.nearest(0.09), 0);
  assert.equal(reel.nearest(0.11), 1);
  assert.equal(reel.nearest(1e9), 1);
});
