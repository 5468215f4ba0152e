// The pictures that are kept to zoom in and out over: each is seen at its place, magnified, until a sharper one comes.
import { painted } from "./shades.js";
import { sameView, shareAt } from "./zoom.js";

/** @import { Colors, Pixels, View } from "./types.d.ts" */

const MOST = 6;

export class Layers {
  constructor() {
    /** @type {{ view: View, canvas: OffscreenCanvas, pixels: Pixels }[]} the oldest first */
    this.all = [];
    this.painted = 0; // when the last picture was
  }

  clear() {
    this.all = [];
  }

  get some() {
    return this.all.length > 0;
  }

  /** The newest picture of a view, or of any.
   * @param {View} view */
  newest(view) {
    return (this.all.findLast((layer) => sameView(layer.view, view)) ?? this.all.at(-1))?.pixels;
  }

  /** Lays a picture over the others; of one view only the newest stays.
   * @param {Pixels} pixels
   * @param {Colors} colors
   * @param {boolean} here whether its view is the one that is looked at
   * @param {boolean} [partly] */
  add(pixels, colors, here, partly = false) {
    const { side, view } = pixels;
    const canvas = new OffscreenCanvas(side, side);
    const image = new ImageData(side, side);
    new Uint32Array(image.data.buffer).set(painted(pixels, colors));
    canvas.getContext("2d")?.putImageData(image, 0, 0);
    this.painted = performance.now();
    const others = this.all.filter((layer) =>
      !sameView(layer.view, view) || (partly && layer.pixels.rows === layer.pixels.side)
    );
    this.all = [...others.slice(-MOST + 1), { view, canvas, pixels }];
    if (!here) this.all.sort((a, b) => (b.view.x1 - b.view.x0) - (a.view.x1 - a.view.x0));
  }

  /** Draws of each picture the part that is seen, at its place.
   * @param {CanvasRenderingContext2D} pen
   * @param {View} seen
   * @param {number} width
   * @param {number} height */
  draw(pen, seen, width, height) {
    for (const { view, canvas, pixels: { side } } of this.all) {
      const x0 = Math.max(view.x0, seen.x0), x1 = Math.min(view.x1, seen.x1);
      const y0 = Math.max(view.y0, seen.y0), y1 = Math.min(view.y1, seen.y1);
      if (!(x1 > x0 && y1 > y0)) continue;
      const [a, b] = [shareAt(view, x0, y1), shareAt(view, x1, y0)];
      const [p, q] = [shareAt(seen, x0, y1), shareAt(seen, x1, y0)];
      pen.drawImage(
        canvas,
        a[0] * side,
        (1 - a[1]) * side,
        Math.max(1e-3, (b[0] - a[0]) * side),
        Math.max(1e-3, (a[1] - b[1]) * side),
        p[0] * width,
        (1 - p[1]) * height,
        (q[0] - p[0]) * width,
        (p[1] - q[1]) * height,
      );
    }
  }
}
