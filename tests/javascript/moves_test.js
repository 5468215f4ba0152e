import assert from "node:assert/strict";
import { meant, MOVES } from "../../gdviz/ui/components/player/moves.js";

/** @param {string} key @param {object} more */
const press = (key, more = {}) => /** @type {any} */ ({ key, target: { closest: () => null }, ...more });

/** Where a key leads from row 5 of 20.
 * @param {string} key @param {object} more */
const after = (key, more = {}) => {
  const move = meant(press(key, more));
  return typeof move === "function" ? move(5, 20) : move;
};

Deno.test("arrows go by one epoch, with Shift by ten, and Home and End to the ends", () => {
  assert.deepEqual(["ArrowLeft", "ArrowDown", "ArrowRight", "ArrowUp"].map((key) => after(key)), [4, 4, 6, 6]);
  assert.deepEqual([after("ArrowLeft", { shiftKey: true }), after("ArrowUp", { shiftKey: true })], [-5, 15]);
  assert.deepEqual([after("Home"), after("End")], [0, 20]);
  assert.deepEqual(["first", "back", "forth", "last"].map((name) => MOVES[name](5, 20)), [0, 4, 6, 20]);
});

Deno.test("the space bar plays, but on a button does what that says; other keys are not the player's", () => {
  assert.equal(after(" "), "toggle");
  assert.equal(after(" ", { target: { closest: () => ({}) } }), null);
  assert.deepEqual(["a", "Tab", "Enter", "PageUp"].map((key) => after(key)), [null, null, null, null]);
  for (const held of ["altKey", "ctrlKey", "metaKey"]) assert.equal(after("ArrowLeft", { [held]: true }), null);
});
