// What is said of a moment of a run, for those who do not see it.
import { assignment, count, format } from "../live/numbers.js";

/** @import { Run } from "../live/run.js" */

/** @param {Run} run
 * @param {number} row
 * @param {string[]} names of the parameters */
export function momentInWords(run, row, names) {
  const theta = assignment(names, names.map((_, index) => run.at(row, `theta ${index}`)));
  return `Epoch ${count(run.epoch(row))}: ${theta}, f = ${format(run.at(row, "value"))}`;
}
