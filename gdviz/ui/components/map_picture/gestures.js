// What hands do on a map: the wheel, two fingers, a box and a button held down zoom; a finger and Shift move; a short
// click chooses; pointing asks. Keys do the same.
import { boxed, moved, placeAt, zoomed } from "./zoom.js";

/** @import { View } from "./types.d.ts" */

/**
 * @typedef {[number, number]} Place
 * @typedef {{
 *   view: () => View, whole: () => View, least: () => number, look: (view: View) => void, draw: () => void, sharpen: () => void,
 *   point: (place: Place) => void, choose: (place: Place) => void, leave: () => void,
 * }} MapActions
 */

const SHAKE = 6; // pixels that a still hand may move
const HOLD = 300; // ms until a button that is held down zooms
const PACE = 1.5; // doublings a second while it is held

export class Gestures {
  /** @param {HTMLCanvasElement} canvas
   * @param {MapActions} map */
  constructor(canvas, map) {
    this.canvas = canvas;
    this.map = map;
    this.zooming = false;
    /** @type {Map<number, Place>} by pointer, in pixels of the page */
    this.down = new Map();
    /** @type {Place} where the first pointer went down */
    this.first = [0, 0];
    /** @type {Place} */
    this.now = [0, 0];
    this.mode = "";
    this.pressed = 0; // when the first pointer went down
    /** @type {View | null} that was seen then */
    this.seen = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.loop = 0;
    this.out = false;
    /** @typedef {HTMLElementEventMap} Events
     * @type {<Name extends keyof Events>(name: Name, heard: (event: Events[Name]) => void, passive?: boolean) => void} */
    const listen = (name, heard, passive = true) => canvas.addEventListener(name, heard, { passive });
    listen("wheel", (event) => this.wheel(event), false);
    listen("pointerdown", (event) => this.press(event));
    listen("pointermove", (event) => (this.takeBack(event), this.move(event)));
    listen("pointerup", (event) => (this.takeBack(event), this.lift(event)));
    listen("pointercancel", (event) => this.lift(event, true));
    listen("pointerleave", () => this.mode === "" && map.leave());
    listen("keydown", (event) => this.key(event), false);
    listen("contextmenu", (event) => event.preventDefault(), false);
  }

  /** The share of the picture at a place of the page.
   * @param {Place} at
   * @returns {Place} */
  share([x, y]) {
    const box = this.canvas.getBoundingClientRect();
    return [(x - box.left) / box.width, 1 - (y - box.top) / box.height];
  }

  /** @param {Place} at
   * @returns {Place} */
  place(at) {
    const [right, up] = this.share(at);
    return placeAt(this.map.view(), right, up);
  }

  /** @param {number} factor
   * @param {Place} [about] */
  zoomBy(factor, about = placeAt(this.map.view(), 0.5, 0.5)) {
    this.map.look(zoomed(this.map.view(), factor, about, this.map.whole(), this.map.least()));
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 30 : 1;
    this.zoomBy(
      2 ** (-Math.max(-300, Math.min(300, event.deltaY * lines)) / 200),
      this.place([event.clientX, event.clientY]),
    );
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.down.set(event.pointerId, [event.clientX, event.clientY]);
    this.now = [event.clientX, event.clientY];
    if (this.down.size > 1) {
      this.stop();
      this.mode = "pinch";
      return;
    }
    this.first = this.now;
    this.pressed = event.timeStamp;
    this.seen = this.map.view();
    this.mode = "press";
    this.out = event.button === 2 || event.altKey;
    this.timer = setTimeout(() => this.hold(), HOLD);
  }

  /** @param {PointerEvent} event */
  move(event) {
    /** @type {Place} */
    const to = [event.clientX, event.clientY];
    if (this.mode === "") {
      this.map.point(this.place(to));
      return;
    }
    const before = this.down.get(event.pointerId) ?? to;
    if (this.mode === "pinch") this.pinch(event.pointerId, to);
    this.down.set(event.pointerId, to);
    this.now = to;
    if (this.mode === "press" && Math.hypot(to[0] - this.first[0], to[1] - this.first[1]) > SHAKE) {
      clearTimeout(this.timer);
      this.mode = event.pointerType === "touch" || event.shiftKey ? "pan" : "box";
    }
    if (this.mode === "pan") {
      const [a, b] = [this.share(before), this.share(to)];
      this.map.look(moved(this.map.view(), a[0] - b[0], a[1] - b[1]));
    }
    if (this.mode === "box") this.map.draw();
  }

  /** @param {number} id
   * @param {Place} to */
  pinch(id, to) {
    const other = [...this.down].find(([one]) => one !== id)?.[1];
    const before = this.down.get(id);
    if (!other || !before) return;
    const apart = (/** @type {Place} */ at) => Math.max(10, Math.hypot(at[0] - other[0], at[1] - other[1]));
    this.zoomBy(apart(to) / apart(before), this.place([(to[0] + other[0]) / 2, (to[1] + other[1]) / 2]));
  }

  /** @param {PointerEvent} event
   * @param {boolean} [canceled] */
  lift(event, canceled = false) {
    this.down.delete(event.pointerId);
    const mode = this.mode;
    this.stop();
    if (this.down.size > 0) {
      this.mode = "pinch";
      return;
    }
    this.mode = "";
    if (canceled) return;
    if (mode === "press" && event.button === 0) this.map.choose(this.place(this.now));
    if (mode === "box") {
      const view = boxed(this.place(this.first), this.place(this.now));
      if (view) this.zoomTo(view);
      this.map.draw();
    }
  }

  /** Zooms to a box, as far as the numbers go.
   * @param {View} box */
  zoomTo(box) {
    const view = this.map.view(), factor = (view.x1 - view.x0) / (box.x1 - box.x0);
    const fits = zoomed(view, factor, [box.x0, box.y0], this.map.whole(), this.map.least());
    this.map.look(fits.x1 - fits.x0 > 1.001 * (box.x1 - box.x0) ? fits : box);
  }

  hold() {
    this.mode = "hold";
    this.zooming = true;
    let last = performance.now();
    const step = () => {
      if (this.mode !== "hold") return;
      const now = performance.now(), factor = 2 ** (PACE * Math.min(100, now - last) / 1000);
      last = now;
      this.zoomBy(this.out ? 1 / factor : factor, this.place(this.now));
      this.loop = requestAnimationFrame(step);
    };
    this.loop = requestAnimationFrame(step);
  }

  /** A busy page hears late of a hand that went on in time: then nothing was held.
   * @param {PointerEvent} event */
  takeBack({ timeStamp }) {
    if (this.mode !== "hold" || timeStamp - this.pressed >= HOLD) return;
    this.stop();
    this.mode = "press";
    if (this.seen) this.map.look(this.seen);
  }

  stop() {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.loop);
    if (!this.zooming) return;
    this.zooming = false;
    this.map.sharpen();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const view = this.map.view();
    /** @type {Record<string, () => void>} */
    const keys = {
      "+": () => this.zoomBy(2),
      "=": () => this.zoomBy(2),
      "-": () => this.zoomBy(0.5),
      "0": () => this.map.look(this.map.whole()),
      ArrowLeft: () => this.map.look(moved(view, -0.1, 0)),
      ArrowRight: () => this.map.look(moved(view, 0.1, 0)),
      ArrowUp: () => this.map.look(moved(view, 0, 0.1)),
      ArrowDown: () => this.map.look(moved(view, 0, -0.1)),
      Enter: () => this.map.choose(placeAt(view, 0.5, 0.5)),
      Escape: () => this.map.leave(),
    };
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    act();
  }

  /** @param {CanvasRenderingContext2D} pen
   * @param {number} width
   * @param {number} height */
  drawBox(pen, width, height) {
    if (this.mode !== "box") return;
    const [a, b] = [this.share(this.first), this.share(this.now)];
    const box = /** @type {[number, number, number, number]} */ ([
      a[0] * width,
      (1 - a[1]) * height,
      (b[0] - a[0]) * width,
      (a[1] - b[1]) * height,
    ]);
    pen.fillStyle = "#fff4";
    pen.fillRect(...box);
    pen.strokeStyle = "#000";
    pen.lineWidth = 2;
    pen.setLineDash([6, 4]);
    pen.strokeRect(...box);
    pen.setLineDash([]);
  }

  close() {
    this.stop();
    this.mode = "";
  }
}
