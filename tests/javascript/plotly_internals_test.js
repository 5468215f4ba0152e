import assert from "node:assert/strict";
import {
  allAxes,
  axesOf,
  Axis,
  drawnTraces,
  fitMargins,
  forgetRanges,
  isDrawn,
  isVisible,
  Scene,
  sceneOf,
  setRanges,
  writePlainly,
} from "../../gdviz/ui/components/live_plot/plotly_internals.js";

const inner = (/** @type {string} */ name, /** @type {object} */ more = {}) => ({
  _name: name,
  _id: name.replace("axis", ""),
  _offset: 40,
  _length: 200,
  range: [0, 10],
  autorange: true,
  c2p: (/** @type {number} */ value) => 20 * value,
  p2d: (/** @type {number} */ pixel) => pixel / 20,
  d2l: (/** @type {number} */ value) => value,
  ...more,
});

const layout = {
  xaxis: inner("xaxis"),
  yaxis: inner("yaxis"),
  xaxis2: inner("xaxis2"),
  yaxis2: inner("yaxis2", { autorange: false }),
};
/** @type {any} */
const plot = { _fullLayout: { ...layout, _plots: { xy: { xaxis: layout.xaxis, yaxis: layout.yaxis }, none: {} } } };
const bare = /** @type {any} */ ({});

Deno.test("an axis says in plain words what plotly.js has", () => {
  const x = new Axis(layout.xaxis2);
  assert.deepEqual([x.name, x.horizontal, x.start, x.length, x.range, x.automatic], [
    "xaxis2",
    true,
    40,
    200,
    [0, 10],
    true,
  ]);
  assert.deepEqual([x.pixel(3), x.value(60), x.place(3)], [60, 3, 3]);
  assert.ok(!new Axis(layout.yaxis2).horizontal);
  assert.ok(!new Axis(layout.yaxis2).automatic);
});

Deno.test("a whole column has the pixels of its numbers", () => {
  const values = [0, 3, -1, NaN, 1e300];
  /** @type {Record<string, (value: number) => number>} */
  const kinds = { linear: (value) => value, log: Math.log10, category: (value) => value / 2 };
  for (const [type, place] of Object.entries(kinds)) {
    const c2p = (/** @type {number} */ value) => 50 - 20 * place(value);
    const room = new Float64Array(9);
    const found = new Axis(inner("yaxis", { type, _m: -20, _b: 50, c2p })).pixels(values, 4, room);
    assert.equal(found, room);
    for (const [row, value] of values.slice(0, 4).entries()) {
      const pixel = c2p(value);
      assert.ok(Number.isFinite(pixel) ? Math.abs(found[row] - pixel) < 1e-9 : !Number.isFinite(found[row]), type);
    }
    assert.equal(found[4], 0, "no row more");
  }
});

Deno.test("a trace has the axes that it names, and else the first", () => {
  const names = (/** @type {object} */ trace) => {
    const { x, y } = axesOf(plot, { x: [], y: [], ...trace });
    return [x.name, y.name];
  };
  assert.deepEqual(names({}), ["xaxis", "yaxis"]);
  assert.deepEqual(names({ xaxis: "x2", yaxis: "y2" }), ["xaxis2", "yaxis2"]);
});

Deno.test("before it is drawn a plot has nothing", () => {
  assert.ok(!isDrawn(bare) && !isDrawn(undefined) && isDrawn(plot));
  assert.deepEqual(allAxes(bare), []);
  assert.equal(allAxes(plot).length, 1);
  assert.equal(sceneOf(bare), null);
  assert.ok(!isVisible(bare, 0));
});

Deno.test("a point is null where the axes have no pixel for it", () => {
  const [axes] = allAxes(plot);
  assert.deepEqual(axes.pixel([1, 2]), [20, 40]);
  assert.equal(axes.pixel([NaN, 2]), null);
  assert.deepEqual([axes.left, axes.top, axes.width, axes.height], [40, 40, 200, 200]);
});

Deno.test("a trace that is switched off in the legend is not visible", () => {
  const figure = /** @type {any} */ ({ _fullData: [{ visible: true }, { visible: "legendonly" }] });
  assert.deepEqual([0, 1, 2].map((index) => isVisible(figure, index)), [true, false, false]);
});

Deno.test("a drawn trace comes with what it says of itself", () => {
  const nodes = [{ __data__: [{ trace: { meta: { moving: true } } }] }, {}];
  const found = drawnTraces(/** @type {any} */ ({ querySelectorAll: () => nodes }));
  assert.deepEqual(found, [[nodes[0], { moving: true }], [nodes[1], undefined]]);
});

Deno.test("traces of a scene are hidden and shown again, and only a change is drawn", () => {
  const line = Object.create({ isOpaque: () => true, isTransparent: () => true });
  let redraws = 0;
  const glplot = { cameraParams: {}, redraw: () => (redraws += 1) };
  const traces = { a: { data: { meta: { moving: true } }, linePlot: line }, b: { data: {} } };
  const scene = new Scene({ scene: { _scene: { glplot, traces }, domain: { x: [0, 1], y: [0, 1] } }, _size: {} });
  assert.deepEqual(scene.metas, [{ moving: true }, undefined]);
  for (const hidden of [true, true, false, false]) {
    scene.hide((meta) => hidden && Boolean(meta?.moving));
    assert.equal(line.isOpaque(), !hidden);
  }
  assert.equal(redraws, 2);
});

Deno.test("a scene that could not be drawn is none", () => {
  const scene = (/** @type {object} */ glplot) => ({ _scene: { glplot }, domain: { x: [0, 1], y: [0, 1] } });
  const drawn = (/** @type {object} */ glplot) => /** @type {any} */ ({
    _fullLayout: { scene: scene(glplot), _size: {} },
  });
  assert.equal(sceneOf(drawn({})), null);
  const cameraParams = { projection: [], view: [], model: [] };
  assert.equal(sceneOf(drawn({ cameraParams }))?.camera, cameraParams);
});

Deno.test("a camera goes as far as the hand, at once, and stays there", () => {
  /** @type {[string, number, number][]} */
  const told = [];
  const future = performance.now() + 500;
  const angle = { _time: [0, future] };
  class View {
    _controllerList = [{ _time: [future] }, { angle, mode: "turntable" }];
    lastT = () => 42;
    /** @type {(time: number, across: number) => void} */
    rotate(time, across) {
      told.push(["rotate", time, across]);
      assert.ok(angle._time[1] < time && angle._time[0] === 0, "it is heard");
    }
    /** @type {(time: number, across: number) => void} */
    pan(time, across) {
      told.push(["pan", time, across]);
    }
    /** @type {(time: number) => void} */
    idle(time) {
      told.push(["idle", time, 0]);
    }
  }
  const view = new View();
  const glplot = { cameraParams: {} };
  const inner = { glplot, camera: { delay: 16, view } };
  const scene = new Scene({ scene: { _scene: inner, domain: { x: [0, 1], y: [0, 1] } }, _size: {} });
  scene.turnAtOnce();
  assert.ok(angle._time[1] < performance.now(), "at once after a drawing");
  scene.turnAtOnce(); // drawn again
  angle._time = [0, future]; // as a button of its own leaves it
  const now = performance.now();
  view.rotate(now, 0.1);
  view.pan(now, 2);
  assert.deepEqual(told, [["rotate", now, 0.1], ["idle", 42, 0], ["pan", now, 2], ["idle", 42, 0]]);
});

Deno.test("labels say numbers as the page does", () => {
  const theirs = (/** @type {string} */ wanted) => (/** @type {number} */ value) => `${wanted} ${value}`;
  const locale = { numberFormat: theirs };
  const drawn = /** @type {any} */ ({ _fullLayout: { _d3locale: locale } });
  writePlainly(drawn);
  writePlainly(drawn); // drawn again with the same layout
  const said = (/** @type {string} */ wanted, /** @type {number} */ value) => locale.numberFormat(wanted)(value);
  assert.equal(said(".4~g", 1.2e-7), "1.2 × 10⁻⁷");
  assert.equal(said(".6~g", -1234567), "−1.23457 × 10⁶");
  assert.equal(said(".5~g", 1000), "1000");
  assert.equal(said(",d", 12345), ",d 12345"); // whole numbers and ticks stay theirs
  drawn._fullLayout = { _d3locale: { numberFormat: theirs } };
  writePlainly(drawn);
  assert.equal(drawn._fullLayout._d3locale.numberFormat(".3~g")(0.5e9), "5 × 10⁸");
  for (const nothing of [bare, { _fullLayout: {} }]) writePlainly(/** @type {any} */ (nothing));
});

Deno.test("the ranges of the figure before are forgotten where they are others", () => {
  const [xaxis, yaxis] = ["xaxis", "yaxis"].map((name) => inner(name, { _inputRange: [0, 10] }));
  const drawn = /** @type {any} */ ({ _fullLayout: { xaxis, yaxis, _plots: { xy: { xaxis, yaxis } } } });
  const before = { xaxis: { range: [0, 10] }, yaxis: { range: [0, 10] } };
  forgetRanges(drawn, before, structuredClone(before));
  assert.ok("_inputRange" in xaxis && "_inputRange" in yaxis);
  forgetRanges(drawn, before, { xaxis: { range: [0, 4] }, yaxis: { range: [0, 10] } });
  assert.ok(!("_inputRange" in xaxis) && "_inputRange" in yaxis);
  forgetRanges(bare, undefined, before);
});

Deno.test("other ranges leave the margins alone, until the tick labels need more", () => {
  /** @type {object[]} */
  const asked = [];
  const given = { l: 40, r: 12, t: 20, b: 30 };
  const inner = { _replotting: false, _size: given, _pushmargin: {} };
  const plot = /** @type {any} */ ({ _fullLayout: inner });
  const relayout = (/** @type {any} */ _, /** @type {object} */ to) => asked.push({ ...to, still: inner._replotting });
  Object.assign(globalThis, { Plotly: { relayout } });
  setRanges(plot, { "yaxis.range": [0, 1] });
  assert.deepEqual(asked.splice(0), [{ "yaxis.range": [0, 1], still: true }]);
  setRanges(bare, {}); // not drawn yet: nothing to keep still
  assert.deepEqual(asked.splice(0), [{ still: true }]);

  inner._replotting = false;
  const calm = { l: { val: 0, size: 41 }, r: { val: 0.6, size: 200 }, b: { val: 0.5, size: 90 } };
  inner._pushmargin = { "y.automargin": calm, other: {} };
  fitMargins(plot);
  assert.deepEqual(asked, [], "what stands inside of the plot wants no margin, and one pixel is not seen");
  inner._pushmargin = { "y.automargin": { ...calm, l: { val: 0, size: 52 } } };
  fitMargins(plot);
  assert.deepEqual(asked.splice(0), [{ "margin.autoexpand": true, still: false }]);
});
