// What plotly.js is set to, and the buttons of a chart.

/**
 * @import { PlotlyLibrary } from "./types.d.ts"
 *
 * What the buttons do.
 * @typedef {{ download(format: string): void, reset(): void }} Acts
 */

/** @param {PlotlyLibrary} Plotly
 * @param {boolean} coarse is there a finger and no mouse?
 * @param {boolean} inSpace is it a scene?
 * @param {Acts} acts */
export function configuration(Plotly, coarse, inSpace, acts) {
  const { camera, disk, home } = Plotly.Icons;
  /** @type {(format: string, icon: object) => object} */
  const download = (format, icon) => ({
    name: `download ${format}`,
    title: `Download as ${format.toUpperCase()}`,
    icon,
    click: () => acts.download(format),
  });
  return {
    displaylogo: false,
    displayModeBar: "hover",
    responsive: false, // the chart does it
    showSendToCloud: false,
    plotlyServerURL: "",
    doubleClick: "reset", // not to what the path needs: one that diverges goes to 1e12
    scrollZoom: false, // the wheel scrolls the page
    modeBarButtonsToRemove: [
      ...["toImage", "select2d", "lasso2d", "autoScale2d", "orbitRotation", "resetCameraLastSave3d"],
      ...["resetCameraDefault3d", "hoverClosest3d"], // the default is plotly.js's own
      // A narrow chart needs the room for its legend; zoom, pan and home stay.
      ...(coarse ? ["zoomIn2d", "zoomOut2d"] : []),
    ],
    modeBarButtonsToAdd: [
      ...(inSpace ? [{ name: "reset view", title: "Reset view", icon: home, click: acts.reset }] : []),
      download("png", camera),
      download("svg", disk),
    ],
  };
}
