// Where a scene is looked at from: so that the surface and the words along its axes fill the chart, and by keys.

/**
 * @import { Numbers, Place, Surface } from "./types.d.ts"
 *
 * @typedef {{ x: number, y: number, z: number }} Axes3
 * @typedef {{ eye: Axes3, center: Axes3, up: Axes3 }} Camera
 * @typedef {{ range: [number, number], tickfont: { size: number } }} Axis3
 * @typedef {{ camera: Camera, aspectratio: Axes3, xaxis: Axis3, yaxis: Axis3, zaxis: Axis3 & { ticktext: string[] } }}
 *   SceneLayout what Python sends
 */

const FOCUS = 1 / Math.tan(Math.PI / 8); // plotly.js opens a scene's view by 45° from top to bottom
const ROUNDS = 30; // until it fills: each brings it ten times as near
const LOOKS = 24; // places across the surface
const NUMBERS = 3; // for the numbers along an axis, in heights of their type
const TITLES = 6.2; // for an axis's title, beyond its middle
const TURN = Math.PI / 36;
const LOWEST = 0.05; // of the angle above the ground; at its ends the picture would turn over
const ZOOM = 1.1;
const NEAR = 1e-6;

/** @type {Record<string, (view: Spherical) => Spherical>} */
const KEYS = {
  ArrowLeft: ({ around, ...view }) => ({ ...view, around: around - TURN }),
  ArrowRight: ({ around, ...view }) => ({ ...view, around: around + TURN }),
  ArrowUp: ({ above, ...view }) => ({ ...view, above: Math.min(Math.PI / 2 - LOWEST, above + TURN) }),
  ArrowDown: ({ above, ...view }) => ({ ...view, above: Math.max(LOWEST - Math.PI / 2, above - TURN) }),
  "+": ({ away, ...view }) => ({ ...view, away: away / ZOOM }),
  "-": ({ away, ...view }) => ({ ...view, away: away * ZOOM }),
};

/** @typedef {{ around: number, above: number, away: number }} Spherical of the eye, seen from the center */

/** The camera after a key: arrows turn it, + and − go nearer and farther; null for any other.
 * @param {Camera} camera
 * @param {string} key
 * @returns {Camera | null} */
export function turned(camera, key) {
  const turn = KEYS[key === "=" ? "+" : key === "_" ? "-" : key]; // the same keys without and with Shift
  if (!turn) return null;
  const [x, y, z] = minus(listed(camera.eye), listed(camera.center));
  const away = Math.hypot(x, y, z);
  const { around, above, away: now } = turn({ around: Math.atan2(y, x), above: Math.asin(z / away), away });
  const flat = now * Math.cos(above);
  const way = /** @type {Place} */ ([flat * Math.cos(around), flat * Math.sin(around), now * Math.sin(above)]);
  return { ...camera, eye: named(plus(listed(camera.center), way)) };
}

/** Do two cameras look from different places? Rounding is none.
 * @param {Camera} one
 * @param {Camera} other */
export function apart(one, other) {
  return Math.hypot(...minus(listed(one.eye), listed(other.eye)), ...minus(listed(one.center), listed(other.center))) >
    NEAR;
}

/** The scene's camera, moved until what is seen from its direction fills a chart of that size.
 * @param {SceneLayout} scene
 * @param {Surface} surface
 * @param {number} width
 * @param {number} height
 * @returns {Camera} */
export function fitted(scene, surface, width, height) {
  const { camera } = scene;
  let center = listed(camera.center);
  const way = minus(listed(camera.eye), center);
  let away = Math.hypot(...way);
  const back = /** @type {Place} */ (way.map((value) => value / away));
  const right = unit(cross(listed(camera.up), back));
  const above = cross(back, right);
  const room = outlines(scene, surface);
  for (let round = 0; round < ROUNDS; round += 1) {
    const scale = (FOCUS * height) / 2;
    let [left, end, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const { place, around, before = around } of room) {
      const there = minus(place, center);
      const depth = Math.max(0.1, away - dot(there, back));
      const [across, up] = [(scale * dot(there, right)) / depth, (scale * dot(there, above)) / depth];
      left = Math.min(left, across - before);
      end = Math.max(end, across + around);
      low = Math.min(low, up - around);
      high = Math.max(high, up + around / 2);
    }
    const worth = away / scale; // of a pixel, at the center
    center = plus(center, plus(times(right, ((left + end) / 2) * worth), times(above, ((low + high) / 2) * worth)));
    away *= Math.max((end - left) / Math.max(1, width), (high - low) / Math.max(1, height)) ** 0.7;
  }
  return { ...camera, center: named(center), eye: named(plus(center, times(back, away))) };
}

/** What has to be seen, and how many pixels for words around it: places of the surface, its ground, and the axes.
 * @param {SceneLayout} scene
 * @param {Surface} surface
 * @returns {{ place: Place, around: number, before?: number }[]} `before` where it is another one at the left */
function outlines({ aspectratio, xaxis, yaxis, zaxis }, { x, y, z }) {
  /** @type {(axis: Axis3, length: number, value: number) => number} */
  const along = ({ range: [low, high] }, length, value) => length * ((value - low) / (high - low) - 0.5);
  /** @type {(a: number, b: number, c: number) => Place} */
  const at = (a, b, c) => [
    along(xaxis, aspectratio.x, a),
    along(yaxis, aspectratio.y, b),
    along(zaxis, aspectratio.z, c),
  ];
  const surfaces = some(y).flatMap((i) => some(x).map((j) => ({ place: at(x[j], y[i], z[i][j]), around: 2 })));
  const [numbers, titles] = [NUMBERS * xaxis.tickfont.size, TITLES * xaxis.tickfont.size];
  const heights = (1 + 0.5 * Math.max(...zaxis.ticktext.map(({ length }) => length))) * xaxis.tickfont.size;
  const [[west, east], [south, north], [bottom, top]] = [xaxis.range, yaxis.range, zaxis.range];
  const [column, row] = [(west + east) / 2, (south + north) / 2];
  const corners = [[west, south], [west, north], [east, south], [east, north]];
  return [
    ...surfaces.filter(({ place }) => place.every(Number.isFinite)),
    ...corners.map(([a, b]) => ({ place: at(a, b, bottom), around: numbers })),
    ...corners.flatMap(([a, b]) => [
      { place: at(a, b, (bottom + top) / 2), around: 2, before: titles }, // the upright axis is the leftmost
      { place: at(a, b, 0.1 * bottom + 0.9 * top), around: 2, before: heights },
    ]),
    ...[[west, row], [east, row], [column, south], [column, north]].map(([a, b]) => (
      { place: at(a, b, bottom), around: titles }
    )),
  ];
}

/** Some places of an array, the first and the last among them.
 * @param {Numbers} values */
function some({ length }) {
  const last = length - 1;
  return Array.from({ length: LOOKS + 1 }, (_, index) => Math.round((index / LOOKS) * last));
}

// -- three numbers each --

/** @type {(place: Axes3) => Place} */
const listed = ({ x, y, z }) => [x, y, z];
/** @type {(place: Place) => Axes3} */
const named = ([x, y, z]) => ({ x, y, z });
/** @type {(a: Place, b: Place) => Place} */
const plus = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
/** @type {(a: Place, b: Place) => Place} */
const minus = (a, b) => plus(a, times(b, -1));
/** @type {(a: Place, factor: number) => Place} */
const times = (a, factor) => [a[0] * factor, a[1] * factor, a[2] * factor];
/** @type {(a: Place, b: Place) => number} */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** @type {(a: Place, b: Place) => Place} */
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** @type {(a: Place) => Place} */
const unit = (a) => times(a, 1 / Math.hypot(...a));
