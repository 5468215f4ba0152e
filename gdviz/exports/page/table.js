// The numbers of the run that is shown, with all their digits: some epochs, the first and the last among them.
import { htmlElement } from "../../ui/components/live/elements.js";

/** @import { Run } from "../../ui/components/live/run.js" */

const ROWS = 20;

/** About so many of a run's rows, evenly spread, both ends among them.
 * @param {number} rows */
export function spread(rows) {
  const count = Math.min(rows, ROWS + 1);
  const found = Array.from({ length: count }, (_, i) => Math.round((i * (rows - 1)) / Math.max(1, count - 1)));
  return found.filter((row, i) => row !== found[i - 1]);
}

export class NumbersTable {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.box = htmlElement("details", "gdviz-numbers");
    this.box.innerHTML = '<summary>Numbers</summary><div class="gdviz-scrolls" tabindex="0" role="group" ' +
      'aria-label="Numbers of the run that is shown"><table><thead><tr></tr></thead><tbody></tbody></table></div>';
    this.head = /** @type {HTMLElement} */ (this.box.querySelector("tr"));
    this.body = /** @type {HTMLElement} */ (this.box.querySelector("tbody"));
    parent.append(this.box);
  }

  /**
   * @param {Run} run
   * @param {string[]} names of the parameters */
  show(run, names) {
    const columns = ["epoch", ...names.map((_, i) => `theta ${i}`), "value", "norm"];
    this.head.replaceChildren(...["epoch", ...names, "f", "slope"].map((name) => cell("th", name)));
    this.body.replaceChildren(
      ...spread(run.rows).map((row) => {
        const line = htmlElement("tr");
        line.append(...columns.map((name) => cell("td", String(run.at(row, name)))));
        return line;
      }),
    );
  }
}

/** @type {(kind: "th" | "td", text: string) => HTMLElement} */
function cell(kind, text) {
  const found = htmlElement(kind, "", text);
  if (kind === "th") found.setAttribute("scope", "col");
  return found;
}
