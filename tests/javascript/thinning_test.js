import assert from "node:assert/strict";
import { random } from "./browser.js";
import { thinCurve, thinPath } from "../../gdviz/ui/components/live_plot/thinning.js";

/** @type {(count: number, make: (row: number) => number) => Float64Array} */
const array = (count, make) => Float64Array.from({ length: count }, (_, row) => make(row));

Deno.test("few points far apart all stay", () => {
  const xs = Float64Array.of(0, 10, 20, 30), ys = Float64Array.of(5, 90, 3, 8);
  assert.deepEqual(thinCurve(xs, ys, 4), [0, 1, 2, 3]);
  assert.deepEqual(thinPath(xs, ys, 4), [0, 1, 2, 3]);
});

Deno.test("a curve keeps the lowest and highest of each column of pixels, and its ends", () => {
  const count = 50_000;
  const next = random(1);
  const [xs, ys] = [array(count, (row) => (400 * row) / count), array(count, () => 100 * next())];
  const kept = thinCurve(xs, ys, count);
  assert.ok(kept.length <= 4 * 401);
  assert.deepEqual([kept[0], kept.at(-1)], [0, count - 1]);
  assert.ok(kept.every((row, index) => index === 0 || row > kept[index - 1]));
  for (let column = 0; column < 400; column += 37) {
    const inside = (/** @type {number} */ row) => Math.floor(xs[row]) === column;
    const all = Array.from(ys.keys()).filter(inside).map((row) => ys[row]);
    const seen = kept.filter(inside).map((row) => ys[row]);
    assert.deepEqual([Math.min(...seen), Math.max(...seen)], [Math.min(...all), Math.max(...all)]);
  }
});

Deno.test("a path stays within half a pixel of the one that was given", () => {
  const [xs, ys] = [
    (/** @type {number} */ row) => 300 - 300 * Math.exp(-row / 900),
    (/** @type {number} */ row) => 200 + 150 * Math.sin(row / 500),
  ].map((make) => array(5000, make));
  const kept = thinPath(xs, ys, 5000);
  assert.ok(kept.length < 2500);
  assert.equal(kept.at(-1), 4999);
  let [at, place] = [0, 0];
  for (let row = 0; row < 5000; row += 1) {
    if (kept[place + 1] === row) [at, place] = [row, place + 1];
    assert.ok(Math.abs(xs[row] - xs[at]) <= 0.5 && Math.abs(ys[row] - ys[at]) <= 0.5);
  }
});

Deno.test("a run that goes to and fro for ever draws its line once", () => {
  const [xs, ys] = [array(5000, (row) => (row % 2) * 100), array(5000, (row) => (row % 2) * 50)];
  const kept = thinPath(xs, ys, 5000);
  assert.ok(kept.length < 8, String(kept));
  assert.ok(kept.includes(0) && kept.includes(1));
});

Deno.test("chaos is cut down to what can be drawn in a frame", () => {
  const next = random(7);
  const [xs, ys] = [array(100_000, () => 500 * next()), array(100_000, () => 500 * next())];
  const begin = performance.now();
  const kept = thinPath(xs, ys, 100_000);
  assert.ok(kept.length < 10_000, `${kept.length} in ${performance.now() - begin} ms`);
});

Deno.test("places that are no numbers stay, as gaps", () => {
  const xs = Float64Array.of(0, 10, NaN, 30, Infinity), ys = Float64Array.of(0, 10, 20, 30, 40);
  assert.deepEqual(thinPath(xs, ys, 5), [0, 1, 2, 3, 4]);
  assert.equal(thinPath(new Float64Array(), new Float64Array(), 0).length, 0);
});
