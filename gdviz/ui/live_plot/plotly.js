// plotly.js is one classic script of 5 MB, served from the installed Python package: load it once a page.

/** @import { PlotlyLibrary } from "./types.d.ts" */

/** @type {Promise<PlotlyLibrary> | null} */
let loading = null;

export function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../plotly.min.js", import.meta.url).href;
    script.addEventListener("load", () => resolve(globalThis.Plotly));
    script.addEventListener("error", () => {
      loading = null; // the next draw may try again
      script.remove();
      reject(new Error("plotly.js could not be loaded"));
    });
    document.head.append(script);
  });
  return loading;
}
