// Makes SVG elements that are drawn over a chart.

/** @import { Area } from "./types.d.ts" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | undefined>} attributes
 */
export function svgElement(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

/** Puts a nested svg, which clips what is in it, over an area of the chart.
 * @param {SVGElement} box
 * @param {Area} area */
export function place(box, { left, top, width, height }) {
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) {
    if (box.getAttribute(name) !== String(value)) box.setAttribute(name, String(value));
  }
}

/** @type {Record<string, number[]>} */
const DASHES = { dot: [1, 1], dash: [3, 3], longdash: [5, 5], dashdot: [3, 1, 1, 1], longdashdot: [5, 1, 1, 1] };

/** Plotly's dashes for a line of this width.
 * @param {string | undefined} name
 * @param {number} width */
export function dashes(name, width) {
  if (!name || name === "solid") return "none";
  const units = DASHES[name];
  return units ? units.map((unit) => unit * Math.max(3, width)).join() : name.replaceAll("px", "");
}
