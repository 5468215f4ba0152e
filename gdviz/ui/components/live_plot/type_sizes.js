// Type that fits a small chart: smaller where the chart is low, titles no longer than their axes, and so few numbers along
// them that they stand level and apart, where plotly.js would turn them.

import { roundStep } from "../live/numbers.js";

/** @import { Layout, Point } from "./types.d.ts" */

/**
 * @typedef {{ size?: number }} Font
 * @typedef {{ xaxis?: { tickfont?: Font, title?: { font?: Font } } }} Usual of a template
 * @typedef {object} AxisLayout what of an axis is read or set here
 * @property {Point} [range]
 * @property {string} [type]
 * @property {Point} [domain]
 * @property {number} [nticks]
 * @property {number} [dtick]
 * @property {unknown} [tickvals]
 * @property {Font} [tickfont]
 * @property {{ text?: string, font?: Font }} [title]
 * @property {string} [scaleanchor]
 */

const LOW = 16; // heights of the numbers along its axes: a chart that is lower has smaller ones
const LEAST = 11; // pixels
const WIDE = 0.6; // of a letter's height, on average
const ALONG = 6; // heights of type that an axis at the left takes from the width
const BELOW = 3.6; // and what one below takes from the height, with what is above
const APART = 10; // pixels from one number to the next

/** @type {WeakMap<object, Map<number, object>>} */
const smaller = new WeakMap();

/** Fits the type of flat axes to a chart of this size.
 * @param {Layout} layout our own, to be written in
 * @param {number} width
 * @param {number} height */
export function fitType(layout, width, height) {
  const usual = /** @type {{ layout?: Usual } | undefined} */ (layout.template)?.layout?.xaxis;
  if (!usual?.tickfont?.size) return; // a figure that leaves its type to plotly.js
  const factor = Math.min(1, Math.max(LEAST, height / LOW) / usual.tickfont.size);
  layout.template = scaled(/** @type {object} */ (layout.template), factor);
  const type = factor * usual.tickfont.size;
  const area = [width - ALONG * type, height - BELOW * type];
  for (const [name, value] of Object.entries(layout)) {
    if (!/^[xy]axis\d*$/.test(name)) continue;
    const axis = /** @type {AxisLayout} */ (value);
    const [from, to] = axis.domain ?? [0, 1];
    const length = (to - from) * area[name.startsWith("x") ? 0 : 1];
    const written = axis.title?.text?.length ?? 0;
    const most = length / (WIDE * written);
    if (written && most < factor * (usual.title?.font?.size ?? usual.tickfont.size)) {
      axis.title = { ...axis.title, font: { size: Math.max(8, most) } };
    }
    if (axis.tickfont?.size) axis.tickfont = { ...axis.tickfont, size: factor * axis.tickfont.size };
    if (name.startsWith("x")) fewer(axis, Math.min(length, square(layout, name, area[1])), type);
  }
}

/** How long an x axis is that has the scale of a y axis of that length.
 * @param {Layout} layout
 * @param {string} name
 * @param {number} height */
function square(layout, name, height) {
  const other = /** @type {AxisLayout | undefined} */ (layout[name.replace("x", "y")]);
  const own = /** @type {AxisLayout} */ (layout[name]);
  if (other?.scaleanchor !== name.replace("axis", "") || !own.range || !other.range) return Infinity;
  return height * (own.range[1] - own.range[0]) / (other.range[1] - other.range[0]);
}

/** Gives an x axis no more numbers than have room.
 * @param {AxisLayout} axis
 * @param {number} length
 * @param {number} type */
function fewer(axis, length, type) {
  if (axis.type === "log") {
    const room = length / (2.6 * type + APART); // for powers of ten
    if (axis.dtick && room < 6) axis.dtick *= Math.ceil(6 / Math.max(1, room));
    return;
  }
  if (!axis.range || axis.tickvals || axis.dtick) return;
  const most = axis.nticks ?? 1 + Math.floor(length / Math.min(80, Math.max(40, length / 9)));
  const found = numbers(axis.range, length, type, most);
  if (found < most) axis.nticks = found;
}

/** How many numbers, at most, stand apart along an axis.
 * @param {Point} range
 * @param {number} length
 * @param {number} type
 * @param {number} most */
export function numbers([low, high], length, type, most) {
  for (let count = most; count > 1; count -= 1) {
    const step = roundStep((high - low) / count); // as plotly.js takes steps
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const ends = [low, high].map((end) => (Math.trunc(end / step) * step).toFixed(digits).length);
    const letters = Math.max(...ends) + (Math.max(Math.abs(low), Math.abs(high)) >= 1000 ? 1 : 0); // and a comma
    if ((step / (high - low)) * length >= letters * WIDE * type + APART) return count;
  }
  return 1;
}

/** A template with all its type made smaller; one object for each: with another one everything is computed anew.
 * @param {object} template
 * @param {number} factor */
function scaled(template, factor) {
  const step = Math.ceil(20 * factor) / 20;
  if (step >= 1) return template;
  const known = smaller.get(template) ?? new Map();
  smaller.set(template, known);
  if (!known.has(step)) known.set(step, withType(template, step));
  return known.get(step);
}

/** @param {unknown} value
 * @param {number} factor
 * @returns {unknown} */
function withType(value, factor) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => {
      const isType = name.endsWith("font") && typeof part === "object" && part !== null && "size" in part;
      return [name, isType ? { ...part, size: factor * Number(part.size) } : withType(part, factor)];
    }),
  );
}
