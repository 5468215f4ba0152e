// How questions go to Python and answers come back: live.js and page.js together.
import { clock, description, joined, packed } from "./browser.js";
import assert from "node:assert/strict";
import { page, verdicts } from "../../gdviz/ui/live/page.js";
import mount from "../../gdviz/ui/live/live.js";

const HERE = { place: { axes: [0], at: [1], digits: [2] }, steered: null };
const NO_MODULE = description({ step: null, rates: null, most: 0 });

/** The component on a page, what it has asked, and Python's side of it.
 * @param {(act: { asked: any[], answer: Function, time: ReturnType<typeof clock> }) => Promise<void>} act */
async function withLive(act) {
  const time = clock();
  /** @type {any[]} */
  const asked = [];
  const parentElement = /** @type {any} */ ({ isConnected: true });
  const setTriggerValue = (/** @type {string} */ _, /** @type {object} */ question) => asked.push(question);
  const tell = (/** @type {object} */ head, runs = new Uint8Array()) => {
    const data = joined({ experiments: [NO_MODULE], ...HERE, ...head }, runs);
    return mount({ data, parentElement, setTriggerValue, setStateValue: setTriggerValue });
  };
  const leave = tell({ answered: null });
  const answer = ( // to the question that was put last
    /** @type {object | undefined} */ said,
    /** @type {Uint8Array<ArrayBuffer> | undefined} */ runs,
    late = 0,
  ) => tell({ answered: asked.at(-1).number + late, ...(said && { answer: said }) }, runs);
  try {
    await act({ asked, answer, time });
  } finally {
    parentElement.isConnected = false;
    leave();
    await time.pass(200);
    time.close();
  }
}

const RUN = packed(["epoch"], [[[0], [1], [2]]]);
const hover = (/** @type {number} */ x) => /** @type {const} */ ({ kind: "hover", x, y: 0 });

Deno.test("one question is under way, and of each kind the newest waits", () =>
  withLive(async ({ asked, answer, time }) => {
    const answers = [1, 2, 3].map((x) => page.asker?.ask(hover(x)));
    const rest = page.asker?.ask({ kind: "rest" });
    await time.pass(10);
    assert.deepEqual(asked.map(({ kind, x }) => [kind, x]), [["hover", 1]]);
    assert.equal(await answers[1], null, "overtaken");
    answer({ lines: ["one"] });
    assert.deepEqual(await answers[0], { lines: ["one"], runs: [] });
    await time.pass(10);
    assert.equal(asked.at(-1).x, 3);
    answer({ refused: true });
    assert.equal(await answers[2], null);
    await time.pass(10);
    answer({ name: "run" }, RUN);
    const found = await rest;
    assert.equal(found?.name, "run");
    assert.equal(found?.runs[0].rowAt(1.5), 1);
  }));

Deno.test("a question whose answer never came is put again, or gives way to a newer one", () =>
  withLive(async ({ asked, answer, time }) => {
    const first = page.asker?.ask(hover(1));
    await time.pass(10);
    answer(undefined);
    await time.pass(10);
    assert.deepEqual(asked.map(({ x }) => x), [1, 1]);
    assert.ok(asked[1].number > asked[0].number);
    const second = page.asker?.ask(hover(2));
    answer(undefined);
    assert.equal(await first, null);
    await time.pass(10);
    assert.equal(asked.at(-1).x, 2);
    answer({ lines: [] });
    assert.deepEqual(await second, { lines: [], runs: [] });
  }));

Deno.test("the answer to another question is not taken for this one's", () =>
  withLive(async ({ asked, answer, time }) => {
    const question = page.asker?.ask(hover(1));
    await time.pass(10);
    answer({ lines: ["of an older one"] }, undefined, -1);
    answer(undefined, undefined, -1);
    await time.pass(10);
    assert.equal(asked.length, 1, "it is still under way");
    answer({ lines: ["of this one"] });
    assert.deepEqual(await question, { lines: ["of this one"], runs: [] });
  }));

Deno.test("a lost answer blocks no other question", () =>
  withLive(async ({ asked, time }) => {
    const lost = page.asker?.ask(hover(1));
    page.asker?.ask({ kind: "rest" });
    await time.pass(3999);
    assert.equal(asked.length, 1);
    await time.pass(10);
    assert.equal(await lost, null);
    assert.equal(asked.at(-1).kind, "rest");
  }));

Deno.test("a run that comes when nobody wants it any more is not shown", () =>
  withLive(async ({ answer, time }) => {
    for (const wanted of [true, false]) {
      const shown = page.preview({ learning_rate: 0.1 }, () => wanted);
      await time.pass(10);
      answer({}, RUN);
      assert.equal((await shown)?.length, wanted ? 1 : undefined);
      assert.equal(page.shown?.kind, wanted ? "run" : undefined);
      page.show(null);
      await time.pass(200);
      if (wanted) answer({ refused: true }); // the verdict
    }
  }));

Deno.test("the verdict is asked for at most ten times a second, and of the newest run", () =>
  withLive(async ({ asked, answer, time }) => {
    for (let rate = 1; rate <= 5; rate += 1) verdicts.ask({ learning_rate: rate }, () => true);
    await time.pass(200);
    assert.deepEqual(asked.map(({ kind, changes }) => [kind, changes.learning_rate]), [["verdict", 5]]);
    page.show({ kind: "run", runs: [] });
    page.changes = asked[0].changes;
    answer({ sentence: "Arrives.", look: "success" });
    await time.pass(10);
    assert.deepEqual(page.shown?.words, { sentence: "Arrives.", look: "success" });
    page.show(null);
  }));

Deno.test("words on another run are marked as late, and go when the page is at rest", () => {
  const [mine, other] = [{ learning_rate: 1 }, { learning_rate: 2 }];
  verdicts.last = { changes: mine, words: { sentence: "Arrives.", look: "success" } };
  assert.equal(verdicts.words(mine)?.late, undefined);
  assert.equal(verdicts.words(other)?.late, true);
  page.show({ kind: "run", runs: [] });
  page.show(null);
  assert.equal(verdicts.words(mine), null);
});

Deno.test("the run at rest is asked for again until it comes", () =>
  withLive(async ({ asked, answer, time }) => {
    const rest = page.runAtRest("run", () => true);
    await time.pass(10);
    answer({ refused: true });
    await time.pass(110);
    assert.deepEqual(asked.map(({ kind }) => kind), ["rest", "rest"]);
    answer({ name: "run" }, RUN);
    await time.pass(10);
    assert.equal((await rest)?.rows, 3);
  }));

Deno.test("another run's table is not taken for this one's", () =>
  withLive(async ({ asked, answer, time }) => {
    const rest = page.runAtRest("run", () => asked.length < 2);
    await time.pass(10);
    answer({ name: "another" }, RUN);
    await time.pass(10);
    asked.push(null);
    await time.pass(200);
    assert.equal(await rest, null);
  }));

Deno.test("listeners hear what is shown, and of rest once", () => {
  /** @type {(string | undefined)[]} */
  const heard = [];
  const listener = (/** @type {typeof page.shown} */ shown) => heard.push(shown?.kind);
  page.listeners.add(listener);
  page.show(null);
  page.show({ kind: "moment", runs: [], row: 1 });
  page.show(null);
  page.show(null);
  page.listeners.delete(listener);
  assert.deepEqual(heard, ["moment", undefined]);
});
