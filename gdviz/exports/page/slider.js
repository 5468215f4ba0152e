// The learning rate's slider, over decades: a native range input, as on the page.
import { powerOfTen } from "../../ui/components/live/numbers.js";
import { afterKey, offered, plain, SCALES } from "../../ui/components/slider/scales.js";

export class RateSlider {
  /**
   * @param {HTMLElement} parent
   * @param {(value: number) => void} report while it moves
   * @param {(held: boolean) => void} hold a hand is on it, or lets go
   */
  constructor(parent, report, hold) {
    this.report = report;
    this.box = document.createElement("div");
    this.box.className = "gdviz-slider";
    this.box.innerHTML = '<div class="gdviz-slider-head"><label for="rate">Learning rate</label>' +
      '<output for="rate"></output></div><input id="rate" type="range" step="any" aria-label="Learning rate">' +
      '<div class="gdviz-slider-ticks" aria-hidden="true"></div><p class="gdviz-slider-help" id="rate-help" hidden></p>';
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.box.querySelector(selector));
    this.output = find("output");
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.ticks = find(".gdviz-slider-ticks");
    this.help = find(".gdviz-slider-help");
    parent.append(this.box);
    this.value = NaN;
    this.low = 0; // its ends, in decades
    this.high = 0;
    this.input.addEventListener("input", () => this.take(10 ** Number(this.input.value)));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("pointerdown", () => hold(true));
    for (const name of ["pointerup", "pointercancel"]) globalThis.addEventListener(name, () => hold(false));
    for (const name of ["change", "blur"]) this.input.addEventListener(name, () => hold(false));
  }

  /** Its ends, its value, and why it does not move, if it does not.
   * @param {number} low
   * @param {number} high
   * @param {number | undefined} value undefined where nobody knows it
   * @param {string} why */
  offer(low, high, value, why) {
    [this.low, this.high] = [Math.log10(low), Math.log10(high)];
    this.input.min = String(this.low);
    this.input.max = String(this.high);
    this.input.disabled = why !== "";
    this.help.textContent = why;
    this.help.hidden = why === "";
    this.input.toggleAttribute("aria-describedby", false);
    if (why) this.input.setAttribute("aria-describedby", this.help.id);
    this.ticks.replaceChildren(...decades(this.low, this.high).map((place) => this.tick(place)));
    this.show(value ?? NaN);
  }

  /** @param {number} place in decades */
  tick(place) {
    const item = document.createElement("span");
    item.style.setProperty("--share", String((place - this.low) / (this.high - this.low)));
    item.textContent = place === 0 || place === 1 ? String(10 ** place) : powerOfTen(place);
    return item;
  }

  /** @param {number} value */
  show(value) {
    this.value = value;
    const place = Number.isNaN(value) ? this.low : Math.log10(value);
    this.input.value = String(place);
    this.input.style.setProperty("--share", String((place - this.low) / (this.high - this.low)));
    const text = Number.isNaN(value) ? "not known" : plain(SCALES.decades.shown(value));
    this.input.setAttribute("aria-valuetext", text);
    this.output.textContent = text;
  }

  /** @param {number} value */
  take(value) {
    const short = offered(SCALES.decades, Math.log10(value), this.low, this.high);
    if (short === this.value) return;
    this.show(short);
    this.report(short);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = afterKey(SCALES.decades, event.key, Math.log10(this.value), this.low, this.high);
    if (target === undefined) return;
    event.preventDefault();
    this.take(10 ** target);
  }
}

/** The whole decades between two ends; every second one if there are many.
 * @param {number} low
 * @param {number} high */
export function decades(low, high) {
  const [first, last] = [Math.ceil(low - 1e-9), Math.floor(high + 1e-9)];
  const step = last - first <= 5 ? 1 : 2;
  const found = [];
  for (let place = last; place >= first; place -= step) found.unshift(place);
  return found;
}
