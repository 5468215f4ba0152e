import assert from "node:assert/strict";

// What is around the module in a browser: a tab's store, an address, a websocket, a clock, an attribute that says rest.

const KEY = "gdviz.overtaken";
import source from "../../gdviz/ui/server/entry/overtaken.js" with { type: "text" };

/** Loads the page at an address anew, in a tab with this store.
 * @param {Map<string, string>} store
 * @param {{ search?: string, now?: number }} at */
function load(store, { search = "?a=1", now = 1_000_000 } = {}) {
  /** @type {Record<string, string>} */
  const dataset = {};
  /** @type {Record<string, (event: any) => void>} */
  const heard = {};
  /** @type {Uint8Array[]} */
  const sent = [];
  /** @type {(() => void)[]} */
  const later = [];
  class Socket {
    /** @param {Uint8Array} data */
    send(data) {
      sent.push(data);
    }
    /** @param {string} _ @param {(event: any) => void} hear */
    addEventListener(_, hear) {
      this.hear = hear;
    }
  }
  const address = { pathname: "/", search, hash: "" };
  const write = (/** @type {unknown} */ _, /** @type {unknown} */ __, /** @type {string} */ url) => {
    address.search = url;
  };
  const around = {
    location: address,
    history: { pushState: write, replaceState: write },
    sessionStorage: {
      getItem: (/** @type {string} */ key) => store.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ text) => store.set(key, text),
      removeItem: (/** @type {string} */ key) => store.delete(key),
    },
    WebSocket: Socket,
    Date: { now: () => now },
    document: { documentElement: { hasAttribute: () => false, dataset }, activeElement: null },
    MutationObserver: class {
      observe() {}
    },
    HTMLElement: class {},
    globalThis: { setTimeout: (/** @type {() => void} */ act) => later.push(act), clearTimeout: () => {} },
    setTimeout: () => 0,
    addEventListener: (/** @type {string} */ name, /** @type {(event: any) => void} */ act) => heard[name] = act,
  };
  new Function(...Object.keys(around), source)(...Object.values(around));
  const socket = new Socket();
  return {
    sent,
    dataset,
    address,
    heard,
    later,
    send: (/** @type {Uint8Array} */ data) => socket.send(data),
    answer: (/** @type {number} */ kind) => socket.hear?.({ data: Uint8Array.of(kind << 3 | 2, 0).buffer }),
    write: (/** @type {string} */ url) => around.history.pushState(null, "", url),
  };
}

/** A field of protocol buffers. @param {number} number @param {Uint8Array | string} value */
function field(number, value) {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  return Uint8Array.of(number << 3 | 2, bytes.length, ...bytes);
}

/** A message that asks for a run. @param {string} query @param {Record<string, string>} widgets */
function rerun(query, widgets = {}) {
  const states = Object.entries(widgets).flatMap((
    [id, value],
  ) => [...field(1, Uint8Array.of(...field(1, id), ...field(6, value)))]);
  return field(11, Uint8Array.of(...field(1, query), ...field(2, Uint8Array.from(states))));
}

const text = (/** @type {Uint8Array | undefined} */ bytes) => new TextDecoder("latin1").decode(bytes);
const kept = (/** @type {Map<string, string>} */ store) => JSON.parse(store.get(KEY) ?? "null");

/** A tab in which a change was sent and not answered. */
function overtaken() {
  /** @type {Map<string, string>} */
  const store = new Map();
  const tab = load(store);
  tab.send(rerun("a=1"));
  tab.send(rerun("a=1", { epochs: "20" }));
  return { store, tab };
}

Deno.test("a change that a reload overtakes is sent once more with the first words", () => {
  const { store } = overtaken();
  const again = load(store);
  again.send(rerun("a=1"));
  const [, words] = /overtaken=([\w=-]+)/.exec(text(again.sent[0])) ?? [];
  assert.match(atob(words.replaceAll("-", "+").replaceAll("_", "/")), /epochs[^]*20/);
  assert.ok(text(again.sent[0]).includes("a=1&overtaken="));
});

Deno.test("each message says which run the page shows, none at first", () => {
  const tab = load(new Map());
  tab.send(rerun("a=1"));
  tab.dataset.gdvizRun = "12";
  tab.send(rerun("a=1", { epochs: "20" }));
  assert.deepEqual(tab.sent.map((one) => /gdviz-shown2.([0-9]+)/.exec(text(one))?.[1]), ["0", "12"]);
  assert.ok(text(tab.sent[1]).includes("epochs"));
});

Deno.test("each message says in which fields a hand was since the one before", () => {
  const tab = load(new Map());
  tab.dataset.gdvizTouched = "start_x kind";
  tab.send(rerun("a=1"));
  tab.send(rerun("a=1"));
  assert.deepEqual(tab.sent.map((one) => /gdviz-shown2.([\w ]+)/.exec(text(one))?.[1]), ["0 start_x kind", "0"]);
});

Deno.test("a link cannot bring words that this tab never sent", () => {
  for (const [link, opened] of [["?a=1", "?a=1"], ["?overtaken=x", "/"], ["?a=1&%6Fvertaken=x&b", "/?a=1&b"]]) {
    assert.equal(load(new Map(), { search: link }).address.search, opened);
  }
});

Deno.test("of a drag the last value is kept, of two fields both, and of a field that did not change nothing", () => {
  const { store, tab } = overtaken();
  tab.send(rerun("a=1", { epochs: "30" }));
  assert.equal(kept(store).messages.length, 1);
  tab.send(rerun("a=1", { epochs: "30", rate: "2" }));
  assert.deepEqual(kept(store).messages.map((/** @type {any} */ one) => one.widgets), ["epochs", "rate"]);
  tab.send(rerun("a=1", { epochs: "30", rate: "2" }));
  assert.equal(kept(store).messages.length, 2);
});

Deno.test("nothing is sent again that is twenty seconds old, or was sent at another address", () => {
  for (
    const [at, is] of /** @type {[any, boolean][]} */ ([
      [{ now: 1_019_999 }, true],
      [{ now: 1_020_000 }, false],
      [{ search: "?a=2" }, false],
    ])
  ) {
    const { store } = overtaken();
    const again = load(store, at);
    again.send(rerun("a=1"));
    assert.equal(text(again.sent[0]).includes("overtaken="), is);
    assert.equal(store.has(KEY), is, "what is let go of is not kept either");
  }
});

Deno.test("Back lets go of it, and so does a page that was kept whole", () => {
  for (
    const [event, gone] of /** @type {[string, any, boolean][]} */ ([
      ["popstate", {}, true],
      ["pageshow", { persisted: true }, true],
      ["pageshow", { persisted: false }, false],
    ]).map(([name, what, is]) => /** @type {[[string, any], boolean]} */ ([[name, what], is]))
  ) {
    const { store, tab } = overtaken();
    tab.heard[event[0]](event[1]);
    assert.equal(store.has(KEY), !gone);
  }
});

Deno.test("the address that a run writes lets go of what that run has heard, and of no more", () => {
  const { store, tab } = overtaken();
  tab.write("?a=2");
  assert.equal(kept(store).address, "/?a=2", "no run has begun since: it is kept for the new address");
  tab.answer(4);
  tab.write("?a=3");
  assert.equal(kept(store), null);
});

Deno.test("an answer that comes when a reload has begun takes nothing from it, nor does what is sent then get lost", () => {
  const { store, tab } = overtaken();
  tab.heard.beforeunload({});
  tab.send(rerun("a=1", { epochs: "20", rate: "2" })); // of the field that is left
  tab.answer(4);
  tab.write("?a=2");
  tab.answer(6);
  assert.equal(kept(store).address, "/?a=1", "the one that the reload brings");
  assert.deepEqual(kept(store).messages.map((/** @type {any} */ one) => one.widgets), ["epochs", "rate"]);
  const again = load(store);
  again.send(rerun("a=1"));
  assert.ok(text(again.sent[0]).includes("overtaken="));
});

Deno.test("who stays after all has let go of what was answered, and a reload at rest sends nothing again", () => {
  const { store, tab } = overtaken();
  tab.heard.beforeunload({});
  tab.answer(4);
  tab.write("?a=2");
  tab.later.forEach((act) => act());
  assert.equal(kept(store), null);
  tab.heard.beforeunload({});
  assert.equal(kept(store), null);
});

Deno.test("a store that is spoilt, or kept by somebody else, is no change", () => {
  for (const spoilt of ["", "{", "7", "[]", '"x"', '{"address":"/?a=1"}', '{"address":"/?a=1","at":999999}']) {
    const tab = load(new Map([[KEY, spoilt]]));
    tab.send(rerun("a=1"));
    assert.ok(!text(tab.sent[0]).includes("overtaken="), spoilt);
  }
});
