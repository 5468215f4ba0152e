// What the page as one file says, and how it draws other runs than the exported ones.
import "./browser.js";
import assert from "node:assert/strict";
import { withCurves, withRuns } from "../../gdviz/exports/page/figures_of_runs.js";
import { decadesFor, explosion, extent, roomFor, roundStep, signedTicks } from "../../gdviz/exports/page/scales.js";
import { spread } from "../../gdviz/exports/page/table.js";
import { unpacked } from "../../gdviz/exports/page/unpacking.js";
import { look, sentence } from "../../gdviz/exports/page/words.js";
import { Run } from "../../gdviz/ui/components/live/run.js";
import { seen } from "../../gdviz/ui/components/slider/scales.js";

/** @import { Picture } from "../../gdviz/exports/page/types.d.ts" */

/** @type {(columns: Record<string, number[]>, stop?: string) => Run} */
const run = (columns, stop = "epochs") =>
  new Run(
    columns.epoch.length,
    (name) => columns[name] && Float64Array.from(columns[name]),
    { complete: true, stop },
  );

const ended = {
  names: ["x", "y"],
  stop: "converged",
  epochs: 1,
  most: 50,
  theta: [1, -2.5],
  value: 0.25,
  norm: 1e-9,
  tolerance: 1e-8,
};

Deno.test("it says whether a run converged, diverged or ran out of epochs, and where it is", () => {
  assert.equal(
    sentence(ended),
    "Converged after 1 epoch to x = 1, y = −2.5, where f = 0.25: the slope stays at most 1 × 10⁻⁸.",
  );
  assert.match(sentence({ ...ended, stop: "diverged", epochs: 1200 }), /^Diverged: after 1,200 epochs the next number/);
  assert.match(sentence({ ...ended, stop: "epochs", epochs: 50, norm: 0.1 }), /^Ran out of epochs after 50 at x = 1/);
  assert.equal(sentence({ ...ended, stop: "", epochs: 7 }), "Under way: epoch 7 of 50.");
  assert.match(sentence({ ...ended, stop: "diverged", value: NaN }), /^There is no finite value at the start, x = 1/);
});

Deno.test("an end looks as its verdict would", () => {
  assert.deepEqual(["converged", "diverged", "epochs", ""].map(look), ["success", "error", "info", "info"]);
});

Deno.test("the table has about twenty rows, both ends among them", () => {
  assert.deepEqual(spread(1), [0]);
  assert.deepEqual(spread(3), [0, 1, 2]);
  assert.equal(spread(5001).length, 21);
  assert.deepEqual([spread(5001)[0], spread(5001)[1], spread(5001).at(-1)], [0, 250, 5000]);
  assert.equal(new Set(spread(23)).size, 21);
});

Deno.test("of many decades on a slider every second one is labeled", () => {
  const decades = [-6, -5, -4, -3, -2, -1, 0, 1];
  const labeled = (/** @type {number} */ low, /** @type {number} */ high) => {
    const shown = seen(decades.map((place) => (place - low) / (high - low)));
    return decades.filter((_, index) => shown.has(index));
  };
  assert.deepEqual(labeled(-6, 1), [-5, -3, -1, 1]);
  assert.deepEqual(labeled(-3.2, 0.4), [-3, -2, -1, 0]);
  assert.deepEqual(labeled(-9, -7), []);
});

const LIMITS = {
  dots: 200,
  marked: 40,
  explosion: 1e4,
  room: 0.06,
  ticks: 4,
  beside: 0.015,
  counted: 6,
  signed: " (signed log)",
};

Deno.test("a run explodes that passes ten thousand times its usual size", () => {
  assert.equal(explosion([[1, 2, 3, 4]], LIMITS), null);
  assert.equal(explosion([[2, 2, 2e6]], LIMITS), 1);
  assert.equal(explosion([[20, 1, 1e9], [1, 1, 1]], LIMITS), 10);
  assert.equal(explosion([[0, 0, 0]], LIMITS), null);
  assert.equal(explosion([], LIMITS), null);
});

Deno.test("axes hold what is drawn, with room", () => {
  assert.deepEqual(extent([[NaN, 3, -Infinity], [1]]), [1, 3]);
  assert.equal(roomFor([[NaN]], LIMITS), null);
  assert.deepEqual(roomFor([[0, 100]], LIMITS), [-6, 106]);
  assert.deepEqual(roomFor([[5, 5]], LIMITS), [2.5, 7.5]);
  assert.equal(decadesFor([[-1, 0]], LIMITS), null);
  const { range, step } = decadesFor([[1e-8, 0, 1]], LIMITS) ?? { range: [NaN, NaN], step: null };
  assert.ok(range[0] < -8 && range[1] > 0 && step === 2);
  const within = decadesFor([[0.3, 0.6]], LIMITS) ?? { range: [NaN, NaN], step: null };
  assert.equal(within.step, "L0.2"); // the value's own steps: no whole decade is in it
  assert.equal(decadesFor([[7, 7]], LIMITS)?.step, "L1");
  assert.equal(decadesFor([[5e-324, 6e-324]], LIMITS)?.step, "L1e-300");
  assert.deepEqual([0.3, 1, 1.5, 4, 7].map(roundStep), [1, 1, 2, 5, 10]);
});

Deno.test("a signed log scale has its ticks at powers of ten on the sides that are drawn", () => {
  const { values, labels } = signedTicks(1, [-1e8, 10], LIMITS);
  assert.deepEqual(values, [-1e8, -1e6, -1e4, -1e2, 0, 1e2, 1e4, 1e6, 1e8]);
  assert.deepEqual([labels[0], labels[3], labels[4]], ["−10⁸", "−100", "0"]);
});

/** @type {Picture} */
const curves = {
  key: "theta",
  title: "",
  shape: 1,
  heights: [1, 1],
  limits: LIMITS,
  data: [
    {
      name: "x",
      x: [0, 1],
      y: [9, 9],
      mode: "lines+markers",
      meta: { moving: true, x: "epoch", y: "theta 0", part: "line" },
    },
    { name: "goal", x: [0, 1], y: [9, 9], meta: { own: true, x: "", y: "" } },
    { name: "ground", x: [0], y: [0] },
  ],
  layout: {
    xaxis: { range: [0, 1] },
    yaxis: { title: { text: "parameter x (signed log)" }, tickvals: [1], ticktext: ["1"] },
  },
};

Deno.test("other runs bring their own points and axes; what was true of the exported one alone goes", () => {
  const epochs = Array.from({ length: 101 }, (_, k) => k);
  const { data, layout } = withRuns(curves, [run({ epoch: epochs, "theta 0": epochs.map((k) => 2 - k / 50) })]);
  assert.deepEqual([data[0].x[0], data[0].x[data[0].x.length - 1], data[0].y[0]], [0, 100, 2]);
  assert.equal(data[0].mode, "lines");
  assert.equal(data[1].visible, false);
  assert.equal(data[2], curves.data[2], "plotly.js need not compute it anew");
  const { yaxis, xaxis } = /** @type {Record<string, any>} */ (layout);
  assert.deepEqual(xaxis.range.map(Math.round), [-1, 101]);
  assert.equal(yaxis.title.text, "parameter x");
  assert.equal(yaxis.tickvals, undefined);
  assert.ok(yaxis.range[0] < 0 && yaxis.range[1] > 2);
});

Deno.test("a run that explodes has a signed log scale, which its traces know", () => {
  const theta = [1, -10, 1e3, -1e6, 1e9];
  const { data, layout } = withRuns(curves, [run({ epoch: [0, 1, 2, 3, 4], "theta 0": theta })]);
  assert.equal(data[0].meta?.unit, 1);
  assert.equal(data[0].y[4], Math.asinh(1e9));
  const { yaxis } = /** @type {Record<string, any>} */ (layout);
  assert.match(yaxis.title.text, /signed log/);
  assert.equal(yaxis.tickvals.length, yaxis.ticktext.length);
});

Deno.test("where no run is shown there is nothing to draw, and nothing breaks", () => {
  /** @type {Picture} */
  const map = {
    ...curves,
    data: ["line", "halo", "first", "last", "points"].map((part) => ({
      x: [1],
      y: [1],
      meta: { moving: true, x: "theta 0", y: "value", part: /** @type {"line"} */ (part) },
    })),
    layout: { xaxis: { range: [0, 1] }, yaxis: { range: [0, 1] } },
  };
  const { data } = withRuns(map, [run({ epoch: [], "theta 0": [], value: [] })]);
  assert.ok(data.every(({ x }) => x.length === 0));
  withRuns(curves, [run({ epoch: [], "theta 0": [] })]);
});

Deno.test("a fit's curves are those of the run's end and start", () => {
  const picture = {
    ...curves,
    data: [
      { x: [1], y: [1] },
      { x: [1], y: [1], meta: { moving: true, x: "place", y: "height", part: /** @type {"line"} */ ("line"), run: 1 } },
    ],
  };
  const [end, start] = [[1, 2], [3, 4]].map((height) => run({ epoch: [0, 1], place: [0, 1], height }));
  assert.deepEqual(Array.from(withCurves(picture, [end, start]).data[1].y), [3, 4]);
});

Deno.test("equal arrays are one when they are unpacked", () => {
  const said = JSON.stringify({
    arrays: [{ dtype: "f8", bdata: btoa(String.fromCharCode(...new Uint8Array(new Float64Array([1.5]).buffer))) }],
    figures: { light: [{ data: [{ x: { $: 0 }, y: [{ $: 0 }] }] }], dark: [{ data: [{ x: { $: 0 } }] }] },
  });
  const { light, dark } = unpacked(said).figures;
  assert.equal(light[0].data[0].x[0], 1.5);
  assert.equal(light[0].data[0].x, dark[0].data[0].x);
});
