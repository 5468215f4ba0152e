import "./browser.js";
import assert from "node:assert/strict";
import { Layers } from "../../gdviz/ui/components/map_picture/layers.js";

/** @import { View } from "../../gdviz/ui/components/map_picture/types.d.ts" */

/** @type {any} */
const page = globalThis;
page.OffscreenCanvas ??= class {
  getContext() {
    return null;
  }
};
page.ImageData ??= class {
  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.data = new Uint8ClampedArray(4 * width * height);
  }
};

const COLORS = { hues: [], hatched: -1, dotted: -1, shading: { shades: 2, hatch: 4, light: 0, dark: 1 } };
const WHOLE = { x0: 0, x1: 8, y0: 0, y1: 8 };
const QUARTER = { x0: 4, x1: 8, y0: 4, y1: 8 };

/** Layers with pictures of these views laid on, each of its own side.
 * @param {View[]} views */
function laid(...views) {
  const layers = new Layers();
  views.forEach((view, k) => {
    const side = 2 ** (k + 1);
    const nothing = { kinds: new Uint8Array(side * side), measures: new Uint16Array(side * side) };
    layers.add({ view, side, rows: side, ...nothing }, COLORS, true);
  });
  return layers;
}

Deno.test("of one view only the newest picture stays, and of all the last six", () => {
  const layers = laid(WHOLE, QUARTER, WHOLE);
  assert.deepEqual(layers.all.map(({ pixels }) => pixels.side), [4, 8]);
  assert.equal(layers.newest(QUARTER)?.side, 4);
  assert.equal(layers.newest({ ...WHOLE, x0: 1 })?.side, 8, "of any, where there is none of that view");
  assert.equal(laid(...Array.from({ length: 7 }, (_, x0) => ({ ...WHOLE, x0 }))).all.length, 6);
  layers.clear();
  assert.deepEqual([layers.some, layers.newest(WHOLE)], [false, undefined]);
});

Deno.test("a picture is drawn at its place, magnified, and one out of sight is not", () => {
  /** @type {number[][]} */
  const drawn = [];
  const pen = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ ({
    drawImage: (/** @type {object} */ _, /** @type {number[]} */ ...numbers) => drawn.push(numbers),
  }));
  laid(WHOLE, QUARTER).draw(pen, QUARTER, 100, 100);
  // Of two pixels for the whole the upper right one is seen, over all of the canvas; then all four of the quarter.
  assert.deepEqual(drawn, [[1, 0, 1, 1, 0, 0, 100, 100], [0, 0, 4, 4, 0, 0, 100, 100]]);
  drawn.length = 0;
  laid(QUARTER).draw(pen, { x0: -4, x1: 0, y0: 0, y1: 4 }, 100, 100);
  assert.deepEqual(drawn, []);
  laid(QUARTER).draw(pen, WHOLE, 100, 100);
  assert.deepEqual(drawn, [[0, 0, 2, 2, 50, 0, 50, 50]], "zoomed out, it is small");
});
