// Axes that make room while a hand moves: a run that goes on for longer, or comes lower, than the one at rest is not cut
// off. They only grow, so that the picture stays calm; when the hand rests, the true figure brings its own again.
import { axesOf } from "./overlay.js";

const APART = 150; // ms between two changes of the axes: each lays the chart out anew
const ROOM = 0.15; // of the new length, so that the next run may well fit
const MOST = 4; // lengths of the axis at rest: what shoots off further may leave the picture

export class Growth {
  constructor() {
    this.rest = new Map(); // by axis, what it was at rest
    this.last = -Infinity;
  }

  get grown() {
    return this.rest.size > 0;
  }

  /** Gives the axes back what they were, before the true figure is drawn: Plotly would keep ours for a visitor's. */
  async end(plot) {
    clearTimeout(this.timer);
    if (!this.grown) return;
    const changes = [...this.rest].map((
      [name, { range, auto }],
    ) => (auto ? [`${name}.autorange`, true] : [`${name}.range`, range]));
    this.rest.clear();
    await window.Plotly.relayout(plot, Object.fromEntries(changes));
  }

  /** Makes room for the run that is `shown()`, at once or a moment later; `given` is the true figure's layout. */
  follow(plot, given, pieces, shown) {
    clearTimeout(this.timer);
    const wait = this.last + APART - performance.now();
    if (wait > 0) {
      this.timer = setTimeout(() => this.follow(plot, given, pieces, shown), wait);
      return;
    }
    const now = shown();
    if (now?.kind !== "rung") return;
    const changes = this.changes(plot._fullLayout, given, pieces, now);
    if (Object.keys(changes).length === 0) return;
    this.last = performance.now();
    window.Plotly.relayout(plot, changes);
  }

  changes(layout, given, pieces, shown) {
    const changes = {};
    for (const [axis, [low, high]] of extents(layout, pieces, shown)) {
      if (!this.rest.has(axis._name) && isZoomed(axis, given)) continue;
      const [first, last] = axis.range;
      const rest = this.rest.get(axis._name) ?? { range: [first, last], auto: Boolean(axis.autorange) };
      const [a, b] = rest.range;
      const room = ROOM * (Math.max(high, last) - Math.min(low, first));
      const across = axis._id.startsWith("x"); // epochs come to an end, and need no room beyond it
      const from = low < first ? Math.max(low - room, a - MOST * (b - a)) : first;
      const to = high > last ? (across ? high : Math.min(high + room, b + MOST * (b - a))) : last;
      if (from >= first && to <= last) continue;
      this.rest.set(axis._name, rest);
      changes[`${axis._name}.range`] = [Math.min(from, first), Math.max(to, last)];
    }
    return changes;
  }
}

/** From each axis that counts epochs, and those beside them, to the least and the greatest that is drawn along it. */
function extents(layout, pieces, { reel, rung: only, row }) {
  const found = new Map();
  for (const { trace, meta, box } of pieces) {
    if (meta.x !== "epoch" || meta.part !== "line" || box.style.display === "none") continue;
    const rung = meta.run ?? only;
    const rows = row === undefined ? reel.rungs[rung].rows : row + 1;
    const [xaxis, yaxis] = axesOf(trace, layout);
    const column = reel.column(meta.y);
    for (let index = 0; index < rows; index += 1) {
      const value = reel.at(rung, index, column);
      const up = meta.unit ? Math.sign(value) * Math.log10(1 + Math.abs(value) / meta.unit) : value;
      stretch(found, xaxis, reel.epoch(rung, index));
      stretch(found, yaxis, up);
    }
  }
  return found;
}

function stretch(found, axis, value) {
  const place = axis.d2l(value);
  if (!Number.isFinite(place)) return;
  const [low, high] = found.get(axis) ?? [place, place];
  found.set(axis, [Math.min(low, place), Math.max(high, place)]);
}

/** Has the visitor chosen what is seen along this axis, which the figure `given` leaves to Plotly or sets itself? */
function isZoomed(axis, given) {
  if (axis.autorange) return false;
  const range = given[axis._name]?.range;
  const same = (one, other) => Math.abs(one - other) <= 1e-9 * Math.abs(axis.range[1] - axis.range[0]);
  return !range || !range.every((end, index) => same(end, axis.range[index]));
}
