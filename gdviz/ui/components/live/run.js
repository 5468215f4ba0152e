// One run as the pictures read it: named columns (epoch, theta 0, …, value, gap, norm), a row for each epoch that is
// known. `gap` is the value above the known minimum, `norm` the gradient's.

/** @import { Meta, Numbers, Point, RunFacts } from "../live_plot/types.d.ts" */

export class Run {
  /** @param {number} rows
   * @param {(name: string) => Numbers | undefined} read makes a column when it is asked for first
   * @param {RunFacts} facts */
  constructor(rows, read, facts = {}) {
    this.rows = rows;
    this.read = read;
    this.facts = facts;
    /** @type {Map<string, Numbers | undefined>} */
    this.columns = new Map();
  }

  /** @param {string} name */
  column(name) {
    if (!this.columns.has(name)) this.columns.set(name, this.read(name));
    return this.columns.get(name);
  }

  /** @param {number} row
   * @param {string} name */
  at(row, name) {
    return this.column(name)?.[row] ?? NaN;
  }

  /** The names of the columns of its parameters. */
  get thetas() {
    const names = [];
    while (this.column(`theta ${names.length}`)) names.push(`theta ${names.length}`);
    return names;
  }

  /** @param {number} row */
  epoch(row) {
    return this.at(row, "epoch");
  }

  /** What a row says, in the coordinates of a trace that draws the columns x and y.
   * @param {Pick<Meta, "x" | "y" | "unit">} meta
   * @param {number} row
   * @returns {Point} */
  spot({ x, y, unit }, row) {
    return [this.at(row, x), signedLog(this.at(row, y), unit)];
  }

  /** The last row that is not after `epoch`.
   * @param {number} epoch */
  rowAt(epoch) {
    return Math.max(0, reached(this.column("epoch") ?? [], epoch) - 1);
  }
}

/** How many of ascending `epochs` are not after `moment`.
 * @param {Numbers} epochs
 * @param {number} moment */
export function reached(epochs, moment) {
  let [low, high] = [0, epochs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (epochs[middle] <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As landscapes/signed_log.py; without a unit the value itself.
 * @param {number} value
 * @param {number | null} [unit] */
export const signedLog = (value, unit) => (unit ? Math.asinh(value / unit) : value);

/** The runs that Python has sent as tables (session/tables.py).
 * @param {Uint8Array} bytes the length of a head, the head in JSON, all rows as float32
 * @returns {Run[]} */
export function tables(bytes) {
  const { head, rest } = opened(bytes);
  const numbers = new Float32Array(rest.slice().buffer); // a copy begins at a multiple of 4
  const width = head.columns.length;
  let first = 0;
  return head.runs.map((/** @type {RunFacts & { rows: number }} */ { rows, ...facts }) => {
    const from = first;
    first += rows;
    /** @param {string} name */
    const read = (name) => {
      const column = head.columns.indexOf(name);
      if (column < 0) return undefined;
      return Float64Array.from({ length: rows }, (_, row) => numbers[(from + row) * width + column]);
    };
    return new Run(rows, read, facts);
  });
}

/** Takes apart what Python put together: a head in JSON and the bytes after it.
 * @param {Uint8Array} bytes */
export function opened(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { head, rest: bytes.subarray(4 + length) };
}
