import "./browser.js";
import assert from "node:assert/strict";
import { Run } from "../../gdviz/ui/components/live/run.js";
import { height, rises, Sound, tone } from "../../gdviz/ui/components/player/sound.js";

Deno.test("a lower loss is a lower tone, by its logarithm", () => {
  const heights = [1e-9, 1e-6, 1e-3, 1].map((value) => height(value, 0, 1));
  heights.forEach((high, index) => assert.ok(index === 0 || high > heights[index - 1]));
  assert.ok(Math.abs(heights[2] - heights[1] - (heights[3] - heights[2])) < 1e-3, "even steps for even decades");
  assert.deepEqual([height(0, 0, 1), height(1, 0, 1)], [0, 1]);
});

Deno.test("what has no logarithm, or no height, is the lowest tone or the highest", () => {
  assert.deepEqual([height(NaN, 0, 1), height(5, 5, 5), height(-3, 0, 1)], [0, 0, 0]);
  assert.equal(height(2, 0, 1), 1);
  assert.ok(tone(0) >= 100 && tone(1) <= 1000);
});

Deno.test("nothing sounds before it is asked for", () => {
  const sound = new Sound();
  sound.play(new Run(1, () => [1]), 0);
  sound.mute();
  sound.close();
  assert.equal(sound.audio, undefined);
});

Deno.test("the ends of a run are its least and greatest value that are numbers", () => {
  assert.deepEqual(new Sound().ends(new Run(4, () => [3, NaN, 0.5, 7])), [0.5, 7]);
});

Deno.test("a step that goes up is heard, also where many go by between two tones", () => {
  const run = new Run(6, () => [5, 4, 4.5, 3, 2, 2]);
  assert.deepEqual([rises(run, 0, 1), rises(run, 1, 2), rises(run, 0, 5), rises(run, 2, 5), rises(run, 0, 0)], [
    false,
    true,
    true,
    false,
    false,
  ]);
});
