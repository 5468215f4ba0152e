import assert from "node:assert/strict";
import { clock, scriptRun } from "./browser.js";
import { inTurn, mounted, whenRunEnds } from "../../gdviz/ui/components/live_plot/streamlit.js";

/** A component as Streamlit calls it, and what happens to it. */
function mountable() {
  /** @type {any[]} */
  const events = [];
  const mount = mounted(() => {
    events.push("made");
    return {
      receive: (/** @type {unknown} */ data, transmit) => {
        events.push(data);
        transmit({ echo: data });
      },
      remove: () => events.push("removed"),
    };
  }, "state");
  const parentElement = /** @type {any} */ ({ isConnected: true });
  const setStateValue = (/** @type {string} */ name, /** @type {object} */ message) => events.push([name, message]);
  const setTriggerValue = () => assert.fail("the other setter");
  const call = (/** @type {unknown} */ data) => mount({ data, parentElement, setStateValue, setTriggerValue });
  return { events, call, parentElement };
}

Deno.test("a component is made once, and told all that comes", async () => {
  const time = clock();
  const { events, call } = mountable();
  call(1);
  await time.pass(0);
  call(2);
  await time.pass(0);
  assert.deepEqual(events, ["made", 1, ["message", { echo: 1 }], 2, ["message", { echo: 2 }]]);
  time.close();
});

Deno.test("a call that was overtaken takes nothing apart; leaving the page does, once", async () => {
  const time = clock();
  const { events, call, parentElement } = mountable();
  const overtaken = call(1);
  await time.pass(0);
  const last = call(2);
  await time.pass(0);
  overtaken();
  assert.ok(!events.includes("removed"));
  parentElement.isConnected = false;
  last();
  overtaken();
  assert.equal(events.filter((event) => event === "removed").length, 1);
  parentElement.isConnected = true;
  call(3);
  await time.pass(0);
  assert.equal(events.filter((event) => event === "made").length, 2, "a page that is entered again");
  time.close();
});

Deno.test("an overtaken call is not heard, however late it ends", async () => {
  const time = clock();
  const { events, call, parentElement } = mountable();
  const words = () => events.filter((event) => typeof event === "string");
  call("new");
  call("old")();
  await time.pass(0);
  assert.deepEqual(words(), ["made", "new"]);
  await time.pass(5000);
  call("older")();
  call("next");
  await time.pass(0);
  assert.deepEqual(words(), ["made", "new", "next"]);
  const last = call("last");
  parentElement.isConnected = false;
  last();
  await time.pass(0);
  assert.deepEqual(words(), ["made", "new", "next", "removed"], "nothing is heard that has left the page");
  time.close();
});

Deno.test("messages go out one after the other, each in a task of its own", async () => {
  const time = clock();
  /** @type {number[]} */
  const sent = [];
  for (const number of [1, 2, 3]) inTurn(() => sent.push(number));
  await time.pass(0);
  assert.deepEqual(sent, [1]);
  await time.pass(4);
  assert.deepEqual(sent, [1, 2]);
  await time.pass(8);
  assert.deepEqual(sent, [1, 2, 3]);
  time.close();
});

Deno.test("without a run there is nothing to wait for", () => {
  let calls = 0;
  whenRunEnds(() => (calls += 1));
  assert.equal(calls, 1);
  const run = scriptRun();
  whenRunEnds(() => (calls += 1));
  assert.equal(calls, 1);
  run.end();
  assert.equal(calls, 2);
  whenRunEnds(() => (calls += 1));
  assert.equal(calls, 3, "it is over");
  run.close();
});
