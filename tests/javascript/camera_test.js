import assert from "node:assert/strict";
import { fitted, turned } from "../../gdviz/ui/components/live_plot/camera.js";

/** @import { Surface } from "../../gdviz/ui/components/live_plot/types.d.ts" */

const grid = Array.from({ length: 41 }, (_, index) => -2 + index / 10);
const axis = { range: /** @type {[number, number]} */ ([-2, 2]), tickfont: { size: 12 } };
const camera = { eye: { x: 0.7, y: -1.5, z: 1.6 }, center: { x: 0, y: 0, z: 0 }, up: { x: 0, y: 0, z: 1 } };

/** @param {number} high
 * @param {object} [more] */
const scene = (high, more) => ({
  camera,
  aspectratio: { x: 1, y: 1, z: 0.6 },
  xaxis: axis,
  yaxis: axis,
  zaxis: { ...axis, range: /** @type {[number, number]} */ ([0, high]), ticktext: ["0", "1,000"] },
  ...more,
});

/** @param {(x: number, y: number) => number} height
 * @returns {Surface} */
const surface = (height) => ({
  type: "surface",
  x: grid,
  y: grid,
  z: grid.map((y) => grid.map((x) => height(x, y))),
  meta: { x: "", y: "", lift: 0.1, cells: 120, vertices: 3000, lost: 1e9 },
});

/** The pixels of the corners of the ground, from the middle of the chart.
 * @param {ReturnType<typeof fitted>} found
 * @param {number} height */
function corners({ eye, center }, height) {
  const way = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
  const away = Math.hypot(...way);
  const [a, b, c] = way.map((value) => value / away);
  const flat = Math.hypot(a, b);
  const scale = (height / 2) / Math.tan(Math.PI / 8);
  return [[-1, -1], [-1, 1], [1, -1], [1, 1]].map(([i, j]) => {
    const [x, y, z] = [i / 2 - center.x, j / 2 - center.y, -0.3 - center.z];
    const depth = away - (a * x + b * y + c * z);
    const [right, up] = [(a * y - b * x) / flat, (-a * c * x - b * c * y) / flat + flat * z];
    return [(scale * right) / depth, (scale * up) / depth];
  });
}

Deno.test("a scene fills its chart, whatever its size, with room for the words along the axes", () => {
  for (const [width, height] of [[660, 640], [390, 310], [660, 290], [1100, 800], [300, 800]]) {
    const found = fitted(scene(8), surface((x, y) => x * x + y * y), width, height);
    const [across, down] = [0, 1].map((way) => corners(found, height).map((pixel) => pixel[way]));
    const most = Math.max(Math.max(...across) + width / 2, width / 2 - Math.min(...across));
    assert.ok(Math.min(...across) > 30 - width / 2 && Math.max(...across) < width / 2 - 30, `${width} ${across}`);
    assert.ok(Math.min(...down) > 30 - height / 2, `${height} ${down}`);
    const wide = (Math.max(...across) - Math.min(...across)) / width;
    const high = (Math.max(...down) - Math.min(...down)) / height;
    assert.ok(Math.max(wide, 2 * high) > 0.55, `${width} ${height}: ${wide} ${high} ${most}`);
  }
});

Deno.test("it is looked at from the same direction, and holes do not matter", () => {
  const found = fitted(scene(8), surface((x, y) => (x > 1 ? NaN : x * x + y * y)), 600, 500);
  const way = (/** @type {typeof camera} */ { eye, center }) => {
    const parts = [eye.x - center.x, eye.y - center.y, eye.z - center.z];
    return parts.map((part) => part / Math.hypot(...parts));
  };
  for (const [index, part] of way(found).entries()) assert.ok(Math.abs(part - way(camera)[index]) < 1e-9);
  assert.ok([found.eye, found.center].every(({ x, y, z }) => Number.isFinite(x + y + z)));
});

Deno.test("arrows turn the camera around what it looks at, plus and minus bring it nearer and farther", () => {
  const away = ({ eye, center } = camera) => Math.hypot(eye.x - center.x, eye.y - center.y, eye.z - center.z);
  for (const key of ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]) {
    const one = turned(camera, key);
    assert.ok(one && Math.abs(away(one) - away()) < 1e-12 && one.center.x === 0, key);
  }
  const back = turned(/** @type {typeof camera} */ (turned(camera, "ArrowLeft")), "ArrowRight");
  assert.ok(back && Math.abs(back.eye.x - camera.eye.x) < 1e-12);
  for (const [key, nearer] of /** @type {[string, boolean][]} */ ([["+", true], ["=", true], ["-", false]])) {
    const one = turned(camera, key);
    assert.ok(one && away(one) < away() === nearer, key);
  }
  assert.equal(turned(camera, "Home"), null);
  let top = camera;
  for (let press = 0; press < 60; press += 1) top = /** @type {typeof camera} */ (turned(top, "ArrowUp"));
  assert.ok(Math.hypot(top.eye.x, top.eye.y) > 0.01, "not upside down");
});
