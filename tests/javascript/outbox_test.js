import assert from "node:assert/strict";
import { clock, marks, scriptRun } from "./browser.js";
import { hand, Outbox } from "../../gdviz/ui/components/live_plot/outbox.js";
import { busy } from "../../gdviz/ui/components/live_plot/rest.js";

/** An outbox, what it has sent, and the numbers of that.
 * @param {(act: { outbox: Outbox, sent: any[], time: ReturnType<typeof clock> }) => Promise<void>} act */
async function withOutbox(act) {
  const time = clock();
  /** @type {any[]} */
  const sent = [];
  const outbox = new Outbox((message) => sent.push(message));
  try {
    await act({ outbox, sent, time });
  } finally {
    outbox.close();
    await time.pass(100);
    time.close();
  }
}

/** @param {{ value: number }[]} sent */
const values = (sent) => sent.map(({ value }) => value);

Deno.test("of many messages the first and the newest are sent, one at a time", () =>
  withOutbox(async ({ outbox, sent, time }) => {
    for (let value = 0; value < 50; value += 1) outbox.send({ value });
    await time.pass(100);
    assert.deepEqual(values(sent), [0], "the next waits for the answer");
    outbox.acknowledge(sent[0].number);
    await time.pass(100);
    assert.deepEqual(values(sent), [0, 49]);
    assert.ok(outbox.busy);
    outbox.acknowledge(sent[1].number);
    assert.ok(!outbox.busy);
    assert.ok(sent[1].number > sent[0].number);
  }));

Deno.test("a message takes the place of an earlier one of its kind, and of no other", () =>
  withOutbox(async ({ outbox, sent, time }) => {
    outbox.send({ kind: "missing" });
    for (let value = 0; value < 5; value += 1) outbox.send({ kind: "start", value });
    outbox.send({ kind: "step", value: 7 });
    outbox.send({ kind: "start", value: 5 });
    await time.pass(100);
    assert.ok(outbox.holds("missing") && outbox.holds("step", "drive") && !outbox.holds("drive"));
    for (let answers = 0; answers < 3; answers += 1) {
      outbox.acknowledge(sent.at(-1).number);
      await time.pass(100);
    }
    assert.deepEqual(sent.map(({ kind, value }) => [kind, value]), [["missing", undefined], ["start", 5], ["step", 7]]);
    assert.ok(!outbox.busy && !outbox.holds("step"));
  }));

Deno.test("while a script runs, a message that nobody has answered yet is not lost", () =>
  withOutbox(async ({ outbox, sent, time }) => {
    const run = scriptRun();
    try {
      outbox.send({ kind: "choose" });
      outbox.send({ kind: "rest" });
      await time.pass(60_000);
      assert.equal(sent.length, 1, "it would take the place of the one that waits for the run's end");
      run.end();
      await time.pass(100);
      assert.deepEqual(sent.map(({ kind }) => kind), ["choose", "rest"]);
    } finally {
      run.close();
    }
  }));

Deno.test("a component that has left the page sends nothing more, and keeps no page from its rest", async () => {
  for (const answered of [true, false]) {
    const run = scriptRun();
    await withOutbox(async ({ outbox, sent, time }) => {
      outbox.rested = () => outbox.send({ kind: "missing" });
      outbox.send({ kind: "missing" });
      outbox.send({ kind: "click" });
      await time.pass(answered ? 10 : 4000); // its answer, or its patience, waits for the run's end
      if (answered) outbox.acknowledge(sent[0].number);
      outbox.close();
      run.end();
      outbox.send({ kind: "start" });
      await time.pass(60_000);
      for (const on of [true, false]) busy(run, on);
      await time.pass(100);
      assert.deepEqual(sent.map(({ kind }) => kind), ["missing"]);
      assert.ok(marks.has("data-gdviz-rest"));
    });
    run.close();
  }
});

Deno.test("only the answer to the message under way counts", () =>
  withOutbox(async ({ outbox, sent, time }) => {
    outbox.acknowledge(null);
    outbox.send({ value: 1 });
    outbox.send({ value: 2 });
    await time.pass(10);
    for (const number of [null, sent[0].number - 1, sent[0].number + 1, 0]) outbox.acknowledge(number);
    await time.pass(100);
    assert.deepEqual(values(sent), [1]);
  }));

Deno.test("a lost answer does not block the hand for ever", () =>
  withOutbox(async ({ outbox, sent, time }) => {
    outbox.send({ value: 1 });
    outbox.send({ value: 2 });
    await time.pass(2999);
    assert.deepEqual(values(sent), [1]);
    await time.pass(100);
    assert.deepEqual(values(sent), [1, 2]);
    outbox.acknowledge(sent[0].number); // too late
    assert.ok(outbox.busy);
  }));

Deno.test("a message is answered when the run that brought its number has ended", () =>
  withOutbox(async ({ outbox, sent, time }) => {
    const run = scriptRun();
    try {
      outbox.send({ value: 1 });
      outbox.send({ value: 2 });
      await time.pass(10);
      outbox.acknowledge(sent[0].number);
      await time.pass(10);
      assert.deepEqual(values(sent), [1]);
      run.end();
      await time.pass(10);
      assert.deepEqual(values(sent), [1, 2]);
      assert.equal(run.watchers.size, 0);
    } finally {
      run.close();
    }
  }));

Deno.test("it says when it rests, once the last message is answered", () =>
  withOutbox(async ({ outbox, sent, time }) => {
    let rests = 0;
    outbox.rested = () => (rests += 1);
    outbox.send({ value: 1 });
    outbox.send({ value: 2 });
    await time.pass(10);
    outbox.acknowledge(sent[0].number);
    await time.pass(10);
    assert.equal(rests, 0);
    outbox.acknowledge(sent[1].number);
    outbox.acknowledge(sent[1].number);
    assert.equal(rests, 1);
  }));

Deno.test("listeners hear of a hand when it begins and when it ends", () => {
  /** @type {boolean[]} */
  const heard = [];
  const listener = (/** @type {boolean} */ moving) => heard.push(moving);
  hand.listeners.add(listener);
  for (const moving of [false, true, true, false, false]) hand.set(moving);
  hand.listeners.delete(listener);
  assert.deepEqual(heard, [true, false]);
});

Deno.test("what is sent while the connection is lost is sent when it is there again", async () => {
  const run = scriptRun("notRunning");
  await withOutbox(async ({ outbox, sent, time }) => {
    run.connect(false);
    outbox.send({ value: 1 });
    await time.pass(60_000);
    assert.deepEqual(values(sent), []);
    assert.ok(outbox.busy);
    run.connect(true);
    await time.pass(100);
    assert.deepEqual(values(sent), [1]);
    outbox.send({ value: 2 });
    run.connect(false); // before the answer
    await time.pass(60_000);
    run.connect(true);
    await time.pass(100);
    assert.deepEqual(values(sent), [1, 1]);
    assert.equal(sent[0].number, sent[1].number);
    outbox.acknowledge(sent[1].number);
    await time.pass(100);
    assert.deepEqual(values(sent), [1, 1, 2]);
  });
  run.close();
});
