// Where values lie on a slider, and how many digits a value has that a hand chose.

/** @import { Scale } from "./types.d.ts" */

/** @type {(value: number, digits: number) => number} */
const short = (value, digits) => Number(value.toPrecision(digits));

const STEPS = { fine: 0.01, coarse: 0.1 }; // of a decade 2.3 % and 26 %

/** Decades: a hand is as sure at 0.001 as at 1.
 * @type {Scale} */
const decades = {
  ...STEPS,
  place: Math.log10,
  value: (place) => 10 ** place,
  chosen: (value) => short(value, 3),
  shown: (value) => short(value, 3),
};

/** Even distances.
 * @type {Scale} */
const even = {
  ...STEPS,
  place: (value) => value,
  value: (place) => place,
  chosen: (value) => short(Math.round(value * 1000) / 1000, 6),
  shown: (value) => short(value, 6),
};

/** @type {Record<string, Scale>} */
export const SCALES = {
  decades,
  /** Whole numbers over decades. */
  counts: { ...decades, chosen: (value) => Math.round(short(value, 3)), shown: even.place },
  /** Shares that are kept, such as a momentum: 0, 0.9, 0.99 and 0.999 are equally far apart. */
  shares: {
    ...STEPS,
    place: (value) => -Math.log10(1 - value),
    value: (place) => 1 - 10 ** -place,
    chosen: (value) => short(1 - short(1 - value, 2), 6),
    shown: even.shown,
  },
  even,
  /** Whole numbers at even distances. */
  whole: { ...even, chosen: Math.round, shown: even.place, fine: 1, coarse: 10 },
};

/** @type {Record<string, number>} */
const ARROWS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

/** Where a key moves the thumb; undefined if it is none of the slider's.
 * @param {Scale} scale
 * @param {string} key
 * @param {number} place
 * @param {number} low
 * @param {number} high
 * @returns {number | undefined} */
export function afterKey(scale, key, place, low, high) {
  if (key === "Home") return low;
  if (key === "End") return high;
  const way = ARROWS[key];
  if (way) return place + way * scale.fine;
  return { PageUp: place + scale.coarse, PageDown: place - scale.coarse }[key];
}

/** The value at a place within the ends, with as many digits as a hand can choose. A key that asks for less than a whole
 * number gets the next one.
 * @param {Scale} scale
 * @param {number} place
 * @param {number} low
 * @param {number} high
 * @param {number} [from] the value before a key
 * @returns {number} */
export function offered(scale, place, low, high, from) {
  const inside = Math.min(high, Math.max(low, place));
  const value = scale.chosen(scale.value(inside));
  if (scale !== SCALES.counts || value !== from || inside === scale.place(from)) return value;
  return Math.min(scale.value(high), Math.max(scale.value(low), from + Math.sign(inside - scale.place(from))));
}

const MOST_TEXTS = 6;

/** Which of the texts at these shares of a track are seen: those on it, of many every second one, the last among them.
 * @param {number[]} shares
 * @param {number} [most] */
export function seen(shares, most = MOST_TEXTS) {
  const there = [...shares.keys()].filter((index) => shares[index] >= -1e-9 && shares[index] <= 1 + 1e-9);
  return new Set(there.length > most ? there.filter((_, place) => (there.length - place) % 2 === 1) : there);
}

/** As a person would write it.
 * @param {number} value */
export const plain = (value) =>
  value === 0 || (Math.abs(value) >= 1e-6 && Math.abs(value) < 1e6)
    ? value.toLocaleString("en-US", { maximumFractionDigits: 9, useGrouping: false })
    : String(value);
