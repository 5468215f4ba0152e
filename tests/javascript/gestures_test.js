import assert from "node:assert/strict";
import { clock } from "./browser.js";
import { Gestures } from "../../gdviz/ui/components/map_picture/gestures.js";

/** @import { View } from "../../gdviz/ui/components/map_picture/types.d.ts" */

const WHOLE = /** @type {View} */ ({ x0: 0, x1: 100, y0: 0, y1: 100 });

/** Gestures on a map of 100 x 100 pixels: `at` tells them of an event on the diagonal, `hold` lets so many milliseconds pass.
 * @param {(gestures: { at: (kind: string, when: number, x: number) => void, hold: () => Promise<void>,
 *   done: string[], view: () => View }) => Promise<void>} act */
async function withGestures(act) {
  const time = clock();
  const own = globalThis.requestAnimationFrame;
  Object.assign(globalThis, { requestAnimationFrame: () => 0, cancelAnimationFrame: () => {} });
  /** @type {Record<string, (event: object) => void>} */
  const heard = {};
  const canvas = /** @type {any} */ ({
    addEventListener: (/** @type {string} */ name, /** @type {() => void} */ act) => heard[name] = act,
    setPointerCapture: () => {},
    getBoundingClientRect: () => ({ left: 0, top: 0, width: 100, height: 100 }),
  });
  /** @type {string[]} */
  const done = [];
  let view = WHOLE;
  const gestures = new Gestures(canvas, {
    view: () => view,
    whole: () => WHOLE,
    least: () => 1e-9,
    look: (next) => view = next,
    draw: () => {},
    sharpen: () => {},
    point: () => {},
    choose: ([x, y]) => done.push(`chosen ${x} ${y}`),
    leave: () => {},
  });
  const at = (/** @type {string} */ kind, /** @type {number} */ timeStamp, /** @type {number} */ x) =>
    heard[`pointer${kind}`]({ timeStamp, clientX: x, clientY: 100 - x, pointerId: 1, button: 0, pointerType: "mouse" });
  const hold = async () => {
    await time.pass(400);
    assert.equal(gestures.mode, "hold");
    view = { x0: 20, x1: 40, y0: 20, y1: 40 }; // zoomed meanwhile
  };
  try {
    await act({ at, hold, done, view: () => view });
  } finally {
    time.close();
    globalThis.requestAnimationFrame = own;
  }
}

Deno.test("a click that is heard late is one all the same", () =>
  withGestures(async ({ at, hold, done, view }) => {
    at("down", 1000, 25);
    await hold();
    at("up", 1100, 25);
    assert.deepEqual([done, view()], [["chosen 25 25"], WHOLE]);
  }));

Deno.test("a box that is heard late is one all the same", () =>
  withGestures(async ({ at, hold, done, view }) => {
    at("down", 1000, 20);
    await hold();
    at("move", 1200, 70);
    at("move", 1900, 60);
    at("up", 1950, 60);
    assert.deepEqual(done, []);
    const { x0, x1, y0, y1 } = view();
    [x0, x1, y0, y1].forEach((end, index) => assert.ok(Math.abs(end - [20, 60, 20, 60][index]) < 1e-9, String(end)));
  }));

Deno.test("a button that was held has zoomed, and chooses nothing", () =>
  withGestures(async ({ at, hold, done, view }) => {
    at("down", 1000, 25);
    await hold();
    at("move", 1400, 60);
    at("up", 1500, 60);
    assert.deepEqual([done, view().x1], [[], 40]);
  }));
