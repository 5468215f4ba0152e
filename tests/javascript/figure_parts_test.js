import assert from "node:assert/strict";
import { complete, forget } from "../../gdviz/ui/components/live_plot/figure_parts.js";

/** A message with these traces: `digest` alone for one that is thought to be here, else with a value.
 * @param {string[]} traces
 * @param {string} key */
function message(traces, key = "chart", keptParts = 2) {
  const parts = traces.map((text) => {
    const [digest, value] = text.split("=");
    return value === undefined ? { digest, keep: true } : { digest, keep: true, value: { name: value } };
  });
  return /** @type {any} */ ({ key, traces: parts, template: { digest: "t", value: {} }, limits: { keptParts } });
}

/** @param {ReturnType<typeof complete>} figure */
const names = (figure) => figure?.traces.map(({ value }) => value.name);

Deno.test("what was sent once comes back by its digest", () => {
  forget();
  assert.deepEqual(names(complete(message(["a=one", "b=two"]), () => {})), ["one", "two"]);
  assert.deepEqual(names(complete(message(["b", "a", "c=three"]), () => {})), ["two", "one", "three"]);
});

Deno.test("what never came, or is another chart's, or was lost is missing", () => {
  forget();
  assert.equal(complete(message(["a"]), () => {}), null);
  complete(message(["a=one"]), () => {});
  assert.equal(complete(message(["a"], "other"), () => {}), null);
  forget();
  assert.equal(complete(message(["a"]), () => {}), null);
});

Deno.test("of more than can be kept the longest unused goes", () => {
  forget();
  for (const traces of [["a=1"], ["b=2"], ["a"], ["c=3"]]) complete(message(traces), () => {});
  assert.deepEqual(names(complete(message(["a"]), () => {})), ["1"]);
  assert.equal(complete(message(["b"]), () => {}), null);
});

Deno.test("a figure of many parts is kept whole", () => {
  forget();
  complete(message(["a=1", "b=2", "c=3", "d=4"]), () => {});
  assert.deepEqual(names(complete(message(["a", "b", "c", "d"]), () => {})), ["1", "2", "3", "4"]);
});

Deno.test("only what is new is unpacked", () => {
  forget();
  /** @type {any[]} */
  const unpacked = [];
  const unpack = (/** @type {any} */ value) => unpacked.push(value.name);
  complete(message(["a=one"]), unpack);
  complete(message(["a", "b=two"]), unpack);
  assert.deepEqual(unpacked.filter(Boolean), ["one", "two"]);
});
