// Tab through an open menu: Streamlit draws it at the end of the page, but it belongs after its button.
import { openMenu } from "../live_plot/streamlit.js";

const STOPS = "a[href], button, input, select, textarea, summary, [tabindex]";

/** Where Tab leads, if not where the browser would go: into the menu, and out of it by way of its button. From there
 * the browser goes `on` by itself to what follows the button.
 * @template Node
 * @param {Node} at what has the focus
 * @param {boolean} back with Shift
 * @param {Node} button
 * @param {Node[]} stops what is in its menu
 * @returns {{ goal: Node, on: boolean } | null} */
export function tabbed(at, back, button, stops) {
  if (at === button) return back || !stops.length ? null : { goal: stops[0], on: false };
  if (at === stops[0] && back) return { goal: button, on: false };
  return at === stops[stops.length - 1] && !back ? { goal: button, on: true } : null;
}

/** Keeps an open menu in the order of the keyboard.
 * @param {KeyboardEvent} event */
export function followTab(event) {
  const menu = event.key === "Tab" ? openMenu() : null;
  if (!menu) return;
  const stops = [...menu.panel.querySelectorAll(STOPS)].filter(isStop);
  const next = tabbed(/** @type {Element | null} */ (event.target), event.shiftKey, menu.button, stops);
  if (!(next?.goal instanceof HTMLElement)) return;
  if (!next.on) event.preventDefault();
  next.goal.focus();
}

/** @param {Element} element */
const isStop = (element) =>
  element instanceof HTMLElement && element.tabIndex >= 0 && !element.matches(":disabled") &&
  element.getClientRects().length > 0;
