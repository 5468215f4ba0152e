import assert from "node:assert/strict";
import { random } from "./browser.js";
import { mix, Relief, reliefOf } from "../../gdviz/ui/components/live_plot/relief.js";

/** @import { Point } from "../../gdviz/ui/components/live_plot/types.d.ts" */

const plane = (/** @type {number} */ x, /** @type {number} */ y) => 2 * x - 3 * y + 5;

const LAYING = { cells: 120, vertices: 3000, lost: 1e9 };

/** A surface over x from -1 to 3 and y from 0 to 2.
 * @param {(x: number, y: number) => number} height */
function surface(height, lift = 0.25) {
  const [x, y] = [[-1, 0, 1, 2, 3], [0, 0.5, 1, 1.5, 2]];
  return {
    type: "surface",
    x,
    y,
    z: y.map((b) => x.map((a) => height(a, b))),
    meta: { x: "", y: "", ...LAYING, lift },
  };
}

/** @param {number} one
 * @param {number} other */
const near = (one, other) => assert.ok(Math.abs(one - other) < 1e-9, `${one} is not ${other}`);

Deno.test("between the grid's points a plane is a plane", () => {
  const relief = new Relief(surface(plane));
  const next = random(2);
  for (let count = 0; count < 100; count += 1) {
    const point = /** @type {Point} */ ([-1 + 4 * next(), 2 * next()]);
    const place = relief.stand(point);
    assert.ok(place);
    assert.deepEqual(place.slice(0, 2), point);
    near(place[2], plane(...point) + 0.25);
  }
  near(relief.stand([3, 2], 0)?.[2] ?? NaN, plane(3, 2));
});

Deno.test("nothing stands beside the window", () => {
  const relief = new Relief(surface(plane));
  for (const point of /** @type {Point[]} */ ([[-1.01, 1], [3.01, 1], [0, -0.01], [0, 2.01], [NaN, 1]])) {
    assert.equal(relief.stand(point), null);
  }
});

Deno.test("at the edge of a hole the corners that are there count, and inside of it nothing", () => {
  const relief = new Relief(surface((x, y) => (x > 1.5 ? NaN : x < 0.5 && y < 0.25 ? Infinity : 7)));
  near(relief.height([0.6, 0.5]), 7);
  assert.ok(Number.isNaN(relief.height([0.9, 0.5])));
  assert.equal(relief.stand([2.5, 1]), null);
});

Deno.test("a path is laid upon the surface without a jump, and cut at the window's edge", () => {
  const relief = new Relief(surface(plane));
  const [first, way, out, beyond, back] = relief.drape([[0, 1], [2, 1], [5, 1], [5, 2], [2, 2]]);
  assert.equal(first[0], null);
  assert.ok(!way.includes(null), "it goes on from the point before");
  const places = [...first, ...way, ...out].filter((place) => place !== null);
  for (const [x, y, z] of places) near(z, plane(x, y) + 0.25);
  for (let index = 1; index < places.length; index += 1) {
    assert.ok(places[index][0] - places[index - 1][0] <= 4 / 120 + 1e-9);
  }
  near(places.at(-1)?.[0] ?? NaN, 3);
  assert.deepEqual(beyond, [null]);
  assert.equal(back[0], null, "it comes back where it enters, not from where it left");
  near(back[1]?.[0] ?? NaN, 3);
});

Deno.test("a path that is long is drawn with fewer points", () => {
  const relief = new Relief(surface(plane));
  const points = Array.from({ length: 400 }, (_, index) => /** @type {Point} */ (index % 2 ? [-1, 0] : [3, 2]));
  assert.ok(relief.drape(points).flat().length <= 3000 + 2 * points.length);
});

Deno.test("a line of sight meets the surface at its first place", () => {
  const relief = new Relief(surface(plane));
  const seen = relief.met([0, 0, plane(0, 0) + 6], [2, 2, plane(2, 2) - 6]);
  assert.ok(seen);
  near(seen[0], 1);
  near(seen[1], 1);
  assert.equal(relief.met([0, 0, 100], [2, 2, 100]), null);
  assert.equal(relief.met([10, 10, 100], [12, 12, -100]), null);
  const ridge = new Relief(surface((x) => (Math.abs(x - 1) < 0.5 ? 10 : 0)));
  const hit = ridge.met([-1, 1, 5], [3, 1, 5]);
  assert.ok(hit && hit[0] < 1 && hit[0] > 0, "the near side of the ridge");
});

Deno.test("there is one relief for the same heights, and none without a surface", () => {
  const trace = surface(plane);
  assert.equal(reliefOf([trace]), reliefOf([{ ...trace }]));
  assert.equal(reliefOf([{ type: "scatter3d", x: [], y: [] }]), null);
  assert.deepEqual(mix([0, 10], [4, 20], 0.25), [1, 12.5]);
});
