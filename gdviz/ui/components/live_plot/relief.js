// The drawn surface of a scene as numbers: its height at a place, a path laid upon it, and where a line of sight meets
// it. The same as landscapes/relief.py, with its numbers, for runs that Python has not drawn.

/** @import { Numbers, Place, Point, Surface, Trace } from "./types.d.ts" */

/**
 * A part of a line in the window: its ends, and which share of the whole line they are.
 * @typedef {{ first: Point, last: Point, begin: number, end: number, length: number }} Span
 */

const LOOKS = 400; // along a line of sight
const HALVINGS = 30;

/** @type {WeakMap<object, Relief>} */
const reliefs = new WeakMap();

/** The relief of a surface trace (one for the same heights), or null where there is none.
 * @param {Trace[]} traces
 * @returns {Relief | null} */
export function reliefOf(traces) {
  const trace = /** @type {Surface | undefined} */ (traces.find(({ type }) => type === "surface"));
  if (!trace) return null;
  const relief = reliefs.get(trace.z) ?? new Relief(trace);
  reliefs.set(trace.z, relief);
  return relief;
}

export class Relief {
  /** @param {Surface} surface */
  constructor({ x, y, z, meta }) {
    /** @type {ArrayLike<Numbers>} */
    this.z = z;
    this.laying = meta;
    /** @type {Point} */
    this.low = [x[0], y[0]];
    /** @type {Point} */
    this.size = [x[x.length - 1] - x[0], y[y.length - 1] - y[0]];
    this.cells = [x.length - 1, y.length - 1];
  }

  /** Where data coordinates lie in the window: 0 to 1 inside of it.
   * @param {Point} point
   * @returns {Point} */
  share([x, y]) {
    return [(x - this.low[0]) / this.size[0], (y - this.low[1]) / this.size[1]];
  }

  /** The other way round.
   * @param {Point} share
   * @returns {Point} */
  data([across, along]) {
    return [this.low[0] + across * this.size[0], this.low[1] + along * this.size[1]];
  }

  /** The height at a share of the window; NaN where there is no surface. At the edge of a hole: of the corners there.
   * @param {Point} share */
  height([across, along]) {
    const [right, up] = [across * this.cells[0], along * this.cells[1]];
    const j = Math.min(this.cells[0] - 1, Math.max(0, Math.floor(right)));
    const i = Math.min(this.cells[1] - 1, Math.max(0, Math.floor(up)));
    const [u, v] = [right - j, up - i];
    let [sum, total] = [0, 0];
    /** @type {(value: number, weight: number) => void} */
    const corner = (value, weight) => {
      if (!Number.isFinite(value)) return;
      sum += weight * value;
      total += weight;
    };
    corner(this.z[i][j], (1 - v) * (1 - u));
    corner(this.z[i][j + 1], (1 - v) * u);
    corner(this.z[i + 1][j], v * (1 - u));
    corner(this.z[i + 1][j + 1], v * u);
    return total > 1e-9 ? sum / total : NaN;
  }

  /** x, y, z upon the surface, `lift` above it; null outside of the window and where there is no surface.
   * @param {Point} point
   * @returns {Place | null} */
  stand(point, lift = this.laying.lift) {
    const share = this.share(point);
    if (!share.every((value) => value >= 0 && value <= 1)) return null;
    const height = this.height(share);
    return Number.isFinite(height) ? [...point, height + lift] : null;
  }

  /** For each of `points` ([x, y]) what is drawn up to it: places upon the surface, null for a gap.
   * @param {Point[]} points */
  drape(points) {
    const { cells: least, vertices } = this.laying;
    const lines = points.map((point, index) => this.line(points[index - 1], point));
    const length = lines.reduce((sum, line) => sum + (line?.length ?? 0), 0);
    const cells = least * Math.min(1, vertices / Math.max(1, length * least));
    return lines.map((line, index) => (line === null ? [null] : this.laid(line, lines[index - 1], cells)));
  }

  /** The part in the window of the line from one point to the next, in shares; null if there is none.
   * @param {Point | undefined} from
   * @param {Point} to
   * @returns {Span | null} */
  line(from, to) {
    const b = this.share(to);
    const a = from === undefined ? b : this.share(from);
    const way = [b[0] - a[0], b[1] - a[1]];
    if (!way.every(Number.isFinite) || Math.min(largest(a), largest(b)) > this.laying.lost) return null;
    let [begin, end] = [0, 1];
    for (const axis of [0, 1]) {
      if (way[axis] === 0 && (a[axis] < 0 || a[axis] > 1)) return null;
      if (way[axis] === 0) continue;
      const [low, high] = [-a[axis] / way[axis], (1 - a[axis]) / way[axis]];
      begin = Math.max(begin, Math.min(low, high));
      end = Math.min(end, Math.max(low, high));
    }
    if (begin > end) return null;
    /** @type {(along: number) => Point} */
    const at = (along) => [inside(a[0] + along * way[0]), inside(a[1] + along * way[1])];
    const [first, last] = [at(begin), at(end)];
    return { first, last, begin, end, length: largest([last[0] - first[0], last[1] - first[1]]) };
  }

  /** The places along a part of a line, after a gap unless the part before leads up to it.
   * @param {Span} span
   * @param {Span | null | undefined} before
   * @param {number} cells parts of the window
   * @returns {(Place | null)[]} */
  laid({ first, last, begin, length }, before, cells) {
    const joined = before && before.end === 1 && begin === 0;
    const parts = Math.max(1, Math.ceil(length * cells));
    /** @type {(Place | null)[]} */
    const places = joined ? [] : [null];
    for (let part = joined ? 1 : 0; part <= parts; part += 1) {
      const share = mix(first, last, part / parts);
      const height = this.height(share);
      places.push(Number.isFinite(height) ? [...this.data(share), height + this.laying.lift] : null);
    }
    return places;
  }

  /** Where the line of sight through two places [x, y, z] first meets the surface, as [x, y]; null if nowhere.
   * @param {Place} from
   * @param {Place} to */
  met(from, to) {
    const [a, b] = [this.share([from[0], from[1]]), this.share([to[0], to[1]])];
    /** @param {number} along */
    const above = (along) => {
      const share = mix(a, b, along);
      const over = share.every((value) => value >= 0 && value <= 1);
      return over ? from[2] + along * (to[2] - from[2]) - this.height(share) : NaN;
    };
    const span = this.line([from[0], from[1]], [to[0], to[1]]);
    if (span === null) return null;
    let [low, was] = [span.begin, above(span.begin)];
    for (let look = 1; look <= LOOKS; look += 1) {
      const high = span.begin + (look / LOOKS) * (span.end - span.begin);
      const now = above(high);
      if (was * now <= 0) return this.data(mix(a, b, crossing(above, low, high, was)));
      [low, was] = [high, now];
    }
    return null;
  }
}

/** @param {number} value */
const inside = (value) => Math.min(1, Math.max(0, value));

/** The point `share` of the way from one to another.
 * @type {(from: Point, to: Point, share: number) => Point} */
export const mix = (from, to, share) => [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];

/** @param {Point} pair */
const largest = (pair) => Math.max(Math.abs(pair[0]), Math.abs(pair[1]));

/** Where `above` changes its sign between low and high, being `was` at low.
 * @param {(along: number) => number} above
 * @param {number} low
 * @param {number} high
 * @param {number} was */
function crossing(above, low, high, was) {
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (was * above(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
