// One picture of the file: drawn by plotly.js at rest, and over it in SVG while a hand moves or the run plays.
import { Growth } from "../../ui/components/live_plot/growth.js";
import { pictures, writePlainly } from "../../ui/components/live_plot/plotly_internals.js";
import { element } from "../../ui/components/live_plot/svg.js";
import { Tracing } from "../../ui/components/live_plot/tracing.js";

/**
 * @import { Figure, PlotElement, Shown } from "../../ui/components/live_plot/types.d.ts"
 * @import { FittedCurve } from "./curves.js"
 * @import { Picture } from "./types.d.ts"
 */

const DOTS = 300; // epochs that are drawn as dots while they move
const COARSE = "(hover: none) and (pointer: coarse)";

export class Chart {
  /**
   * @param {HTMLElement} parent
   * @param {Picture} picture
   * @param {FittedCurve | null} curve of a fit */
  constructor(parent, { key, title, shape, heights }, curve) {
    const section = document.createElement("section");
    section.className = `gdviz-chart gdviz-chart-${key}`;
    const heading = document.createElement("h2");
    heading.textContent = title;
    this.figure = document.createElement("figure");
    this.figure.className = "gdviz-live-plot";
    this.figure.dataset.key = key;
    this.figure.innerHTML = '<div class="gdviz-plot" role="group"></div>' +
      '<p class="gdviz-hidden" role="status"></p><div class="gdviz-hidden" role="img"></div>';
    const [plot, status, words] = /** @type {Iterable<HTMLElement>} */ (this.figure.children);
    this.plot = /** @type {PlotElement} */ (plot);
    this.status = status;
    this.words = words;
    this.title = title;
    section.append(heading, this.figure);
    parent.append(section);
    const svg = element("svg", { "aria-hidden": "true", class: "gdviz-overlay" });
    svg.style.display = "none";
    this.figure.append(svg);
    this.tracing = new Tracing(this.figure, svg);
    this.growth = new Growth();
    this.shape = shape;
    this.heights = heights;
    this.curve = curve;
    this.width = 0;
    this.draws = 0;
    /** @type {Shown | null} */
    this.shown = null;
    /** @type {Figure | undefined} what is drawn, as the modules of the page take it */
    this.message = undefined;
    this.moved = () => {}; // called when the axes are others
    this.config = {
      displaylogo: false,
      displayModeBar: globalThis.matchMedia(COARSE).matches ? false : "hover",
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
  async draw({ data, layout }, words) {
    const height = this.size();
    this.words.setAttribute("aria-label", `${this.title}: ${words}`);
    await this.growth.end(this.plot);
    const now = { ...structuredClone({ ...layout, template: null }), template: layout.template };
    Object.assign(now, { width: this.width, height, autosize: false });
    if (globalThis.matchMedia(COARSE).matches) now.dragmode = false;
    const first = !this.message;
    await globalThis.Plotly.react(this.plot, data, now, this.config);
    if (first) {
      for (const name of ["plotly_relayout", "plotly_relayouting", "plotly_afterplot"]) {
        this.plot.on(name, () => {
          writePlainly(this.plot);
          this.moved();
          if (this.shown) this.trace();
        });
      }
    }
    writePlainly(this.plot);
    for (const svg of pictures(this.plot)) svg.setAttribute("aria-hidden", "true");
    const traces = data.map((value) => ({ digest: "", value }));
    this.message = /** @type {Figure} */ (/** @type {unknown} */ ({ traces, layout: now, limits: { dots: DOTS } }));
    this.show(null);
    this.moved();
    this.count();
  }

  /** Draws over it: other runs, or a moment of those at rest; null for those at rest.
   * @param {Shown | null} shown */
  show(shown) {
    this.shown = shown && this.curve ? this.curve.shown(shown) : shown;
    if (!this.message) return;
    if (this.shown === null) this.tracing.hide(this.plot);
    else this.trace();
  }

  trace() {
    const { shown, message } = this;
    if (!shown || !message) return;
    this.tracing.show(this.plot, message, shown);
    if (shown.kind === "run" && shown.row === undefined) {
      this.growth.follow(this.plot, message.layout, this.tracing.pieces, () => this.shown);
    }
    this.count();
  }

  /** For tests and benchmarks. */
  count() {
    this.draws += 1;
    this.figure.dataset.draws = String(this.draws);
  }
}
