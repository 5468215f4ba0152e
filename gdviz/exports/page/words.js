// What the file itself can say of a run: whether and when it ended, and where. Why it did, only gdviz can tell.
import { count, format } from "../../ui/components/live/numbers.js";

/** @import { Ended } from "./types.d.ts" */

/** @param {Ended} run */
export function sentence({ names, stop, epochs, most, theta, value, norm, tolerance }) {
  const where = `${names.map((name, i) => `${name} = ${format(theta[i])}`).join(", ")}, where f = ${format(value)}`;
  if (stop === "") return `Under way: epoch ${count(epochs)} of ${count(most)}.`;
  if (!Number.isFinite(value)) {
    return `There is no finite value at the start, ${
      names.map((name, i) => `${name} = ${format(theta[i])}`).join(", ")
    }.`;
  }
  if (stop === "diverged") {
    return `Diverged: after ${
      counted(epochs)
    } the next number is beyond what floats can hold. The last point is ${where}.`;
  }
  if (stop === "converged") {
    return `Converged after ${counted(epochs)} to ${where}: the slope stays at most ${format(tolerance)}.`;
  }
  return `Ran out of epochs after ${count(epochs)} at ${where}. The slope there is ${format(norm)}; ` +
    `converged means at most ${format(tolerance)}.`;
}

/** How such an end looks, as that of a verdict.
 * @param {string} stop */
export const look = (stop) => (stop === "converged" ? "success" : stop === "diverged" ? "error" : "info");

/** @param {number} epochs */
const counted = (epochs) => `${count(epochs)} ${epochs === 1 ? "epoch" : "epochs"}`;
