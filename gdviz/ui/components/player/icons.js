// The signs on the player's buttons.

const SHAPES = {
  first: "M6 5v14M19 5 9 12l10 7z",
  back: "M17 5 7 12l10 7z",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  forth: "M7 5l10 7-10 7z",
  last: "M18 5v14M5 5l10 7L5 19z",
  sound: "M4 9v6h4l5 4V5L8 9zM17 9q2 3 0 6",
};

export const icon = (/** @type {keyof typeof SHAPES} */ name) =>
  `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`;

/** Lets a button say whether a run is played.
 * @param {HTMLButtonElement} button
 * @param {boolean} on
 * @param {string} [key] that does the same */
export function mark(button, on, key = "") {
  const label = on ? "Pause" : "Play";
  if (button.getAttribute("aria-label") === label) return;
  button.setAttribute("aria-label", label);
  button.title = label + key;
  button.innerHTML = icon(on ? "pause" : "play");
}
