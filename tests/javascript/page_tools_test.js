import assert from "node:assert/strict";
import { KeptFile, packed, unpacked } from "../../gdviz/ui/components/page_tools/kept_file.js";
import { linkIn } from "../../gdviz/ui/components/page_tools/dropping.js";
import { tabbed } from "../../gdviz/ui/components/page_tools/menus.js";
import { meant } from "../../gdviz/ui/components/page_tools/page_tools.js";
import { storedTheme, storeTheme } from "../../gdviz/ui/components/live_plot/streamlit.js";

const keys = (/** @type {object} */ parts) => ({
  key: "z",
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...parts,
});

Deno.test("keys take back and make again, but not where a field is typed in", () => {
  const field = /** @type {any} */ ({ matches: () => true });
  const elsewhere = /** @type {any} */ ({ matches: () => false });
  assert.equal(meant(keys({ ctrlKey: true }), elsewhere), "undo");
  assert.equal(meant(keys({ metaKey: true }), null), "undo");
  assert.equal(meant(keys({ ctrlKey: true, shiftKey: true, key: "Z" }), elsewhere), "redo");
  assert.equal(meant(keys({ ctrlKey: true, key: "y" }), elsewhere), "redo");
  assert.equal(meant(keys({ ctrlKey: true }), field), null);
  assert.equal(meant(keys({}), elsewhere), null);
  assert.equal(meant(keys({ ctrlKey: true, altKey: true }), elsewhere), null);
  assert.equal(meant(keys({ ctrlKey: true, key: "a" }), elsewhere), null);
});

Deno.test("the theme is kept for all pages of the app, and read back", () => {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const before = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  const place = Object.getOwnPropertyDescriptor(globalThis, "location");
  const put = (/** @type {string} */ name, /** @type {unknown} */ value) =>
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  put("localStorage", {
    getItem: (/** @type {string} */ name) => kept.get(name) ?? null,
    setItem: (/** @type {string} */ name, /** @type {string} */ value) => kept.set(name, value),
  });
  put("location", { pathname: "/app/compare" });
  assert.equal(storedTheme(), "System");
  storeTheme("Dark", ["descend", "compare"]);
  assert.deepEqual([...kept.keys()], [
    "stActiveTheme-/app/compare-v2",
    "stActiveTheme-/app/-v2",
    "stActiveTheme-/app/descend-v2",
  ]);
  assert.equal(storedTheme(), "Dark");
  kept.set("stActiveTheme-/app/compare-v2", "{broken");
  assert.equal(storedTheme(), "System");
  if (before) Object.defineProperty(globalThis, "localStorage", before);
  if (place) Object.defineProperty(globalThis, "location", place);
  else Reflect.deleteProperty(globalThis, "location");
});

Deno.test("of two files the newer is kept, also when the one before takes longer to pack", async () => {
  const tab = { most: 1e7, newest: null };
  const piece = crypto.getRandomValues(new Uint8Array(60_000));
  const keep = (/** @type {string} */ name, /** @type {number} */ pieces) =>
    KeptFile.prototype.keep.call(/** @type {any} */ (tab), new File(Array(pieces).fill(piece), name));
  await Promise.all([keep("large.csv", 50), keep("small.csv", 1)]);
  assert.equal(JSON.parse(sessionStorage.getItem("gdviz.file") ?? "null").name, "small.csv");
  sessionStorage.clear();
});

Deno.test("a kept file comes back byte for byte, and takes little room", async () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => index % 256);
  const text = await packed(new Blob([bytes]));
  assert.deepEqual(new Uint8Array(await unpacked(text)), bytes);
  assert(text.length < 10_000);
  assert.equal((await unpacked(await packed(new Blob([])))).byteLength, 0);
});

const link = (/** @type {string} */ text) => linkIn(text, { beginnings: ["objective", "formula", "data"], most: 4000 });

Deno.test("of a dropped text only a link of ours is taken", () => {
  assert.equal(link("see https://x.org/compare?objective=booth&runs=gd@0.1 there"), "?objective=booth&runs=gd@0.1");
  assert.equal(link('<a href="/?formula=x%5E2">'), "?formula=x%5E2");
  for (const text of ["", "https://x.org/?q=1", "objective=booth", "what? objective=booth"]) {
    assert.equal(link(text), null);
  }
});

Deno.test("Tab goes from a menu's button through the menu, and on to what follows the button", () => {
  const stops = ["first", "second", "last"];
  assert.deepEqual(tabbed("button", false, "button", stops), { goal: "first", on: false });
  assert.equal(tabbed("first", false, "button", stops), null); // the browser's own order
  assert.equal(tabbed("last", true, "button", stops), null);
  assert.deepEqual(tabbed("last", false, "button", stops), { goal: "button", on: true });
  assert.deepEqual(tabbed("first", true, "button", stops), { goal: "button", on: false });
  assert.equal(tabbed("button", true, "button", stops), null);
  assert.equal(tabbed("elsewhere", false, "button", stops), null);
  assert.equal(tabbed("button", false, "button", /** @type {string[]} */ ([])), null); // nothing but words
  assert.deepEqual(tabbed("first", false, "button", ["first"]), { goal: "button", on: true });
  assert.deepEqual(tabbed("first", true, "button", ["first"]), { goal: "button", on: false });
});
