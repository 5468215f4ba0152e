// While a hand moves, only the path changes and the landscape stays. Laying the landscape out anew takes Plotly about
// 28 ms a frame; an SVG path through the axes' own pixels takes 0.2 ms. So traces with `meta: {moving: true}` are drawn
// here meanwhile, and Plotly draws the true ones when the hand rests.

import { pixel, strokes, written } from "./strokes.js";
import { element } from "./svg.js";

const MOST_MARKERS = 60; // more dots than that say nothing while they move

const isMoving = (piece) => piece.value?.meta?.moving === true && (piece.value.type ?? "scatter") === "scatter";

export class Overlay {
  constructor(figure) {
    this.svg = element("svg", {});
    this.svg.setAttribute("class", "gdviz-overlay");
    this.svg.setAttribute("aria-hidden", "true");
    this.svg.style.display = "none";
    figure.append(this.svg);
    this.shown = false;
  }

  /** May `message` be drawn over what `before` left on the screen? Only if nothing but moving traces changed. */
  canShow(before, message) {
    return (
      before !== undefined &&
      before.layoutDigest === message.layoutDigest &&
      before.template.digest === message.template.digest &&
      before.traces.length === message.traces.length &&
      message.traces.some(isMoving) &&
      message.traces.every((piece, index) => isMoving(piece) || piece.digest === before.traces[index].digest)
    );
  }

  /** Are all points inside of axes that choose their own range? If not, Plotly has to draw, and to choose again. */
  fits(plot, traces) {
    return traces.filter(isMoving).every(({ value }) => {
      const [xaxis, yaxis] = axesOf(value, plot._fullLayout);
      if (!xaxis.autorange && !yaxis.autorange) return true;
      const outside = (axis, pixel) => axis.autorange && (pixel < -1 || pixel > axis._length + 1);
      return pixels(value, xaxis, yaxis).every((point) =>
        point === null || (!outside(xaxis, point[0]) && !outside(yaxis, point[1]))
      );
    });
  }

  show(plot, traces) {
    const layout = plot._fullLayout;
    const drawn = traces.filter((piece) => isMoving(piece) && piece.value.visible !== false);
    this.svg.replaceChildren(
      ...drawn.map(({ value }) => {
        const [xaxis, yaxis] = axesOf(value, layout);
        // A nested svg clips to its own box, so no path leaves the axes.
        const box = element("svg", {});
        const place = { x: xaxis._offset, y: yaxis._offset, width: xaxis._length, height: yaxis._length };
        for (const [name, number] of Object.entries(place)) box.setAttribute(name, number);
        box.append(...marks(value, xaxis, yaxis));
        return box;
      }),
    );
    this.veil(plot, "none");
    this.svg.style.display = "";
    this.shown = true;
  }

  hide(plot) {
    if (!this.shown) return;
    this.veil(plot, "");
    this.svg.style.display = "none";
    this.shown = false;
  }

  /** Hides or shows Plotly's own drawing of the moving traces. */
  veil(plot, display) {
    // Traces with a zorder are in layers of their own: scatterlayer2 and so on.
    for (const node of plot.querySelectorAll('[class*="scatterlayer"] > .trace')) {
      const trace = node.__data__?.[0]?.trace;
      if (trace?.meta?.moving) node.style.display = display;
    }
  }
}

export function axesOf(trace, layout) {
  return ["x", "y"].map((name) => layout[(trace[`${name}axis`] ?? name).replace(/^([xy])/, "$1axis")]);
}

function marks(trace, xaxis, yaxis) {
  const mode = trace.mode ?? "lines";
  const points = pixels(trace, xaxis, yaxis);
  const result = [];
  if (mode.includes("lines")) {
    const path = element("path", {});
    path.setAttribute("d", strokes(points, xaxis._length, yaxis._length).join(""));
    path.setAttribute("fill", "none");
    path.setAttribute("stroke", trace.line?.color ?? "currentColor");
    path.setAttribute("stroke-width", trace.line?.width ?? 2);
    path.setAttribute("stroke-linejoin", "round");
    path.setAttribute("opacity", trace.opacity ?? 1);
    result.push(path);
  }
  if (mode.includes("markers") && points.length <= MOST_MARKERS) {
    const one = (value, otherwise) => (["string", "number"].includes(typeof value) ? value : otherwise);
    const { color, size, symbol, line } = trace.marker ?? {};
    for (const [x, y] of points.filter((point) => point !== null && Math.hypot(...point) < 1e6)) {
      const dot = element("path", {});
      dot.setAttribute("d", shape(symbol, one(size, 6) / 2));
      dot.setAttribute("transform", `translate(${written([x, y])})`);
      dot.setAttribute("fill", one(color, one(line?.color, trace.line?.color ?? "currentColor")));
      dot.setAttribute("stroke", one(line?.color, "none"));
      dot.setAttribute("stroke-width", one(line?.width, 0));
      result.push(dot);
    }
  }
  return result;
}

/** A marker around the origin as Plotly draws it: diamond or square, all others as circles. */
function shape(symbol, radius) {
  const r = symbol === "diamond" ? 1.3 * radius : radius;
  if (symbol === "diamond") return `M${r},0L0,${r}L-${r},0L0,-${r}Z`;
  if (symbol === "square") return `M${r},${r}H-${r}V-${r}H${r}Z`;
  return `M${r},0A${r},${r} 0 1,1 0,-${r}A${r},${r} 0 0,1 ${r},0Z`;
}

/** Where a trace's points lie: [x, y], or null where there is none. */
function pixels(trace, xaxis, yaxis) {
  const xs = trace.x ?? [];
  const ys = trace.y ?? [];
  return Array.from(
    { length: Math.min(xs.length, ys.length) },
    (_, index) => pixel(xaxis, yaxis, xs[index], ys[index]),
  );
}
