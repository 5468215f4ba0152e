// The reels that the player shows, by the name of what they show: asked for once, kept for going to and fro.
import { stage } from "../live_plot/stage.js";

const KEPT = 6;
const AGAIN = 300; // ms until a question that found no answer is put again
const TRIES = 20;

const reels = new Map(); // they outlive the component
const underWay = new Map();

export const kept = (name) => reels.get(name) ?? null;

/** The reel called `name`: null where there is none (a ladder of too few rungs), or no answer. */
export function fetchReel(kind, name) {
  if (!underWay.has(name)) underWay.set(name, ask(kind, name).finally(() => underWay.delete(name)));
  return underWay.get(name);
}

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

/** Keeps a reel under the name of what it shows. */
export function keep(name, reel) {
  reels.delete(name);
  reels.set(name, reel);
  for (const oldest of reels.keys()) {
    if (reels.size <= KEPT) break;
    reels.delete(oldest);
  }
}
