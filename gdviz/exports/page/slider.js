// The learning rate's slider, over decades, as on the page.
import { htmlElement } from "../../ui/components/live/elements.js";
import { offered } from "../../ui/components/slider/scales.js";
import { Track } from "../../ui/components/slider/track.js";

/** @import { Label } from "../../ui/components/slider/types.d.ts" */

export class RateSlider {
  /** @param {HTMLElement} parent
   * @param {(value: number) => void} report while it moves
   * @param {(held: boolean) => void} hold a hand is on it, or lets go */
  constructor(parent, report, hold) {
    this.report = report;
    this.track = new Track(parent);
    this.help = htmlElement("p", "gdviz-slider-help");
    this.help.id = "rate-help";
    const { box, input } = this.track;
    box.append(this.help);
    input.addEventListener("input", () => this.take(Number(input.value)));
    input.addEventListener("keydown", (event) => this.take(this.track.keyed(event)));
    input.addEventListener("pointerdown", () => hold(true));
    for (const name of ["pointerup", "pointercancel"]) globalThis.addEventListener(name, () => hold(false));
    for (const name of ["change", "blur"]) input.addEventListener(name, () => hold(false));
  }

  /** Its ends, its ticks, its value, and why it does not move, if it does not.
   * @param {number} low
   * @param {number} high
   * @param {Label[]} ticks
   * @param {number | undefined} value undefined where nobody knows it
   * @param {string} why */
  offer(low, high, ticks, value, why) {
    const { input } = this.track;
    input.disabled = why !== "";
    this.help.textContent = why;
    this.help.hidden = why === "";
    if (why) input.setAttribute("aria-describedby", this.help.id);
    else input.removeAttribute("aria-describedby");
    this.track.name("Learning rate", ticks);
    this.track.stretch(low, high);
    this.track.show(value ?? NaN);
  }

  /** @param {number | undefined} place where a hand or a key is */
  take(place) {
    if (place === undefined) return;
    const { scale, low, high, value } = this.track;
    const chosen = offered(scale, place, low, high);
    if (chosen === value) return;
    this.track.show(chosen);
    this.report(chosen);
  }
}
