import { clock, marks, scriptRun } from "./browser.js";
import assert from "node:assert/strict";
import { busy } from "../../gdviz/ui/components/live_plot/rest.js";

Deno.test("the page rests a moment after the last thing under way is done", async () => {
  const [time, run] = [clock(), scriptRun()];
  const [chart, slider] = [{}, {}];
  busy(chart, true);
  busy(slider, true);
  run.end();
  busy(chart, false);
  await time.pass(1000);
  assert.ok(!marks.has("data-gdviz-rest"), "the slider is still under way");
  busy(slider, false);
  await time.pass(79);
  assert.ok(!marks.has("data-gdviz-rest"));
  await time.pass(1);
  assert.ok(marks.has("data-gdviz-rest"));
  busy(slider, false);
  assert.ok(marks.has("data-gdviz-rest"), "what is done twice changes nothing");
  busy(chart, true);
  assert.ok(!marks.has("data-gdviz-rest"));
  busy(chart, false);
  run.close();
  time.close();
});

Deno.test("it does not rest while a script runs", async () => {
  const [time, run] = [clock(), scriptRun()];
  const chart = {};
  busy(chart, true);
  busy(chart, false);
  await time.pass(1000);
  assert.ok(!marks.has("data-gdviz-rest"));
  run.close();
  time.close();
});
