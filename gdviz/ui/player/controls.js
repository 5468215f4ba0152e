// The player's buttons and fields.

const SPEEDS = [0.25, 0.5, 1, 2, 4];

const ICONS = {
  first: "M6 5v14M19 5 9 12l10 7z",
  back: "M17 5 7 12l10 7z",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  forth: "M7 5l10 7-10 7z",
  last: "M18 5v14M5 5l10 7L5 19z",
  sound: "M4 9v6h4l5 4V5L8 9zM17 9q2 3 0 6",
};
export const icon = (/** @type {keyof typeof ICONS} */ name) =>
  `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
/** @type {(name: keyof typeof ICONS, label: string, keys: string) => string} */
const button = (name, label, keys) =>
  `<button type="button" data-do="${name}" aria-label="${label}" title="${label} (${keys})">${icon(name)}</button>`;
const option = (/** @type {number} */ speed) =>
  `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`;

export const MARKUP = '<div class="gdviz-player-buttons">' +
  button("first", "To the start", "Home") + button("back", "One epoch back", "←") +
  button("play", "Play", "Space") +
  button("forth", "One epoch on", "→") + button("last", "To the end", "End") + "</div>" +
  '<input type="range" min="0" step="1" aria-label="Epoch"><output></output>' +
  `<label>Speed <select aria-label="Speed">${SPEEDS.map(option)}</select></label>` +
  '<button type="button" class="gdviz-player-step" data-do="step" aria-pressed="false" aria-label="Step in numbers" ' +
  'title="Write out the step that leaves this epoch, with its numbers">Step<span> in numbers</span></button>' +
  '<button type="button" data-do="drive" aria-pressed="false" ' +
  'title="Change the learning rate while the run goes">Drive</button>' +
  '<button type="button" class="gdviz-player-sound" data-do="sound" aria-pressed="false" aria-label="Sound" ' +
  `title="Hear the loss: the lower the tone, the lower the loss; rough where a step goes up">${icon("sound")}` +
  '</button><p class="gdviz-hidden" role="status"></p>';
