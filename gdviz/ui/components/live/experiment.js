// An experiment that the browser runs itself: the very steps of the core, traced by it and served as a module
// (descent/browser.py). A run that takes long is taken on a little in each frame.
import { Run } from "./run.js";

/**
 * @import { Changes, Described, Matrices, Numbers, RawRun, StepModule } from "../live_plot/types.d.ts"
 * @typedef {{ rates(epochs: number, settings: Record<string, number>): Float64Array }} RatesModule
 *
 * From this epoch on, these numbers of the optimizer hold.
 * @typedef {{ epoch: number, settings: Record<string, number> }} Stretch
 */

const SLOW = 5_000; // operations a millisecond, until it was measured: no machine of today is slower
const GLANCE = 100_000; // operations that may be done for one move of the pointer

/** @type {Map<string, Promise<unknown>>} */
const modules = new Map();

/** The server's module at `path`, fetched once.
 * @param {string} path */
function fetched(path) {
  const module = modules.get(path) ?? import(new URL(`../../../${path}`, import.meta.url).href);
  modules.set(path, module);
  module.catch(() => modules.delete(path)); // the next experiment may try again
  return module;
}

export class Experiment {
  /** @param {Described} described what Python says of it */
  constructor(described) {
    this.described = described;
    /** @type {StepModule | null} */
    this.step = null;
    /** @type {RatesModule | null} */
    this.ratesModule = null;
    this.speed = SLOW / described.price; // epochs a millisecond
    /** @type {Run | null} */
    this.rest = null;
  }

  /** Brings its modules.
   * @param {(name: string) => unknown} fetch gives a module, or its promise
   * @returns {Promise<boolean>} whether it can be run here */
  async load(fetch = fetched) {
    const { step, rates } = this.described;
    if (this.step || step === null || rates === null) return this.step !== null;
    try {
      const modules = await Promise.all([fetch(step), fetch(rates)]);
      [this.step, this.ratesModule] = /** @type {[StepModule, RatesModule]} */ (modules);
    } catch (error) {
      console.warn("gdviz: the experiment is run by the server", error);
    }
    return this.step !== null;
  }

  /** Can the browser run it with these changes?
   * @param {Changes} changes */
  takes(changes) {
    const { most, epochs } = this.described;
    return this.step !== null && (changes.epochs ?? epochs) <= most && this.knows(changes);
  }

  /** Do its modules take all that changes? Not a seed: the numbers drawn with it are in the module.
   * @param {Changes} changes */
  knows(changes) {
    const { live } = this.described;
    return Object.keys(changes).every((name) => name === "start" || name === "epochs" || live.includes(name));
  }

  /** Its run with these changes, which has not taken a step yet; null where it makes no sense.
   * @param {Changes} changes
   * @returns {RunInProgress | null} */
  begin({ start = this.described.start, epochs = this.described.epochs, ...changed }) {
    const settings = { ...this.described.settings, .../** @type {Record<string, number>} */ (changed) };
    const rates = this.ratesModule?.rates(epochs, settings);
    if (!this.step || !rates?.every((rate) => rate > 0 && rate < Infinity)) return null;
    return new RunInProgress(this, this.step, start, rates, [{ epoch: 0, settings }]);
  }

  /** Its run as a hand steers it: from each turn's epoch on another rate, and another beta.
   * @param {[epoch: number, rate: number, beta: number | null][]} turns the first at epoch 0
   * @returns {RunInProgress | null} */
  steered(turns) {
    const { start, epochs, settings } = this.described;
    if (!this.step) return null;
    const rates = new Float64Array(epochs);
    for (const [epoch, rate] of turns) rates.fill(rate, epoch);
    const stretches = turns.map(([epoch, , beta]) => ({
      epoch,
      settings: { ...settings, beta: beta ?? settings.beta },
    }));
    return new RunInProgress(this, this.step, start, rates, stretches);
  }

  /** Value, gradient and the next place at a point (in the data's own units); null where that takes too long here.
   * @param {number[]} theta */
  look(theta) {
    const { epochs, settings, price } = this.described;
    if (!this.step || price > GLANCE) return null;
    const rate = this.ratesModule?.rates(epochs, settings)[0];
    if (!rate) return null;
    const inProgress = new RunInProgress(this, this.step, theta, Float64Array.of(rate), [{ epoch: 0, settings }]);
    inProgress.advance(Infinity);
    return inProgress.run();
  }
}

/** Takes runs on for about so many milliseconds, at least one of them by an epoch: those that are behind first.
 * @param {RunInProgress[]} runsInProgress
 * @param {number} budget */
export function advance(runsInProgress, budget) {
  const end = performance.now() + budget;
  const open = runsInProgress.filter(({ done }) => !done).sort((one, other) => one.raw.epoch - other.raw.epoch);
  for (const [index, inProgress] of open.entries()) {
    const left = end - performance.now();
    if (index > 0 && left <= 0) return;
    inProgress.advance(left / (open.length - index));
  }
}

/** A run on its way. */
export class RunInProgress {
  /** @param {Experiment} experiment
   * @param {StepModule} step
   * @param {number[]} start
   * @param {Float64Array} rates
   * @param {Stretch[]} stretches the first from epoch 0 on */
  constructor(experiment, step, start, rates, stretches) {
    const { tolerance, scaling } = experiment.described;
    this.experiment = experiment;
    this.step = step;
    this.rates = rates;
    this.stretches = stretches;
    const inner = scaling ? multiplied(scaling.inner, start) : start;
    /** @type {RawRun} */
    this.raw = step.begin(inner, rates.length, tolerance, stretches[0].settings);
  }

  get done() {
    return this.raw.stop !== "";
  }

  /** Takes it on for about so many milliseconds, at least for one epoch.
   * @param {number} budget */
  advance(budget) {
    const { raw, rates, experiment } = this;
    let now = performance.now();
    const end = now + budget;
    while (!this.done) {
      const next = this.stretches.findIndex(({ epoch }) => epoch > raw.epoch);
      const last = next < 0 ? raw.epochs : this.stretches[next].epoch - 1;
      raw.settings = this.stretches.at(next < 0 ? -1 : next - 1)?.settings ?? {};
      const count = Math.max(1, Math.floor(Math.max(0, end - now) * experiment.speed));
      const begin = raw.epoch;
      this.step.advance(raw, rates, Math.min(last, begin + count - 1));
      const spent = Math.max(0.02, performance.now() - now);
      now += spent;
      const done = (this.done ? raw.rows : raw.epoch) - begin;
      if (done > 100 || spent > 1) experiment.speed = Math.min(4 * experiment.speed, Math.max(1e-6, done / spent));
      if (now >= end) return;
    }
  }

  /** What is known of it by now. */
  run() {
    const { raw, done } = this;
    const { minimum, scaling } = this.experiment.described;
    const { rows, thetas, gradients, values } = raw;
    const n = this.experiment.described.variables.length;
    /** @param {string} name */
    const read = (name) => {
      if (name === "epoch") return counted(rows);
      if (name === "value") return values.subarray(0, rows);
      if (name === "gap") {
        return minimum === null ? undefined : values.subarray(0, rows).map((value) => value - minimum);
      }
      if (name === "norm") return norms(gradients, n, rows, scaling);
      if (name.startsWith("gradient ")) return column(gradients, n, rows, Number(name.slice(9)), scaling?.gradients);
      return column(thetas, n, rows, Number(name.slice(6)), scaling?.own);
    };
    return new Run(rows, read, { complete: done, stop: raw.stop, epochs: raw.epochs });
  }
}

/** One component of rows of n numbers, or of what a matrix makes of each row.
 * @param {Float64Array} table
 * @param {number} n
 * @param {number} rows
 * @param {number} place
 * @param {number[]} [matrix] (n, n)
 * @returns {Float64Array | undefined} */
function column(table, n, rows, place, matrix) {
  if (!(place < n)) return undefined;
  const found = new Float64Array(rows);
  if (!matrix) {
    for (let row = 0; row < rows; row += 1) found[row] = table[row * n + place];
    return found;
  }
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += matrix[place * n + i] * table[row * n + i];
    found[row] = sum;
  }
  return found;
}

/** The lengths of rows of n numbers, or of what a matrix makes of each row.
 * @param {Float64Array} gradients
 * @param {number} n
 * @param {number} rows
 * @param {Matrices | null} scaling */
function norms(gradients, n, rows, scaling) {
  const table = scaling ? Array.from({ length: n }, (_, i) => column(gradients, n, rows, i, scaling.gradients)) : null;
  const at = (/** @type {number} */ row, /** @type {number} */ i) =>
    table ? table[i]?.[row] ?? NaN : gradients[row * n + i];
  const found = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += at(row, i) ** 2;
    // A sum of squares that is far from both ends of what floats hold lost nothing.
    found[row] = sum > 1e-200 && sum < 1e200
      ? Math.sqrt(sum)
      : Math.hypot(...Array.from({ length: n }, (_, i) => at(row, i)));
  }
  return found;
}

/** @type {(matrix: number[], vector: number[]) => number[]} */
const multiplied = (matrix, vector) =>
  vector.map((_, row) => vector.reduce((sum, value, i) => sum + matrix[row * vector.length + i] * value, 0));

let counts = new Float64Array(0);

/** 0, 1, 2, …
 * @param {number} rows
 * @returns {Numbers} */
function counted(rows) {
  if (counts.length < rows) counts = Float64Array.from({ length: 2 * rows }, (_, row) => row);
  return counts.subarray(0, rows);
}
