// Axes that make room while a hand moves: a run that goes on for longer, or comes lower, than the one at rest is not cut
// off. They only grow, so that the picture stays calm; when the hand rests, the true figure brings its own again.
import { extentOf } from "../live/numbers.js";
import { signedLog } from "../live/run.js";
import { axesOf, fitMargins, isDrawn, setRanges } from "./plotly_internals.js";

/**
 * @import { DrawnTrace } from "./run_drawing.js"
 * @import { AxisLike, Layout, Numbers, PlotElement, Point, Shown, Timer } from "./types.d.ts"
 */

/**
 * What is drawn along an axis, from the least to the greatest, in the axis's own units.
 * @typedef {{ axis: AxisLike, extent: Point }} Extent
 * @typedef {{ range: Point, automatic: boolean, room: number }} Rest what an axis is without a hand, and how much room
 *   it gets next
 */

const BETWEEN = 50; // ms from one chart to another: both in one frame would be seen as a jerk
const APART = 150; // ms between two changes of the axes: each draws much of the chart anew
const PAUSE = 250; // ms without another run until the tick labels get their margins: that lays the chart out anew
const ROOM = 0.15; // of the new length, so that the next run may well fit; twice as much each time that it did not
const MOST = 4; // lengths of the axis at rest: what shoots off further may leave the picture

let latest = -Infinity; // when any chart's axes grew

export class GrowingAxes {
  constructor() {
    /** @type {Map<string, Rest>} by axis */
    this.rest = new Map();
    this.last = -Infinity;
    this.tight = false; // the tick labels may be wider than the margins
    /** @type {Timer} */
    this.timer = undefined;
  }

  get grown() {
    return this.rest.size > 0;
  }

  /** Gives the axes back what they were, before the true figure is drawn: Plotly would keep ours for a visitor's.
   * @param {PlotElement} plot */
  async end(plot) {
    clearTimeout(this.timer);
    this.tight = false;
    if (!this.grown) return;
    /** @type {Record<string, unknown>} */
    const changes = {};
    for (const [name, { range, automatic }] of this.rest) {
      if (automatic) changes[`${name}.autorange`] = true;
      else changes[`${name}.range`] = range;
    }
    this.rest.clear();
    await setRanges(plot, changes);
  }

  /** Makes room for the run that is `shown()`, a moment later: never in the frame that draws the run.
   * @param {PlotElement} plot
   * @param {Layout} given the true figure's
   * @param {DrawnTrace[]} pieces
   * @param {() => Shown | null} shown */
  follow(plot, given, pieces, shown) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.grow(plot, given, pieces, shown), Math.max(0, this.wait));
  }

  /** Milliseconds until it may grow. */
  get wait() {
    return Math.max(this.last + APART, latest + BETWEEN) - performance.now();
  }

  /**
   * @param {PlotElement} plot
   * @param {Layout} given
   * @param {DrawnTrace[]} pieces
   * @param {() => Shown | null} shown */
  grow(plot, given, pieces, shown) {
    if (this.wait > 0) {
      this.follow(plot, given, pieces, shown); // another chart was first
      return;
    }
    const now = shown();
    if (now?.kind !== "run" || !isDrawn(plot)) return;
    const changes = this.changes(extents(plot, pieces, now), given);
    if (Object.keys(changes).length === 0) {
      if (this.tight) this.timer = setTimeout(() => this.growMargins(plot, shown), PAUSE);
      return;
    }
    this.tight = true;
    this.last = latest = performance.now();
    setRanges(plot, changes);
  }

  /** The hand pauses: the tick labels get their room.
   * @param {PlotElement} plot
   * @param {() => Shown | null} shown */
  growMargins(plot, shown) {
    if (shown() === null || !isDrawn(plot)) return;
    this.tight = false;
    fitMargins(plot);
  }

  /** The new ranges of those axes that are too short, by their names in a layout; what they were is noted.
   * @param {Extent[]} found
   * @param {Layout} given the true figure's */
  changes(found, given) {
    /** @type {Record<string, Point>} */
    const changes = {};
    for (const { axis, extent } of found) {
      if (!this.rest.has(axis.name) && isZoomed(axis, given)) continue;
      const rest = this.rest.get(axis.name) ?? { range: [...axis.range], automatic: axis.automatic, room: ROOM };
      const range = grown(axis.range, extent, rest.range, axis.horizontal ? 0 : rest.room);
      if (range === null) continue;
      this.rest.set(axis.name, { ...rest, room: 2 * rest.room });
      changes[`${axis.name}.range`] = range;
    }
    return changes;
  }
}

/** The range that holds `extent` too, null if the present one does: with `room` beyond it, a share of its length (none for
 * axes that count epochs, which come to an end), and within `MOST` lengths of the range at rest.
 * @param {Point} range
 * @param {Point} extent
 * @param {Point} rest
 * @param {number} room
 * @returns {Point | null} */
export function grown([first, last], [low, high], [a, b], room) {
  const more = room * (Math.max(high, last) - Math.min(low, first));
  const most = room > 0 ? MOST * (b - a) : Infinity;
  const from = low < first ? Math.max(low - more, a - most) : first;
  const to = high > last ? Math.min(high + more, b + most) : last;
  return from >= first && to <= last ? null : [Math.min(from, first), Math.max(to, last)];
}

/** What is drawn along each axis that counts epochs, and along those beside them.
 * @param {PlotElement} plot
 * @param {DrawnTrace[]} pieces
 * @param {Shown} shown */
function extents(plot, pieces, { runs, row }) {
  /** @type {Map<string, Extent>} */
  const found = new Map();
  for (const { trace, meta, box } of pieces) {
    if (meta.x !== "epoch" || meta.part !== "line" || box.style.display === "none") continue;
    const run = runs[meta.run ?? 0];
    const rows = row === undefined ? run?.rows : row + 1;
    if (!run || rows === 0) continue;
    const axes = axesOf(plot, trace);
    stretch(found, axes.x, [run.epoch(0), run.epoch(rows - 1)]);
    stretch(found, axes.y, ends(run.column(meta.y) ?? [], rows, axes.y).map((value) => signedLog(value, meta.unit)));
  }
  return [...found.values()];
}

/** The least and the greatest of a column's first rows that an axis has a place for.
 * @param {Numbers} values
 * @param {number} rows
 * @param {AxisLike} axis */
export function ends(values, rows, axis) {
  const floor = Number.isFinite(axis.place(0)) ? -Infinity : 0; // a log axis begins above 0
  const [low, high] = extentOf(values, rows, floor);
  return low <= high ? [low, high] : [];
}

/** @param {Map<string, Extent>} found
 * @param {AxisLike} axis
 * @param {number[]} values */
function stretch(found, axis, values) {
  const places = values.map((value) => axis.place(value));
  if (places.length === 0) return;
  const before = found.get(axis.name)?.extent ?? [];
  found.set(axis.name, { axis, extent: [Math.min(...places, ...before), Math.max(...places, ...before)] });
}

/** Has the visitor chosen what is seen along this axis, which the figure `given` leaves to Plotly or sets itself?
 * @param {AxisLike} axis
 * @param {Layout} given */
function isZoomed(axis, given) {
  if (axis.automatic) return false;
  const { range } = /** @type {{ range?: Point }} */ (given[axis.name] ?? {});
  const [first, last] = axis.range;
  /** @type {(one: number, other: number) => boolean} */
  const same = (one, other) => Math.abs(one - other) <= 1e-9 * Math.abs(last - first);
  return !range || !range.every((end, index) => same(end, axis.range[index]));
}
