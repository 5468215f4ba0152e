// The page in one file: three charts, and hands on them. Charts stand still; what moves is drawn over them.

/** @import { Axis, Content, Descend, Figure, Point, Trace } from "./types.d.ts" */
/** @import { Run } from "./runs.js" */

import { dashes, diamond, dots, height, line, pixel, pixels, range } from "./drawing.js";
import { descended, recorded, short, words } from "./runs.js";

const PATIENCE = 12; // milliseconds that a run may take while a hand moves
const REST = 160; // milliseconds after which a hand is at rest
const ROOM = 9; // pixels around a frame, for marks
const FEW = 60; // epochs that are marked one by one
const SVG = "http://www.w3.org/2000/svg";
const CONFIG = {
  displayModeBar: false,
  responsive: true,
  showSendToCloud: false,
  plotlyServerURL: "",
  doubleClick: false,
};

/** Bring the page to life.
 * @param {Content} content
 * @param {Descend[]} steps one for each run, none where the run cannot be made here
 * @param {any} Plotly
 * @returns {Promise<Page>} whose `runs` are those that are seen */
export async function begin(content, steps, Plotly) {
  const charts = content.charts.map(({ id, figure }) => new Chart(element(id), figure));
  await Promise.all(charts.map((chart) => chart.draw(Plotly)));
  return new Page(content, steps, charts, Plotly);
}

/** @param {string} id */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** A figure whose moving traces are drawn over it. */
class Chart {
  /** @param {HTMLElement} root
   * @param {Figure} figure */
  constructor(root, { data, layout }) {
    this.root = root;
    this.layout = layout;
    this.moving = data.filter((trace) => trace.meta?.moving && trace.meta.x);
    this.still = data.filter((trace) => !trace.meta?.moving || (!trace.meta.x && trace.name !== "note"));
    this.over = document.createElementNS(SVG, "svg");
    /** @type {Map<Trace, SVGPathElement>} */
    this.paths = new Map();
    /** @type {Map<string, SVGRectElement>} */
    this.clips = new Map();
  }

  /** @param {any} Plotly */
  async draw(Plotly) {
    // Without data a trace would be missing from the legend.
    const named = this.moving.map((trace) => ({
      ...trace,
      x: [null],
      y: [null],
      customdata: undefined,
      hoverinfo: "skip",
    }));
    await Plotly.newPlot(this.root, [...this.still, ...named], { ...this.layout, autosize: true }, CONFIG);
    this.over.classList.add("over");
    this.root.append(this.over);
    for (const trace of this.moving) this.paths.set(trace, this.#path(trace));
  }

  /** @param {Trace} trace */
  #path(trace) {
    const { meta, line, marker, name } = trace;
    const path = document.createElementNS(SVG, "path");
    const part = meta?.part ?? "line";
    const filled = part === "points" || part === "first" || part === "last";
    const edge = marker?.line ?? {};
    const color = typeof marker?.color === "string" ? marker.color : edge.color ?? "#b93a08";
    path.setAttribute("fill", filled ? color : "none");
    path.setAttribute("stroke", (filled ? edge.color : line?.color) ?? "none");
    path.setAttribute("stroke-width", String((filled ? edge.width : line?.width) ?? 1.5));
    if (!filled) path.setAttribute("stroke-dasharray", dashes(line?.dash));
    path.setAttribute("stroke-linejoin", "round");
    path.dataset.name = name ?? "";
    path.setAttribute("clip-path", this.#frame(trace));
    this.over.append(path);
    return path;
  }

  /** @param {string} name
   * @returns {Axis} */
  axis(name) {
    const layout = /** @type {any} */ (this.root)._fullLayout;
    return layout[`${name[0]}axis${name.slice(1)}`];
  }

  /** Draw runs up to an epoch.
   * @param {Run[]} runs
   * @param {number} until */
  show(runs, until) {
    this.#frames();
    for (const [trace, path] of this.paths) {
      const meta = trace.meta ?? {};
      const run = runs[meta.run ?? 0];
      const [x, y] = [this.axis(trace.xaxis ?? "x"), this.axis(trace.yaxis ?? "y")];
      const last = Math.min(until, run.epochs);
      let text = "";
      if (meta.part === "points") text = run.epochs <= FEW ? dots(pixels(run, meta, x, y, until), 3) : "";
      else if (meta.part === "first") text = dots([pixel(run, meta, x, y, 0)], 6.5);
      else if (meta.part === "last") text = diamond(pixel(run, meta, x, y, last), 8);
      else text = line(pixels(run, meta, x, y, until));
      path.setAttribute("d", text);
    }
  }

  /** Nothing is drawn beyond the frame of its axes, but for half of a mark. */
  #frames() {
    for (const [name, frame] of this.clips) {
      const [x, y] = name.split(" ").map((axis) => this.axis(axis));
      const box = {
        x: x._offset - ROOM,
        y: y._offset - ROOM,
        width: x._length + 2 * ROOM,
        height: y._length + 2 * ROOM,
      };
      for (const [key, value] of Object.entries(box)) frame.setAttribute(key, String(value));
    }
  }

  /** The frame of a pair of axes.
   * @param {Trace} trace */
  #frame({ xaxis = "x", yaxis = "y" }) {
    const name = `${xaxis} ${yaxis}`;
    const id = `${this.root.id}-${xaxis}-${yaxis}`;
    if (!this.clips.has(name)) {
      const clip = document.createElementNS(SVG, "clipPath");
      clip.id = id;
      const frame = document.createElementNS(SVG, "rect");
      clip.append(frame);
      this.over.append(clip);
      this.clips.set(name, frame);
    }
    return `url(#${id})`;
  }

  /** Let the axes of curves follow the runs.
   * @param {Run[]} runs
   * @param {any} Plotly */
  async fit(runs, Plotly) {
    /** @type {Record<string, Point | string>} */
    const update = {};
    const curves = this.moving.filter(({ meta }) => meta?.x === "epoch");
    for (const yaxis of new Set(curves.map((trace) => trace.yaxis ?? "y"))) {
      const own = curves.filter((trace) => (trace.yaxis ?? "y") === yaxis);
      const axis = this.axis(yaxis);
      const values = own.flatMap(({ meta }) => {
        const run = runs[meta?.run ?? 0];
        return Array.from(run.steps.values, (_value, k) => height(run.at(meta?.y ?? "value", k), meta?.unit));
      });
      const [meta, run] = [own[0].meta, runs[own[0].meta?.run ?? 0]];
      const start = height(run.at(meta?.y ?? "value", 0), meta?.unit);
      update[`${yaxis[0]}axis${yaxis.slice(1)}.range`] = range(values, axis.type === "log", start);
    }
    const longest = Math.max(1, ...runs.map((run) => run.epochs));
    for (const xaxis of new Set(curves.map((trace) => trace.xaxis ?? "x"))) {
      update[`${xaxis[0]}axis${xaxis.slice(1)}.range`] = [-0.015 * longest, 1.015 * longest];
    }
    if (Object.keys(update).length) await Plotly.relayout(this.root, update);
  }
}

/** The hands: rate, start, epoch, play. */
class Page {
  /** @param {Content} content
   * @param {Descend[]} steps
   * @param {Chart[]} charts
   * @param {any} Plotly */
  constructor(content, steps, charts, Plotly) {
    this.content = content;
    this.steps = steps;
    this.charts = charts;
    this.Plotly = Plotly;
    const n = content.variables.length;
    this.exported = content.runs.map((run) => recorded(run, n, content.minimum));
    this.runs = this.exported.slice();
    this.etas = content.runs.map((run) => run.eta);
    this.start = content.start.slice();
    this.epochs = content.runs.map((run) => run.epochs);
    this.until = Infinity;
    this.chosen = 0;
    this.timer = setTimeout(() => {}, 0);
    this.rate = /** @type {HTMLInputElement} */ (element("rate"));
    this.epoch = /** @type {HTMLInputElement} */ (element("epoch"));
    this.which = /** @type {HTMLSelectElement | null} */ (document.getElementById("run"));
    this.#listen();
    if (content.live) this.#handle();
    this.#rest();
    document.documentElement.dataset.ready = "yes";
  }

  #listen() {
    const { content } = this;
    const fixed = !content.live;
    this.rate.disabled = fixed || !content.runs[0].follows;
    this.rate.addEventListener("input", () => {
      this.etas[this.chosen] = this.#rateAt(Number(this.rate.value));
      this.move();
    });
    this.which?.addEventListener("change", () => {
      this.chosen = Number(this.which?.value);
      this.rate.disabled = fixed || !content.runs[this.chosen].follows;
      this.#say();
    });
    this.epoch.addEventListener("input", () => {
      this.#pause();
      this.#look(Number(this.epoch.value));
    });
    element("play").addEventListener("click", () => (this.playing ? this.#pause() : this.#play()));
    element("again").addEventListener("click", () => {
      this.etas = content.runs.map((run) => run.eta);
      this.start = content.start.slice();
      this.runs = this.exported.slice();
      this.until = Infinity;
      this.#pause();
      this.#rest();
    });
    addEventListener("resize", () => setTimeout(() => this.draw(), 60));
  }

  /** The slider's places are powers of ten between the ends.
   * @param {number} place */
  #rateAt(place) {
    const [low, high] = this.content.range;
    return Number((low * (high / low) ** (place / 1000)).toPrecision(3));
  }

  /** A hand has moved something. */
  move() {
    this.until = Infinity;
    this.#make(PATIENCE);
    this.draw();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#rest(), REST);
  }

  /** A hand is at rest: runs are whole, and axes fit them. */
  async #rest() {
    if (this.content.live) this.#make(Infinity);
    await Promise.all(this.charts.map((chart) => chart.fit(this.runs, this.Plotly)));
    this.draw();
  }

  /** Make the runs; while a hand moves, no more epochs than there is time for.
   * @param {number} patience */
  #make(patience) {
    const { content } = this;
    this.runs = content.runs.map((exported, i) => {
      if (this.#isExported(i)) return this.exported[i];
      if (patience === Infinity) this.epochs[i] = exported.epochs;
      const began = performance.now();
      const run = descended(this.steps[i], exported, content, this.start, this.etas[i], this.epochs[i]);
      const took = performance.now() - began;
      if (patience !== Infinity && took > patience) {
        this.epochs[i] = Math.max(50, Math.floor(this.epochs[i] * patience / took));
      }
      return run;
    });
  }

  /** @param {number} i */
  #isExported(i) {
    const { content } = this;
    return this.etas[i] === content.runs[i].eta && this.start.every((x, k) => x === content.start[k]);
  }

  draw() {
    for (const chart of this.charts) chart.show(this.runs, this.until);
    this.#place();
    this.#say();
  }

  /** @param {number} epoch */
  #look(epoch) {
    this.until = epoch >= this.#longest() ? Infinity : epoch;
    this.draw();
  }

  #longest() {
    return Math.max(...this.runs.map((run) => run.epochs));
  }

  #play() {
    this.playing = true;
    element("play").textContent = "Pause";
    const [longest, began] = [this.#longest(), performance.now()];
    const first = this.until >= longest ? 0 : this.until;
    const frame = () => {
      if (!this.playing) return;
      const at = first + (performance.now() - began) / 5000 * longest; // five seconds for all of it
      this.#look(Math.floor(at));
      if (at < longest) requestAnimationFrame(frame);
      else this.#pause();
    };
    requestAnimationFrame(frame);
  }

  #pause() {
    this.playing = false;
    element("play").textContent = "Play";
  }

  /** What stands in words and on the sliders. */
  #say() {
    const { content } = this;
    const eta = this.etas[this.chosen];
    const [low, high] = content.range;
    this.rate.value = String(1000 * Math.log(Math.min(high, Math.max(low, eta)) / low) / Math.log(high / low));
    this.rate.setAttribute("aria-valuetext", short(eta));
    element("rate-shown").textContent = short(eta);
    const longest = this.#longest();
    this.epoch.max = String(longest);
    this.epoch.value = String(Math.min(this.until, longest));
    element("epoch-shown").textContent = `${Math.min(this.until, longest).toLocaleString("en")} of ${
      longest.toLocaleString("en")
    }`;
    element("verdict").textContent = this.runs.map((run, i) => {
      const said = this.#isExported(i) ? content.runs[i].verdict : words(run, content.variables);
      return content.runs.length > 1 ? `${content.runs[i].label}: ${said}` : said;
    }).join("\n");
  }

  // -- the start --

  /** What the start is taken by, on the landscape. */
  #handle() {
    const [chart] = this.charts;
    const grip = document.createElement("button");
    grip.id = "start";
    grip.setAttribute("aria-label", "Start: drag, or move by the arrow keys");
    chart.root.append(grip);
    this.grip = grip;
    grip.addEventListener("pointerdown", (event) => {
      grip.setPointerCapture(event.pointerId);
      event.preventDefault();
      grip.focus();
    });
    grip.addEventListener("pointermove", (event) => {
      if (!grip.hasPointerCapture(event.pointerId)) return;
      const box = chart.root.getBoundingClientRect();
      this.#startAt([event.clientX - box.left, event.clientY - box.top]);
    });
    grip.addEventListener("keydown", (event) => {
      const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const way = ways[/** @type {keyof typeof ways} */ (event.key)];
      if (!way) return;
      event.preventDefault();
      const spot = this.#spot();
      const stride = event.shiftKey ? 20 : 4;
      this.#startAt([spot[0] + stride * way[0], spot[1] + stride * way[1]]);
    });
  }

  /** @param {Point} pixel */
  #startAt([x, y]) {
    const [across, up] = [this.charts[0].axis("x"), this.charts[0].axis("y")];
    const [i, j] = this.content.axes;
    this.start = this.start.slice();
    this.start[i] = rounded(between(across, x - across._offset), across);
    if (this.content.variables.length > 1) this.start[j] = rounded(between(up, y - up._offset), up);
    this.move();
  }

  /** Where the start is, in pixels of the landscape.
   * @returns {Point} */
  #spot() {
    const [across, up] = [this.charts[0].axis("x"), this.charts[0].axis("y")];
    const [i, j] = this.content.axes;
    const height = this.content.variables.length > 1 ? this.start[j] : this.runs[0].at("value", 0);
    return [across._offset + across.c2p(this.start[i]), up._offset + up.c2p(height)];
  }

  #place() {
    if (!this.grip) return;
    const [x, y] = this.#spot();
    this.grip.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }
}

/** @param {Axis} axis
 * @param {number} pixel */
const between = (axis, pixel) => axis.p2c(Math.min(axis._length, Math.max(0, pixel)));

/** As many digits as a hand can mean.
 * @param {number} value
 * @param {Axis} axis */
function rounded(value, axis) {
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.abs(axis.range[1] - axis.range[0]))));
  return Number(value.toFixed(Math.min(digits, 15)));
}
