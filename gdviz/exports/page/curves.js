// The curve of a fit for any of its parameters, as a run whose rows are the places of the curve.
import { Run } from "../../ui/components/live/run.js";

/**
 * @import { Shown } from "../../ui/components/live_plot/types.d.ts"
 * @import { Places } from "./types.d.ts"
 * @typedef {{ rates(count: number, theta: Record<string, number>): Float64Array }} CurveModule
 */

export class FittedCurve {
  /** @param {CurveModule} module
   * @param {Places} places */
  constructor(module, { first, last, count }) {
    this.module = module;
    this.places = Float64Array.from({ length: count }, (_, i) => first + (i * (last - first)) / (count - 1));
  }

  /** The curve at the parameters of a run's row.
   * @param {Run} run
   * @param {number} row */
  at(run, row) {
    const theta = Object.fromEntries(run.thetas.map((name) => [name.replace(" ", ""), run.at(row, name)]));
    const heights = this.module.rates(this.places.length, theta);
    return new Run(this.places.length, (name) => (name === "place" ? this.places : heights), { complete: true });
  }

  /** The curves at the end of what is shown and at its start.
   * @param {Run} run
   * @param {number} [row] */
  both(run, row = run.rows - 1) {
    return run.rows ? [this.at(run, row), this.at(run, 0)] : [];
  }

  /** What the other charts show, as the fit's own chart shows it.
   * @param {Shown} shown
   * @returns {Shown} */
  shown({ runs: [run], row }) {
    return { kind: "run", runs: this.both(run, row) };
  }
}
