// Where a chart's scene is looked at from, from one figure to the next: so that it fills the chart, until a hand turns it.
import { apart, fitted } from "./camera.js";

/**
 * @import { Camera, SceneLayout } from "./camera.js"
 * @import { Scene } from "./plotly_internals.js"
 * @import { Figure, Layout, Surface } from "./types.d.ts"
 */

/**
 * @param {object} scene
 * @param {object} surface
 * @param {Layout} size */
const whole = (scene, surface, { width = 1, height = 1 }) =>
  fitted(/** @type {SceneLayout} */ (scene), /** @type {Surface} */ (surface), width, height);

export class KeptCamera {
  constructor() {
    /** @type {Camera | undefined} of the scene as it was drawn last */
    this.camera = undefined;
    /** @type {unknown} what changes with a landscape that is another one */
    this.revision = undefined;
    this.turned = false;
  }

  /** The layout of the next figure, with the camera of its scene.
   *
   * plotly.js, too, keeps a camera that was turned by hand, but only as long as a figure's own stays the same; here that
   * changes with the chart's size. So plotly.js is told to keep none.
   * @param {Scene | null} scene as it is drawn now
   * @param {Figure} figure
   * @param {Layout} layout that of the figure, completed
   * @returns {Layout} */
  aimed(scene, { layout: { scene: sent, uirevision }, traces }, layout) {
    if (!sent) return layout;
    this.turned = this.revision === uirevision && this.isTurned(scene);
    this.revision = uirevision;
    const surface = traces.find(({ value }) => value.type === "surface")?.value;
    const camera = this.turned ? scene?.looked : surface && whole(sent, surface, layout);
    return camera
      ? { ...layout, scene: { .../** @type {object} */ (layout.scene), camera, uirevision: false } }
      : layout;
  }

  /** Has a hand turned it?
   * @param {Scene | null} scene */
  isTurned(scene) {
    return this.turned || Boolean(scene && this.camera && apart(scene.looked, this.camera));
  }

  /** The scene is drawn.
   * @param {Scene} scene */
  drawn(scene) {
    scene.turnAtOnce();
    this.camera = scene.looked;
  }

  /** Lets the next figure fill the chart again. */
  forget() {
    this.turned = false;
    this.camera = undefined;
  }
}
