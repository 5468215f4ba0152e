// What a frame carries: long runs come a little at a time, however dear an epoch is.
import { description, random } from "./browser.js";
import assert from "node:assert/strict";
import { advance, Experiment } from "../../gdviz/ui/components/live/experiment.js";

/** Experiments whose epochs take so many milliseconds each, on a clock that only they move.
 * @param {number[]} costs
 * @param {number} epochs
 * @param {(experiments: Experiment[], now: () => number) => void} act */
function timed(costs, epochs, act) {
  let now = 0;
  const own = performance.now;
  performance.now = () => now;
  try {
    act(
      costs.map((cost) => {
        const experiment = new Experiment(description({ epochs, price: 5_000 * cost * (1 + 9 * random(cost)()) }));
        experiment.ratesModule = { rates: (count) => new Float64Array(count).fill(0.1) };
        experiment.step = /** @type {any} */ ({
          begin: (/** @type {number[]} */ _start, /** @type {number} */ count) => ({
            epochs: count,
            epoch: 0,
            rows: 0,
            stop: "",
            settings: {},
            thetas: new Float64Array(),
            gradients: new Float64Array(),
            values: new Float64Array(),
          }), // deno-fmt-ignore
          advance: (/** @type {any} */ run, /** @type {Float64Array} */ _rates, /** @type {number} */ until) => {
            for (; run.epoch <= until && run.epoch <= run.epochs; run.epoch += 1) now += cost;
            run.rows = run.epoch;
            if (run.epoch > run.epochs) run.stop = "epochs";
          },
        });
        return experiment;
      }),
      () => now,
    );
  } finally {
    performance.now = own;
  }
}

for (const costs of [[0.00001], [0.01], [0.5], [12], [0.001, 0.001, 5], [12, 12, 12, 12, 12, 12, 12, 12]]) {
  Deno.test(`no frame takes longer than its share and an epoch where they cost ${costs.join(", ")} ms`, () => {
    timed(costs, 300, (experiments, now) => {
      const runsInProgress = experiments.map((experiment) => experiment.begin({}));
      let frames = 0;
      for (; runsInProgress.some((inProgress) => inProgress !== null && !inProgress.done); frames += 1) {
        const begin = now();
        advance(runsInProgress.filter((inProgress) => inProgress !== null), 6);
        const took = now() - begin;
        assert.ok(took <= 6 + 4 * Math.max(...costs), `${took} ms in frame ${frames}`);
        assert.ok(frames <= 301 * costs.length, "each frame goes on");
      }
      assert.ok(runsInProgress.every((inProgress) => inProgress?.run().rows === 301));
    });
  });
}

Deno.test("of several runs none is left behind", () => {
  timed([12, 12, 12], 50, (experiments) => {
    const runsInProgress = experiments.map((experiment) => experiment.begin({})).filter((inProgress) =>
      inProgress !== null
    );
    for (let frame = 0; frame < 30; frame += 1) advance(runsInProgress, 6);
    const epochs = runsInProgress.map(({ raw }) => raw.epoch);
    assert.ok(Math.max(...epochs) - Math.min(...epochs) <= 1, String(epochs));
  });
});

Deno.test("a pointer asks the server about what takes too long here", () => {
  timed([0.001, 50], 5, ([cheap, dear]) => {
    assert.ok(cheap.look([1]));
    assert.equal(dear.look([1]), null);
  });
});
