// Elements drawn over a chart.

const SVG = "http://www.w3.org/2000/svg";

export function element(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

/** Puts a nested svg, which clips what is in it, over the area of its axes. */
export function place(box, xaxis, yaxis) {
  const area = [xaxis._offset, yaxis._offset, xaxis._length, yaxis._length];
  ["x", "y", "width", "height"].forEach((name, index) => {
    if (box.getAttribute(name) !== String(area[index])) box.setAttribute(name, area[index]);
  });
}

/** Plotly's dashes for a line of this width. */
export function dashes(name, width) {
  const units = { dot: [1, 1], dash: [3, 3], longdash: [5, 5], dashdot: [3, 1, 1, 1], longdashdot: [5, 1, 1, 1] }[name];
  if (units) return units.map((unit) => unit * Math.max(3, width)).join();
  return !name || name === "solid" ? "none" : name.replaceAll("px", "");
}
