// One picture of the file: drawn by plotly.js at rest, and over it in SVG while a hand moves or the run plays.
import { htmlElement } from "../../ui/components/live/elements.js";
import { Canvas, coarse } from "../../ui/components/live_plot/canvas.js";

/**
 * @import { Figure, PlotElement, Shown } from "../../ui/components/live_plot/types.d.ts"
 * @import { FittedCurve } from "./curves.js"
 * @import { Picture } from "./types.d.ts"
 */

export class Chart {
  /**
   * @param {HTMLElement} parent
   * @param {Picture} picture
   * @param {FittedCurve | null} curve of a fit */
  constructor(parent, { key, title, shape, heights }, curve) {
    const section = htmlElement("section", `gdviz-chart gdviz-chart-${key}`);
    section.append(htmlElement("h2", "", title));
    parent.append(section);
    this.canvas = new Canvas(section, () => this.follow());
    const { figure, plot, status, words } = this.canvas;
    figure.dataset.key = key;
    this.figure = figure;
    this.plot = plot;
    this.status = status;
    this.words = words;
    this.title = title;
    this.shape = shape;
    this.heights = heights;
    this.curve = curve;
    this.width = 0;
    /** @type {Shown | null} */
    this.shown = null;
    /** @type {Figure | undefined} what is drawn, as the modules of the page take it */
    this.message = undefined;
    this.moved = () => {}; // called when the axes are others
    this.config = {
      displaylogo: false,
      displayModeBar: coarse.matches ? false : "hover",
      responsive: false,
      showSendToCloud: false,
      plotlyServerURL: "",
      scrollZoom: false,
      modeBarButtonsToRemove: ["select2d", "lasso2d"],
    };
    this.size();
  }

  /** Takes the room that it will need. */
  size() {
    this.width = this.figure.clientWidth;
    const [least, most] = this.heights;
    const high = Math.round(Math.max(least, Math.min(most, this.width * this.shape)));
    this.figure.style.height = `${high}px`;
    return high;
  }

  /** Draws a picture with plotly.js, and shows its runs at rest.
   * @param {Picture} picture
   * @param {string} words what is seen, for those who do not see it */
  async draw({ data, layout, limits }, words) {
    const height = this.size();
    this.words.setAttribute("aria-label", `${this.title}: ${words}`);
    await this.canvas.growingAxes.end(this.plot);
    const now = { ...structuredClone({ ...layout, template: null }), template: layout.template };
    Object.assign(now, { width: this.width, height, autosize: false });
    if (coarse.matches) now.dragmode = false;
    await this.canvas.react(data, now, this.config);
    const traces = data.map((value) => ({ digest: "", value }));
    this.message = /** @type {Figure} */ (/** @type {unknown} */ ({ traces, layout: now, limits }));
    this.show(null);
    this.moved();
  }

  /** Draws over it: other runs, or a moment of those at rest; null for those at rest.
   * @param {Shown | null} shown */
  show(shown) {
    this.shown = shown && this.curve ? this.curve.shown(shown) : shown;
    if (!this.message) return;
    this.trace();
    this.canvas.count();
  }

  /** The axes are others. */
  follow() {
    this.moved();
    if (this.shown) this.trace();
  }

  trace() {
    const { shown, message } = this;
    if (message) this.canvas.trace(message, shown, () => this.shown);
  }
}
