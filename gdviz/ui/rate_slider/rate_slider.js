// A slider over decades that tells Python its value while it moves. A native range input does the work: it brings the
// role, the focus, touch and what screen readers need; its position is the decimal logarithm of the value.
import { hand, Outbox } from "../live_plot/outbox.js";
import { page } from "../live/page.js";
import { busy } from "../live_plot/rest.js";
import { mounted } from "../live_plot/streamlit.js";

/**
 * @import { Timer, Transmit } from "../live_plot/types.d.ts"
 * @import { SliderData } from "./types.d.ts"
 */

const FINE = 0.01; // decades for one arrow key: 2.3 %
const REST = 200; // ms after the run at a key's rate was shown, until the page follows
const COARSE = 0.1; // for PageUp and PageDown: 26 %

let count = 0;

export default mounted((parent) => new Slider(parent), "state");

/** Three significant digits, as a person would write them.
 * @param {number} value */
export const plain = (value) => {
  const short = Number(value.toPrecision(3));
  return short >= 1e-6 && short < 1e6
    ? short.toLocaleString("en-US", { maximumFractionDigits: 9, useGrouping: false })
    : String(short);
};

/** Where a key moves the thumb, in decades; undefined if it is none of the slider's.
 * @param {string} key
 * @param {number} position
 * @param {number} low
 * @param {number} high
 * @returns {number | undefined} */
export function afterKey(key, position, low, high) {
  if (key === "Home") return low;
  if (key === "End") return high;
  const way = ARROWS[key];
  if (way) return position + way * FINE;
  return { PageUp: position + COARSE, PageDown: position - COARSE }[key];
}

/** The value in a slider's range with three significant digits.
 * @param {number} value
 * @param {number} low in decades
 * @param {number} high in decades */
export function offered(value, low, high) {
  return Number(Math.min(10 ** high, Math.max(10 ** low, value)).toPrecision(3));
}

/** @type {Record<string, number>} */
const ARROWS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };

class Slider {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    const id = `gdviz-rate-${(count += 1)}`;
    this.box = document.createElement("div");
    this.box.className = "gdviz-rate";
    this.box.innerHTML = `<div class="gdviz-rate-head"><label for="${id}"></label><output for="${id}"></output></div>` +
      `<div class="gdviz-rate-marks"></div><input id="${id}" type="range" step="any">` +
      `<div class="gdviz-rate-ticks" aria-hidden="true"></div><p class="gdviz-rate-help" id="${id}-help"></p>`;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.box.querySelector(selector));
    this.label = find("label");
    this.output = find("output");
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.ticks = find(".gdviz-rate-ticks");
    this.marks = find(".gdviz-rate-marks");
    this.help = find(".gdviz-rate-help");
    parent.append(this.box);

    this.value = NaN;
    this.low = 0; // its ends, in decades
    this.high = 0;
    this.shape = "";
    this.held = false; // by a hand
    this.sent = false; // a value that the hand is not done with
    this.leads = false;
    /** @type {string | null} which number of the page's experiment it sets */
    this.setting = null;
    this.resting = false; // the value of a key, which waits until the key rests
    /** @type {Timer} until then; undefined while its run is not shown yet */
    this.timer = undefined;
    /** @type {Transmit} */
    this.transmit = () => {};
    this.outbox = new Outbox((message) => this.transmit(message));
    this.input.addEventListener("input", () => this.take(10 ** Number(this.input.value)));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("pointerdown", () => this.hold(true));
    this.outbox.rested = () => this.settle();
    // The pointer may be let go anywhere, also outside of the window ("change" comes then).
    this.release = () => this.hold(false);
    for (const name of ["pointerup", "pointercancel"]) globalThis.addEventListener(name, this.release);
    for (const name of ["change", "keyup", "blur"]) this.input.addEventListener(name, this.release);
  }

  remove() {
    this.hold(false);
    this.ahead = false;
    this.rest(false);
    for (const name of ["pointerup", "pointercancel"]) globalThis.removeEventListener(name, this.release);
    this.outbox.close();
    this.box.remove();
  }

  /** @param {boolean} held */
  hold(held) {
    if (this.held === held) return;
    this.held = held;
    hand.set(held);
    this.rest(false);
    // The last word of a drag: now the hand rests, and Python may write the address bar.
    if (!held && this.sent) this.outbox.send({ value: this.value, held: false });
    else if (!held) this.settle();
    this.sent = false;
  }

  /** @param {boolean} resting whether a value waits for its key to rest */
  rest(resting) {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.resting = resting;
    busy(this, resting);
  }

  /** Is it ahead of the page? Python learns the value when the hand rests. */
  get ahead() {
    return this.leads;
  }

  set ahead(leads) {
    if (leads === this.ahead) return;
    this.leads = leads;
    // An attribute, and no body:has(…): with that, each text that Plotly measures would compute all styles anew.
    document.body.toggleAttribute("data-gdviz-ahead", leads);
  }

  /** The page shows the truth of the last value: what was shown instead of it may go. */
  settle() {
    page.settle(() => {
      const busy = this.held || this.resting || this.outbox.busy;
      if (!busy) this.ahead = false;
      return busy;
    });
  }

  /**
   * @param {SliderData} data
   * @param {Transmit} transmit
   */
  receive(data, transmit) {
    this.transmit = transmit;
    this.outbox.acknowledge(data.answered);
    const shape = JSON.stringify([data.label, data.minimum, data.maximum, data.ticks, data.marks, data.help]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(data);
    }
    this.setting = data.setting;
    // While the hand is on it, or its last value is not yet answered, the browser's value counts.
    if (!this.held && !this.resting && !this.outbox.busy) this.show(data.value);
  }

  /** @param {SliderData} data */
  build({ label, minimum, maximum, ticks, marks, help }) {
    this.label.textContent = label;
    this.input.setAttribute("aria-label", label);
    this.low = Math.log10(minimum);
    this.high = Math.log10(maximum);
    this.input.min = String(this.low);
    this.input.max = String(this.high);
    this.ticks.replaceChildren(...ticks.map(({ value, label: text }) => this.at(value, text)));
    this.marks.replaceChildren(...marks.map(({ value, label: text }) => this.at(value, text, "gdviz-rate-mark")));
    this.marks.hidden = marks.length === 0;
    this.help.textContent = help ?? "";
    this.help.hidden = !help;
    this.input.toggleAttribute("aria-describedby", false);
    if (help) this.input.setAttribute("aria-describedby", this.help.id);
  }

  /** A small text at the value's place under or over the track.
   * @param {number} value
   * @param {string} text */
  at(value, text, className = "") {
    const item = document.createElement("span");
    const share = (Math.log10(value) - this.low) / (this.high - this.low);
    item.className = className;
    item.hidden = !(share >= 0 && share <= 1);
    item.style.setProperty("--share", String(share));
    item.textContent = text;
    return item;
  }

  /** @param {number} value */
  show(value) {
    this.value = value;
    const position = Math.log10(value);
    this.input.value = String(position);
    this.input.style.setProperty("--share", String((position - this.low) / (this.high - this.low)));
    this.input.setAttribute("aria-valuetext", plain(value));
    this.output.textContent = plain(value);
  }

  /** @param {number} value */
  take(value) {
    const short = offered(value, this.low, this.high);
    if (short === this.value) return;
    this.show(short);
    if (this.setting !== null && page.asker) {
      this.preview(this.setting, short);
      return;
    }
    this.sent = true;
    this.outbox.send({ value: short, held: this.held });
  }

  /** Shows the run with this very value at once; the page follows when the hand, or the key, rests.
   * @param {string} setting
   * @param {number} value */
  async preview(setting, value) {
    this.ahead = true;
    this.sent = this.held;
    this.rest(!this.held);
    await page.preview({ [setting]: value }, () => this.ahead);
    if (this.held || this.value !== value || !this.resting || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.outbox.send({ value, held: false });
      this.rest(false);
    }, REST);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = afterKey(event.key, Math.log10(this.value), this.low, this.high);
    if (target === undefined) return;
    event.preventDefault();
    if (event.repeat) this.hold(true); // a key held down moves like a hand; keyup lets go
    this.take(10 ** target);
  }
}
