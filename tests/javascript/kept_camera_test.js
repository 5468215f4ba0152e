import assert from "node:assert/strict";
import { apart } from "../../gdviz/ui/components/live_plot/camera.js";
import { KeptCamera } from "../../gdviz/ui/components/live_plot/kept_camera.js";

/** @import { Camera } from "../../gdviz/ui/components/live_plot/camera.js" */

const axis = { range: [-2, 2], tickfont: { size: 12 } };
const up = { x: 0, y: 0, z: 1 };
const sent = {
  camera: { eye: { x: 0.7, y: -1.5, z: 1.6 }, center: { x: 0, y: 0, z: 0 }, up },
  aspectratio: { x: 1, y: 1, z: 0.6 },
  xaxis: axis,
  yaxis: axis,
  zaxis: { ...axis, range: [0, 8], ticktext: ["0", "8"] },
};
const surface = { type: "surface", x: [-2, 2], y: [-2, 2], z: [[8, 8], [8, 8]] };

/** A chart of a surface.
 * @param {string} revision of its landscape */
function drawing(revision = "bowl") {
  const aim = new KeptCamera();
  /** @type {any} */
  let scene = null;
  /** Draws it at a size: the camera it is drawn with.
   * @param {number} width
   * @param {string} [landscape]
   * @returns {Camera} */
  const draw = (width, landscape = revision) => {
    const figure = /** @type {any} */ ({
      layout: { scene: sent, uirevision: landscape },
      traces: [{ value: surface }],
    });
    const { scene: drawn } = /** @type {any} */ (aim.aimed(scene, figure, { width, height: 400, scene: sent }));
    assert.equal(drawn.uirevision, false, "plotly.js keeps no other");
    const rounded = { ...drawn.camera, eye: { ...drawn.camera.eye, x: drawn.camera.eye.x + 1e-12 } };
    scene = { looked: rounded, turnAtOnce: () => {} };
    aim.drawn(scene);
    return drawn.camera;
  };
  /** A hand turns it.
   * @returns {Camera} */
  const turn = () => scene.looked = { ...scene.looked, eye: { x: 1, y: 1, z: 1 } };
  return { aim, draw, turn };
}

Deno.test("the camera follows the chart's size, until a hand turns it; then it stays", () => {
  const { draw, turn } = drawing();
  const narrow = draw(300);
  assert.notDeepEqual(draw(900).eye, narrow.eye);
  const turned = turn();
  for (const width of [900, 300, 500]) assert.ok(!apart(draw(width), turned), String(width));
  const again = turn();
  assert.ok(!apart(draw(500), again));
});

Deno.test("another landscape, or who asks for it, is seen whole again", () => {
  for (const [landscape, asked] of /** @type {const} */ ([["valley", false], ["bowl", true]])) {
    const { aim, draw, turn } = drawing();
    const whole = draw(300);
    turn();
    draw(300);
    if (asked) aim.forget();
    assert.deepEqual(draw(300, landscape).eye, whole.eye);
    assert.notDeepEqual(draw(900, landscape).eye, whole.eye, "and follows the size");
  }
});

Deno.test("a figure without a scene is left alone", () => {
  const layout = { width: 300 };
  const flat = /** @type {any} */ ({ layout: {}, traces: [] });
  assert.equal(new KeptCamera().aimed(null, flat, layout), layout);
});
