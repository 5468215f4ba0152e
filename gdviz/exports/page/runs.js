// Runs: made anew by the step's own code, in the data's own units, and their columns as a chart draws them.

/** @import { Content, Descend, Exported, Numbers, Scaling, Steps } from "./types.d.ts" */

/** A run with all that is read of it. */
export class Run {
  /** @param {Steps} steps
   * @param {number} n
   * @param {number | null} minimum */
  constructor(steps, n, minimum) {
    this.steps = steps;
    this.n = n;
    this.minimum = minimum;
    this.stop = steps.stop;
  }

  get epochs() {
    return this.steps.values.length - 1;
  }

  /** @param {number} k */
  theta(k) {
    return Array.from(this.steps.thetas.subarray(k * this.n, (k + 1) * this.n));
  }

  /** The slope at an epoch.
   * @param {number} k */
  norm(k) {
    return Math.hypot(...this.steps.gradients.subarray(k * this.n, (k + 1) * this.n));
  }

  /** A number of row k by the name of its column, as in figures/base.py.
   * @param {string} column
   * @param {number} k */
  at(column, k) {
    if (column === "epoch") return k;
    if (column === "value") return this.steps.values[k];
    if (column === "gap") return this.steps.values[k] - (this.minimum ?? 0);
    if (column === "norm") return this.norm(k);
    return this.steps.thetas[k * this.n + Number(column.slice("theta ".length))];
  }
}

/** The exported numbers themselves.
 * @param {Exported} exported
 * @param {number} n
 * @param {number | null} minimum */
export function recorded({ thetas, gradients, values, stop }, n, minimum) {
  const steps = { thetas: floats(thetas), gradients: floats(gradients), values: floats(values), stop };
  return new Run(steps, n, minimum);
}

/** Run it anew at another rate or from another start, for `epochs` of its epochs.
 * @param {Descend} descend
 * @param {Exported} exported
 * @param {Content} content
 * @param {Numbers} start
 * @param {number} eta
 * @param {number} epochs */
export function descended(descend, exported, { scaling, variables, minimum }, start, eta, epochs) {
  const rates = exported.rates;
  const pace = new Float64Array(epochs);
  for (let k = 0; k < epochs; k++) {
    pace[k] = rates === null ? eta : eta === exported.eta ? rates[k] : rates[k] * (eta / exported.eta);
  }
  const steps = descend(scaling === null ? start : scaled(scaling, start), pace, exported.tolerance);
  return new Run(scaling === null ? steps : own(scaling, steps), variables.length, minimum);
}

/** @param {Scaling} scaling
 * @param {Numbers} start */
export function scaled({ means, scales, intercept, level }, start) {
  const theta = Array.from(start);
  if (intercept !== null) theta[intercept] += theta.reduce((sum, x, i) => sum + x * means[i], 0) / level;
  return theta.map((x, i) => x * scales[i]);
}

/** @param {Scaling} scaling
 * @param {Steps} steps
 * @returns {Steps} */
export function own({ means, scales, intercept, level }, steps) {
  const n = scales.length;
  const [thetas, gradients] = [steps.thetas.slice(), steps.gradients.slice()];
  for (let first = 0; first < thetas.length; first += n) {
    let shift = 0;
    for (let i = 0; i < n; i++) {
      thetas[first + i] /= scales[i];
      gradients[first + i] *= scales[i];
      shift += thetas[first + i] * means[i];
    }
    if (intercept === null) continue;
    thetas[first + intercept] -= shift / level;
    const slope = gradients[first + intercept];
    for (let i = 0; i < n; i++) gradients[first + i] += slope * means[i] / level;
  }
  return { ...steps, thetas, gradients };
}

/** @param {string} text
 * @returns {Float64Array} */
export function floats(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float64Array(bytes.buffer);
}

/** What can be said of a run that nobody has judged.
 * @param {Run} run
 * @param {string[]} variables */
export function words(run, variables) {
  const last = run.theta(run.epochs);
  const place = [
    ...variables.map((name, i) => `${name} = ${short(last[i])}`),
    `f = ${short(run.at("value", run.epochs))}`,
  ]
    .slice(-5).join(", ");
  const count = `${run.epochs.toLocaleString("en")} epoch${run.epochs === 1 ? "" : "s"}`;
  if (run.stop === "converged") return `Converged after ${count} to ${place}.`;
  if (run.stop === "diverged") {
    return `Diverged: the numbers pass what a float can hold after ${count}; its last point is ${place}.`;
  }
  return `Not there after ${count}: ${place}, where the slope is ${short(run.norm(run.epochs))}.`;
}

/** A number with four digits, as people write it.
 * @param {number} value */
export function short(value) {
  if (value === 0 || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return text.replace("-", "−").replace(/e\+?−?(-?\d+)$/, (_all, power) => ` × 10^${power}`).replace("e", " × 10^");
}
