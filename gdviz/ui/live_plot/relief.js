// The drawn surface of a scene as numbers: its height at a place, a path laid upon it, and where a line of sight meets
// it. The same as figures/relief.py, for runs that Python has not drawn.

const CELLS = 120; // parts of the window: a draped line has a point at least every one of them
const MOST_POINTS = 3000; // of a draped path; beyond, its points stand farther apart
const LOST = 1e9; // windows: where both ends are farther off, rounding decides where a line crosses the window
const LOOKS = 400; // along a line of sight
const HALVINGS = 30;

const reliefs = new WeakMap();

/** The relief of a surface trace (one for the same heights), or null where there is none. */
export function reliefOf(traces) {
  const trace = traces.find(({ type }) => type === "surface");
  if (!trace) return null;
  if (!reliefs.has(trace.z)) reliefs.set(trace.z, new Relief(trace));
  return reliefs.get(trace.z);
}

class Relief {
  constructor({ x, y, z, meta }) {
    this.z = z;
    this.lift = meta?.lift ?? 0;
    this.low = [x[0], y[0]];
    this.size = [x[x.length - 1] - x[0], y[y.length - 1] - y[0]];
    this.cells = [x.length - 1, y.length - 1];
  }

  /** Where data coordinates lie in the window: 0 to 1 inside of it. */
  share([x, y]) {
    return [(x - this.low[0]) / this.size[0], (y - this.low[1]) / this.size[1]];
  }

  data([across, along]) {
    return [this.low[0] + across * this.size[0], this.low[1] + along * this.size[1]];
  }

  /** The height at a share of the window; NaN where there is no surface. At the edge of a hole: of the corners there. */
  height([across, along]) {
    const [right, up] = [across * this.cells[0], along * this.cells[1]];
    const j = Math.min(this.cells[0] - 1, Math.max(0, Math.floor(right)));
    const i = Math.min(this.cells[1] - 1, Math.max(0, Math.floor(up)));
    const [u, v] = [right - j, up - i];
    let [sum, total] = [0, 0];
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

  /** x, y, z upon the surface, `lift` above it; null outside of the window and where there is no surface. */
  stand(point, lift = this.lift) {
    const share = this.share(point);
    if (!share.every((value) => value >= 0 && value <= 1)) return null;
    const height = this.height(share);
    return Number.isFinite(height) ? [...point, height + lift] : null;
  }

  /** For each of `points` ([x, y]) what is drawn up to it: places upon the surface, null for a gap. */
  drape(points) {
    const lines = points.map((point, index) => this.line(points[index - 1], point));
    const length = lines.reduce((sum, line) => sum + (line?.length ?? 0), 0);
    const cells = CELLS * Math.min(1, MOST_POINTS / Math.max(1, length * CELLS));
    return lines.map((line, index) => (line === null ? [null] : this.laid(line, lines[index - 1], cells)));
  }

  /** The part in the window of the line from one point to the next, in shares; null if there is none. */
  line(from, to) {
    const b = this.share(to);
    const a = from === undefined ? b : this.share(from);
    const way = [b[0] - a[0], b[1] - a[1]];
    if (!way.every(Number.isFinite) || Math.min(largest(a), largest(b)) > LOST) return null;
    let [begin, end] = [0, 1];
    for (const axis of [0, 1]) {
      if (way[axis] === 0 && (a[axis] < 0 || a[axis] > 1)) return null;
      if (way[axis] === 0) continue;
      const [low, high] = [-a[axis] / way[axis], (1 - a[axis]) / way[axis]];
      begin = Math.max(begin, Math.min(low, high));
      end = Math.min(end, Math.max(low, high));
    }
    if (begin > end) return null;
    const at = (along) => a.map((value, axis) => Math.min(1, Math.max(0, value + along * way[axis])));
    const [first, last] = [at(begin), at(end)];
    return { first, last, begin, end, length: largest([last[0] - first[0], last[1] - first[1]]) };
  }

  laid({ first, last, begin, length }, before, cells) {
    const joined = before && before.end === 1 && begin === 0;
    const parts = Math.max(1, Math.ceil(length * cells));
    const places = joined ? [] : [null];
    for (let part = joined ? 1 : 0; part <= parts; part += 1) {
      const share = first.map((value, axis) => value + (part / parts) * (last[axis] - value));
      const height = this.height(share);
      places.push(Number.isFinite(height) ? [...this.data(share), height + this.lift] : null);
    }
    return places;
  }

  /** Where the line of sight through two places [x, y, z] first meets the surface, as [x, y]; null if nowhere. */
  met(from, to) {
    const [a, b] = [from, to].map(([x, y, z]) => [...this.share([x, y]), z]);
    const at = (along) => a.map((value, axis) => value + along * (b[axis] - value));
    const above = (along) => {
      const place = at(along);
      const inside = place[0] >= 0 && place[0] <= 1 && place[1] >= 0 && place[1] <= 1;
      return inside ? place[2] - this.height(place) : NaN;
    };
    const span = this.line(from, to);
    if (span === null) return null;
    let [low, was] = [span.begin, above(span.begin)];
    for (let look = 1; look <= LOOKS; look += 1) {
      const high = span.begin + (look / LOOKS) * (span.end - span.begin);
      const now = above(high);
      if (was * now <= 0) return this.data(at(crossing(above, low, high, was)));
      [low, was] = [high, now];
    }
    return null;
  }
}

const largest = (pair) => Math.max(Math.abs(pair[0]), Math.abs(pair[1]));

function crossing(above, low, high, was) {
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (was * above(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
