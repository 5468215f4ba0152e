// Keys for undo and redo and through menus, a link past the sidebar to the chart, light and dark, what is dropped, and the kept file.
import { htmlElement } from "../live/elements.js";
import { opened } from "../live/run.js";
import { followTab } from "./menus.js";
import { Dropping } from "./dropping.js";
import { KeptFile } from "./kept_file.js";
import { ACTS, noteField } from "./touched_fields.js";
import { afterTwoFrames, mounted, placeOf, storedTheme, storeTheme } from "../live_plot/streamlit.js";

/** @import { Tools } from "./types.d.ts" */

const CHART = ".gdviz-live-plot, .gdviz-map"; // the first of them is the page's landscape
const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=button]), textarea, [contenteditable=true]";

export default mounted((parent) => new PageTools(parent), "event");

/** Which button a key press stands for, null for none: in a field that is typed in, Ctrl+Z is the browser's own.
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, shiftKey: boolean, altKey: boolean }} pressed
 * @param {Element | null} target
 * @returns {"undo" | "redo" | null} */
export function meant(pressed, target) {
  if (!(pressed.ctrlKey || pressed.metaKey) || pressed.altKey || target?.matches(TYPED)) return null;
  const key = pressed.key.toLowerCase();
  if (key === "z") return pressed.shiftKey ? "redo" : "undo";
  return key === "y" && !pressed.shiftKey ? "redo" : null;
}

class PageTools {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    /** @type {string[]} */
    this.pages = [];
    this.file = new KeptFile();
    this.skip = skipLink();
    document.body.prepend(this.skip);
    this.gone = new AbortController();
    const { signal } = this.gone;
    document.addEventListener("keydown", (event) => {
      const button = meant(event, event.target instanceof Element ? event.target : null);
      if (!button) return;
      event.preventDefault();
      placeOf(button)?.querySelector("button")?.click();
    }, { signal });
    document.addEventListener("keydown", (event) => followTab(event), { signal });
    for (const act of ACTS) document.addEventListener(act, noteField, { signal, capture: true });
    parent.append(this.themes());
    /** @type {import("../live_plot/types.d.ts").Transmit} */
    this.transmit = () => {};
    this.dropping = new Dropping((message) => this.transmit({ ...message, at: performance.now() }));
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    const recolor = () => afterTwoFrames(() => this.transmit({ kind: "scheme", dark: this.dark.matches }));
    this.dark.addEventListener("change", recolor, { signal });
  }

  themes() {
    const [box, choice] = [htmlElement("div", "gdviz-theme"), htmlElement("select")];
    choice.setAttribute("aria-label", "Theme");
    choice.title = "Light or dark. The page is loaded again.";
    for (const [name, shown] of [["System", "System"], ["Light", "Light"], ["Dark", "Dark"]]) {
      choice.add(new Option(shown, name));
    }
    choice.value = storedTheme();
    choice.addEventListener("change", () => {
      storeTheme(choice.value, this.pages);
      location.reload();
    });
    box.append(choice);
    return box;
  }

  /** @param {Uint8Array} bytes @param {import("../live_plot/types.d.ts").Transmit} transmit */
  receive(bytes, transmit) {
    /** @type {Tools} */
    const tools = opened(bytes).head;
    this.pages = tools.pages;
    this.file.receive(tools);
    this.dropping.field = tools.fields.dropped;
    this.dropping.links = tools.links;
    this.transmit = transmit;
    document.documentElement.dataset.gdvizRun = String(tools.run); // it is shown (entry/overtaken.js)
    landmark("pages", "navigation", "Pages");
  }

  remove() {
    this.gone.abort();
    this.skip.remove();
    this.file.remove();
    this.dropping.remove();
  }
}

/** Says what a place of the page is, for those who listen: Streamlit's containers are nothing of the kind.
 * @param {string} key
 * @param {string} role
 * @param {string} name */
function landmark(key, role, name) {
  placeOf(key)?.setAttribute("role", role);
  placeOf(key)?.setAttribute("aria-label", name);
}

function skipLink() {
  const link = htmlElement("a", "gdviz-skip", "Skip to the chart");
  link.href = "#chart";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const chart = document.querySelector(CHART);
    if (!(chart instanceof HTMLElement)) return;
    const inside = chart.querySelector(":is(.gdviz-plot, canvas)[tabindex='0']"); // a button is none
    const goal = inside instanceof HTMLElement ? inside : chart;
    if (goal === chart) chart.tabIndex = -1;
    goal.focus();
    goal.scrollIntoView({ block: "nearest" });
  });
  return link;
}
