// From the pointer to the data: where in an axes' own units, or on a scene's surface, is this pixel?
import { hand } from "./outbox.js";
import { allAxes, isOverPlot, sceneOf } from "./plotly_internals.js";
import { reliefOf } from "./relief.js";
import { FlatView, SceneView } from "./views.js";

/**
 * @import { Axes } from "./plotly_internals.js"
 * @import { AxisLike, PlotElement, Point, StartEvent } from "./types.d.ts"
 * @typedef {{ x: number, y: number }} Data
 */

/** Only as many digits as a tenth of a pixel is worth: short links, and nothing that a hand could tell apart.
 * @param {Pick<AxisLike, "value">} axis
 * @param {number} pixel */
export function rounded(axis, pixel) {
  const value = axis.value(pixel);
  const worth = Math.abs(axis.value(pixel + 0.1) - value);
  if (!Number.isFinite(value) || !(worth > 0)) return value;
  const digits = Math.min(15, Math.max(1, Math.ceil(Math.log10(Math.abs(value) / worth)) + 1));
  return value === 0 || Math.abs(value) < worth ? 0 : Number(value.toPrecision(digits));
}

/** Data coordinates of a point in the window, or null outside of `axes` (with `clamp`: of their nearest edge).
 * @param {HTMLElement} plot
 * @param {Axes} axes
 * @param {number} clientX
 * @param {number} clientY
 * @returns {Data | null} */
export function dataAt(plot, axes, clientX, clientY, clamp = false) {
  const box = plot.getBoundingClientRect();
  let x = clientX - box.left - axes.left;
  let y = clientY - box.top - axes.top;
  if (clamp) {
    [x, y] = [within(x, axes.width), within(y, axes.height)];
  } else if (x < 0 || x > axes.width || y < 0 || y > axes.height) {
    return null;
  }
  return dataOn(axes, x, y);
}

/** Data coordinates of a pixel on flat axes; null where they have none.
 * @param {Axes} axes
 * @param {number} x
 * @param {number} y
 * @returns {Data | null} */
function dataOn(axes, x, y) {
  const point = { x: rounded(axes.x, x), y: rounded(axes.y, y) };
  return Number.isFinite(point.x) && Number.isFinite(point.y) ? point : null;
}

/** The nearest number from 0 to `most`.
 * @param {number} value
 * @param {number} most */
const within = (value, most) => Math.min(most, Math.max(0, value));

/** What the places of a chart are seen through: a scene's camera, or else the first flat axes; null before it is drawn.
 * @param {PlotElement} plot */
export function groundOf(plot) {
  const scene = sceneOf(plot);
  const relief = scene && reliefOf(plot.data ?? []);
  if (relief) return new SceneView(scene, relief);
  const axes = allAxes(plot).at(0);
  return axes ? new FlatView(axes) : null;
}

/** Data coordinates of a point in the window: on flat axes of their nearest edge if it is outside, of a scene where its
 * surface is seen there, or null.
 * @param {PlotElement} plot
 * @param {FlatView | SceneView} ground
 * @param {number} clientX
 * @param {number} clientY
 * @returns {Data | null} */
export function placeAt(plot, ground, clientX, clientY) {
  if (ground instanceof FlatView) return dataAt(plot, ground.axes, clientX, clientY, true);
  const box = plot.getBoundingClientRect();
  const seen = ground.seenAt(clientX - box.left - ground.left, clientY - box.top - ground.top);
  return seen && { x: seen[0], y: seen[1] };
}

/** The place that lies beside another by `way`, in shares of what is seen, and within it; null where there is none.
 * @param {FlatView | SceneView} ground
 * @param {Data} place
 * @param {Point} way to the right and up
 * @returns {Data | null} */
export function beside(ground, { x, y }, [right, up]) {
  if (ground instanceof SceneView) {
    const [across, along] = ground.relief.share([x, y]);
    const [to, on] = ground.relief.data([within(across + right, 1), within(along + up, 1)]);
    return { x: to, y: on };
  }
  const pixel = ground.pixel([x, y]);
  if (!pixel) return null;
  const { axes, width, height } = ground;
  return dataOn(axes, within(pixel[0] + right * width, width), within(pixel[1] - up * height, height));
}

/** Reports clicks and taps anywhere in a plot area.
 *
 * Plotly's own plotly_click snaps to points and is silent between them; and while a button is down Plotly covers the
 * page with an element of its own, so there is no DOM click either. Hence pointer events, down and up at one place.
 * @param {HTMLElement} figure
 * @param {PlotElement} plot
 * @param {(click: { kind: "click" } & Data) => void} report */
export function reportClicks(figure, plot, report) {
  let last = -Infinity;
  figure.addEventListener("pointerdown", (down) => {
    if (!down.isPrimary || down.button !== 0 || !isOverPlot(down.target)) return;
    const forget = new AbortController();
    const { signal } = forget;
    globalThis.addEventListener("pointercancel", () => forget.abort(), { signal, capture: true });
    globalThis.addEventListener(
      "pointerup",
      (up) => {
        forget.abort();
        const moved = Math.hypot(up.clientX - down.clientX, up.clientY - down.clientY);
        const twice = up.timeStamp - last < 300; // the second half of a double click resets the zoom
        if (moved > 5 || up.timeStamp - down.timeStamp > 800 || twice) return;
        const point = clicked(plot, up.clientX, up.clientY);
        if (!point) return;
        last = up.timeStamp;
        report({ kind: "click", ...point });
      },
      { signal, capture: true },
    );
  });
}

/** Reports where a hand is that presses anywhere in a plot area and moves, and where it lets go: the nearest place on
 * the first axes.
 * @param {HTMLElement} figure
 * @param {PlotElement} plot
 * @param {() => boolean} wanted
 * @param {(event: StartEvent) => void} report */
export function reportDrags(figure, plot, wanted, report) {
  figure.addEventListener("pointerdown", (down) => {
    if (!wanted() || !down.isPrimary || down.button !== 0 || !isOverPlot(down.target)) return;
    const done = new AbortController();
    const told = (/** @type {PointerEvent} */ event, /** @type {StartEvent["phase"]} */ phase) => {
      const axes = allAxes(plot).at(0);
      const point = axes && dataAt(plot, axes, event.clientX, event.clientY, true);
      if (point) report({ kind: "start", ...point, phase });
    };
    /** @type {<Name extends keyof WindowEventMap>(name: Name, heard: (event: WindowEventMap[Name]) => void) => void} */
    const listen = (name, heard) => globalThis.addEventListener(name, heard, { signal: done.signal, capture: true });
    const end = () => {
      done.abort();
      hand.set(false);
    };
    hand.set(true);
    listen("pointermove", (event) => told(event, "move"));
    listen("pointerup", (event) => {
      end();
      told(event, "end");
    });
    listen("pointercancel", end);
  });
}

/**
 * @param {PlotElement} plot
 * @param {number} clientX
 * @param {number} clientY
 */
function clicked(plot, clientX, clientY) {
  const ground = groundOf(plot);
  if (ground instanceof SceneView) return placeAt(plot, ground, clientX, clientY);
  for (const axes of allAxes(plot)) {
    const point = dataAt(plot, axes, clientX, clientY);
    if (point) return point;
  }
  return null;
}
