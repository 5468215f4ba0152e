import assert from "node:assert/strict";
import { axis } from "./browser.js";
import { ends, GrowingAxes, grown } from "../../gdviz/ui/components/live_plot/growing_axes.js";

Deno.test("an axis that holds all stays", () => {
  assert.equal(grown([0, 10], [0, 10], [0, 10], 0.15), null);
  assert.equal(grown([0, 10], [2, 3], [0, 10], 0), null);
});

Deno.test("values get room beyond them, epochs none", () => {
  assert.deepEqual(grown([0, 10], [0, 20], [0, 10], 0.15), [0, 23]);
  assert.deepEqual(grown([0, 10], [-10, 10], [0, 10], 0.15), [-13, 10]);
  assert.deepEqual(grown([0, 10], [0, 20], [0, 10], 0), [0, 20]);
});

Deno.test("what shoots off leaves the picture", () => {
  assert.deepEqual(grown([0, 10], [0, 1e9], [0, 10], 0.15), [0, 50]);
  assert.equal(grown([0, 50], [0, 1e9], [0, 10], 0.15), null, "it has grown as far as it may");
  assert.deepEqual(grown([0, 10], [-1e9, 5], [0, 10], 0.15), [-40, 10]);
});

Deno.test("axes only grow, and what they were is kept", () => {
  const growth = new GrowingAxes();
  const y = axis("yaxis2", [0, 10], { automatic: true });
  assert.deepEqual(growth.changes([{ axis: y, extent: [0, 20] }], {}), { "yaxis2.range": [0, 23] });
  assert.ok(growth.grown);
  const wider = axis("yaxis2", [0, 23]);
  assert.deepEqual(growth.changes([{ axis: wider, extent: [5, 6] }], {}), {});
  assert.deepEqual(growth.changes([{ axis: wider, extent: [0, 30] }], {}), { "yaxis2.range": [0, 39] });
  assert.deepEqual(growth.rest.get("yaxis2"), { range: [0, 10], automatic: true, room: 0.6 }, "less and less often");
});

Deno.test("an axis that the visitor has zoomed is left alone, one that the figure sets is not", () => {
  const y = axis("yaxis", [0, 10]);
  assert.deepEqual(new GrowingAxes().changes([{ axis: y, extent: [0, 20] }], {}), {});
  assert.deepEqual(new GrowingAxes().changes([{ axis: y, extent: [0, 20] }], { yaxis: { range: [0, 12] } }), {});
  const given = { yaxis: { range: [0, 10 + 1e-12] } };
  assert.deepEqual(new GrowingAxes().changes([{ axis: y, extent: [0, 20] }], given), { "yaxis.range": [0, 23] });
});

Deno.test("at rest the axes get back what they were", async () => {
  /** @type {object[]} */
  const asked = [];
  Object.assign(globalThis, {
    Plotly: { relayout: (/** @type {any} */ _, /** @type {object} */ to) => asked.push(to) },
  });
  const growth = new GrowingAxes();
  const [x, y] = [axis("xaxis", [0, 5], { automatic: true }), axis("yaxis", [0, 10])];
  growth.changes([{ axis: x, extent: [0, 9] }, { axis: y, extent: [0, 20] }], { yaxis: { range: [0, 10] } });
  await growth.end(/** @type {any} */ ({}));
  assert.deepEqual(asked, [{ "xaxis.autorange": true, "yaxis.range": [0, 10] }]);
  assert.ok(!growth.grown);
});

Deno.test("the ends of a column are those that its axis can show", () => {
  const values = [3, NaN, -2, 0, 1e300, Infinity, 7, -Infinity];
  assert.deepEqual(ends(values, 8, axis("yaxis", [0, 1])), [-2, 1e300]);
  assert.deepEqual(ends(values, 8, axis("yaxis", [0, 1], { log: true })), [3, 1e300]);
  assert.deepEqual(ends(values, 1, axis("yaxis", [0, 1])), [3, 3]);
  assert.deepEqual(ends([-1, 0, NaN], 3, axis("yaxis", [0, 1], { log: true })), []);
  assert.deepEqual(ends([], 0, axis("yaxis", [0, 1])), []);
});
