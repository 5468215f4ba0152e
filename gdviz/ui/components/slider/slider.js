// A slider that tells what it is set to while it moves. A native range input does the work: it brings the role, the focus,
// touch and what screen readers need; its position is a place on the slider's scale.
import { page } from "../live/page.js";
import { opened } from "../live/run.js";
import { hand, Outbox } from "../live_plot/outbox.js";
import { busy } from "../live_plot/rest.js";
import { mounted, placeOf } from "../live_plot/streamlit.js";
import { afterKey, offered, plain, SCALES } from "./scales.js";

/**
 * @import { Timer, Transmit } from "../live_plot/types.d.ts"
 * @import { SliderData } from "./types.d.ts"
 */

const MOST_TICKS = 6;
const REST = 200; // ms after the run at a key's value was shown, until the page follows

let count = 0;

export default mounted((parent) => new Slider(parent), "state");

class Slider {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    const id = `gdviz-slider-${(count += 1)}`;
    this.box = document.createElement("div");
    this.box.className = "gdviz-slider";
    this.box.innerHTML = `<div class="gdviz-slider-head"><label for="${id}"></label>` +
      `<button type="button" class="gdviz-slider-range" hidden></button><output for="${id}" aria-live="off"></output></div>` +
      `<div class="gdviz-slider-marks"></div><input id="${id}" type="range" step="any">` +
      `<div class="gdviz-slider-ticks" aria-hidden="true"></div>`;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.box.querySelector(selector));
    this.label = find("label");
    this.output = find("output");
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.ticks = find(".gdviz-slider-ticks");
    this.marks = find(".gdviz-slider-marks");
    this.range = find(".gdviz-slider-range");
    parent.append(this.box);

    this.value = NaN;
    this.scale = SCALES.decades;
    this.low = 0; // its ends: places on the scale
    this.high = 0;
    this.wide = false; // all of it is shown, not the part near by
    /** @type {SliderData | null} */
    this.data = null;
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
    this.input.addEventListener("input", () => this.take(Number(this.input.value)));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("pointerdown", () => this.hold(true));
    this.range.addEventListener("click", () => {
      this.wide = !this.wide;
      this.stretch();
    });
    this.outbox.rested = () => this.settle();
    // The pointer may be let go anywhere, also outside of the window ("change" comes then).
    this.release = () => this.hold(false);
    for (const name of ["pointerup", "pointercancel"]) globalThis.addEventListener(name, this.release);
    this.leave = () => this.held ? this.hold(false) : this.tell();
    globalThis.addEventListener("beforeunload", this.leave);
    for (const name of ["change", "keyup", "blur"]) this.input.addEventListener(name, this.release);
  }

  remove() {
    this.hold(false);
    this.ahead = false;
    this.rest(false);
    for (const name of ["pointerup", "pointercancel"]) globalThis.removeEventListener(name, this.release);
    globalThis.removeEventListener("beforeunload", this.leave);
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
    this.box.toggleAttribute("data-ahead", leads);
    if (this.setting) placeOf(this.setting)?.toggleAttribute("data-gdviz-ahead", leads);
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
   * @param {Uint8Array} bytes
   * @param {Transmit} transmit
   */
  receive(bytes, transmit) {
    /** @type {SliderData} */
    const data = opened(bytes).head;
    this.transmit = transmit;
    this.outbox.acknowledge(data.answered);
    const { value: _, answered: __, ...rest } = data;
    const shape = JSON.stringify(rest);
    this.setting = data.setting;
    // While the hand is on it, or its last value is not yet answered, the browser's value counts.
    const still = !this.held && !this.resting && !this.outbox.busy;
    if (still) this.value = data.value;
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(data);
    }
    if (still) this.stretch();
  }

  /** @param {SliderData} data */
  build(data) {
    const { label, scale, ticks, marks, bare } = data;
    this.data = data;
    this.scale = SCALES[scale];
    this.box.toggleAttribute("data-bare", bare);
    this.label.textContent = label;
    this.input.setAttribute("aria-label", label);
    this.ticks.replaceChildren(...ticks.map(({ value, label: text }) => this.at(value, text)));
    this.marks.replaceChildren(...marks.map(({ value, label: text }) => this.at(value, text, "gdviz-slider-mark")));
    this.marks.hidden = marks.length === 0;
    this.input.toggleAttribute("aria-describedby", false);
    this.stretch();
  }

  /** A small text at the value's place under or over the track.
   * @param {number} value
   * @param {string} text */
  at(value, text, className = "") {
    const item = document.createElement("span");
    item.className = className;
    item.textContent = text;
    item.dataset.value = String(value);
    return item;
  }

  /** Lays the track out between its ends: those of the part near by, as long as the value is in it and nobody asked for
   * all. */
  stretch() {
    if (!this.data) return;
    const { minimum, maximum, near, nearby } = this.data;
    const fits = near !== null && !(this.value < near[0]) && !(this.value > near[1]);
    const [first, last] = near !== null && fits && !this.wide ? near : [minimum, maximum];
    this.low = this.scale.place(first);
    this.high = this.scale.place(last);
    this.input.min = String(this.low);
    this.input.max = String(this.high);
    this.range.hidden = near === null || !fits;
    this.range.textContent = this.wide ? nearby : "whole range";
    this.range.setAttribute("aria-label", this.wide ? `Show the range ${nearby}` : "Show the whole range");
    this.arrange(this.marks);
    const seen = this.arrange(this.ticks);
    if (seen.length > MOST_TICKS) seen.reverse().forEach((tick, index) => (tick.hidden = index % 2 === 1));
    if (Number.isFinite(this.value)) this.show(this.value);
  }

  /** Puts texts at their places, and hides those beyond the ends. Gives those that are seen.
   * @param {HTMLElement} row */
  arrange(row) {
    const items = /** @type {HTMLElement[]} */ ([...row.children]);
    return items.filter((item) => {
      const share = (this.scale.place(Number(item.dataset.value)) - this.low) / (this.high - this.low);
      item.hidden = !(share >= -1e-9 && share <= 1 + 1e-9);
      item.style.setProperty("--share", String(share));
      return !item.hidden;
    });
  }

  /** @param {number} value */
  show(value) {
    this.value = value;
    const place = this.scale.place(value);
    this.input.value = String(place);
    const share = (place - this.low) / (this.high - this.low);
    this.input.style.setProperty("--share", String(Math.min(1, Math.max(0, share))));
    const text = plain(this.scale.shown(value));
    this.input.setAttribute("aria-valuetext", text);
    this.output.textContent = text;
  }

  /** The hand, or a key, is at a place.
   * @param {number} place
   * @param {number} [from] the value before a key */
  take(place, from) {
    const value = offered(this.scale, place, this.low, this.high, from);
    if (value === this.value) return;
    this.show(value);
    if (this.setting !== null && (page.asker || page.map)) {
      this.preview(this.setting, value);
      return;
    }
    this.sent = true;
    this.outbox.send({ value, held: this.held });
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
    this.timer = setTimeout(() => this.tell(), REST);
  }

  /** The key rests: Python learns its value. */
  tell() {
    if (!this.resting) return;
    this.outbox.send({ value: this.value, held: false });
    this.rest(false);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = afterKey(this.scale, event.key, this.scale.place(this.value), this.low, this.high);
    if (target === undefined) return;
    event.preventDefault();
    if (event.repeat) this.hold(true); // a key held down moves like a hand; keyup lets go
    if (target < this.low - 1e-9 || target > this.high + 1e-9) { // past the part that is shown
      this.wide = true;
      this.stretch();
    }
    this.take(target, this.value);
  }
}
