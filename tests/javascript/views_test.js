import assert from "node:assert/strict";
import { axis } from "./browser.js";
import { Axes, Scene } from "../../gdviz/ui/components/live_plot/plotly_internals.js";
import { Relief } from "../../gdviz/ui/components/live_plot/relief.js";
import { FlatView, inverted, product, SceneView } from "../../gdviz/ui/components/live_plot/views.js";

/** @import { Point } from "../../gdviz/ui/components/live_plot/types.d.ts" */

const IDENTITY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
// A camera 4 above, turned a little, with a field of view of 90 degrees: column by column.
const TURN = [0.8, 0.6, 0, 0, -0.6, 0.8, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
const AWAY = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, -4, 1];
const PERSPECTIVE = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1.2, -1, 0, 0, -2.2, 0];

Deno.test("a matrix times its inverse is one", () => {
  const matrix = product(PERSPECTIVE, product(AWAY, TURN));
  const inverse = inverted(matrix);
  assert.ok(inverse);
  product(matrix, inverse).forEach((value, index) => assert.ok(Math.abs(value - IDENTITY[index]) < 1e-12));
  assert.deepEqual(product(IDENTITY, matrix), matrix);
  assert.equal(inverted(new Array(16).fill(1)), null);
  const turned = [0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0]; // a zero in each place where one would divide
  assert.deepEqual(product(turned, inverted(turned) ?? []), IDENTITY);
});

Deno.test("what is seen at the pixel of a point on the surface is that point", () => {
  const [x, y] = [[-1, -0.5, 0, 0.5, 1], [-1, 0, 1]];
  const z = y.map((b) => x.map((a) => 0.2 * a - 0.1 * b));
  const relief = new Relief({
    type: "surface",
    x,
    y,
    z,
    meta: { x: "", y: "", lift: 0, cells: 120, vertices: 3000, lost: 1e9 },
  });
  const glplot = { cameraParams: { projection: PERSPECTIVE, view: AWAY, model: TURN } };
  const view = new SceneView(
    new Scene({
      scene: { _scene: { glplot, dataScale: [1, 1, 1], traces: {} }, domain: { x: [0, 0.5], y: [0, 1] } },
      _size: { l: 10, t: 20, w: 400, h: 300 },
    }),
    relief,
  );
  assert.deepEqual([view.left, view.top, view.width, view.height], [10, 20, 200, 300]);
  for (const point of /** @type {Point[]} */ ([[0, 0], [0.3, -0.7], [-0.9, 0.9]])) {
    const pixel = view.pixel(point);
    assert.ok(pixel);
    const seen = view.seenAt(...pixel);
    assert.ok(seen && Math.hypot(seen[0] - point[0], seen[1] - point[1]) < 1e-6, String(seen));
  }
  assert.equal(view.pixel([2, 0]), null, "beside the surface");
  assert.equal(view.projected([0, 0, 5]), null, "behind the camera");
  const half = view.between([-0.5, 0], [0.5, 0], 0.5);
  assert.deepEqual(half, view.pixel([0, 0]));
});

Deno.test("a place behind a hill is hidden, on its near side and on the hill it is not", () => {
  const [x, y] = [Array.from({ length: 41 }, (_, index) => -1 + index / 20), [-1, 0, 1]];
  const z = y.map(() => x.map((a) => Math.exp(-20 * a * a) - 0.5)); // a ridge along y
  const meta = { x: "", y: "", lift: 0.05, cells: 120, vertices: 3000, lost: 1e9 };
  const relief = new Relief({ type: "surface", x, y, z, meta });
  const [low, flat] = [Math.sin(0.3), Math.cos(0.3)];
  for (const side of [1, -1]) { // looked at along x, from a little above
    const seen = product(AWAY, [0, -low * side, flat * side, 0, side, 0, 0, 0, 0, flat, low, 0, 0, 0, 0, 1]);
    const glplot = { cameraParams: { projection: PERSPECTIVE, view: seen, model: IDENTITY } };
    const scene = { _scene: { glplot, dataScale: [1, 1, 1], traces: {} }, domain: { x: [0, 1], y: [0, 1] } };
    const ground = new SceneView(new Scene({ scene, _size: { l: 0, t: 0, w: 400, h: 300 } }), relief);
    const hidden = [-0.6, 0, 0.6].map((place) => ground.hides([place, 0.2]));
    assert.deepEqual(hidden, [side === 1, false, side === -1]);
  }
});

Deno.test("flat axes give pixels, gaps, and the way between two points", () => {
  const view = new FlatView(new Axes(axis("xaxis", [0, 10]), axis("yaxis", [-2, 0], { log: true })));
  assert.deepEqual(view.pixel([5, 0.1]), [50, 50]);
  assert.equal(view.pixel([5, 0]), null, "no logarithm");
  assert.deepEqual(view.between([0, 0.01], [10, 1], 0.25), [25, 75]);
  assert.deepEqual(view.between([0, 0.01], null, 0), [0, 100]);
  assert.deepEqual(view.between([0, 0.01], [10, -1], 0.25), [0, 100], "where there is no next place it stays");
  assert.deepEqual(view.vertices({ x: [0, 5, 10], y: [1, -1] }), [[0, 0], null]);
  assert.equal(view.path([0, 10], [1, 0.01], 2, true), "M0 0L100 100");
  assert.equal(view.across(7), 70);
});
