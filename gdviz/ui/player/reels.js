// The reels that the player shows, by the name of what they show: asked for once, kept for going to and fro.
import { stage } from "../live_plot/stage.js";

/** @import { Reel } from "../live_plot/reel.js" */

const KEPT = 6;
const AGAIN = 300; // ms until a question that found no answer is put again
const TRIES = 20;

/** @type {Map<string, Reel>} */
const reels = new Map(); // they outlive the component
/** @type {Map<string, Promise<Reel | null>>} */
const underWay = new Map();

/** @param {string | null} name */
export const kept = (name) => (name === null ? null : reels.get(name) ?? null);

/** The reel called `name`: null where there is none (a ladder of too few rungs), or no answer.
 * @param {"film" | "ladder"} kind
 * @param {string} name */
export function fetchReel(kind, name) {
  const asked = underWay.get(name) ?? ask(kind, name).finally(() => underWay.delete(name));
  underWay.set(name, asked);
  return asked;
}

/**
 * @param {"film" | "ladder"} kind
 * @param {string} name
 */
async function ask(kind, name) {
  for (let tries = 0; tries < TRIES && !reels.has(name); tries += 1) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, AGAIN));
    const answer = await stage.scout?.ask({ kind });
    if (!answer) continue;
    if (answer.name !== name) return null; // the page shows another run by now, and asks for that
    if (answer.reel) keep(name, answer.reel);
    else return null;
  }
  return kept(name);
}

/** Keeps a reel under the name of what it shows.
 * @param {string} name
 * @param {Reel} reel */
export function keep(name, reel) {
  reels.delete(name);
  reels.set(name, reel);
  for (const oldest of reels.keys()) {
    if (reels.size <= KEPT) break;
    reels.delete(oldest);
  }
}
