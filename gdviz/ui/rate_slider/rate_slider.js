// A slider over decades that tells Python its value while it moves. A native range input does the work: it brings the
// role, the focus, touch and what screen readers need; its position is the decimal logarithm of the value.
import { mounted } from "../live_plot/mounting.js";
import { Outbox, hand } from "../live_plot/outbox.js";
import { busy } from "../live_plot/rest.js";
import { stage } from "../live_plot/stage.js";

const FINE = 0.01; // decades for one arrow key: 2.3 %
const REST = 200; // ms after the run at a key's rate was shown, until the page follows
const COARSE = 0.1; // for PageUp and PageDown: 26 %

let count = 0;

export default mounted((parent) => new Slider(parent), "setStateValue");

/** Three significant digits, as a person would write them. */
export const plain = (value) => {
  const short = Number(value.toPrecision(3));
  return short >= 1e-6 && short < 1e6 ? short.toLocaleString("en-US", { maximumFractionDigits: 9, useGrouping: false }) : String(short);
};

class Slider {
  constructor(parent) {
    const id = `gdviz-rate-${(count += 1)}`;
    this.box = document.createElement("div");
    this.box.className = "gdviz-rate";
    this.box.innerHTML =
      `<div class="gdviz-rate-head"><label for="${id}"></label><output for="${id}"></output></div>` +
      `<div class="gdviz-rate-marks"></div><input id="${id}" type="range" step="any">` +
      `<div class="gdviz-rate-ticks" aria-hidden="true"></div><p class="gdviz-rate-help" id="${id}-help"></p>`;
    this.label = this.box.querySelector("label");
    this.output = this.box.querySelector("output");
    this.input = this.box.querySelector("input");
    this.ticks = this.box.querySelector(".gdviz-rate-ticks");
    this.marks = this.box.querySelector(".gdviz-rate-marks");
    this.help = this.box.querySelector(".gdviz-rate-help");
    parent.append(this.box);

    this.transmit = () => {};
    this.outbox = new Outbox((message) => this.transmit(message));
    this.input.addEventListener("input", () => this.take(10 ** Number(this.input.value)));
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("pointerdown", () => this.hold(true));
    for (const name of ["pointerenter", "pointerdown", "focus"]) {
      this.input.addEventListener(name, () => this.ladders && stage.ask());
    }
    this.outbox.rested = () => this.settle();
    // The pointer may be let go anywhere, also outside of the window ("change" comes then).
    this.release = () => this.hold(false);
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, this.release);
    for (const name of ["change", "keyup", "blur"]) this.input.addEventListener(name, this.release);
  }

  remove() {
    this.hold(false);
    this.ahead = false;
    clearTimeout(this.resting);
    busy(this, false);
    for (const name of ["pointerup", "pointercancel"]) window.removeEventListener(name, this.release);
    this.outbox.close();
    this.box.remove();
  }

  hold(held) {
    if (this.held === held || (!held && !this.held)) return;
    this.held = held;
    hand.set(held);
    clearTimeout(this.resting);
    this.resting = false;
    busy(this, false);
    // The last word of a drag: now the hand rests, and Python may write the address bar.
    if (!held && this.sent) this.outbox.send({ value: this.value, held: false });
    else if (!held) this.settle();
    this.sent = false;
  }

  /** Is it ahead of the page? Python learns the value when the hand rests. */
  get ahead() {
    return this.leads ?? false;
  }

  set ahead(leads) {
    if (leads === this.ahead) return;
    this.leads = leads;
    // An attribute, and no body:has(…): with that, each text that Plotly measures would compute all styles anew.
    document.body.toggleAttribute("data-gdviz-ahead", leads);
  }

  /** The page shows the truth of the last value: what was shown instead of it may go. */
  settle() {
    stage.settle(() => {
      const busy = this.held || this.resting || this.outbox.busy;
      if (!busy) this.ahead = false;
      return busy;
    });
  }

  /** The rates that can be shown at once, if this slider is the one they belong to and they are here. */
  get ladder() {
    return this.ladders ? stage.ladder : null;
  }

  receive(data, transmit) {
    this.transmit = transmit;
    this.outbox.acknowledge(data.answered);
    const shape = JSON.stringify([data.label, data.minimum, data.maximum, data.ticks, data.marks, data.help]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.build(data);
    }
    this.asked = data.value;
    this.ladders = data.ladders;
    // While the hand is on it, or its last value is not yet answered, the browser's value counts.
    if (!this.held && !this.resting && !this.outbox.busy) this.show(data.value);
  }

  build({ label, minimum, maximum, ticks, marks, help }) {
    this.label.textContent = label;
    this.input.setAttribute("aria-label", label);
    this.low = Math.log10(minimum);
    this.high = Math.log10(maximum);
    this.input.min = this.low;
    this.input.max = this.high;
    this.ticks.replaceChildren(...ticks.map(({ value, label: text }) => this.at(value, text)));
    this.marks.replaceChildren(...marks.map(({ value, label: text }) => this.at(value, text, "gdviz-rate-mark")));
    this.marks.hidden = marks.length === 0;
    this.help.textContent = help ?? "";
    this.help.hidden = !help;
    this.input.toggleAttribute("aria-describedby", false);
    if (help) this.input.setAttribute("aria-describedby", this.help.id);
  }

  /** A small text at the value's place under or over the track. */
  at(value, text, className = "") {
    const item = document.createElement("span");
    const share = (Math.log10(value) - this.low) / (this.high - this.low);
    item.className = className;
    item.hidden = !(share >= 0 && share <= 1);
    item.style.setProperty("--share", share);
    item.textContent = text;
    return item;
  }

  show(value) {
    this.value = value;
    const position = Math.log10(value);
    this.input.value = position;
    this.input.style.setProperty("--share", (position - this.low) / (this.high - this.low));
    this.input.setAttribute("aria-valuetext", plain(value));
    this.output.textContent = plain(value);
  }

  take(value) {
    if (this.held && this.ladder) {
      this.climb(this.ladder.nearest(value));
      return;
    }
    const inside = Math.min(10 ** this.high, Math.max(10 ** this.low, value));
    const short = Number(inside.toPrecision(3));
    if (short === this.value) return;
    this.show(short);
    if (this.ladders && stage.scout) {
      this.foresee(short);
      return;
    }
    this.sent = true;
    this.outbox.send({ value: short, held: Boolean(this.held) });
  }

  /** Shows the run at this very rate at once; the page follows when the hand, or the key, rests. */
  async foresee(value) {
    this.ahead = true;
    this.sent = this.held;
    clearTimeout(this.resting);
    this.resting = !this.held;
    busy(this, this.resting);
    await stage.foresee({ kind: "rate", value }, () => this.ahead);
    if (this.held || this.value !== value || this.resting !== true) return;
    this.resting = setTimeout(() => {
      this.resting = false;
      this.outbox.send({ value, held: false });
      busy(this, false);
    }, REST);
  }

  /** Shows a rung of the ladder; Python is told when the hand lets go. */
  climb(rung) {
    const reel = this.ladder;
    const { rate } = reel.rungs[rung];
    if (rate === this.value) return;
    this.show(rate);
    this.ahead = true;
    this.sent = true;
    stage.show({ kind: "rung", reel, rung });
  }

  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const position = Math.log10(this.value);
    const target = {
      ArrowRight: position + FINE,
      ArrowUp: position + FINE,
      ArrowLeft: position - FINE,
      ArrowDown: position - FINE,
      PageUp: position + COARSE,
      PageDown: position - COARSE,
      Home: this.low,
      End: this.high,
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    if (event.repeat) this.hold(true); // a key held down moves like a hand; keyup lets go
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (this.held && this.ladder && way) {
      const next = this.ladder.nearest(this.value) + way; // a rung is wider than a fine step
      this.climb(Math.min(this.ladder.rungs.length - 1, Math.max(0, next)));
      return;
    }
    this.take(10 ** target);
  }
}
