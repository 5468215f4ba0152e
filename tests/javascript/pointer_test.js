import assert from "node:assert/strict";
import { axis, random } from "./browser.js";
import { Axes } from "../../gdviz/ui/components/live_plot/plotly_internals.js";
import { dataAt, rounded } from "../../gdviz/ui/components/live_plot/pointer.js";

const plot = /** @type {any} */ ({ getBoundingClientRect: () => ({ left: 1000, top: 500 }) });

Deno.test("a value under the pointer has no more digits than a tenth of a pixel is worth", () => {
  const next = random(3);
  for (let round = 0; round < 500; round += 1) {
    const size = 10 ** (12 * next() - 6);
    const low = size * (2 * next() - 1);
    const x = axis("xaxis", [low, low + size]);
    const pixel = 100 * next();
    const value = rounded(x, pixel);
    assert.ok(Math.abs(x.pixel(value) - pixel) <= 0.1 + 1e-6, `${value} for ${x.value(pixel)}`);
    assert.ok(String(value).replace(/^-?0?\.?0*|e.*$/g, "").length <= 7, String(value));
  }
});

Deno.test("near zero it is zero", () => {
  assert.equal(rounded(axis("xaxis", [-1, 1]), 50.00001), 0);
  assert.ok(Object.is(rounded(axis("xaxis", [0, 1]), 0), 0));
});

Deno.test("data coordinates are those of the axes, nothing beside them, or their nearest edge", () => {
  const axes = new Axes(axis("xaxis", [0, 10]), axis("yaxis", [-3, 0], { log: true }));
  assert.deepEqual(dataAt(plot, axes, 1060, 610), { x: 5, y: 0.001 });
  assert.equal(dataAt(plot, axes, 1009, 550), null);
  assert.equal(dataAt(plot, axes, 1060, 611), null);
  assert.deepEqual(dataAt(plot, axes, 0, 9999, true), { x: 0, y: 0.001 });
  assert.deepEqual(dataAt(plot, axes, 9999, 0, true), { x: 10, y: 1 });
});
