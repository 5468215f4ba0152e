// The colors of a map: one hue for each kind of pixel, its shade by the rank of the measure among its kind, so that each
// shade holds as many pixels as any other. What diverged is hatched and what ran out dotted, for those who see no hues.

/** @import { Colors, Pixels, Shading } from "./types.d.ts" */

/** @param {string} hue #rrggbb
 * @returns {[number, number, number]} */
export const rgb = (
  hue,
) => /** @type {[number, number, number]} */ ([1, 3, 5].map((at) => parseInt(hue.slice(at, at + 2), 16)));

/** The shades of a hue from light to dark, as 32-bit pixels of a canvas.
 * @param {string} hue
 * @param {Shading} shading */
export function ramp(hue, { shades, light: white, dark: black }) {
  const middle = rgb(hue);
  return Uint32Array.from({ length: shades }, (_, k) => {
    const t = k / (shades - 1);
    const [r, g, b] = middle.map((value) => {
      const light = value + (255 - value) * white, dark = value * black;
      return Math.round(t < 0.5 ? light + (value - light) * 2 * t : value + (dark - value) * (2 * t - 1));
    });
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

/** How many pixels of each kind there are, from kind 0 on.
 * @param {Uint8Array} kinds
 * @param {number} count */
export function counted(kinds, count) {
  const counts = new Array(count).fill(0);
  for (const kind of kinds) counts[kind] += 1;
  return counts;
}

/** The shade of each measure of one kind: by the rank that it has among them.
 * @param {Pixels} pixels
 * @param {number} kind
 * @param {number} most shades */
function shadesOf({ kinds, measures }, kind, most) {
  const counts = new Uint32Array(65536);
  let all = 0;
  for (let i = 0; i < kinds.length; i += 1) {
    if (kinds[i] === kind) {
      counts[measures[i]] += 1;
      all += 1;
    }
  }
  const shades = new Uint8Array(65536);
  let below = 0;
  for (let m = 0; all > 0 && m < 65536; m += 1) {
    if (counts[m] === 0) continue;
    shades[m] = Math.floor((below + counts[m] / 2) / all * (most - 1) + 0.5);
    below += counts[m];
  }
  return shades;
}

/** Paints pixels, the highest row first as on a canvas; those that are not known stay clear.
 * @param {Pixels} pixels
 * @param {Colors} colors
 * @returns {Uint32Array<ArrayBuffer>} */
export function painted(pixels, { hues, hatched, dotted, shading }) {
  const { kinds, measures, side } = pixels;
  const { shades: most, hatch } = shading;
  const found = counted(kinds, 256);
  const shades = found.map((count, kind) => count > 0 && kind > 0 ? shadesOf(pixels, kind, most) : null);
  const ramps = found.map((count, kind) => count > 0 && kind > 0 ? ramp(hues[kind - 1] ?? "#888888", shading) : null);
  const out = new Uint32Array(side * side);
  for (let row = 0; row < side; row += 1) {
    const to = (side - 1 - row) * side;
    for (let column = 0; column < side; column += 1) {
      const at = row * side + column, kind = kinds[at];
      const shade = shades[kind], colors = ramps[kind];
      if (!shade || !colors) continue;
      const marked = kind - 1 === hatched && (row + column) % hatch === 0 ||
        kind - 1 === dotted && row % hatch === 0 && column % hatch === 0;
      out[to + column] = colors[marked ? 0 : shade[measures[at]]];
    }
  }
  return out;
}
