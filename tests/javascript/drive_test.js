// What a slider of the drive stands for.
import "./browser.js";
import assert from "node:assert/strict";
import { Dial } from "../../gdviz/ui/components/player/drive.js";

/** A range input with steps of 0.01 from `min` on, and what shows its number.
 * @param {number} min */
function slider(min) {
  let at = min;
  const nextElementSibling = { textContent: "" };
  return /** @type {any} */ ({
    nextElementSibling,
    setAttribute: () => {},
    get value() {
      return String(at);
    },
    set value(text) {
      at = Number((min + Math.round((Number(text) - min) / 0.01) * 0.01).toFixed(6));
    },
  });
}

Deno.test("a number between two places of a slider is kept until a hand moves it", () => {
  for (const beta of [0.975, 0.9, 0.123456, 0.999, 0]) {
    const input = slider(0);
    const dial = new Dial(input, Number, Number);
    dial.give(beta);
    assert.equal(dial.value, beta);
    input.value = "0.5";
    dial.label();
    assert.deepEqual([dial.value, input.nextElementSibling.textContent], [0.5, "0.5"]);
  }
});

Deno.test("a learning rate that a hand chooses has three digits, the one that was there all of its own", () => {
  const input = slider(-6);
  const dial = new Dial(input, Math.log10, (place) => Number((10 ** place).toPrecision(3)));
  dial.give(0.0012345678);
  assert.equal(dial.value, 0.0012345678);
  assert.equal(input.nextElementSibling.textContent, "0.001235");
  input.value = "-2.5";
  assert.equal(dial.value, 0.00316);
});
