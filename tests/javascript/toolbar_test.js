import assert from "node:assert/strict";
import { nextButton } from "../../gdviz/ui/components/live_plot/toolbar.js";

Deno.test("arrow keys go round the buttons of a toolbar, Home and End to its ends, other keys nowhere", () => {
  assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End"].map((key) => nextButton(key, 0, 3)), [1, 2, 0, 2]);
  assert.deepEqual(["ArrowRight", "ArrowLeft", "Home", "End"].map((key) => nextButton(key, 2, 3)), [0, 1, 0, 2]);
  for (const key of ["Tab", "Enter", " ", "ArrowUp", "toString"]) assert.equal(nextButton(key, 1, 3), null);
});
