// What is drawn over a map: its limits with their letters, and the path that is pointed at.
import { shareAt } from "./zoom.js";

/** @import { Limit, View } from "./types.d.ts" */

const LETTERS = 24; // in sight, beyond which they would only be in the way

/** @param {CanvasRenderingContext2D} pen
 * @param {Limit[]} limits
 * @param {View} view
 * @param {number} sharp pixels of the canvas for one of the page */
export function drawLimits(pen, limits, view, sharp) {
  const { width, height } = pen.canvas;
  pen.font = `600 ${15 * sharp}px system-ui, sans-serif`;
  pen.lineWidth = 3 * sharp;
  pen.lineJoin = "round";
  const seen = limits.map(({ letter, kind, at }) => {
    const [right, up] = shareAt(view, at[0], at[1]);
    return { letter, right, up, there: kind !== "flat" && right >= 0 && right <= 1 && up >= 0 && up <= 1 };
  }).filter(({ there }) => there);
  for (const { letter, right, up } of seen) {
    const x = right * width, y = (1 - up) * height;
    pen.strokeStyle = "#000a";
    pen.fillStyle = "#fff";
    pen.beginPath();
    pen.arc(x, y, 4 * sharp, 0, 7);
    pen.stroke();
    pen.fill();
    if (seen.length > LETTERS) continue;
    pen.strokeText(letter, x + 7 * sharp, y - 5 * sharp);
    pen.fillText(letter, x + 7 * sharp, y - 5 * sharp);
  }
}

/** @param {CanvasRenderingContext2D} pen
 * @param {[number[], number[]]} path
 * @param {View} view
 * @param {number} sharp */
export function drawPath(pen, path, view, sharp) {
  const { width, height } = pen.canvas;
  for (const [color, wide] of /** @type {[string, number][]} */ ([["#000", 4.5], ["#fff", 2]])) {
    pen.strokeStyle = color;
    pen.lineWidth = wide * sharp;
    pen.beginPath();
    path[0].forEach((x, k) => {
      const [right, up] = shareAt(view, x, path[1][k]);
      pen.lineTo(clipped(right) * width, (1 - clipped(up)) * height);
    });
    pen.stroke();
  }
}

/** Canvases do not like coordinates far away.
 * @param {number} share */
const clipped = (share) => Math.min(20, Math.max(-20, share));
