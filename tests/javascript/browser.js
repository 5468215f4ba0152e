// What the modules ask of a browser when they are loaded, for tests without one. Import it first.

/** @type {any} */
const page = globalThis;
page.matchMedia ??= () => ({ matches: false });

/** @type {Set<string>} the attributes of <html> */
export const marks = new Set();
const documentElement = {
  setAttribute: (/** @type {string} */ name) => marks.add(name),
  removeAttribute: (/** @type {string} */ name) => marks.delete(name),
};
page.document ??= { documentElement, querySelector: () => null };

/** Gives the page a script run of Streamlit's, which `end` ends, and a connection.
 * @param {"running" | "notRunning"} state */
export function scriptRun(state = "running") {
  /** @type {Record<string, string>} */
  const said = { "data-test-script-state": state, "data-test-connection-state": "CONNECTED" };
  /** @type {Set<() => void>} */
  const watchers = new Set();
  page.document.querySelector = () => ({ getAttribute: (/** @type {string} */ name) => said[name] });
  page.MutationObserver = class {
    /** @param {() => void} notice */
    constructor(notice) {
      this.notice = notice;
    }
    observe() {
      watchers.add(this.notice);
    }
    disconnect() {
      watchers.delete(this.notice);
    }
  };
  const say = (/** @type {string} */ name, /** @type {string} */ value) => {
    said[name] = value;
    for (const notice of [...watchers]) notice();
  };
  return {
    watchers,
    end: () => say("data-test-script-state", "notRunning"),
    connect: (/** @type {boolean} */ on) => say("data-test-connection-state", on ? "CONNECTED" : "PINGING_SERVER"),
    close() {
      page.document.querySelector = () => null;
    },
  };
}

/** A clock in the test's hand instead of the browser's timers. */
export function clock() {
  const own = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  /** @type {Map<number, { at: number, act: () => void }>} */
  const timers = new Map();
  let [now, count] = [0, 0];
  page.setTimeout = (/** @type {() => void} */ act, wait = 0) => {
    timers.set(++count, { at: now + wait, act });
    return count;
  };
  page.clearTimeout = (/** @type {number} */ timer) => timers.delete(timer);
  return {
    /** Lets time pass, and all that is due happen.
     * @param {number} ms */
    async pass(ms) {
      const end = now + ms;
      for (;;) {
        for (let turns = 0; turns < 30; turns += 1) await Promise.resolve();
        const [next] = [...timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at);
        if (!next) break;
        timers.delete(next[0]);
        now = next[1].at;
        next[1].act();
      }
      now = end;
    },
    close() {
      Object.assign(page, own);
    },
  };
}

/** The bytes of runs as ui/session/tables.py writes them.
 * @param {string[]} columns
 * @param {number[][][]} tables
 * @param {object[]} facts */
export function packed(columns, tables, facts = tables.map(() => ({}))) {
  const runs = tables.map((table, index) => ({ rows: table.length, ...facts[index] }));
  const head = { columns, epochs: Math.max(...tables.map((table) => table.length)) - 1, runs };
  return joined(head, new Uint8Array(new Float32Array(tables.flat(2)).buffer));
}

/** The length of a head, the head in JSON, and bytes after it.
 * @param {object} head
 * @param {Uint8Array} rest */
export function joined(head, rest = new Uint8Array()) {
  let said = JSON.stringify(head);
  said += " ".repeat((4 - (new TextEncoder().encode(said).length % 4)) % 4);
  const text = new TextEncoder().encode(said);
  const bytes = new Uint8Array(4 + text.length + rest.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(rest, 4 + text.length);
  return bytes;
}

/** An experiment as Python describes it: f(x) = x², one epoch is a step of -2 rate x.
 * @param {Partial<import("../../gdviz/ui/components/live_plot/types.d.ts").Described>} more
 * @returns {import("../../gdviz/ui/components/live_plot/types.d.ts").Described} */
export function description(more = {}) {
  return {
    name: "run",
    whole: true,
    title: "Gradient descent",
    color: "red",
    dash: "solid",
    variables: ["x"],
    step: "step",
    rates: "rates",
    most: 1e6,
    price: 10,
    start: [1],
    epochs: 8,
    tolerance: 0,
    settings: { learning_rate: 0.25 },
    live: ["learning_rate"],
    minimum: 0,
    scaling: null,
    ...more,
  };
}

/** Numbers between 0 and 1 that are the same in every run (mulberry32).
 * @param {number} seed */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A linear axis, or one of logarithms, as plotly_internals.js tells of it.
 * @param {string} name
 * @param {[number, number]} range
 * @param {Partial<import("../../gdviz/ui/components/live_plot/types.d.ts").AxisLike> & { log?: boolean }} more */
export function axis(name, range, { log = false, ...more } = {}) {
  const horizontal = name.startsWith("x");
  const length = 100;
  const place = (/** @type {number} */ value) => (log ? Math.log10(value) : value);
  const share = (/** @type {number} */ value) => (place(value) - range[0]) / (range[1] - range[0]);
  const pixel = (/** @type {number} */ value) => length * (horizontal ? share(value) : 1 - share(value));
  const value = (/** @type {number} */ at) => {
    const inner = range[0] + (horizontal ? at / length : 1 - at / length) * (range[1] - range[0]);
    return log ? 10 ** inner : inner;
  };
  /** @type {import("../../gdviz/ui/components/live_plot/types.d.ts").AxisLike["pixels"]} */
  const pixels = (values, rows, room) => {
    for (let row = 0; row < rows; row += 1) room[row] = pixel(values[row]);
    return room;
  };
  return { name, horizontal, start: 10, length, range, automatic: false, pixel, pixels, value, place, ...more };
}
