// What the file itself can say of a run: whether and when it ended, and where. Why it did, only gdviz can tell.
import { assignment, count, format } from "../../ui/components/live/numbers.js";

/** @import { Ended } from "./types.d.ts" */

/** @param {Ended} run */
export function sentence({ names, stop, epochs, most, theta, value, norm, tolerance }) {
  const at = assignment(names, theta), where = `${at}, where f = ${format(value)}`;
  const [reached, least] = [count(epochs), `at most ${format(tolerance)}`];
  if (stop === "") return `Under way: epoch ${reached} of ${count(most)}.`;
  if (!Number.isFinite(value)) return `There is no finite value at the start, ${at}.`;
  const after = `after ${reached} ${epochs === 1 ? "epoch" : "epochs"}`;
  if (stop === "diverged") {
    return `Diverged: ${after} the next number is beyond what floats can hold. The last point is ${where}.`;
  }
  if (stop === "converged") return `Converged ${after} to ${where}: the slope stays ${least}.`;
  return `Ran out of epochs after ${reached} at ${where}. The slope there is ${
    format(norm)
  }; converged means ${least}.`;
}

/** How such an end looks, as that of a verdict.
 * @param {string} stop */
export const look = (stop) => (stop === "converged" ? "success" : stop === "diverged" ? "error" : "info");
