// From data to pixels, for tracing.js: through flat axes, or through the camera of a scene onto its surface.
import { axesOf } from "./overlay.js";
import { reliefOf } from "./relief.js";
import { pixel, strokes } from "./strokes.js";

/** The view of a trace of a drawn plot; null while there is none. `traces` are all the figure's. */
export function viewOf(trace, plot, traces) {
  const layout = plot._fullLayout;
  if (trace.type !== "scatter3d") return new FlatView(...axesOf(trace, layout));
  const relief = reliefOf(traces);
  return relief && sceneOf(plot) ? new SceneView(plot, relief) : null;
}

/** Plotly's own scene, where the plot has one and it could be drawn. */
export function sceneOf(plot) {
  const scene = plot._fullLayout?.scene?._scene;
  return scene?.glplot?.cameraParams ? scene : null;
}

class FlatView {
  constructor(xaxis, yaxis) {
    this.axes = [xaxis, yaxis];
    [this.left, this.top, this.width, this.height] = [xaxis._offset, yaxis._offset, xaxis._length, yaxis._length];
    /** Changes when pixels do. */
    this.key = [xaxis.range, yaxis.range, this.width, this.height].join();
  }

  /** The pixel of data coordinates, null where there is none. */
  pixel(point) {
    return pixel(...this.axes, ...point);
  }

  across(x) {
    return this.axes[0].c2p(x);
  }

  /** A point on the straight line that is drawn from one place to the next. */
  between(here, next, share) {
    const from = this.pixel(here);
    const to = share && from !== null ? this.pixel(next) : null;
    return to === null ? from : from.map((value, axis) => value + share * (to[axis] - value));
  }

  /** The path through `points` as text. */
  path(points) {
    return strokes(points.map((point) => this.pixel(point)), this.width, this.height).join("");
  }

  /** A trace's own points as pixels. */
  vertices({ x, y }) {
    return Array.from({ length: Math.min(x.length, y.length) }, (_, index) => this.pixel([x[index], y[index]]));
  }
}

export class SceneView {
  constructor(plot, relief) {
    this.relief = relief;
    this.scene = sceneOf(plot);
    const { domain } = plot._fullLayout.scene;
    const { l, t, w, h } = plot._fullLayout._size;
    [this.left, this.top] = [l + domain.x[0] * w, t + (1 - domain.y[1]) * h];
    [this.width, this.height] = [(domain.x[1] - domain.x[0]) * w, (domain.y[1] - domain.y[0]) * h];
    const { projection, view, model } = this.scene.glplot.cameraParams;
    this.matrix = product(projection, product(view, model));
    this.key = [...this.matrix, this.width, this.height].join();
  }

  pixel(point, lift) {
    return this.projected(this.relief.stand(point, lift));
  }

  between(here, next, share) {
    return this.pixel(share ? here.map((value, axis) => value + share * (next[axis] - value)) : here);
  }

  path(points) {
    const places = this.relief.drape(points).flat();
    return strokes(places.map((place) => this.projected(place)), this.width, this.height).join("");
  }

  /** The trace lies on the surface already. */
  vertices({ x, y, z }) {
    return Array.from({ length: x.length }, (_, index) => this.projected([x[index], y[index], z[index]]));
  }

  projected(place) {
    if (place === null) return null;
    const scale = this.scene.dataScale;
    const [x, y, , w] = times(this.matrix, [...place.map((value, axis) => value * scale[axis]), 1]);
    if (!(w > 0) || !Number.isFinite(x + y)) return null;
    return [(0.5 + (0.5 * x) / w) * this.width, (0.5 - (0.5 * y) / w) * this.height];
  }

  /** The data coordinates on the surface that are seen at a pixel; null where it is not seen. */
  seenAt(across, down) {
    const inverse = inverted(this.matrix);
    if (inverse === null) return null;
    const [x, y] = [(2 * across) / this.width - 1, 1 - (2 * down) / this.height];
    const [near, far] = [-1, 1].map((depth) => {
      const place = times(inverse, [x, y, depth, 1]);
      return this.scene.dataScale.map((scale, axis) => place[axis] / place[3] / scale);
    });
    return this.relief.met(near, far);
  }
}

// Matrices as WebGL has them: 16 numbers, column by column.

function times(matrix, vector) {
  return [0, 1, 2, 3].map((row) => vector.reduce((sum, value, column) => sum + matrix[4 * column + row] * value, 0));
}

function product(a, b) {
  return [0, 1, 2, 3].flatMap((column) => times(a, Array.from(b).slice(4 * column, 4 * column + 4)));
}

/** By Gauss and Jordan; null where there is none. */
function inverted(matrix) {
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
