// From data to pixels, for run_drawing.js: through flat axes, or through the camera of a scene onto its surface.
import { axesOf, sceneOf } from "./plotly_internals.js";
import { mix, reliefOf } from "./relief.js";
import { stroke, strokes } from "./strokes.js";
import { thinCurve, thinPath } from "./thinning.js";

/**
 * @import { Axes, Scene } from "./plotly_internals.js"
 * @import { Relief } from "./relief.js"
 * @import { Numbers, PathInSpace, Place, PlotElement, Point, Trace, View } from "./types.d.ts"
 */

/** The view of a trace of a drawn plot; null while there is none.
 * @param {Trace} trace
 * @param {PlotElement} plot
 * @param {Trace[]} traces all the figure's
 * @returns {View | null} */
export function viewOf(trace, plot, traces) {
  if (trace.type !== "scatter3d") return new FlatView(axesOf(plot, trace));
  const relief = reliefOf(traces);
  const scene = relief && sceneOf(plot);
  return scene && new SceneView(scene, relief);
}

/**
 * @param {Numbers} values
 * @param {number} rows
 * @param {(value: number) => number} place
 */
function placed(values, rows, place) {
  const found = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) found[row] = place(values[row]);
  return found;
}

const BESIDE = 0.05; // of the window: what is seen there is another place

const rooms = [new Float64Array(0), new Float64Array(0)];

/** Room for the pixels of a path in one direction, until the next path is drawn: each frame draws a dozen.
 * @param {number} way
 * @param {number} rows */
function roomFor(way, rows) {
  if (rooms[way].length < rows) rooms[way] = new Float64Array(2 * rows);
  return rooms[way];
}

/** @implements {View} */
export class FlatView {
  /** @param {Axes} axes */
  constructor(axes) {
    this.axes = axes;
    this.left = axes.left;
    this.top = axes.top;
    this.width = axes.width;
    this.height = axes.height;
    this.key = [axes.x.range, axes.y.range, this.width, this.height].join();
  }

  /** @param {Point} point */
  pixel(point) {
    return this.axes.pixel(point);
  }

  /** Nothing hides anything.
   * @param {Point} _point */
  hides(_point) {
    return false;
  }

  /** @param {number} x */
  across(x) {
    return this.axes.x.pixel(x);
  }

  /**
   * @param {Point} here
   * @param {Point | null} next
   * @param {number} [share]
   */
  between(here, next, share) {
    const from = this.pixel(here);
    if (!share || next === null || from === null) return from;
    const to = this.pixel(next);
    return to === null ? from : mix(from, to, share);
  }

  /**
   * @param {Numbers} xs
   * @param {Numbers} ys
   * @param {number} rows
   * @param {boolean} counted
   */
  path(xs, ys, rows, counted) {
    const across = this.axes.x.pixels(xs, rows, roomFor(0, rows));
    const down = this.axes.y.pixels(ys, rows, roomFor(1, rows));
    const kept = (counted ? thinCurve : thinPath)(across, down, rows);
    return stroke(across, down, kept, this.width, this.height);
  }

  /** @param {Trace} trace */
  vertices({ x, y }) {
    return Array.from({ length: Math.min(x.length, y.length) }, (_, index) => this.pixel([x[index], y[index]]));
  }
}

/** @implements {View} */
export class SceneView {
  /**
   * @param {Scene} scene
   * @param {Relief} relief
   */
  constructor(scene, relief) {
    this.relief = relief;
    this.scale = scene.scale;
    this.left = scene.left;
    this.top = scene.top;
    this.width = scene.width;
    this.height = scene.height;
    const { projection, view, model } = scene.camera;
    this.matrix = product(projection, product(view, model));
    this.key = [...this.matrix, this.width, this.height].join();
  }

  /**
   * @param {Point} point
   * @param {number} [lift]
   */
  pixel(point, lift) {
    return this.projected(this.relief.stand(point, lift));
  }

  /** No epochs are counted in a scene. */
  across() {
    return NaN;
  }

  /**
   * @param {Point} here
   * @param {Point | null} next
   * @param {number} [share]
   */
  between(here, next, share) {
    return this.pixel(share && next ? mix(here, next, share) : here);
  }

  /**
   * @param {Numbers} xs
   * @param {Numbers} ys
   * @param {number} rows
   */
  path(xs, ys, rows) {
    const [{ low, size }, { width, height }] = [this.relief, this];
    const across = placed(xs, rows, (value) => ((value - low[0]) / size[0]) * width);
    const down = placed(ys, rows, (value) => ((value - low[1]) / size[1]) * height);
    const places = this.relief.drape(thinPath(across, down, rows).map((row) => [xs[row], ys[row]])).flat();
    return strokes(places.map((place) => this.projected(place)), this.width, this.height).join("");
  }

  /** The trace lies on the surface already.
   * @param {Trace} trace */
  vertices(trace) {
    const { x, y, z } = /** @type {PathInSpace} */ (trace);
    return Array.from({ length: x.length }, (_, index) => this.projected([x[index], y[index], z[index]]));
  }

  /** @param {Place | null} place
   * @returns {Point | null} */
  projected(place) {
    if (place === null) return null;
    const [x, y, , w] = times(this.matrix, [...place.map((value, axis) => value * this.scale[axis]), 1]);
    if (!(w > 0) || !Number.isFinite(x + y)) return null;
    return [(0.5 + (0.5 * x) / w) * this.width, (0.5 - (0.5 * y) / w) * this.height];
  }

  /** Is a place of the surface behind a hill?
   * @param {Point} point */
  hides(point) {
    const pixel = this.pixel(point, 0);
    const seen = pixel && this.seenAt(...pixel);
    if (!seen) return false;
    const [[x, y], [right, up]] = [this.relief.share(point), this.relief.share(seen)];
    return Math.hypot(right - x, up - y) > BESIDE;
  }

  /** The data coordinates on the surface that are seen at a pixel; null where it is not seen.
   * @param {number} across
   * @param {number} down */
  seenAt(across, down) {
    const inverse = inverted(this.matrix);
    if (inverse === null) return null;
    const [x, y] = [(2 * across) / this.width - 1, 1 - (2 * down) / this.height];
    /** @type {(depth: number) => Place} */
    const at = (depth) => {
      const [a, b, c, w] = times(inverse, [x, y, depth, 1]);
      return [a / w / this.scale[0], b / w / this.scale[1], c / w / this.scale[2]];
    };
    return this.relief.met(at(-1), at(1));
  }
}

// Matrices as WebGL has them: 16 numbers, column by column.

/**
 * @param {ArrayLike<number>} matrix
 * @param {number[]} vector
 */
function times(matrix, vector) {
  return [0, 1, 2, 3].map((row) => vector.reduce((sum, value, column) => sum + matrix[4 * column + row] * value, 0));
}

/**
 * @param {ArrayLike<number>} a
 * @param {ArrayLike<number>} b
 */
export function product(a, b) {
  return [0, 1, 2, 3].flatMap((column) => times(a, Array.from(b).slice(4 * column, 4 * column + 4)));
}

/** By Gauss and Jordan; null where there is none.
 * @param {ArrayLike<number>} matrix */
export function inverted(matrix) {
  const rows = [0, 1, 2, 3].map((row) => [
    ...[0, 1, 2, 3].map((column) => matrix[4 * column + row]),
    ...[0, 1, 2, 3].map((column) => Number(column === row)),
  ]);
  for (let column = 0; column < 4; column += 1) {
    const sizes = rows.map((row, index) => (index < column ? -1 : Math.abs(row[column])));
    const pivot = sizes.indexOf(Math.max(...sizes));
    if (!(sizes[pivot] > 0)) return null;
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    rows[column] = rows[column].map((value) => value / rows[column][column]);
    rows.forEach((row, index) => {
      if (index !== column) rows[index] = row.map((value, place) => value - row[column] * rows[column][place]);
    });
  }
  return [0, 1, 2, 3].flatMap((column) => rows.map((row) => row[4 + column]));
}
