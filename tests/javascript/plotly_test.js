import assert from "node:assert/strict";
import { decodeArrays } from "../../gdviz/ui/components/live_plot/arrays.js";
import { inTurn, recolored } from "../../gdviz/ui/components/live_plot/plotly.js";

/** @param {ArrayBufferView<ArrayBuffer>} array */
const base64 = (array) => btoa(String.fromCharCode(...new Uint8Array(array.buffer)));

Deno.test("arrays of every type come back as they were", () => {
  const arrays = {
    i1: Int8Array.of(-1, 127),
    u1: Uint8Array.of(0, 255),
    i2: Int16Array.of(-300, 300),
    u2: Uint16Array.of(65535),
    i4: Int32Array.of(-70000),
    u4: Uint32Array.of(4e9),
    f4: Float32Array.of(0.5, NaN),
    f8: Float64Array.of(0.1, -Infinity),
  };
  for (const [dtype, array] of Object.entries(arrays)) {
    assert.deepEqual(decodeArrays({ x: { dtype, bdata: base64(array) } }).x, array);
  }
});

Deno.test("an array of two dimensions is a list of its rows", () => {
  const packed = { dtype: "f8", bdata: base64(Float64Array.of(1, 2, 3, 4, 5, 6)), shape: "2, 3" };
  const { z } = /** @type {any} */ (decodeArrays({ z: packed }));
  assert.deepEqual(z, [Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6)]);
});

Deno.test("arrays are found at any depth, and all else stays", () => {
  const packed = () => ({ dtype: "i1", bdata: base64(Int8Array.of(7)) });
  const value = { marker: { color: packed() }, list: [1, null, [packed()]], name: "bdata", shape: "1, 2" };
  assert.equal(decodeArrays(value), value);
  assert.deepEqual(value, {
    marker: { color: Int8Array.of(7) },
    list: [1, null, [Int8Array.of(7)]],
    name: "bdata",
    shape: "1, 2",
  });
  for (const plain of [null, 5, "text"]) assert.equal(decodeArrays(plain), plain);
});

Deno.test("what Plotly has to read itself is left to it", () => {
  const deep = { dtype: "f8", bdata: base64(Float64Array.of(1, 2)), shape: "1, 1, 2" };
  const unknown = { dtype: "c16", bdata: "AAAA" };
  assert.deepEqual(decodeArrays({ deep: { ...deep }, unknown: { ...unknown } }), { deep, unknown });
});

Deno.test("a figure is recolored, and its numbers and the figure itself stay as they are", () => {
  const x = Float64Array.of(1, 2);
  const figure = { data: [{ x, line: { color: "#fff" }, colorscale: [[0, "#fff"], [1, "red"]], name: null }], n: 3 };
  const other = recolored(figure, { "#fff": "black" });
  assert.equal(other.data[0].x, x);
  assert.deepEqual([other.data[0].line.color, other.data[0].colorscale], ["black", [[0, "black"], [1, "red"]]]);
  assert.deepEqual([figure.data[0].line.color, other.data[0].name, other.n], ["#fff", null, 3]);
});

Deno.test("of charts that come together the landscape is drawn first, and none waits for one that fails", async () => {
  Object.assign(globalThis, { requestAnimationFrame: (/** @type {() => void} */ act) => setTimeout(act) });
  /** @type {string[]} */
  const drawn = [];
  const chart = (/** @type {string} */ name, first = false) =>
    inTurn(() => {
      drawn.push(name);
      return name === "broken" ? Promise.reject(new Error(name)) : Promise.resolve();
    }, first);
  const broken = chart("broken");
  const all = [chart("loss"), chart("landscape", true), chart("theta")];
  await assert.rejects(broken);
  await Promise.all(all);
  await chart("later");
  assert.deepEqual(drawn, ["landscape", "broken", "loss", "theta", "later"]);
});
