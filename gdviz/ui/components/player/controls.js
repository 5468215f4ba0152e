// The player's buttons and fields: what they show, and what a hand does with them.

import { icon } from "./icons.js";
import { Transport } from "./transport.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4];

/** @type {(name: Parameters<typeof icon>[0], label: string, keys: string) => string} */
const button = (name, label, keys) =>
  `<button type="button" data-do="${name}" aria-label="${label}" title="${label} (${keys})">${icon(name)}</button>`;
const option = (/** @type {number} */ speed) =>
  `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`;

const BUTTONS = button("first", "To the start", "Home") + button("back", "One epoch back", "←") +
  button("play", "Play", "Space") +
  button("forth", "One epoch on", "→") + button("last", "To the end", "End");
const MORE = `<label>Speed <select aria-label="Speed">${SPEEDS.map(option)}</select></label>` +
  '<button type="button" class="gdviz-player-step" data-do="step" aria-pressed="false" aria-label="Step in numbers" ' +
  'title="Write out the step that leaves this epoch, with its numbers">Step<span> in numbers</span></button>' +
  '<button type="button" data-do="drive" aria-pressed="false" ' +
  'title="Change the learning rate while the run goes">Drive</button>' +
  '<button type="button" class="gdviz-player-sound" data-do="sound" aria-pressed="false" aria-label="Sound" ' +
  `title="Hear the loss: the lower the tone, the lower the loss; rough where a step goes up">${icon("sound")}` +
  '</button><p class="gdviz-hidden" role="status"></p>';

/**
 * @typedef {object} Hand what a hand does with the controls
 * @property {(what: string | undefined) => void} click on the button of that name
 * @property {(event: KeyboardEvent) => boolean} press whether the key meant something
 * @property {(share: number) => void} scrub to this share of the run
 * @property {() => void} letGo of the handle
 * @property {() => void} near the hand has come
 */

export class Controls extends Transport {
  /** @param {HTMLElement} parent
   * @param {HTMLElement} more what stands below
   * @param {Hand} hand */
  constructor(parent, more, hand) {
    super(parent, BUTTONS, MORE);
    this.select = /** @type {HTMLSelectElement} */ (this.box.querySelector("select"));
    this.spoken = /** @type {HTMLElement} */ (this.box.querySelector('[role="status"]'));
    this.box.append(more);
    this.box.addEventListener("click", ({ target }) => {
      const pressed = /** @type {Element} */ (target).closest("[data-do]");
      hand.click(/** @type {HTMLElement | null} */ (pressed)?.dataset.do);
    });
    this.box.addEventListener("keydown", (event) => {
      const { target } = event;
      const own = target === this.select || /** @type {Element} */ (target).matches(".gdviz-drive input");
      if (!own && hand.press(event)) event.preventDefault();
    });
    this.input.addEventListener("input", () => hand.scrub(Number(this.input.value) / Number(this.input.max)));
    this.input.addEventListener("change", () => hand.letGo());
    this.box.addEventListener("pointerenter", () => hand.near());
    this.box.addEventListener("focusin", () => hand.near());
  }

  /** How many times as fast as usual a run is played. */
  get speed() {
    return Number(this.select.value);
  }

  /** @param {string} what a button does */
  button(what) {
    return /** @type {HTMLButtonElement} */ (this.box.querySelector(`[data-do="${what}"]`));
  }

  /** @param {string} what
   * @param {boolean} on */
  press(what, on) {
    this.button(what).setAttribute("aria-pressed", String(on));
  }
}
