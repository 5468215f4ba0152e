// A slider that tells what it is set to while it moves.
import { page } from "../live/page.js";
import { opened } from "../live/run.js";
import { hand, Outbox } from "../live_plot/outbox.js";
import { busy } from "../live_plot/rest.js";
import { mounted, placeOf } from "../live_plot/streamlit.js";
import { offered, SCALES } from "./scales.js";
import { Track } from "./track.js";

/**
 * @import { Timer, Transmit } from "../live_plot/types.d.ts"
 * @import { SliderData } from "./types.d.ts"
 */

const REST = 200; // ms after the run at a key's value was shown, until the page follows

export default mounted((parent) => new Slider(parent), "state");

class Slider {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.track = new Track(parent);
    this.range = /** @type {HTMLElement} */ (this.track.box.querySelector(".gdviz-slider-range"));
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
    const { input } = this.track;
    input.addEventListener("input", () => this.take(Number(input.value)));
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("pointerdown", () => this.hold(true));
    this.range.addEventListener("click", () => {
      this.wide = !this.wide;
      this.stretch();
    });
    this.outbox.rested = () => this.settle();
    this.gone = new AbortController();
    const { signal } = this.gone;
    // The pointer may be let go anywhere, also outside of the window ("change" comes then).
    const release = () => this.hold(false);
    for (const name of ["pointerup", "pointercancel"]) globalThis.addEventListener(name, release, { signal });
    globalThis.addEventListener("beforeunload", () => this.held ? release() : this.tell(), { signal });
    for (const name of ["change", "keyup", "blur"]) input.addEventListener(name, release);
  }

  remove() {
    this.hold(false);
    this.ahead = false;
    this.rest(false);
    this.gone.abort();
    this.outbox.close();
    this.track.box.remove();
  }

  /** @param {boolean} held */
  hold(held) {
    if (this.held === held) return;
    this.held = held;
    hand.set(held);
    this.rest(false);
    // The last word of a drag: now the hand rests, and Python may write the address bar.
    if (!held && this.sent) this.outbox.send({ value: this.track.value, held: false });
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
    this.track.box.toggleAttribute("data-ahead", leads);
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

  /** @param {Uint8Array} bytes
   * @param {Transmit} transmit */
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
    if (still) this.track.value = data.value;
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
    this.track.scale = SCALES[scale];
    this.track.box.toggleAttribute("data-bare", bare);
    this.track.name(label, ticks, marks);
    this.stretch();
  }

  /** Lays the track out between its ends: those of the part near by, as long as the value is in it and nobody asked for
   * all. */
  stretch() {
    if (!this.data) return;
    const { minimum, maximum, near, nearby } = this.data;
    const { value } = this.track;
    const fits = near !== null && !(value < near[0]) && !(value > near[1]);
    this.range.hidden = near === null || !fits;
    this.range.textContent = this.wide ? nearby : "whole range";
    this.range.setAttribute("aria-label", this.wide ? `Show the range ${nearby}` : "Show the whole range");
    if (near !== null && fits && !this.wide) this.track.stretch(...near);
    else this.track.stretch(minimum, maximum);
  }

  /** The hand, or a key, is at a place.
   * @param {number} place
   * @param {number} [from] the value before a key */
  take(place, from) {
    const { scale, low, high } = this.track;
    const value = offered(scale, place, low, high, from);
    if (value === this.track.value) return;
    this.track.show(value);
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
    if (this.held || this.track.value !== value || !this.resting || this.timer !== undefined) return;
    this.timer = setTimeout(() => this.tell(), REST);
  }

  /** The key rests: Python learns its value. */
  tell() {
    if (!this.resting) return;
    this.outbox.send({ value: this.track.value, held: false });
    this.rest(false);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const target = this.track.keyed(event);
    if (target === undefined) return;
    if (event.repeat) this.hold(true); // a key held down moves like a hand; keyup lets go
    if (target < this.track.low - 1e-9 || target > this.track.high + 1e-9) { // past the part that is shown
      this.wide = true;
      this.stretch();
    }
    this.take(target, this.track.value);
  }
}
