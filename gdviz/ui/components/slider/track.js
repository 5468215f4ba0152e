// A slider's track: a native range input, whose position is a place on a scale, with a label, the value in words, and
// texts at their values under and over it. The native input brings the role, the focus, touch and what screen readers need.
import { htmlElement } from "../live/elements.js";
import { afterKey, plain, SCALES, seen } from "./scales.js";

/** @import { Label } from "./types.d.ts" */

let count = 0;

export class Track {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    const id = `gdviz-slider-${(count += 1)}`;
    this.box = htmlElement("div", "gdviz-slider");
    this.box.innerHTML = `<div class="gdviz-slider-head"><label for="${id}"></label>` +
      `<button type="button" class="gdviz-slider-range" hidden></button><output for="${id}" aria-live="off"></output></div>` +
      `<div class="gdviz-slider-marks" hidden></div><input id="${id}" type="range" step="any">` +
      `<div class="gdviz-slider-ticks" aria-hidden="true"></div>`;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.box.querySelector(selector));
    this.label = find("label");
    this.output = find("output");
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.ticks = find(".gdviz-slider-ticks");
    this.marks = find(".gdviz-slider-marks");
    parent.append(this.box);
    this.value = NaN;
    this.scale = SCALES.decades;
    this.low = 0; // its ends: places on the scale
    this.high = 0;
  }

  /** Says what the slider sets, and writes texts under its track and over it.
   * @param {string} label
   * @param {Label[]} ticks
   * @param {Label[]} [marks] */
  name(label, ticks, marks = []) {
    this.label.textContent = label;
    this.input.setAttribute("aria-label", label);
    this.ticks.replaceChildren(...ticks.map((tick) => written(tick, "")));
    this.marks.replaceChildren(...marks.map((mark) => written(mark, "gdviz-slider-mark")));
    this.marks.hidden = marks.length === 0;
  }

  /** Lays it out between two values.
   * @param {number} first
   * @param {number} last */
  stretch(first, last) {
    this.low = this.scale.place(first);
    this.high = this.scale.place(last);
    this.input.min = String(this.low);
    this.input.max = String(this.high);
    this.arrange(this.marks, Infinity);
    this.arrange(this.ticks);
    if (Number.isFinite(this.value)) this.show(this.value);
  }

  /** Puts texts at their places, and hides those beyond the ends.
   * @param {HTMLElement} row
   * @param {number} [most] that are seen */
  arrange(row, most) {
    const items = /** @type {HTMLElement[]} */ ([...row.children]);
    const shares = items.map((item) => this.share(this.scale.place(Number(item.dataset.value))));
    const shown = seen(shares, most);
    items.forEach((item, index) => {
      item.hidden = !shown.has(index);
      item.style.setProperty("--share", String(shares[index]));
    });
  }

  /** How far along the track a place is.
   * @param {number} place */
  share(place) {
    return (place - this.low) / (this.high - this.low);
  }

  /** @param {number} value NaN where nobody knows it */
  show(value) {
    this.value = value;
    const known = !Number.isNaN(value);
    const place = known ? this.scale.place(value) : this.low;
    this.input.value = String(place);
    this.input.style.setProperty("--share", String(Math.min(1, Math.max(0, this.share(place)))));
    const text = known ? plain(this.scale.shown(value)) : "not known";
    this.input.setAttribute("aria-valuetext", text);
    this.output.textContent = text;
  }

  /** Where a key moves the thumb; undefined if it is none of the slider's.
   * @param {KeyboardEvent} event */
  keyed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return undefined;
    const target = afterKey(this.scale, event.key, this.scale.place(this.value), this.low, this.high);
    if (target !== undefined) event.preventDefault();
    return target;
  }
}

/** A small text for the value's place.
 * @param {Label} text
 * @param {string} className */
function written({ value, label }, className) {
  const item = htmlElement("span", className, label);
  item.dataset.value = String(value);
  return item;
}
