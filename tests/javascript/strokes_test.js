import assert from "node:assert/strict";
import { random } from "./browser.js";
import { strokes } from "../../gdviz/ui/components/live_plot/strokes.js";

/** @import { Point } from "../../gdviz/ui/components/live_plot/types.d.ts" */

Deno.test("a line inside of the picture is drawn as it is", () => {
  assert.deepEqual(strokes([[0, 0], [10, 5.25], [20, 0]], 100, 100), ["M0 0", "L10 5.3", "L20 0"]);
  assert.deepEqual(strokes([], 100, 100), []);
});

Deno.test("a gap takes the pen off the paper", () => {
  assert.equal(strokes([[0, 0], null, [10, 10], [20, 20]], 100, 100).join(""), "M0 0M10 10L20 20");
});

Deno.test("a line that leaves the picture keeps its direction, and begins anew where it comes back", () => {
  const texts = strokes([[50, 50], [50 + 1e6, 50 + 1e6], [50, 150]], 100, 100);
  assert.equal(texts[1], "L2100 2100");
  assert.equal(texts[2], "M2000.2 2100L50 150");
});

Deno.test("what lies too far away at both ends is not drawn", () => {
  assert.deepEqual(strokes([[-1e15, -1e15], [1e15, 1e15 + 7]], 100, 100), ["", ""]);
  assert.deepEqual(strokes([[5000, 0], [5000, 100]], 100, 100), ["", ""]);
});

Deno.test("no number of a wild path is beyond what is drawn", () => {
  const next = random(1);
  for (let round = 0; round < 200; round += 1) {
    const points = Array.from({ length: 8 }, () => {
      const far = 10 ** (12 * next());
      return next() < 0.1 ? null : /** @type {Point} */ ([far * (next() - 0.5), far * (next() - 0.5)]);
    });
    const text = strokes(points, 300, 200).join("");
    const numbers = (text.match(/-?[\d.]+/g) ?? []).map(Number);
    assert.ok(numbers.every((value) => value >= -2000 && value <= 2300), text);
    assert.ok(text === "" || text.startsWith("M"), text);
  }
});

Deno.test("the texts up to a point draw the path up to it", () => {
  const points = /** @type {Point[]} */ ([[0, 0], [1e7, 3], [20, 30], [40, -1e9], [50, 60]]);
  const whole = strokes(points, 100, 100);
  for (let count = 1; count <= points.length; count += 1) {
    assert.deepEqual(strokes(points.slice(0, count), 100, 100), whole.slice(0, count));
  }
});
