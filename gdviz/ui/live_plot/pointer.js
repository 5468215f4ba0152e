// From the pointer to the data: where in an axes' own units, or on a scene's surface, is this pixel?
import { reliefOf } from "./relief.js";
import { sceneOf, SceneView } from "./views.js";

/** The cartesian subplots of a drawn plot, as `{ xaxis, yaxis }`. */
function subplots(plot) {
  return Object.values(plot._fullLayout?._plots ?? {}).filter(({ xaxis, yaxis }) => xaxis && yaxis);
}

export function firstSubplot(plot) {
  return subplots(plot)[0];
}

/** Only as many digits as a tenth of a pixel is worth: short links, and nothing that a hand could tell apart. */
function rounded(axis, pixel) {
  const value = axis.p2d(pixel);
  const worth = Math.abs(axis.p2d(pixel + 0.1) - value);
  if (!Number.isFinite(value) || !(worth > 0)) return value;
  const digits = Math.min(15, Math.max(1, Math.ceil(Math.log10(Math.abs(value) / worth)) + 1));
  return value === 0 || Math.abs(value) < worth ? 0 : Number(value.toPrecision(digits));
}

/** Data coordinates of a point in the window, or null outside of `subplot` (with `clamp`: of its nearest edge). */
export function dataAt(plot, subplot, clientX, clientY, clamp = false) {
  const box = plot.getBoundingClientRect();
  const { xaxis, yaxis } = subplot;
  let x = clientX - box.left - xaxis._offset;
  let y = clientY - box.top - yaxis._offset;
  if (clamp) {
    x = Math.min(xaxis._length, Math.max(0, x));
    y = Math.min(yaxis._length, Math.max(0, y));
  } else if (x < 0 || x > xaxis._length || y < 0 || y > yaxis._length) {
    return null;
  }
  const point = { x: rounded(xaxis, x), y: rounded(yaxis, y) };
  return Number.isFinite(point.x) && Number.isFinite(point.y) ? point : null;
}

/** Reports clicks and taps anywhere in a plot area.
 *
 * Plotly's own plotly_click snaps to points and is silent between them; and while a button is down Plotly covers the
 * page with an element of its own, so there is no DOM click either. Hence pointer events, down and up at one place. */
export function reportClicks(figure, plot, report) {
  let last = -Infinity;
  figure.addEventListener("pointerdown", (down) => {
    if (!down.isPrimary || down.button !== 0 || !down.target.closest(".draglayer, .gl-container")) return;
    const forget = new AbortController();
    const { signal } = forget;
    window.addEventListener("pointercancel", () => forget.abort(), { signal, capture: true });
    window.addEventListener(
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

function clicked(plot, clientX, clientY) {
  const relief = sceneOf(plot) && reliefOf(plot.data);
  if (relief) return surfaceAt(plot, relief, clientX, clientY);
  for (const subplot of plot._fullLayout ? subplots(plot) : []) {
    const point = dataAt(plot, subplot, clientX, clientY);
    if (point) return point;
  }
  return null;
}

/** Data coordinates of the place on a scene's surface that is seen at a point in the window, or null. */
function surfaceAt(plot, relief, clientX, clientY) {
  const box = plot.getBoundingClientRect();
  const view = new SceneView(plot, relief);
  const seen = view.seenAt(clientX - box.left - view.left, clientY - box.top - view.top);
  return seen && { x: seen[0], y: seen[1] };
}

export { subplots };
