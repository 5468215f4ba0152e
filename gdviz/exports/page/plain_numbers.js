// A single chart as a file: labels under the pointer say numbers as the page does.
import { writePlainly } from "../../ui/components/live_plot/plotly_internals.js";

/** @import { PlotElement } from "../../ui/components/live_plot/types.d.ts" */

export function open() {
  const plot = /** @type {PlotElement} */ (document.querySelector(".js-plotly-plot"));
  writePlainly(plot);
  plot.on("plotly_afterplot", () => writePlainly(plot));
}
