// The element of a chart: plotly.js draws in it, and over that is drawn in SVG what follows a hand or the run as it plays.
import { htmlElement } from "../live/elements.js";
import { GrowingAxes } from "./growing_axes.js";
import { pictures, writePlainly } from "./plotly_internals.js";
import { svgElement } from "./svg.js";
import { RunDrawing } from "./run_drawing.js";

/** @import { Figure, PlotElement, Shown } from "./types.d.ts" */

/** Is there a finger and no mouse? */
export const coarse = globalThis.matchMedia("(hover: none) and (pointer: coarse)");

export class Canvas {
  /** @param {HTMLElement} parent
   * @param {() => void} moved called when plotly.js has drawn, or shows another part of its axes */
  constructor(parent, moved) {
    this.figure = htmlElement("figure", "gdviz-live-plot");
    this.figure.innerHTML = '<h2 class="gdviz-hidden" hidden></h2><div class="gdviz-plot" role="group"></div>' +
      '<p class="gdviz-note">Loading the chart …</p>' +
      '<p class="gdviz-hidden" role="status"></p><div class="gdviz-hidden" role="img"></div>';
    const [heading, plot, note, status, words] = /** @type {Iterable<HTMLElement>} */ (this.figure.children);
    this.heading = heading;
    this.plot = /** @type {PlotElement} */ (plot);
    this.note = note;
    this.status = status;
    this.words = words;
    this.svg = svgElement("svg", { class: "gdviz-overlay", "aria-hidden": "true" });
    this.svg.style.display = "none";
    this.figure.append(this.svg);
    parent.append(this.figure);
    this.runDrawing = new RunDrawing(this.figure, this.svg);
    this.growingAxes = new GrowingAxes();
    this.moved = moved;
    this.drawn = false; // by plotly.js
    this.draws = 0;
  }

  /** Has plotly.js draw.
   * @param {object[]} data
   * @param {object} layout
   * @param {object} config */
  async react(data, layout, config) {
    await globalThis.Plotly.react(this.plot, data, layout, config);
    writePlainly(this.plot);
    // Ticks and legends one by one say nothing; the words do.
    for (const svg of pictures(this.plot)) svg.setAttribute("aria-hidden", "true");
    if (this.drawn) return;
    this.drawn = true;
    this.note.hidden = true;
    for (const name of ["plotly_relayouting", "plotly_afterplot"]) {
      this.plot.on(name, () => {
        writePlainly(this.plot);
        this.moved();
      });
    }
  }

  /** Draws over a figure what the page shows instead of its run at rest, and makes room for it; null: nothing.
   * @param {Figure} figure
   * @param {Shown | null} shown
   * @param {() => Shown | null} now what is shown a moment later */
  trace(figure, shown, now) {
    if (!shown) {
      this.runDrawing.hide(this.plot);
      return;
    }
    this.runDrawing.show(this.plot, figure, shown);
    if (shown.kind === "run") this.growingAxes.follow(this.plot, figure.layout, this.runDrawing.pieces, now);
  }

  /** For tests and benchmarks: how often was it drawn, and when was that done. */
  count() {
    this.draws += 1;
    this.figure.dataset.draws = String(this.draws);
    this.figure.dataset.drawnAt = String(performance.now());
  }
}
