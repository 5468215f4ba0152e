import assert from "node:assert/strict";
import { noteField } from "../../gdviz/ui/components/page_tools/touched_fields.js";

/** A place in the field of a key, or in its menu of choices. */
class Place {
  /** @param {string | null} key @param {boolean} inMenu */
  constructor(key, inMenu = false) {
    this.classList = key === null ? [] : ["element-container", `st-key-${key}`];
    this.inMenu = inMenu;
  }
  /** @param {string} selector */
  closest(selector) {
    if (selector === "[role=listbox]") return this.inMenu ? this : null;
    assert.equal(selector, "[class*=st-key-]");
    return this.classList.length > 0 ? this : null;
  }
}

class Key {
  target = new Place("start_y");
  /** @param {string} key */
  constructor(key) {
    this.key = key;
  }
}

Deno.test("a hand is in the field that it points or types at, in that of a menu it chooses from, and not where Tab goes past", () => {
  /** @type {any} */
  const page = globalThis;
  const before = { document: page.document, Element: page.Element, KeyboardEvent: page.KeyboardEvent };
  /** @type {Record<string, string>} */
  const dataset = {};
  Object.assign(page, {
    Element: Place,
    KeyboardEvent: Key,
    document: { documentElement: { dataset }, activeElement: new Place("kind") },
  });
  const act = (/** @type {unknown} */ event) => noteField(/** @type {Event} */ (event));
  act({ target: null });
  act({ target: new Place(null) });
  act(new Key("Tab"));
  assert.equal(dataset.gdvizTouched, undefined);
  act({ target: new Place("start_x") });
  act({ target: new Place("start_x") });
  act({ target: new Place(null, true) });
  act(new Key("7"));
  assert.equal(dataset.gdvizTouched, "start_x kind start_y");
  Object.assign(page, before);
});
