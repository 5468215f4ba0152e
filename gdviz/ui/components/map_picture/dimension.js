// The box-counting dimension of a boundary, as gdviz/maps/dimension.py has it.

import { median } from "../live/numbers.js";

/** @import { Pixels } from "./types.d.ts" */

/** How many boxes of 1, 2, 4 … pixels the boundary of what is inside enters.
 * @param {Uint8Array} kinds
 * @param {number} side
 * @param {(kind: number) => boolean} inside
 * @param {number} fewest boxes along a side at the coarsest scale
 * @returns {number[]} */
export function boxCounts(kinds, side, inside, fewest) {
  const within = Array.from({ length: 256 }, (_, kind) => inside(kind));
  let edge = new Uint8Array(side * side);
  for (let row = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1) {
      const at = row * side + column, here = within[kinds[at]];
      if (column + 1 < side && within[kinds[at + 1]] !== here || row + 1 < side && within[kinds[at + side]] !== here) {
        edge[at] = 1;
      }
    }
  }
  const counts = [];
  for (let size = side; size >= fewest; size /= 2) {
    counts.push(edge.reduce((sum, one) => sum + one, 0));
    const half = size / 2, next = new Uint8Array(half * half);
    for (let at = 0; at < size * size; at += 1) {
      if (edge[at]) next[(Math.floor(at / size) >> 1) * half + (at % size >> 1)] = 1;
    }
    edge = next;
  }
  return counts;
}

/** The dimension from each scale to the next.
 * @param {number[]} counts */
const slopes = (counts) => {
  const some = counts.filter((count) => count > 0);
  return some.slice(1).map((count, k) => Math.log2(some[k] / count));
};

/** The median of the slopes, NaN where there is no boundary.
 * @param {number[]} counts */
export const dimension = (counts) => median(slopes(counts));

/** The line whose slope is the dimension, as high as the middle one of the counts says: log2 of the boxes at the first
 * size and at the last.
 * @param {number[]} counts
 * @returns {[number, number]} */
export function fitted(counts) {
  const slope = dimension(counts);
  const first = median(counts.map((count, k) => Math.log2(count) + slope * k));
  return [first, first - slope * (counts.length - 1)];
}

/** The boxes that the boundary enters between what stays bounded and what does not.
 * @param {Pixels} pixels
 * @param {number} fewest */
export const edge = ({ kinds, side }, fewest) => boxCounts(kinds, side, (kind) => kind === 1 || kind === 2, fewest);

/** What there is to say of a boundary.
 * @param {number[]} counts of its boxes */
export function inWords(counts) {
  const found = dimension(counts);
  if (Number.isNaN(found)) return "no boundary in sight";
  const each = slopes(counts).map((slope) => slope.toFixed(2)).join(", ");
  return `the boundary has dimension ${found.toFixed(2)}, the median over scales of ${each}`;
}
