// What a browser can do with scenes, and how parts of one are hidden while others are drawn over it.

let able = null;

/** Is there WebGL here? Asked once: a browser has few drawing areas of that kind. */
export function hasWebGL() {
  able ??= ["webgl", "experimental-webgl"].some((name) => {
    const context = document.createElement("canvas").getContext(name);
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  });
  return able;
}

export const isInSpace = ({ type }) => type === "surface" || type === "scatter3d";

const HIDDEN = { isOpaque: () => false, isTransparent: () => false, drawPick: () => {} };
const PARTS = ["linePlot", "scatterPlot", "textMarkers", "errorBars"];

/** Hides those traces of a scene for which `hides(meta)` is true, and shows the others. */
export function veilScene(scene, hides) {
  let changed = false;
  for (const { data, ...trace } of Object.values(scene.traces)) {
    const hidden = hides(data?.meta);
    for (const part of PARTS.map((name) => trace[name]).filter(Boolean)) {
      if (Object.hasOwn(part, "isOpaque") === hidden) continue;
      changed = true;
      // An object's own methods go before those it inherits.
      if (hidden) Object.assign(part, HIDDEN);
      else for (const name of Object.keys(HIDDEN)) delete part[name];
    }
  }
  if (changed) scene.glplot.redraw();
}
