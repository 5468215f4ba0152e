// What is decided before anything is drawn: dashes, what may be drawn over, how far a run has come.
import "./browser.js";
import assert from "node:assert/strict";
import { onlyMoves } from "../../gdviz/ui/components/live_plot/overlay.js";
import { isInSpace } from "../../gdviz/ui/components/live_plot/scene.js";
import { dashes } from "../../gdviz/ui/components/live_plot/svg.js";
import { reached } from "../../gdviz/ui/components/live/run.js";

Deno.test("dashes are Plotly's", () => {
  assert.equal(dashes(undefined, 2), "none");
  assert.equal(dashes("solid", 2), "none");
  assert.equal(dashes("dot", 2), "3,3");
  assert.equal(dashes("dashdot", 4), "12,4,4,4");
  assert.equal(dashes("5px,10px", 2), "5,10");
});

/** @param {string[]} traces digests, with a star where only that moves */
function figure(traces, layout = "l", template = "t") {
  const parts = traces.map((text) => ({ digest: text, value: { meta: text.includes("*") ? { moving: true } : {} } }));
  return /** @type {any} */ ({ layoutDigest: layout, template: { digest: template }, traces: parts });
}

Deno.test("a figure is drawn over another if nothing but what moves has changed", () => {
  const before = figure(["land", "path*1"]);
  assert.ok(onlyMoves(before, figure(["land", "path*2"])));
  assert.ok(!onlyMoves(undefined, before));
  assert.ok(!onlyMoves(before, figure(["land2", "path*2"])));
  assert.ok(!onlyMoves(before, figure(["land", "path*2", "more*"])));
  assert.ok(!onlyMoves(before, figure(["land", "path*2"], "l2")));
  assert.ok(!onlyMoves(before, figure(["land", "path*2"], "l", "t2")));
  assert.ok(!onlyMoves(figure(["land"]), figure(["land"])), "nothing moves");
});

Deno.test("a run has reached all epochs up to a moment", () => {
  const epochs = [0, 1, 2.5, 2.5, 7];
  assert.deepEqual([-1, 0, 1.5, 2.5, 7, 99].map((moment) => reached(epochs, moment)), [0, 1, 2, 4, 5, 5]);
  assert.equal(reached([], 3), 0);
  assert.equal(reached(Float64Array.of(0, 1), 1), 2);
});

Deno.test("surfaces and paths upon them are in space", () => {
  assert.deepEqual(["surface", "scatter3d", "scatter", undefined].map((type) => isInSpace({ type, x: [], y: [] })), [
    true,
    true,
    false,
    false,
  ]);
});
