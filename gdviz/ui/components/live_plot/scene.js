// Whether the browser can draw in three dimensions, and which traces stand there.

/** @import { Trace } from "./types.d.ts" */

/** @type {boolean | null} */
let able = null;

/** Is there WebGL here? Asked once: a browser has few drawing areas of that kind. */
export function hasWebGL() {
  able ??= ["webgl", "experimental-webgl"].some((name) => {
    const context = /** @type {WebGLRenderingContext | null} */ (document.createElement("canvas").getContext(name));
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  });
  return able;
}

/** @param {Trace} trace */
export const isInSpace = ({ type }) => type === "surface" || type === "scatter3d";

/** @param {Trace} trace */
export const isStartInSpace = (trace) => trace.type === "scatter3d" && trace.meta?.part === "first";
