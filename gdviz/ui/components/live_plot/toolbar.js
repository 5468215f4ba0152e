// A chart's buttons are one stop for Tab, as ARIA's toolbars are: arrow keys lead from one to the next, and Tab comes back
// to the one that was used last.

/** @type {Record<string, (at: number, count: number) => number>} */
const KEYS = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at + count - 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** To which of `count` buttons a key leads from the one at `at`; null where it leads nowhere.
 * @param {string} key
 * @param {number} at
 * @param {number} count */
export const nextButton = (key, at, count) => (Object.hasOwn(KEYS, key) ? KEYS[key](at, count) : null);

export class Toolbar {
  /** @param {HTMLElement} figure in which plotly.js draws, with buttons that it makes anew now and then */
  constructor(figure) {
    this.figure = figure;
    this.last = ""; // the name of the button that was used last
    figure.addEventListener("focusin", ({ target }) => this.arrange(target));
    figure.addEventListener("keydown", (event) => {
      const { buttons } = this;
      const at = buttons.findIndex((button) => button === event.target);
      const next = at < 0 ? null : nextButton(event.key, at, buttons.length);
      if (next === null) return;
      event.preventDefault();
      buttons[next].focus();
    });
  }

  /** @returns {HTMLElement[]} */
  get buttons() {
    return [...this.figure.querySelectorAll(".modebar button")].filter((button) => button instanceof HTMLElement);
  }

  /** Leaves one of the buttons for Tab.
   * @param {EventTarget | null} [focused] what has the focus, if that is known */
  arrange(focused = null) {
    const { buttons } = this;
    const used = buttons.find((button) => button === focused);
    if (used) this.last = used.ariaLabel ?? "";
    const stop = buttons.find(({ ariaLabel }) => ariaLabel === this.last) ?? buttons.at(0);
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
    this.figure.querySelector(".modebar")?.setAttribute("aria-label", "Tools of the chart; arrow keys go through them");
  }
}
