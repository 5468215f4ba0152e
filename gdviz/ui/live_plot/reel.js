// Runs as tables of a few columns (epoch, theta 0, …, value, gap, norm), written by player/reel.py.

/** @import { Meta, Point, ReelHead } from "./types.d.ts" */

export class Reel {
  /** @param {Uint8Array} bytes the length of a head, the head in JSON, all rows as float32 */
  constructor(bytes) {
    /** @type {{ head: ReelHead, rest: Uint8Array }} */
    const { head, rest } = opened(bytes);
    this.columns = head.columns;
    this.epochs = head.epochs;
    this.rungs = head.rungs;
    this.width = this.columns.length;
    this.numbers = new Float32Array(rest.slice().buffer); // a copy begins at a multiple of 4
    let first = 0;
    for (const rung of this.rungs) {
      rung.first = first;
      first += rung.rows;
    }
  }

  /** The number of a named column; NaN if there is none, and then all that is in it is undefined.
   * @param {string} name */
  column(name) {
    const index = this.columns.indexOf(name);
    return index < 0 ? NaN : index;
  }

  /**
   * @param {number} rung the number of a run
   * @param {number} row
   * @param {number} column
   */
  at(rung, row, column) {
    return this.numbers[(this.rungs[rung].first + row) * this.width + column];
  }

  /**
   * @param {number} rung
   * @param {number} row
   */
  epoch(rung, row) {
    return this.at(rung, row, 0);
  }

  /** What a row says, in the coordinates of a trace that draws the columns x and y.
   * @param {Pick<Meta, "x" | "y" | "unit">} meta
   * @param {number} rung
   * @param {number} row
   * @returns {Point} */
  spot({ x, y, unit }, rung, row) {
    const across = this.at(rung, row, this.column(x));
    const up = this.at(rung, row, this.column(y));
    return [across, unit ? Math.asinh(up / unit) : up]; // as landscapes/signed_log.py
  }

  /** The last row of a run that is not after `epoch`.
   * @param {number} rung
   * @param {number} epoch */
  rowAt(rung, epoch) {
    let [low, high] = [0, this.rungs[rung].rows - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.epoch(rung, middle) <= epoch) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The number of the run whose learning rate is nearest, by its logarithm.
   * @param {number} rate */
  nearest(rate) {
    const away = this.rungs.map((rung) => Math.abs(Math.log(rung.rate / rate)));
    return away.indexOf(Math.min(...away));
  }
}

/** Takes apart what Python put together: a head in JSON and the bytes after it.
 * @param {Uint8Array} bytes */
export function opened(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  return { head, rest: bytes.subarray(4 + length) };
}
