// How questions go to Python and reels come back: scout.js, reels.js and stage.js together.
import { clock, packed } from "./browser.js";
import assert from "node:assert/strict";
import { stage } from "../../gdviz/ui/live_plot/stage.js";
import { fetchReel, keep, kept } from "../../gdviz/ui/player/reels.js";
import { Reel } from "../../gdviz/ui/live_plot/reel.js";
import mount from "../../gdviz/ui/scout/scout.js";

/** The scout on a page, what it has asked, and Python's side of it.
 * @param {(act: { asked: any[], answer: Function, time: ReturnType<typeof clock> }) => Promise<void>} act */
async function withScout(act) {
  const time = clock();
  /** @type {any[]} */
  const asked = [];
  const parentElement = /** @type {any} */ ({ isConnected: true });
  const setTriggerValue = (/** @type {string} */ _, /** @type {object} */ question) => asked.push(question);
  const tell = (/** @type {object} */ head, reel = new Uint8Array()) => {
    let text = JSON.stringify(head);
    text += " ".repeat((4 - (text.length % 4)) % 4);
    const data = new Uint8Array(4 + text.length + reel.length);
    new DataView(data.buffer).setUint32(0, text.length, true);
    data.set(new TextEncoder().encode(text), 4);
    data.set(reel, 4 + text.length);
    return mount({ data, parentElement, setTriggerValue, setStateValue: setTriggerValue });
  };
  const leave = tell({ answered: null });
  const answer = ( // to the question that was put last
    /** @type {object | undefined} */ said,
    /** @type {Uint8Array<ArrayBuffer> | undefined} */ reel,
    late = 0,
  ) => tell({ answered: asked.at(-1).number + late, ...(said && { answer: said }) }, reel);
  try {
    await act({ asked, answer, time });
  } finally {
    parentElement.isConnected = false;
    leave();
    await time.pass(10);
    time.close();
  }
}

const REEL = packed(["epoch"], [[[0], [1], [2]]]);
const hover = (/** @type {number} */ x) => /** @type {const} */ ({ kind: "hover", x, y: 0 });

Deno.test("one question is under way, and of each kind the newest waits", () =>
  withScout(async ({ asked, answer, time }) => {
    const answers = [1, 2, 3].map((x) => stage.scout?.ask(hover(x)));
    const film = stage.scout?.ask({ kind: "film" });
    await time.pass(10);
    assert.deepEqual(asked.map(({ kind, x }) => [kind, x]), [["hover", 1]]);
    assert.equal(await answers[1], null, "overtaken");
    answer({ lines: ["one"] });
    assert.deepEqual(await answers[0], { lines: ["one"], reel: null });
    await time.pass(10);
    assert.equal(asked.at(-1).x, 3);
    answer({ refused: true });
    assert.equal(await answers[2], null);
    await time.pass(10);
    answer({ name: "run" }, REEL);
    const found = await film;
    assert.equal(found?.name, "run");
    assert.equal(found?.reel?.rowAt(0, 1.5), 1);
  }));

Deno.test("a question whose answer never came is put again, or gives way to a newer one", () =>
  withScout(async ({ asked, answer, time }) => {
    const first = stage.scout?.ask(hover(1));
    await time.pass(10);
    answer(undefined);
    await time.pass(10);
    assert.deepEqual(asked.map(({ x }) => x), [1, 1]);
    assert.ok(asked[1].number > asked[0].number);
    const second = stage.scout?.ask(hover(2));
    answer(undefined);
    assert.equal(await first, null);
    await time.pass(10);
    assert.equal(asked.at(-1).x, 2);
    answer({ lines: [] });
    assert.deepEqual(await second, { lines: [], reel: null });
  }));

Deno.test("the answer to another question is not taken for this one's", () =>
  withScout(async ({ asked, answer, time }) => {
    const question = stage.scout?.ask(hover(1));
    await time.pass(10);
    answer({ lines: ["of an older one"] }, undefined, -1);
    answer(undefined, undefined, -1);
    await time.pass(10);
    assert.equal(asked.length, 1, "it is still under way");
    answer({ lines: ["of this one"] });
    assert.deepEqual(await question, { lines: ["of this one"], reel: null });
  }));

Deno.test("a lost answer blocks no other question", () =>
  withScout(async ({ asked, time }) => {
    const lost = stage.scout?.ask(hover(1));
    stage.scout?.ask({ kind: "film" });
    await time.pass(3999);
    assert.equal(asked.length, 1);
    await time.pass(10);
    assert.equal(await lost, null);
    assert.equal(asked.at(-1).kind, "film");
  }));

Deno.test("a run that comes when nobody wants it any more is not shown", () =>
  withScout(async ({ answer, time }) => {
    for (const wanted of [true, false]) {
      const foreseen = stage.foresee({ kind: "rate", value: 0.1 }, () => wanted);
      await time.pass(10);
      answer({}, REEL);
      assert.ok((await foreseen)?.reel);
      assert.equal(stage.shown?.kind, wanted ? "rung" : undefined);
      stage.show(null);
    }
  }));

Deno.test("a reel is asked for once and kept by its name", () =>
  withScout(async ({ asked, answer, time }) => {
    const [one, other] = [fetchReel("film", "once"), fetchReel("film", "once")];
    await time.pass(10);
    answer({ name: "once" }, REEL);
    await time.pass(10);
    assert.equal(await one, await other);
    assert.equal(await fetchReel("film", "once"), kept("once"));
    assert.equal(asked.length, 1);
  }));

Deno.test("another run's reel is not taken for this one's", () =>
  withScout(async ({ answer, time }) => {
    const film = fetchReel("film", "mine");
    await time.pass(10);
    answer({ name: "another" }, REEL);
    assert.equal(await film, null);
    assert.equal(kept("another"), null);
  }));

Deno.test("a reel that does not come is asked for again", () =>
  withScout(async ({ asked, answer, time }) => {
    const film = fetchReel("film", "late");
    await time.pass(10);
    answer({ refused: true });
    await time.pass(310);
    assert.equal(asked.length, 2);
    answer({ name: "late" }, REEL);
    assert.ok(await film);
  }));

Deno.test("the six reels that came last are kept", () => {
  const reel = new Reel(REEL);
  for (let index = 0; index < 8; index += 1) keep(`reel ${index}`, reel);
  keep("reel 2", reel);
  assert.deepEqual([1, 2, 7].map((index) => kept(`reel ${index}`)), [null, reel, reel]);
  keep("one more", reel);
  assert.equal(kept("reel 3"), null);
  assert.equal(kept(null), null);
});

Deno.test("listeners hear what the stage shows, and of its rest once", () => {
  /** @type {(string | undefined)[]} */
  const heard = [];
  const listener = (/** @type {typeof stage.shown} */ shown) => heard.push(shown?.kind);
  stage.listeners.add(listener);
  stage.show(null);
  stage.show({ kind: "moment", reel: new Reel(REEL), rung: 0, row: 1 });
  stage.show(null);
  stage.show(null);
  stage.listeners.delete(listener);
  assert.deepEqual(heard, ["moment", undefined]);
});
