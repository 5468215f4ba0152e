// In which fields a hand was since the last message: the page says it with the next one (entry/overtaken.js).
import { keysOf } from "../live_plot/streamlit.js";

/** What a hand does in a field. */
export const ACTS = ["pointerdown", "keydown", "input", "click"];

/** Notes the field that an act is in.
 * @param {Event} event */
export function noteField(event) {
  if (event instanceof KeyboardEvent && event.key === "Tab") return; // it goes past a field
  // A menu of choices stands apart from its field, which keeps the focus.
  const apart = event.target instanceof Element && event.target.closest("[role=listbox]") !== null;
  const place = apart ? document.activeElement : event.target;
  if (!(place instanceof Element)) return;
  const { dataset } = document.documentElement;
  const keys = new Set([...dataset.gdvizTouched?.split(" ") ?? [], ...keysOf(place)]);
  if (keys.size > 0) dataset.gdvizTouched = [...keys].join(" ");
}
