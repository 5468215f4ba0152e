// The page as one file: what it shows, and what a hand on the learning rate or the start makes of it.
import { advance, Experiment } from "../../ui/components/live/experiment.js";
import { assignment } from "../../ui/components/live/numbers.js";
import { htmlElement } from "../../ui/components/live/elements.js";
import { Run } from "../../ui/components/live/run.js";
import { plain, SCALES } from "../../ui/components/slider/scales.js";
import { Handle } from "../../ui/components/live_plot/handle.js";
import { reportClicks } from "../../ui/components/live_plot/pointer.js";
import { Chart } from "./chart.js";
import { FittedCurve } from "./curves.js";
import { withCurves, withRuns } from "./figures_of_runs.js";
import { layOut } from "./page_layout.js";
import { Player } from "./player.js";
import { RateSlider } from "./slider.js";
import { NumbersTable } from "./table.js";
import { startPlotly, unpacked } from "./unpacking.js";
import { look, sentence } from "./words.js";

/**
 * @import { CurveModule } from "./curves.js"
 * @import { RunInProgress } from "../../ui/components/live/experiment.js"
 * @import { Shown, StartEvent, Timer } from "../../ui/components/live_plot/types.d.ts"
 * @import { Picture, Contents, ContentsExperiment, Theme } from "./types.d.ts"
 *
 * What computes the runs, by name, and a fit's curve.
 * @typedef {Record<string, unknown> & { curve: CurveModule }} Modules
 */

const FRAME = 8; // ms of a frame that runs may take
const REST = 150; // ms without a move until plotly.js draws the true picture

/** Opens the page in its document.
 * @param {Modules} modules */
export function open(modules) {
  const text = (/** @type {string} */ id) => document.getElementById(id)?.textContent ?? "";
  const root = /** @type {HTMLElement} */ (document.getElementById("page"));
  const page = new Page(root, unpacked(text("contents")), modules);
  page.begin(text("plotly")).catch((error) => {
    console.error(error);
    page.parts.whose.textContent = "The charts could not be drawn: this file needs a browser of 2023 or later.";
    for (const { canvas } of page.charts) canvas.note.hidden = true; // nothing is loading any more
  });
  Object.assign(globalThis, { gdviz: page });
}

class Page {
  /** @param {HTMLElement} root
   * @param {Contents} contents
   * @param {Modules} modules */
  constructor(root, contents, modules) {
    this.contents = contents;
    this.modules = modules;
    this.dark = globalThis.matchMedia("(prefers-color-scheme: dark)");
    this.experiments = contents.experiments.map((described) => new Experiment(described));
    this.rates = contents.experiments.map(({ settings }) => settings.learning_rate);
    this.start = [...contents.experiments[0].start];
    this.chosen = 0; // the run whose learning rate the slider sets
    /** @type {(RunInProgress | null)[]} */
    this.runsInProgress = [];
    /** @type {Run[]} what is shown */
    this.runs = [];
    /** @type {number | null} the epoch that is shown; null for the last */
    this.epoch = null;
    this.changed = false; // are other runs shown than the exported ones?
    this.drawn = true; // does plotly.js show them?
    this.held = false; // by a hand
    this.frame = 0;
    this.turn = 0; // of drawing with plotly.js
    /** @type {Timer} */
    this.timer = undefined;

    this.parts = layOut(root, contents);
    const { controls, charts, more, back } = this.parts;
    const side = htmlElement("div", "gdviz-side"); // of several runs: the landscape, and below it what each came to
    const told = contents.experiments.length > 1 ? this.list(controls) : null;
    if (told) {
      charts.append(side);
      back.textContent = "Back to the exported runs";
    }
    this.slider = new RateSlider(controls, (rate) => this.setRate(rate), (held) => this.hold(held));
    this.choose(0);
    this.player = new Player(controls, (epoch) => this.look(epoch));
    this.player.rest(Math.max(...contents.experiments.map(({ ran }) => ran)));
    this.charts = this.pictures.map((picture) =>
      new Chart(
        told && picture.key === "contour" ? side : charts,
        picture,
        picture.curve ? new FittedCurve(modules.curve, picture.curve) : null,
      )
    );
    charts.classList.toggle("gdviz-four", this.charts.length > 3);
    if (told) side.append(told);
    this.table = new NumbersTable(more);
    this.handle = this.draggable();
    back.addEventListener("click", () => this.reset());
    this.say();
  }

  get pictures() {
    return this.contents.figures[/** @type {Theme} */ (this.dark.matches ? "dark" : "light")];
  }

  /** @param {string} packed plotly.js */
  async begin(packed) {
    await Promise.all([startPlotly(packed), this.load()]);
    await this.draw(true);
    if (this.runsInProgress.length === 0) this.restart();
    this.dark.addEventListener("change", () => this.draw());
    let width = globalThis.innerWidth;
    new ResizeObserver(() => {
      if (globalThis.innerWidth === width) return;
      width = globalThis.innerWidth;
      this.draw();
    }).observe(document.documentElement);
    document.documentElement.dataset.ready = String(Math.round(performance.now()));
  }

  load() {
    return Promise.all(this.experiments.map((experiment) => experiment.load((name) => this.modules[name])));
  }

  // -- what a hand changes --

  /** Takes what moves the start: a handle on the landscape and a click on it. Without one where no run can be computed.
   * @returns {Handle | null} */
  draggable() {
    const chart = this.charts.find(({ figure }) => figure.dataset.key === "contour");
    if (!chart || this.contents.experiments.every(({ step }) => step === null)) return null;
    const handle = new Handle(chart.figure, chart.status, (event) => this.startMoved(event));
    reportClicks(chart.figure, chart.plot, (event) => this.startMoved({ ...event, phase: "end" }));
    chart.moved = () => handle.attach(chart.plot);
    return handle;
  }

  /** @param {StartEvent} event */
  startMoved({ x, y, phase }) {
    this.held = phase === "move";
    const spot = [x, y];
    this.contents.axes.forEach((axis, place) => (this.start[axis] = spot[place]));
    this.restart();
    return Promise.resolve();
  }

  /** @param {number} rate */
  setRate(rate) {
    this.rates[this.chosen] = rate;
    this.restart();
  }

  /** @param {boolean} held */
  hold(held) {
    if (this.held === held) return;
    this.held = held;
    this.request();
  }

  reset() {
    this.rates = this.contents.experiments.map(({ settings }) => settings.learning_rate);
    this.start = [...this.contents.experiments[0].start];
    this.choose(this.chosen);
    this.restart();
  }

  /** Which run's learning rate the slider sets.
   * @param {number} place */
  choose(place) {
    this.chosen = place;
    const { low, high, ticks, fixed, steady } = this.contents.experiments[place];
    const why = fixed
      ? `The learning rate cannot be changed in this file, because ${fixed}.`
      : steady
      ? "The rates of this run were set by hand, epoch by epoch; the learning rate changes none of them."
      : "";
    this.slider.offer(low, high, ticks, this.rates[place], why);
    this.number();
  }

  // -- computing --

  /** Begins the runs anew, as they are set now. */
  restart() {
    const { experiments } = this.contents;
    const same = experiments.every(({ settings }, i) => settings.learning_rate === this.rates[i]) &&
      this.start.every((value, i) => value === experiments[0].start[i]);
    if (this.changed || !same) this.drawn = false;
    this.changed = !same;
    this.epoch = null;
    this.runsInProgress = this.experiments.map((experiment, place) =>
      experiment.begin({ learning_rate: this.rates[place], start: this.start })
    );
    this.request();
  }

  request() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.tick();
    });
  }

  /** A run that is in the file row by row; none from another start than the exported one.
   * @param {number} place */
  recorded(place) {
    const { recorded: table, stop, epochs, start } = this.contents.experiments[place];
    const rows = this.start.every((value, i) => value === start[i]) ? table?.rows ?? 0 : 0;
    return new Run(rows, (name) => table?.columns[name]?.subarray(0, rows), { complete: true, stop, epochs });
  }

  /** One frame: takes the runs on and shows how far they have come. */
  tick() {
    advance(this.runsInProgress.filter((inProgress) => inProgress !== null), FRAME);
    this.runs = this.runsInProgress.map((inProgress, place) => inProgress ? inProgress.run() : this.recorded(place));
    this.player.rest(Math.max(0, ...this.runs.filter(({ rows }) => rows > 0).map((run) => run.epoch(run.rows - 1))));
    this.place();
    if (this.changed || !this.drawn) this.show({ kind: "run", runs: this.runs });
    this.say();
    clearTimeout(this.timer);
    if (this.runsInProgress.some((inProgress) => inProgress && !inProgress.done)) this.request();
    else if (!this.held) this.timer = setTimeout(() => this.settle(), this.drawn ? 0 : REST);
  }

  /** The hand rests: plotly.js draws what is shown. */
  async settle() {
    this.parts.spoken.textContent = this.changed ? this.parts.words.textContent : "";
    this.number();
    if (!this.drawn) await this.draw();
  }

  // -- showing --

  async draw(first = false) {
    const { runs, changed } = this;
    const pictures = this.pictures.map((picture, i) => {
      const { curve } = this.charts[i];
      if (!changed) return picture;
      return curve ? withCurves(picture, curve.both(runs[0])) : withRuns(picture, runs);
    });
    this.drawn = true;
    const turn = this.turn += 1;
    for (const [i, chart] of this.charts.entries()) {
      await chart.draw(pictures[i], this.parts.words.textContent ?? "");
      if (turn !== this.turn) return; // a newer picture is being drawn
      if (first) await new Promise(requestAnimationFrame); // what is there may be seen, and used
      document.documentElement.dataset.interactive ??= String(Math.round(performance.now()));
    }
    if (this.epoch !== null) this.look(this.epoch);
  }

  /** @param {Shown | null} shown */
  show(shown) {
    for (const chart of this.charts) chart.show(shown);
  }

  /** Shows a moment of the runs.
   * @param {number} epoch */
  look(epoch) {
    this.epoch = epoch >= this.player.last ? null : epoch;
    if (this.epoch === null) {
      this.show(null);
    } else if (this.runs.length === 1) {
      const [run] = this.runs;
      const row = run.rowAt(epoch);
      const next = Math.min(run.rows - 1, row + 1);
      const share = next > row ? (epoch - run.epoch(row)) / (run.epoch(next) - run.epoch(row)) : 0;
      this.show({ kind: "moment", runs: this.runs, row, share });
    } else this.show({ kind: "run", runs: this.runs.map((run) => upTo(run, epoch)) });
  }

  /** Puts the handle where the start is. */
  place() {
    if (!this.handle) return;
    const [x, y] = this.contents.axes;
    const height = y === undefined ? this.runs[0].at(0, "value") : this.start[y];
    this.handle.moveTo([this.start[x], height], false);
    this.handle.followCurve(this.runs[0]);
  }

  /** Says what came of the runs: the verdict on the exported ones, of others what the file knows. */
  say() {
    const { verdict, whose, words, back } = this.parts;
    const several = this.contents.experiments.length > 1;
    back.hidden = !this.changed;
    if (!this.changed) {
      whose.textContent = several ? "The exported runs" : "The exported run";
      words.textContent = this.contents.verdict.sentence;
      verdict.dataset.look = this.contents.verdict.look;
      this.contents.experiments.forEach(({ verdict: told = "" }, i) => this.tell(i, told));
      return;
    }
    const told = this.runs.map((_, place) => this.told(place));
    told.forEach(({ text }, i) => this.tell(i, text));
    const start = assignment(this.contents.experiments[0].variables, this.start, 4);
    const { title, settings } = this.contents.experiments[this.chosen];
    const pace = "learning_rate" in settings
      ? `learning rate ${plain(SCALES.decades.shown(this.rates[this.chosen]))}, `
      : "";
    whose.textContent = `${several ? title : "Another run"}: ${pace}from ${start}`;
    words.textContent = told[this.chosen].text;
    verdict.dataset.look = told[this.chosen].look;
  }

  /** @param {number} place */
  told(place) {
    const { variables, tolerance, epochs, fixed } = this.contents.experiments[place];
    const [run, inProgress] = [this.runs[place], this.runsInProgress[place]];
    if (!inProgress) {
      const text = fixed === null
        ? "There is no such run: at this learning rate the schedule gives a rate that is not above 0."
        : run.rows
        ? `Shown as it was recorded, because ${fixed}.`
        : `Not shown from this start, because ${fixed}.`;
      return { text, look: "info" };
    }
    const last = run.rows - 1;
    const stop = run.facts.stop ?? "";
    const theta = variables.map((_, i) => run.at(last, `theta ${i}`));
    const [value, norm] = [run.at(last, "value"), run.at(last, "norm")];
    return {
      text: sentence({ names: variables, stop, epochs: last, most: epochs, theta, value, norm, tolerance }),
      look: look(stop),
    };
  }

  /** The run whose numbers are in the table. */
  number() {
    const run = this.runs[this.chosen];
    if (run) this.table.show(run, this.contents.experiments[this.chosen].variables);
  }

  // -- several runs --

  /** All runs: to choose the one whose learning rate the slider sets. Returns what came of each.
   * @param {HTMLElement} chooser */
  list(chooser) {
    const box = htmlElement("fieldset", "gdviz-runs");
    box.append(htmlElement("legend", "gdviz-hidden", "The run whose learning rate the slider sets"));
    const told = htmlElement("section", "gdviz-ends");
    told.append(htmlElement("h2", "", "What each run came to"));
    this.contents.experiments.forEach(({ title, colors }, place) => {
      const radio = htmlElement("input");
      Object.assign(radio, { type: "radio", name: "run", checked: place === 0 });
      radio.addEventListener("change", () => {
        this.choose(place);
        this.say();
      });
      const swatch = htmlElement("span", "gdviz-swatch");
      swatch.style.setProperty("--light", colors?.light ?? "");
      swatch.style.setProperty("--dark", colors?.dark ?? "");
      const row = htmlElement("label", "gdviz-run");
      row.append(radio, swatch, htmlElement("span", "gdviz-run-title", title));
      box.append(row);
      const end = htmlElement("p", "gdviz-end");
      end.append(swatch.cloneNode(), htmlElement("strong", "", title), htmlElement("span", "gdviz-run-words"));
      told.append(end);
    });
    chooser.append(box);
    return told;
  }

  /**
   * @param {number} place
   * @param {string} text */
  tell(place, text) {
    const row = this.parts.charts.querySelectorAll(".gdviz-run-words")[place];
    if (row) row.textContent = text;
  }
}

/** The first epochs of a run.
 * @param {Run} run
 * @param {number} epoch */
function upTo(run, epoch) {
  const rows = run.rowAt(epoch) + 1;
  return new Run(
    rows,
    (name) => /** @type {Float64Array | undefined} */ (run.column(name))?.subarray(0, rows),
    run.facts,
  );
}
