import assert from "node:assert/strict";
import { packed } from "./browser.js";
import { opened, tables } from "../../gdviz/ui/components/live/run.js";

const COLUMNS = ["epoch", "theta 0", "value"];
const TABLES = [[[0, 4, 16], [1, 3, 9], [5, 1, 1], [9, 0.5, -99]], [[0, 4, 16], [1, -4, NaN]]];
const [run, other] = tables(packed(COLUMNS, TABLES, [{ complete: true }, { complete: false }]));

Deno.test("runs hold the numbers that were written, at their row and column", () => {
  TABLES.forEach((table, index) =>
    table.forEach((row, place) =>
      row.forEach((value, column) => assert.equal([run, other][index].at(place, COLUMNS[column]), value))
    )
  );
  assert.deepEqual([run.rows, other.rows], [4, 2]);
  assert.deepEqual([run.facts.complete, other.facts.complete], [true, false]);
  assert.equal(run.epoch(2), 5);
});

Deno.test("a view into longer bytes is read as well", () => {
  const bytes = packed(COLUMNS, TABLES);
  const longer = new Uint8Array(bytes.length + 8);
  longer.set(bytes, 4);
  assert.equal(tables(longer.subarray(4, 4 + bytes.length))[1].at(1, "theta 0"), -4);
  assert.equal(opened(longer.subarray(4, 4 + bytes.length)).rest.length, 6 * 3 * 4);
});

Deno.test("a column that is not there has nothing in it", () => {
  assert.equal(run.column("gap"), undefined);
  assert.equal(run.at(2, "gap"), NaN);
});

Deno.test("a spot lies where the trace draws it, on a signed log scale too", () => {
  assert.deepEqual(run.spot({ x: "epoch", y: "value" }, 1), [1, 9]);
  assert.deepEqual(run.spot({ x: "theta 0", y: "value", unit: 1 }, 3), [0.5, Math.asinh(-99)]);
  assert.deepEqual(run.spot({ x: "theta 0", y: "value", unit: 1 }, 1), [3, Math.asinh(9)]);
});

Deno.test("the row of an epoch is the last that is not after it", () => {
  const found = [-1, 0, 0.5, 1, 4.9, 5, 8, 9, 100].map((epoch) => run.rowAt(epoch));
  assert.deepEqual(found, [0, 0, 0, 1, 1, 2, 2, 3, 3]);
});
