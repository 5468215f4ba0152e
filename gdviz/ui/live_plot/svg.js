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
