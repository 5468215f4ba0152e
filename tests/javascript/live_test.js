// How questions go to Python and answers come back: live.js and page.js together.
import { clock, description, joined, packed } from "./browser.js";
import assert from "node:assert/strict";
import { page, verdicts } from "../../gdviz/ui/components/live/page.js";
import mount from "../../gdviz/ui/components/live/live.js";

const HERE = { place: { axes: [0], at: [1], digits: [2] }, steered: null };
const NO_MODULE = description({ step: null, rates: null, most: 0 });

/** The component on a page, what it has asked, and Python's side of it.
 * @param {(act: { asked: any[], answer: Function, fail: Function, time: ReturnType<typeof clock> }) => Promise<void>} act */
async function withLive(act) {
  const time = clock();
  const own = globalThis.fetch;
  /** @type {any[]} */
  const asked = [];
  /** @type {((response: any) => void)[]} */
  const waiting = [];
  Object.assign(globalThis, {
    fetch: (/** @type {URL} */ url, /** @type {any} */ { body }) => {
      assert.ok(url.href.endsWith("/gdviz-answers/endpoint"), url.href);
      asked.push(JSON.parse(body));
      return new Promise((resolve) => waiting.push(resolve));
    },
  });
  const parentElement = /** @type {any} */ ({ isConnected: true });
  const data = joined({ endpoint: "gdviz-answers/endpoint", experiments: [NO_MODULE], ...HERE });
  const leave = mount({ data, parentElement, setTriggerValue: () => {}, setStateValue: () => {} });
  await time.pass(0);
  /** To the question that was put last. */
  const answer = (/** @type {object} */ said, /** @type {Uint8Array<ArrayBuffer> | undefined} */ runs) =>
    waiting.pop()?.({ ok: true, arrayBuffer: () => Promise.resolve(joined(said, runs).buffer) });
  const fail = () => waiting.pop()?.({ ok: false });
  try {
    await act({ asked, answer, fail, time });
  } finally {
    parentElement.isConnected = false;
    leave();
    for (const resolve of waiting) resolve({ ok: false });
    await time.pass(200);
    time.close();
    globalThis.fetch = own;
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
    answer({ refused: "" });
    assert.equal(await answers[2], null);
    await time.pass(10);
    answer({ name: "run" }, RUN);
    const found = await rest;
    assert.equal(found?.name, "run");
    assert.equal(found?.runs[0].rowAt(1.5), 1);
  }));

Deno.test("a question that nobody answers blocks no other", () =>
  withLive(async ({ asked, answer, fail, time }) => {
    const first = page.asker?.ask(hover(1));
    const second = page.asker?.ask({ kind: "rest" });
    await time.pass(10);
    fail();
    assert.equal(await first, null);
    await time.pass(10);
    assert.equal(asked.at(-1).kind, "rest");
    globalThis.fetch = () => Promise.reject(new Error("no network"));
    const third = page.asker?.ask(hover(2));
    answer({ name: "run" });
    assert.deepEqual(await second, { name: "run", runs: [] });
    assert.equal(await third, null);
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
      if (wanted) answer({ refused: "" }); // the verdict
    }
  }));

Deno.test("the verdict is asked for at most ten times a second, and of the newest run", () =>
  withLive(async ({ asked, answer, time }) => {
    const all = [1, 2, 3, 4, 5].map((rate) => ({ learning_rate: rate }));
    for (const changes of all) verdicts.ask(changes, () => true);
    await time.pass(200);
    assert.deepEqual(asked.map(({ kind, changes }) => [kind, changes.learning_rate]), [["verdict", 5]]);
    page.show({ kind: "run", runs: [] });
    page.changes = all[4];
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
    answer({ refused: "" });
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
