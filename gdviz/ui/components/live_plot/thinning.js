// Fewer points for the same picture, in pixels, while a hand moves. Each function returns the indices to keep, with a gap
// (-1) where the line is to be broken.

const NEAR = 0.5; // pixels: a shorter step is not seen while it moves
const MOST = 2500; // points of a line; beyond, steps must be longer to be drawn
const CELLS = 8192; // that lines are told apart by; four of them make one number

/** Of a line whose x only grows: in each column of pixels the first, the lowest, the highest and the last point.
 * @param {Float64Array} xs
 * @param {Float64Array} ys
 * @param {number} rows
 * @returns {number[]} */
export function thinCurve(xs, ys, rows) {
  /** @type {number[]} */
  const kept = [];
  let row = 0;
  while (row < rows) {
    const column = Math.floor(xs[row]);
    const first = row;
    let [low, high] = [row, row];
    for (row += 1; row < rows && Math.floor(xs[row]) === column; row += 1) {
      if (ys[row] < ys[low]) low = row;
      if (ys[row] > ys[high]) high = row;
    }
    for (const index of [first, Math.min(low, high), Math.max(low, high), row - 1]) {
      if (index !== kept.at(-1)) kept.push(index);
    }
  }
  return kept;
}

/** Of any line: points that are seen to be apart from the one before, and each stretch once: a run that goes to and fro
 * draws the same lines for ever.
 * @param {Float64Array} xs
 * @param {Float64Array} ys
 * @param {number} rows
 * @returns {number[]} */
export function thinPath(xs, ys, rows) {
  for (let near = NEAR;; near *= 2) {
    const kept = apart(xs, ys, rows, near);
    if (kept.length <= MOST || near > 64) return kept;
  }
}

/** @param {Float64Array} xs
 * @param {Float64Array} ys
 * @param {number} rows
 * @param {number} near */
function apart(xs, ys, rows, near) {
  /** @type {number[]} */
  const kept = [];
  /** @type {Set<number>} */
  const drawn = new Set();
  let [x, y, joined] = [NaN, NaN, true];
  for (let row = 0; row < rows; row += 1) {
    const close = Math.abs(xs[row] - x) < near && Math.abs(ys[row] - y) < near; // false where either is no number
    if (close && row < rows - 1) continue;
    const line = key(x, y, xs[row], ys[row], near);
    if (drawn.has(line)) joined = false;
    else {
      if (!joined) kept.push(-1, row - 1);
      joined = true;
      drawn.add(line);
      kept.push(row);
    }
    [x, y] = [xs[row], ys[row]];
  }
  return kept;
}

/** One number for all lines that look alike; a chance one, which nothing equals, for those that leave the picture by far.
 * @param {number} a
 * @param {number} b
 * @param {number} c
 * @param {number} d
 * @param {number} near */
function key(a, b, c, d, near) {
  const found = ((cell(a, near) * CELLS + cell(b, near)) * CELLS + cell(c, near)) * CELLS + cell(d, near);
  return Number.isNaN(found) ? Math.random() : found;
}

/** @type {(value: number, near: number) => number} */
function cell(value, near) {
  const found = Math.floor(value / near) + CELLS / 2;
  return found >= 0 && found < CELLS ? found : NaN;
}
