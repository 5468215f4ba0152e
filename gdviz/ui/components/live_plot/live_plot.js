// A Plotly figure that is redrawn in place, at every rerun that brings new data.
import { KeptCamera } from "./kept_camera.js";
import { decodeArrays } from "./arrays.js";
import { Canvas, coarse } from "./canvas.js";
import { turned } from "./camera.js";
import { configuration } from "./config.js";
import { Handle } from "./handle.js";
import { Hover } from "./hover.js";
import { complete, forget } from "./figure_parts.js";
import { hand, Outbox } from "./outbox.js";
import { onlyMoves, Overlay } from "./overlay.js";
import { inTurn, loadPlotly, recolored } from "./plotly.js";
import { forgetRanges, sceneOf } from "./plotly_internals.js";
import { reportClicks, reportDrags } from "./pointer.js";
import { page } from "../live/page.js";
import { SpokenPoints } from "./spoken_points.js";
import { busy } from "./rest.js";
import { hasWebGL, isInSpace, isStartInSpace } from "./scene.js";
import { fitType } from "./type_sizes.js";
import { mounted } from "./streamlit.js";
import { Toolbar } from "./toolbar.js";

/**
 * @import { Run } from "../live/run.js"
 * @import { Figure, PlotlyLibrary, SentFigure, StartEvent, Trace, Transmit } from "./types.d.ts"
 */

export { forget }; // for tests

export default mounted((parent) => new Chart(parent), "event");

/** The start of the page's experiment, moved to a place of the landscape.
 * @param {number[]} spot */
function startAt(spot) {
  const { axes, digits } = page.place;
  const start = [...page.changes.start ?? page.experiments[0]?.described.start ?? []];
  axes.forEach((axis, index) => (start[axis] = Number(spot[index].toFixed(digits[index]))));
  return start;
}

class Chart {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.canvas = new Canvas(parent, () => this.moved());
    const { figure, plot, status, svg } = this.canvas;
    this.figure = figure;
    this.plot = plot;
    this.text = "";
    this.width = 0;
    this.height = 0;
    this.drawing = false;
    this.stale = false;
    this.placing = false;
    this.removed = false;
    /** @type {Run[] | null} the very runs that it shows instead of those at rest */
    this.runs = null;
    /** @type {Figure | undefined} what Python sent last */
    this.wanted = undefined;
    /** @type {Figure | undefined} what is drawn */
    this.current = undefined;
    /** @type {{ digest: string, input: object }[]} what plotly.js was given */
    this.given = [];
    /** @type {object | undefined} what plotly.js is set to */
    this.config = undefined;
    /** @type {Transmit} */
    this.transmit = () => {};
    this.outbox = new Outbox((message) => this.transmit(message));
    this.overlay = new Overlay(svg);
    this.keptCamera = new KeptCamera();
    this.hover = new Hover(figure, plot);
    this.toolbar = new Toolbar(figure);
    this.spokenPoints = new SpokenPoints(plot, status);
    this.handle = new Handle(figure, status, (event) => this.startMoved(event));
    this.resizes = new ResizeObserver(() => this.fit());
    this.resizes.observe(figure);
    this.rested = (/** @type {boolean} */ moving) => {
      if (!moving && this.overlay.shown) this.draw();
    };
    hand.listeners.add(this.rested);
    this.showing = () => this.redraw();
    page.listeners.add(this.showing);
    this.listen();
  }

  /** What hands do on it, and what follows when their last word is answered. */
  listen() {
    const { figure, plot } = this;
    this.outbox.rested = () => {
      if (this.text === "") this.ask(); // it was asked in vain
      else page.settle(() => this.busy);
    };
    reportClicks(figure, plot, (event) => {
      if (this.wanted?.clicks) this.startMoved({ ...event, phase: "end" });
    });
    reportDrags(figure, plot, () => Boolean(this.wanted?.drags), (event) => this.startMoved(event));
    figure.addEventListener("keydown", (event) => {
      const here = event.target === figure || event.target === plot;
      if (here && (this.turn(event) || page.press(event) || this.spokenPoints.press(event))) event.preventDefault();
    });
  }

  remove() {
    this.removed = true;
    hand.listeners.delete(this.rested);
    page.listeners.delete(this.showing);
    this.resizes.disconnect();
    this.outbox.close();
    this.handle.close();
    if (this.drawn) globalThis.Plotly.purge(this.plot);
    this.figure.remove();
  }

  /** The hand moves the start, or has put it down: the run from there is shown at once, and then the page follows.
   * @param {StartEvent} event */
  async startMoved(event) {
    const { x, y, phase } = event;
    if (this.wanted?.probes && page.asker) {
      this.placing = phase === "end";
      const runs = await page.preview({ start: startAt([x, y]) }, () => this.busy);
      if (runs) this.handle.followCurve(runs[0]);
      if (phase === "move") return;
      this.placing = false;
    }
    this.outbox.send({ ...event });
  }

  /** Has plotly.js drawn? */
  get drawn() {
    return this.canvas.drawn;
  }

  /** Has the hand something on the way that the page does not show yet? */
  get busy() {
    return this.handle.held || this.placing || this.outbox.holds("start", "click");
  }

  /** Takes Python's message: bytes of JSON, written by message.py.
   * @param {Uint8Array} bytes
   * @param {Transmit} transmit */
  receive(bytes, transmit) {
    this.transmit = transmit;
    const text = new TextDecoder().decode(bytes);
    if (text === this.text) return; // a rerun that changed nothing here
    this.text = text;
    /** @type {SentFigure} */
    const sent = JSON.parse(text);
    this.outbox.acknowledge(sent.answered);

    const message = complete(sent, decodeArrays);
    if (message === null) {
      // Streamlit drops a message that is overtaken by the next one, so a piece may never have arrived: ask for all.
      this.text = "";
      this.ask();
      return;
    }
    this.name(message);
    this.hover.wanted = message.probes;
    this.figure.toggleAttribute("data-drags", message.drags);
    this.handle.moveTo(message.handle, this.busy);
    this.reserve(message);

    const before = this.wanted;
    this.wanted = message;
    if (page.shown?.kind === "run" && this.drawn) return; // the hand is ahead of this figure; it is drawn at rest
    const light = hand.moving && this.drawn && !this.drawing && onlyMoves(before, message);
    if (light && this.overlay.fits(this.plot, message.traces)) {
      this.overlay.show(this.plot, message);
      this.handle.place();
      this.count();
    } else {
      this.draw();
    }
  }

  /** Asks for all that the figure is made of. */
  ask() {
    this.outbox.send({ kind: "missing" });
  }

  /** Says what it shows and what its keys do, for those who listen.
   * @param {Figure} message */
  name({ key, alt, heading: said, layout }) {
    const { words, heading } = this.canvas;
    // The picture in words is an image of its own: what holds buttons, as plotly.js's chart does, can be none.
    words.setAttribute("aria-label", alt);
    heading.textContent = said;
    heading.hidden = !said;
    const keys = layout.scene ? "turn it, plus and minus bring it nearer and farther" : "go through its points";
    this.plot.setAttribute("aria-label", `Chart; arrow keys ${keys}`);
    this.plot.setAttribute("tabindex", "0");
    this.figure.dataset.key = key;
  }

  /** Gives the figure its height before anything is drawn, so that the page does not jump.
   * @param {Figure} message */
  reserve({ height }) {
    this.figure.style.height = height === null ? "" : `${height}px`;
    this.height = height ?? this.figure.clientHeight;
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.figure;
    if (!this.wanted || width === 0 || (width === this.width && height === this.height)) return;
    this.reserve(this.wanted);
    this.draw();
  }

  async draw() {
    this.stale = true;
    if (this.drawing) return; // the draw under way goes round once more
    this.drawing = true;
    busy(this, true);
    try {
      const Plotly = await loadPlotly();
      while (this.stale && !this.removed) {
        this.stale = false;
        await (this.drawn ? this.drawOnce(Plotly) : inTurn(() => this.drawOnce(Plotly), Boolean(this.wanted?.probes)));
      }
    } catch (error) {
      console.warn("gdviz: chart not drawn", error);
      this.canvas.note.textContent = "The chart could not be drawn. Reload the page to try again.";
      this.canvas.note.hidden = false;
    } finally {
      this.drawing = false;
      busy(this, false);
    }
  }

  /** @param {PlotlyLibrary} Plotly */
  async drawOnce(Plotly) {
    const message = this.wanted;
    this.width = this.figure.clientWidth;
    if (this.width === 0 || !message) return; // in a hidden tab; the resize observer calls again
    const { traces } = message;
    if (traces.some(({ value }) => isInSpace(value))) {
      if (!hasWebGL()) {
        this.canvas.note.textContent =
          "This browser cannot draw in three dimensions: it has no WebGL, or it is switched off. The view from above shows the same run.";
        this.count();
        return;
      }
      Plotly.beginSpace();
    }
    await this.canvas.growingAxes.end(this.plot);
    this.config ??= this.configuration(Plotly); // one object: another one would make Plotly start from nothing
    forgetRanges(this.plot, this.current?.layout, message.layout);
    const layout = this.keptCamera.aimed(sceneOf(this.plot), message, this.completed(message));
    const fresh = !this.drawn;
    await this.canvas.react(this.inputs(message), layout, this.config);
    if (this.removed) {
      Plotly.purge(this.plot);
      return;
    }
    if (fresh) this.noteLabels();
    this.toolbar.arrange();
    const scene = sceneOf(this.plot);
    if (scene) this.keptCamera.drawn(scene);
    scene?.afterDrawing(() => {
      this.handle.place();
      if (page.shown) this.follow();
    });
    this.hover.hide();
    this.current = message;
    this.overlay.hide(this.plot);
    this.handle.attach(this.plot);
    this.follow();
    this.count();
  }

  /** One label at a time. An attribute, and no class: with that, all styles in the figure would be computed anew. */
  noteLabels() {
    for (const [name, labeled] of /** @type {const} */ ([["plotly_hover", true], ["plotly_unhover", false]])) {
      this.plot.on(name, () => this.figure.toggleAttribute("data-labeled", labeled));
    }
  }

  /** The axes are others, or all is drawn anew. */
  moved() {
    this.toolbar.arrange();
    this.handle.place();
    this.hover.hide();
    if (page.shown && !this.drawing) this.follow(); // zoomed: draw through the new axes
  }

  /** Draws what the page shows now, or what is true at rest. */
  redraw() {
    if (!this.drawn || this.drawing) return; // a draw under way ends with it
    const stale = (this.current !== this.wanted || this.canvas.growingAxes.grown) && page.shown?.kind !== "run";
    if (stale) {
      this.draw();
      return;
    }
    const { shown } = page;
    if (shown && shown.runs === this.runs) return; // what is said of it is new, the picture is not
    if (shown) this.overlay.hide(this.plot);
    this.follow();
    if (shown) this.count();
  }

  /** Draws what the page shows over what Plotly drew. */
  follow() {
    this.runs = page.shown?.runs ?? null;
    if (this.current) this.canvas.trace(this.current, page.shown, () => (this.removed ? null : page.shown));
  }

  /** The traces for plotly.js, which writes in what it is given: automatic contour levels, legend choices.
   *
   * So it never gets what is kept; and for a trace that did not change it gets the very object it wrote in, because it
   * computes those levels once and fails without them.
   * @param {Figure} message */
  inputs({ traces, probes, handle }) {
    const before = this.given;
    // What the hover says of the landscape, Plotly need not say too.
    const quiet = (/** @type {Trace} */ { name }) =>
      probes && name === "landscape" ? { hoverinfo: "skip", hovertemplate: null } : {};
    // A slope in front would cut the start's mark in a scene; the handle is never cut.
    const ringed = (/** @type {Trace} */ trace) => (handle && isStartInSpace(trace) ? { visible: false } : {});
    this.given = traces.map(({ digest, value }, index) =>
      before[index]?.digest === digest
        ? before[index]
        : { digest, input: { ...value, ...quiet(value), ...ringed(value) } }
    );
    return this.given.map(({ input }) => input);
  }

  /** @param {Figure} message */
  completed({ key, layout: sent, template, drags }) {
    const layout = structuredClone(sent);
    layout.template = template.value; // the same object every time, or everything is computed anew
    layout.width = this.width;
    layout.height = this.height;
    layout.autosize = false;
    layout.uirevision ??= key;
    if (!layout.scene) fitType(layout, this.width, this.height);
    if (coarse.matches || drags) layout.dragmode = false; // scenes inherit it
    return layout;
  }

  /** Turns a scene by a key.
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one for that */
  turn(event) {
    const scene = event.altKey || event.ctrlKey || event.metaKey ? null : sceneOf(this.plot);
    const camera = scene && turned(scene.looked, event.key);
    if (camera) scene.look(camera);
    return Boolean(camera);
  }

  /** @param {PlotlyLibrary} Plotly */
  configuration(Plotly) {
    return configuration(Plotly, coarse.matches, Boolean(this.wanted?.layout.scene), {
      download: (format) => {
        const { width, height } = this;
        const scale = format === "png" ? 2 : 1;
        Plotly.downloadImage(this.printed(), { format, filename: this.wanted?.fileName, width, height, scale });
      },
      reset: () => {
        this.keptCamera.forget();
        this.draw();
      },
    });
  }

  /** The figure as it is seen, on white paper. */
  printed() {
    const { data = [], layout } = this.plot;
    const all = data.map((trace) => (isStartInSpace(trace) ? { ...trace, visible: true } : trace));
    const camera = sceneOf(this.plot)?.looked;
    const seen = camera ? { ...layout, scene: { .../** @type {object} */ (layout?.scene), camera } } : layout;
    const figure = recolored({ data: all, layout: seen }, this.wanted?.print ?? {});
    return { ...figure, layout: { ...figure.layout, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff" } };
  }

  /** It shows something new. */
  count() {
    this.canvas.count();
    this.figure.dispatchEvent(new CustomEvent("gdviz:drawn", { bubbles: true, detail: { key: this.wanted?.key } }));
  }
}
