import assert from "node:assert/strict";
import { curvesOf, moved, spoken } from "../../gdviz/ui/components/live_plot/spoken_points.js";

const traces = [
  { type: "contour", name: "landscape", x: [0, 1], y: [0, 1] },
  { name: "outline", x: [0, 1], y: [0, 1] },
  { name: "forward", x: [1e-7, 0.001, 0.1], y: [2e-9, NaN, 0.5], xaxis: "x2", yaxis: "y2" },
  { name: "central", x: [1, 2], y: [3, 4] },
  { name: "", x: [1], y: [1] },
  { name: "empty", x: [], y: [] },
  { name: "switched off", x: [1], y: [1], visible: /** @type {"legendonly"} */ ("legendonly") },
];

Deno.test("curves are what has a name and numbers, without places where there is none", () => {
  const found = curvesOf(traces);
  assert.deepEqual(found.map(({ name, number, places }) => [name, number, places]), [
    ["forward", 2, [0, 2]],
    ["central", 3, [0, 1]],
  ]);
  const layout = { xaxis2: { title: { text: "step h" } }, yaxis2: { title: { text: "absolute error" } } };
  assert.equal(spoken(found[0], 1, layout), "forward, 2 of 2: step h = 0.1, absolute error = 0.5");
  assert.equal(spoken(found[1], 0, layout), "central, 1 of 2: x = 1, y = 3");
  assert.match(spoken(found[0], 0, layout), /step h = 1 × 10⁻⁷|step h = 10⁻⁷/);
});

Deno.test("keys go along a curve and from one to the next, and never off their ends", () => {
  const lengths = [30, 2];
  assert.deepEqual(moved("ArrowRight", false, null, lengths), [0, 0]);
  assert.deepEqual(moved("ArrowRight", true, [0, 25], lengths), [0, 29]);
  assert.deepEqual(moved("ArrowLeft", false, [0, 0], lengths), [0, 0]);
  assert.deepEqual(moved("ArrowLeft", false, null, lengths), [0, 0]);
  assert.deepEqual(moved("ArrowDown", false, [0, 20], lengths), [1, 1]);
  assert.deepEqual(moved("ArrowDown", false, [1, 1], lengths), [0, 1]);
  assert.deepEqual(moved("ArrowUp", false, null, lengths), [1, 0]);
  assert.deepEqual([moved("Home", false, [1, 1], lengths), moved("End", false, [1, 0], lengths)], [[1, 0], [1, 1]]);
  assert.equal(moved("a", false, null, lengths), null);
});
