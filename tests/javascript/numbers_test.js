// How the slider and the player write numbers, and what the slider makes of keys and places.
import "./browser.js";
import assert from "node:assert/strict";
import { assignment, extentOf, format } from "../../gdviz/ui/components/live/numbers.js";
import { afterKey, offered, plain, SCALES } from "../../gdviz/ui/components/slider/scales.js";

const { decades, counts, shares, even, whole } = SCALES;

Deno.test("a value is written plainly", () => {
  const written = [0.1, 0.123, 1, 10, 1230, 0.000001, 3.33e-7, 7e-11, 1e6, 123000, 0, 0.9995].map(plain);
  const expected = ["0.1", "0.123", "1", "10", "1230", "0.000001", "3.33e-7", "7e-11", "1000000", "123000", "0"];
  assert.deepEqual(written, [...expected, "0.9995"]);
});

Deno.test("numbers are written as the page's own are", () => {
  const written = [0.1234567, 12, -3e-9, 2.5e21, 0, 12345, 5e-324, NaN, -Infinity].map((value) => format(value, 4));
  const expected = ["0.1235", "12", "−3 × 10⁻⁹", "2.5 × 10²¹", "0", "12,345", "next to nothing", "undefined", "−∞"];
  assert.deepEqual(written, expected);
});

Deno.test("a value of the slider lies within its ends and has three digits", () => {
  const at = (/** @type {number} */ value, low = -6, high = 1) => offered(decades, Math.log10(value), low, high);
  assert.deepEqual([0.123456, 99, 1e-9].map((value) => at(value)), [0.123, 10, 1e-6]);
  assert.equal(at(7.7684e-11, -12, -8), 7.77e-11);
});

Deno.test("keys go by hundredths and tenths of a decade, and to the ends", () => {
  const after = (/** @type {string} */ key) => afterKey(decades, key, -2, -6, 1);
  assert.deepEqual(["ArrowRight", "ArrowUp", "PageUp", "Home"].map(after), [-1.99, -1.99, -1.9, -6]);
  assert.deepEqual(["ArrowLeft", "ArrowDown", "PageDown", "End"].map(after), [-2.01, -2.01, -2.1, 1]);
  assert.deepEqual(["Enter", "a", "Tab"].map(after), [undefined, undefined, undefined]);
});

/** Presses a key so many times.
 * @param {import("../../gdviz/ui/components/slider/types.d.ts").Scale} scale
 * @param {string} key
 * @param {number} value
 * @param {number} low
 * @param {number} high
 * @param {number} times */
function pressed(scale, key, value, low, high, times) {
  const values = [value];
  for (let time = 0; time < times; time += 1) {
    const before = values[time];
    const place = afterKey(scale, key, scale.place(before), low, high) ?? NaN;
    values.push(offered(scale, place, low, high, before));
    assert.notEqual(values[time + 1], before, "each key moves it");
  }
  return values;
}

Deno.test("a hundred keys to the right and back end where they began", () => {
  const there = pressed(decades, "ArrowRight", 0.0123, -6, 1, 100).at(-1) ?? NaN;
  const back = pressed(decades, "ArrowLeft", there, -6, 1, 100).at(-1) ?? NaN;
  assert.ok(Math.abs(Math.log10(back / 0.0123)) < 0.02, String(back));
});

Deno.test("epochs are whole, and each key moves by one at least", () => {
  assert.deepEqual(pressed(counts, "ArrowRight", 1, 0, 5, 5), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(pressed(counts, "ArrowLeft", 4, 0, 5, 3), [4, 3, 2, 1]);
  assert.equal(offered(counts, 5, 0, 5), 100_000);
  assert.equal(offered(counts, Math.log10(12_345), 0, 5), 12_300);
});

Deno.test("a share that is kept is as far from 0.9 to 0.99 as from 0.99 to 0.999, and never 1", () => {
  const places = [0, 0.9, 0.99, 0.999].map(shares.place);
  places.forEach((place, index) => assert.ok(Math.abs(place - index) < 1e-9));
  assert.deepEqual([0, 1, 2, 3, 9].map((place) => offered(shares, place, 0, 4)), [0, 0.9, 0.99, 0.999, 0.9999]);
  for (const value of pressed(shares, "PageUp", 0, 0, 4, 30)) assert.ok(value >= 0 && value < 1, String(value));
});

Deno.test("even distances have steps of a thousandth", () => {
  assert.deepEqual([0.1234, 0.5, 2].map((place) => offered(even, place, 0, 1)), [0.123, 0.5, 1]);
});

Deno.test("seeds go by one", () => {
  assert.deepEqual(pressed(whole, "ArrowRight", 0, 0, 100, 3), [0, 1, 2, 3]);
  assert.deepEqual(pressed(whole, "PageDown", 100, 0, 100, 2), [100, 90, 80]);
  assert.equal(offered(whole, 7.4, 0, 100), 7);
});

Deno.test("numbers are written with their names", () => {
  assert.equal(assignment(["x", "y"], [1, -2.5]), "x = 1, y = −2.5");
  assert.equal(assignment(["x"], Float64Array.of(1.23456), 4), "x = 1.235");
  assert.equal(assignment([], []), "");
});

Deno.test("the ends of numbers are those that are finite, in the rows and above the floor that are asked for", () => {
  assert.deepEqual(extentOf([3, NaN, -Infinity, -2, Infinity, 7]), [-2, 7]);
  assert.deepEqual(extentOf([3, 1, 9], 2), [1, 3]);
  assert.deepEqual(extentOf([0, -1, 1e-300, 5], 4, 0), [1e-300, 5]);
  assert.deepEqual(extentOf([NaN]), [Infinity, -Infinity]);
});
