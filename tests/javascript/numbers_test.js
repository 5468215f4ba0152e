// How the slider and the player write numbers, and what the slider makes of keys and places.
import "./browser.js";
import assert from "node:assert/strict";
import { format } from "../../gdviz/ui/live/numbers.js";
import { afterKey, offered, plain } from "../../gdviz/ui/rate_slider/rate_slider.js";

Deno.test("a rate is written with three digits, as a person would", () => {
  const written = [0.1, 0.12345, 1, 9.999, 1234.5, 0.000001, 1e-6 / 3, 7e-11, 1e6, 123456].map(plain);
  assert.deepEqual(written, ["0.1", "0.123", "1", "10", "1230", "0.000001", "3.33e-7", "7e-11", "1000000", "123000"]);
});

Deno.test("numbers are written as the page's own are", () => {
  const written = [0.1234567, 12, -3e-9, 2.5e21, 0, 12345, 5e-324, NaN, -Infinity].map((value) => format(value, 4));
  const expected = ["0.1235", "12", "−3 × 10⁻⁹", "2.5 × 10²¹", "0", "12,345", "next to nothing", "undefined", "−∞"];
  assert.deepEqual(written, expected);
});

Deno.test("a value of the slider lies within its ends and has three digits", () => {
  assert.equal(offered(0.123456, -6, 1), 0.123);
  assert.equal(offered(99, -6, 1), 10);
  assert.equal(offered(1e-9, -6, 1), 1e-6);
  assert.equal(offered(7.7684e-11, -12, -8), 7.77e-11);
});

Deno.test("keys go by hundredths and tenths of a decade, and to the ends", () => {
  const after = (/** @type {string} */ key) => afterKey(key, -2, -6, 1);
  assert.deepEqual(["ArrowRight", "ArrowUp", "PageUp", "Home"].map(after), [-1.99, -1.99, -1.9, -6]);
  assert.deepEqual(["ArrowLeft", "ArrowDown", "PageDown", "End"].map(after), [-2.01, -2.01, -2.1, 1]);
  assert.deepEqual(["Enter", "a", "Tab"].map(after), [undefined, undefined, undefined]);
});

Deno.test("a hundred keys to the right and back end where they began", () => {
  let value = 0.0123;
  for (const key of ["ArrowRight", "ArrowLeft"]) {
    for (let count = 0; count < 100; count += 1) {
      const before = value;
      value = offered(10 ** (afterKey(key, Math.log10(value), -6, 1) ?? NaN), -6, 1);
      assert.notEqual(value, before, "each key moves it");
    }
  }
  assert.ok(Math.abs(Math.log10(value / 0.0123)) < 0.02, String(value));
});
