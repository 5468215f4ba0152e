// Views of a map, and its colors.
import { boxCounts, dimension, fitted } from "../../gdviz/ui/components/map_picture/dimension.js";
import { counted, painted, ramp, rgb } from "../../gdviz/ui/components/map_picture/shades.js";
import {
  beyondNumbers,
  boxed,
  depth,
  magnified,
  moved,
  nextSide,
  placeAt,
  sameView,
  shareAt,
  shortest,
  ticks,
  zoomed,
} from "../../gdviz/ui/components/map_picture/zoom.js";

/** @param {unknown} found
 * @param {unknown} expected */
function same(found, expected) {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${a} is not ${b}`);
}

/** @param {number} found
 * @param {number} expected
 * @param {number} off */
function near(found, expected, off = 1e-9) {
  if (!(Math.abs(found - expected) <= off)) throw new Error(`${found} is not ${expected}`);
}

const SHADING = { shades: 40, hatch: 8, light: 0.55, dark: 0.28 };
const WHOLE = { x0: -6, x1: 6, y0: -3, y1: 3 };

Deno.test("a place and its share of the picture are each other's inverse", () => {
  same(placeAt(WHOLE, 0.25, 0.5), [-3, 0]);
  same(shareAt(WHOLE, -3, 0), [0.25, 0.5]);
});

Deno.test("what is zoomed about stays where it is", () => {
  for (const factor of [2, 0.5, 7.3]) {
    const made = zoomed(WHOLE, factor, [1, 2], WHOLE, 1e-13);
    near(depth(made, WHOLE), factor);
    const [a, b] = [shareAt(WHOLE, 1, 2), shareAt(made, 1, 2)];
    near(a[0], b[0]);
    near(a[1], b[1]);
  }
});

Deno.test("zooming ends where the numbers do, and at ten times the whole", () => {
  let view = WHOLE;
  for (let k = 0; k < 400; k += 1) view = zoomed(view, 2, [0.3, 0.1], WHOLE, 1e-13);
  near((view.x1 - view.x0) / 12 / 1e-13, 1, 0.01);
  if (!beyondNumbers({ x0: 5, x1: 5 + 1e-13, y0: 0, y1: 1 }, 512)) throw new Error("fewer numbers than pixels");
  if (beyondNumbers(WHOLE, 512)) throw new Error("there are enough numbers");
  for (let k = 0; k < 400; k += 1) view = zoomed(view, 0.5, [0.3, 0.1], WHOLE, 1e-13);
  near((view.x1 - view.x0) / 12, 10, 0.01);
});

Deno.test("a factor that is no number leaves the view", () => {
  for (const factor of [NaN, 0, -1]) {
    const made = zoomed(WHOLE, factor, [0, 0], WHOLE, 1e-13);
    if (!(made.x1 > made.x0)) throw new Error("no view");
  }
});

Deno.test("it is said how many times the whole is magnified", () => {
  const times = [0.1, 1, 4, 100, 250, 1024, 2 ** 24];
  const said = times.map((factor) => magnified(zoomed(WHOLE, factor, [1, 2], WHOLE, 1e-13), WHOLE));
  same(said, ["× 0.1", "× 1", "× 4", "× 100", "× 250", "× 1024", "× 1.68·10⁷"]);
});

Deno.test("a box may be drawn from any corner, and a line is none", () => {
  same(boxed([2, 1], [-1, -2]), { x0: -1, x1: 2, y0: -2, y1: 1 });
  same(boxed([2, 1], [2, 5]), null);
});

Deno.test("moving keeps the size", () => {
  same(moved(WHOLE, 0.5, -0.5), { x0: 0, x1: 12, y0: -6, y1: 0 });
  if (!sameView(moved(WHOLE, 0, 0), WHOLE)) throw new Error("not the same");
});

Deno.test("pictures come from coarse to fine", () => {
  same([0, 64, 128, 256, 512].map((side) => nextSide([64, 128, 256, 512], side, 256)), [64, 128, 256, null, null]);
});

Deno.test("ticks are round numbers inside", () => {
  same(ticks(-6, 6, 6), [-6, -4, -2, 0, 2, 4, 6]);
  same(ticks(1, 1, 6), []);
  for (const tick of ticks(0.30000000001, 0.30000000002, 5)) {
    if (tick < 0.30000000001 || tick > 0.30000000002) throw new Error(`${tick} is outside`);
  }
});

Deno.test("shades run from light to dark", () => {
  same(rgb("#ff8000"), [255, 128, 0]);
  const red = [...ramp("#ff8000", SHADING)].map((pixel) => pixel & 255);
  if (red.some((value, k) => k > 0 && value > red[k - 1])) throw new Error("not from light to dark");
});

Deno.test("each shade holds as many pixels as any other, whatever the measure is", () => {
  const side = 80, kinds = new Uint8Array(side * side).fill(3);
  const measures = Uint16Array.from({ length: side * side }, (_, k) => Math.floor(Math.exp(k / 600)));
  const colors = { hues: ["#000000", "#000000", "#2f7fd0"], hatched: 1, dotted: 0, shading: SHADING };
  const found = painted({ side, view: WHOLE, kinds, measures, rows: side }, colors);
  const counts = new Map();
  for (const pixel of found) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  if (counts.size < 20) throw new Error(`only ${counts.size} shades`);
});

Deno.test("the lowest row is drawn last, and what is not known stays clear", () => {
  const kinds = Uint8Array.from([1, 1, 0, 0]), measures = new Uint16Array(4);
  const colors = { hues: ["#2f7fd0"], hatched: 8, dotted: 7, shading: SHADING };
  const found = painted({ side: 2, view: WHOLE, kinds, measures, rows: 1 }, colors);
  same([found[0], found[1]], [0, 0]);
  if (found[2] === 0 || found[3] === 0) throw new Error("the lowest row is missing");
  same(counted(kinds, 2), [2, 2]);
});

Deno.test("a straight boundary has dimension 1, a chessboard's has 2, and nothing has none", () => {
  const side = 64;
  const made = (/** @type {(row: number, column: number) => boolean} */ inside) =>
    Uint8Array.from({ length: side * side }, (_, k) => inside(Math.floor(k / side), k % side) ? 1 : 4);
  const of = (/** @type {Uint8Array} */ kinds) => dimension(boxCounts(kinds, side, (kind) => kind <= 2, 8));
  near(of(made((_, column) => column < 20)), 1);
  near(of(made((row, column) => (row + column) % 2 === 0)), 2);
  same(Number.isNaN(of(made(() => true))), true);
});

Deno.test("the line through counts that lie on one is that line, and minds no outlier", () => {
  same(fitted([4096, 1024, 256, 64]), [12, 6]);
  same(fitted([4096, 1024, 100, 64, 16, 4]), [12, 2]);
});

Deno.test("a place is told with the fewest digits that stay within its pixel", () => {
  same(shortest(2.98, 2.996, 3.01), 3);
  same(shortest(-2.8145, -2.809, -2.8035), -2.81);
  same(shortest(-0.011, -0.0004, 0.011), 0); // not −0.0004
  same(shortest(0.00117, 0.0011803, 0.00119), 0.00118); // a learning rate
  same(shortest(1e-9, 3e-9, 5e-9), 3e-9);
  same(shortest(3.14159265358975, 3.14159265358979, 3.14159265358983), 3.1415926535898);
  same(shortest(0.1, 0.1, 0.1), 0.1);
  for (let at = -7; at < 7; at += 0.0371) {
    const told = shortest(at - 0.01, at, at + 0.01);
    if (Math.abs(told - at) > 0.01 + 1e-12 || String(told).length > 6) throw new Error(`${told} for ${at}`);
  }
});
