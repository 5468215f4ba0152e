import assert from "node:assert/strict";
import { random } from "./browser.js";
import { Clock, reducedMotion, usualPace } from "../../gdviz/ui/components/player/clock.js";

/** A clock that plays rows 0 to 100 at `pace` rows a second, and frames of the test's own.
 * @param {() => number} pace */
function playing(pace) {
  /** @type {((now: number) => void) | null} */
  let next = null;
  Object.assign(globalThis, {
    requestAnimationFrame: (/** @type {(now: number) => void} */ act) => (next = act, 1),
    cancelAnimationFrame: () => next = null,
  });
  let row = 0;
  const clock = new Clock({ at: () => row, pace, speed: () => 1, last: () => 100, due: (to) => row = to });
  const frame = (/** @type {number} */ now) => next?.(now);
  return { clock, frame, at: () => row, go: (/** @type {number} */ to) => row = to };
}

Deno.test("a run is played in eight seconds, a short one slowly enough to be seen", () => {
  assert.deepEqual([usualPace(8_000), usualPace(2), usualPace(8_000, 4)], [1_000, 4, 2_000]);
});

Deno.test("the row follows the time that has passed, however it is cut into frames", () => {
  const { clock, at, frame } = playing(() => 10);
  clock.start();
  assert.ok(clock.goes);
  const share = random(1);
  let now = 5_000;
  frame(now);
  for (let frames = 0; frames < 50; frames += 1) frame(now += 40 * share());
  assert.ok(Math.abs(at() - (now - 5_000) / 100) < 1e-9);
});

Deno.test("at another pace, or from another row, it goes on from where the run is", () => {
  let pace = 10;
  const { clock, at, frame, go } = playing(() => pace);
  clock.start();
  for (const now of [0, 1_000]) frame(now);
  assert.equal(at(), 10);
  pace = 20;
  clock.anew();
  for (const now of [1_500, 2_000]) frame(now);
  assert.equal(at(), 20);
  go(50);
  clock.anew();
  for (const now of [2_100, 2_200]) frame(now);
  assert.equal(at(), 52);
});

Deno.test("once stopped it shows no more rows", () => {
  const { clock, at, frame } = playing(() => 10);
  clock.start();
  for (const now of [0, 1_000]) frame(now);
  clock.stop();
  frame(9_000);
  assert.deepEqual([at(), clock.goes], [10, false]);
});

Deno.test("who wants no motion sees a run in sixteen jumps", () => {
  const { clock, at } = playing(() => 10);
  /** @type {(() => void)[]} */
  const jumps = [];
  const own = { setInterval: globalThis.setInterval, matches: reducedMotion.matches };
  try {
    Object.assign(globalThis, { setInterval: (/** @type {() => void} */ act) => jumps.push(act) });
    Object.assign(reducedMotion, { matches: true });
    clock.start();
    for (let jump = 0; jump < 16; jump += 1) jumps[0]();
    assert.equal(at(), 100);
    clock.stop();
  } finally {
    Object.assign(globalThis, { setInterval: own.setInterval });
    Object.assign(reducedMotion, { matches: own.matches });
  }
});
