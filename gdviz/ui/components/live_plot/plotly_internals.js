// All that this page knows of plotly.js's insides, which it keeps for itself and may change with every version. The other
// modules ask here, in the data's units and the chart's pixels; tests/ui/test_javascript.py sees that none goes past.

import { format } from "../live/numbers.js";

/** @import { Camera } from "./camera.js" */
/** @import { Area, AxisLike, Meta, Numbers, PlotElement, Point, Trace } from "./types.d.ts" */

// What plotly.js keeps on an element it has drawn in: the figure with all its defaults. It has no declared types.
/** @type {(plot: PlotElement | undefined) => any} */
const layoutOf = (plot) => /** @type {any} */ (plot)?._fullLayout;

/**
 * One direction of flat axes.
 * @implements {AxisLike}
 */
export class Axis {
  /** @param {any} inner plotly.js's own */
  constructor(inner) {
    this.inner = inner;
    /** @type {string} as layouts call it: `xaxis2` */
    this.name = inner._name;
    this.horizontal = inner._id.startsWith("x");
    this.start = inner._offset; // pixels
    this.length = inner._length;
    this.range = inner.range;
    this.automatic = Boolean(inner.autorange); // does plotly.js choose the range?
  }

  /** From a number to the pixel, counted from the axis's start.
   * @param {number} value
   * @returns {number} */
  pixel(value) {
    return this.inner.c2p(value);
  }

  /** The same for the first `rows` of a column, at once and into `room`.
   * @param {Numbers} values
   * @param {number} rows
   * @param {Float64Array} room */
  pixels(values, rows, room) {
    const { type, _m: slope, _b: begin } = this.inner;
    const log = type === "log";
    if (!log && type !== "linear") { for (let row = 0; row < rows; row += 1) room[row] = this.pixel(values[row]); }
    else {for (let row = 0; row < rows; row += 1) {
        room[row] = begin + slope * (log ? Math.log10(values[row]) : values[row]);
      }}
    return room;
  }

  /** From a pixel to the number.
   * @param {number} pixel
   * @returns {number} */
  value(pixel) {
    return this.inner.p2d(pixel);
  }

  /** From a number to the axis's own units.
   * @param {number} value
   * @returns {number} */
  place(value) {
    return this.inner.d2l(value);
  }
}

/**
 * Two flat axes and the area between them.
 * @implements {Area}
 */
export class Axes {
  /**
   * @param {AxisLike} x
   * @param {AxisLike} y
   */
  constructor(x, y) {
    this.x = x;
    this.y = y;
    this.left = x.start;
    this.top = y.start;
    this.width = x.length;
    this.height = y.length;
  }

  /** The pixel of data coordinates, counted from the area's corner; null where there is none.
   * @param {ArrayLike<number>} point
   * @returns {Point | null} */
  pixel(point) {
    const [across, down] = [this.x.pixel(point[0]), this.y.pixel(point[1])];
    return Number.isFinite(across) && Number.isFinite(down) ? [across, down] : null;
  }
}

/** Has plotly.js drawn in it?
 * @param {PlotElement | undefined} plot */
export const isDrawn = (plot) => layoutOf(plot) !== undefined;

/** The axes of a trace of a drawn plot.
 * @param {PlotElement} plot
 * @param {Trace} trace */
export function axesOf(plot, { xaxis = "x", yaxis = "y" }) {
  const layout = layoutOf(plot);
  const [x, y] = [xaxis, yaxis].map((id) => new Axis(layout[id.replace(/^([xy])/, "$1axis")]));
  return new Axes(x, y);
}

/** The axes of all flat parts of a plot; none before it is drawn.
 * @param {PlotElement} plot */
export function allAxes(plot) {
  const parts = /** @type {any[]} */ (Object.values(layoutOf(plot)?._plots ?? {}));
  return parts.flatMap(({ xaxis, yaxis }) => (xaxis && yaxis ? [new Axes(new Axis(xaxis), new Axis(yaxis))] : []));
}

/** Is the trace of this number drawn, and not switched off in the legend?
 * @param {PlotElement} plot
 * @param {number} index */
export const isVisible = (plot, index) => /** @type {any} */ (plot)._fullData?.[index]?.visible === true;

/** The elements of all flat traces, each with what the trace says of itself.
 * @param {PlotElement} plot
 * @returns {[SVGElement, Meta | undefined][]} */
export function drawnTraces(plot) {
  // Traces with a zorder are in layers of their own: scatterlayer2 and so on.
  const nodes = /** @type {NodeListOf<any>} */ (plot.querySelectorAll('[class*="scatterlayer"] > .trace'));
  return Array.from(nodes, (node) => [node, node.__data__?.[0]?.trace?.meta]);
}

/** The pictures that plotly.js has drawn.
 * @param {PlotElement} plot */
export const pictures = (plot) => plot.querySelectorAll("svg.main-svg");

/** Is an element on flat axes, and not on the buttons beside them?
 * @param {EventTarget | null} target */
export const isOverAxes = (target) => target instanceof Element && target.closest(".draglayer") !== null;

/** Is an element on flat axes or on a scene?
 * @param {EventTarget | null} target */
export const isOverPlot = (target) => target instanceof Element && target.closest(".draglayer, .gl-container") !== null;

const HIDDEN = { isOpaque: () => false, isTransparent: () => false, drawPick: () => {} };
const PARTS = ["linePlot", "scatterPlot", "textMarkers", "errorBars"];

/** The scene of a plot, null where it has none, or none that could be drawn.
 * @param {PlotElement} plot */
export function sceneOf(plot) {
  const layout = layoutOf(plot);
  return layout?.scene?._scene?.glplot?.cameraParams ? new Scene(layout) : null;
}

/** Brings what a camera is still to do into the past: it keeps places and when it is to be there, shows where it was two
 * `delay`s ago, and takes no place before its last one.
 * @param {{ delay: number, view: { _controllerList: object[] } }} camera plotly.js's own */
function catchUp({ delay, view }) {
  const past = performance.now() - 2 * delay;
  for (const controller of view._controllerList) {
    for (const part of [controller, ...Object.values(controller)].filter((part) => Array.isArray(part?._time))) {
      part._time = part._time.map((/** @type {number} */ time) => Math.min(time, past));
    }
  }
}

/**
 * A drawn scene.
 * @implements {Area}
 */
export class Scene {
  /** @param {any} layout plotly.js's own */
  constructor(layout) {
    this.inner = layout.scene._scene;
    const { domain } = layout.scene;
    const { l, t, w, h } = layout._size;
    this.left = l + domain.x[0] * w;
    this.top = t + (1 - domain.y[1]) * h;
    this.width = (domain.x[1] - domain.x[0]) * w;
    this.height = (domain.y[1] - domain.y[0]) * h;
  }

  /** The camera's three matrices as WebGL has them.
   * @returns {{ projection: ArrayLike<number>, view: ArrayLike<number>, model: ArrayLike<number> }} */
  get camera() {
    return this.inner.glplot.cameraParams;
  }

  /** By what plotly.js multiplies data coordinates.
   * @returns {[number, number, number]} */
  get scale() {
    return this.inner.dataScale;
  }

  /** Calls `act` after each of its drawings; each turn of the camera is one, and plotly.js tells of few of them.
   * @param {() => void} act */
  afterDrawing(act) {
    const { glplot } = this.inner;
    const theirs = glplot.onrender;
    if (glplot.told) return;
    glplot.told = true;
    glplot.onrender = () => {
      theirs?.();
      act();
    };
  }

  /** Where it is looked at from.
   * @returns {Camera} */
  get looked() {
    return this.inner.getCamera();
  }

  /** Looks from another place, from the next drawing on.
   * @param {Camera} camera */
  look(camera) {
    const { inner } = this;
    catchUp(inner.camera);
    inner.setViewport({ ...inner.fullSceneLayout, camera: { ...inner.fullSceneLayout.camera, ...camera } });
  }

  /** Has the camera turn at once, and as far as the hand does: left to itself it goes on at the speed of the last move
   * until the next drawing, which comes late on a busy machine, and hears no hand for half a second after each figure. */
  turnAtOnce() {
    const { camera } = this.inner;
    const { view } = camera;
    catchUp(camera);
    if (Object.hasOwn(view, "rotate")) return; // it does already
    for (const name of ["rotate", "pan"]) {
      const theirs = view[name];
      // An object's own methods go before those it inherits.
      view[name] = (/** @type {unknown[]} */ ...move) => {
        catchUp(camera);
        theirs.apply(view, move);
        view.idle(view.lastT());
      };
    }
  }

  /** What its traces say of themselves.
   * @returns {(Meta | undefined)[]} */
  get metas() {
    return Object.values(this.inner.traces).map(({ data }) => data?.meta);
  }

  /** Hides those traces for which `hides(meta)` is true, and shows the others.
   * @param {(meta: Meta | undefined) => boolean} hides */
  hide(hides) {
    let changed = false;
    for (const { data, ...trace } of Object.values(this.inner.traces)) {
      const hidden = hides(data?.meta);
      for (const part of PARTS.map((name) => trace[name]).filter(Boolean)) {
        if (Object.hasOwn(part, "isOpaque") === hidden) continue;
        changed = true;
        // An object's own methods go before those it inherits.
        if (hidden) Object.assign(part, HIDDEN);
        else for (const name of Object.keys(HIDDEN)) delete part[name];
      }
    }
    if (changed) this.inner.glplot.redraw();
  }
}

/** Lets labels under the pointer say numbers as the rest of the page does: 1.2 × 10⁻⁷, where d3 would write 1.2e-7.
 *
 * plotly.js makes what it formats numbers with anew at every change of the layout, so this is called after each drawing.
 * @param {PlotElement} plot */
export function writePlainly(plot) {
  const locale = layoutOf(plot)?._d3locale;
  const theirs = locale?.numberFormat;
  if (!theirs || theirs === locale.plain) return;
  locale.plain = (/** @type {string} */ wanted) => {
    const digits = /^\.(\d+)~g$/.exec(wanted)?.[1];
    return digits ? (/** @type {number} */ value) => format(value, Number(digits)) : theirs(wanted);
  };
  locale.numberFormat = locale.plain;
}

/** Forgets the ranges that a figure had where the `next` one has others: against them plotly.js holds axes of one scale,
 * and would widen the new ones.
 * @param {PlotElement} plot
 * @param {Record<string, any> | undefined} before the layout as it was sent
 * @param {Record<string, any>} next */
export function forgetRanges(plot, before, next) {
  const parts = /** @type {any[]} */ (Object.values(layoutOf(plot)?._plots ?? {}));
  for (const axis of parts.flatMap(({ xaxis, yaxis }) => [xaxis, yaxis])) {
    const name = axis?._name;
    if (String(before?.[name]?.range) !== String(next[name]?.range)) delete axis?._inputRange;
  }
}

/** Gives axes other ranges, and leaves the margins as they are: for tick labels of another width plotly.js would draw all
 * of the chart a second time at once. `fitMargins` does that when the hand has seen the first.
 * @param {PlotElement} plot
 * @param {Record<string, unknown>} changes of the layout
 * @returns {Promise<unknown>} */
export function setRanges(plot, changes) {
  const layout = layoutOf(plot);
  if (layout) layout._replotting = true; // as while a visitor drags an axis; the end of the drawing takes it back
  return globalThis.Plotly.relayout(plot, changes);
}

// The sides of a plot, and where along it what stands there wants its room.
const SIDES = /** @type {const} */ ([["l", 0], ["r", 1], ["t", 1], ["b", 0]]);

/** Makes the margins as wide as the tick labels need them; does nothing where they are.
 * @param {PlotElement} plot */
export function fitMargins(plot) {
  const { _pushmargin: wanted, _size: given } = layoutOf(plot);
  const tight = Object.values(wanted ?? {}).some((room) =>
    SIDES.some(([side, end]) => room[side]?.val === end && room[side].size > given[side] + 1)
  );
  if (tight) globalThis.Plotly.relayout(plot, { "margin.autoexpand": true });
}
