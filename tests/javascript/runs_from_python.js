// Answers test_live_runs.py: the runs that the browser makes of experiments as Python describes them, with changes. Reads
// one line of JSON, writes one. Numbers go as their bytes in base64, so that none loses a bit.
import "./browser.js";
import { Experiment } from "../../gdviz/ui/components/live/experiment.js";

/**
 * @import { RunInProgress } from "../../gdviz/ui/components/live/experiment.js"
 * @import { Changes, Described } from "../../gdviz/ui/components/live_plot/types.d.ts"
 *
 * @typedef {object} Case
 * @property {Described} described
 * @property {Changes} changes
 * @property {[number, number, number | null][] | null} turns
 * @property {number} frame the milliseconds that it may take at a time
 */

/** @type {{ cases: Case[], texts: Record<string, string> }} */
const { cases, texts } = await new Response(Deno.stdin.readable).json();
/** @type {Map<string, Promise<any>>} */
const modules = new Map();

/** @param {string} name */
function fetched(name) {
  const url = () => URL.createObjectURL(new Blob([texts[name]], { type: "text/javascript" }));
  const module = modules.get(name) ?? import(url());
  modules.set(name, module);
  return module;
}

/** @param {Case} one */
async function run({ described, changes, turns, frame }) {
  const experiment = new Experiment(described);
  const loaded = await experiment.load(fetched);
  if (!loaded || !experiment.takes(changes)) return { taken: false };
  const inProgress = turns ? experiment.steered(turns) : experiment.begin(changes);
  if (inProgress === null) return { taken: true, refused: true };
  let frames = 0;
  for (; !inProgress.done; frames += 1) inProgress.advance(frame);
  const names = described.variables.flatMap((_, i) => [`theta ${i}`, `gradient ${i}`]);
  return {
    taken: true,
    refused: false,
    frames,
    stop: inProgress.raw.stop,
    columns: columns(inProgress, [...names, "value", "norm"]),
  };
}

/**
 * @param {RunInProgress} inProgress
 * @param {string[]} names
 */
function columns(inProgress, names) {
  const found = inProgress.run();
  return Object.fromEntries(names.map((name) => {
    const numbers = Float64Array.from(found.column(name) ?? []);
    return [name, btoa(Array.from(new Uint8Array(numbers.buffer), (byte) => String.fromCharCode(byte)).join(""))];
  }));
}

const answers = [];
for (const one of cases) answers.push(await run(one));
console.log(JSON.stringify(answers));
