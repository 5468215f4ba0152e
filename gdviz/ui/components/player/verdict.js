// While a hand moves: what is said of the run under it, over the verdict of the run at rest. That verdict itself belongs
// to Streamlit and is left alone.

import { htmlElement } from "../live/elements.js";
import { dress, placeOf } from "../live_plot/streamlit.js";

/** @import { Shown } from "../live_plot/types.d.ts" */

export class VerdictUnderHand {
  /** @param {HTMLElement} themed an element of a component: only there are the theme's colors known */
  constructor(themed) {
    this.themed = themed;
    this.box = htmlElement("div", "gdviz-verdict-under-hand");
    this.box.setAttribute("aria-hidden", "true"); // the slider speaks the rate; the verdict at rest is announced
    this.box.hidden = true;
  }

  /** @param {Shown | null} shown */
  show(shown) {
    if (shown !== null && this.box.hidden) dress(this.box, this.themed);
    this.box.hidden = shown === null;
    if (shown === null) {
      this.uncover();
      return;
    }
    const place = placeOf("verdict");
    place?.toggleAttribute("data-gdviz-late", !shown.words || shown.words.late === true); // of another run
    if (!shown.words) {
      this.box.hidden = true;
      return;
    }
    const { sentence, look } = shown.words;
    if (place && this.box.parentElement !== place) {
      this.uncover();
      place.append(this.box);
    }
    place?.setAttribute("data-gdviz-covered", "");
    if (this.box.textContent !== sentence) this.box.textContent = sentence;
    this.box.dataset.look = look;
  }

  uncover() {
    this.box.parentElement?.removeAttribute("data-gdviz-covered");
    placeOf("verdict")?.removeAttribute("data-gdviz-late");
  }

  remove() {
    this.uncover();
    this.box.remove();
  }
}
