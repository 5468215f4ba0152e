// Where buttons and keys take the player: from a row to another.

/** @typedef {(row: number, last: number) => number} Move */

/** What the buttons do, by their names.
 * @type {Record<string, Move>} */
export const MOVES = {
  first: () => 0,
  back: (row) => row - 1,
  forth: (row) => row + 1,
  last: (_, last) => last,
};

/** @type {Record<string, number>} */
const ARROWS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/** Which move a key stands for, "toggle" for playing and pausing, null for none of the player's. On a button the space
 * bar does what the button says.
 * @param {KeyboardEvent} event
 * @returns {Move | "toggle" | null} */
export function meant(event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  if (event.key === " ") return /** @type {Element} */ (event.target).closest?.("button") ? null : "toggle";
  if (event.key === "Home") return MOVES.first;
  if (event.key === "End") return MOVES.last;
  const way = ARROWS[event.key] * (event.shiftKey ? 10 : 1);
  return way ? (row) => row + way : null;
}
