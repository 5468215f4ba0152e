// What goes through a run: a button that plays it, a handle along its epochs, and in words which of them is shown.
import { htmlElement } from "../live/elements.js";
import { mark } from "./icons.js";

export class Transport {
  /** @param {HTMLElement} parent
   * @param {string} buttons as HTML, one of them to play
   * @param {string} [more] behind the words */
  constructor(parent, buttons, more = "") {
    this.box = htmlElement("div", "gdviz-player");
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Play the run");
    this.box.innerHTML = `<div class="gdviz-player-buttons">${buttons}</div>` +
      `<input type="range" min="0" step="1" aria-label="Epoch"><output aria-live="off"></output>${more}`;
    const find = (/** @type {string} */ selector) => this.box.querySelector(selector);
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.output = /** @type {HTMLOutputElement} */ (find("output"));
    this.play = /** @type {HTMLButtonElement} */ (find('[data-do="play"]'));
    parent.append(this.box);
  }

  /** Shows the place in a run.
   * @param {number} at
   * @param {number} last
   * @param {string} words */
  show(at, last, words) {
    this.input.value = String(at);
    this.input.style.setProperty("--share", String(last === 0 ? 1 : at / last));
    this.input.setAttribute("aria-valuetext", words);
    this.output.textContent = words;
  }

  /** @param {boolean} on
   * @param {string} [key] that does the same */
  playing(on, key) {
    mark(this.play, on, key);
  }
}
