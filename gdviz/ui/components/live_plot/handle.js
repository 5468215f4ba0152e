// The draggable start point: a button over the plot, at data coordinates, for mouse, finger and arrow keys.
import { htmlElement } from "../live/elements.js";
import { format } from "../live/numbers.js";
import { hand } from "./outbox.js";
import { beside, groundOf, placeAt } from "./pointer.js";

/**
 * @import { Run } from "../live/run.js"
 * @import { Data } from "./pointer.js"
 * @import { PlotElement, Point, StartEvent, Timer } from "./types.d.ts"
 */

const REST = 200; // ms after a key until the page follows
const STEP = 0.01; // of an axis for one arrow key; with Shift a tenth of it

/** @type {Record<string, [right: number, up: number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Handle {
  /** @param {HTMLElement} figure
   * @param {HTMLElement} status where it says where the start is
   * @param {(event: StartEvent) => Promise<void>} report */
  constructor(figure, status, report) {
    this.report = report;
    this.status = status;
    /** @type {Data | null} */
    this.point = null;
    /** @type {PlotElement | undefined} */
    this.plot = undefined;
    this.dragged = false;
    this.moved = false;
    /** @type {Data | null} where it was taken */
    this.taken = null;
    this.keys = false;
    /** @type {Point} pixels from the point to where it was grabbed */
    this.grip = [0, 0];
    /** @type {Promise<void> | undefined} */
    this.reported = undefined;
    /** @type {Timer} */
    this.resting = undefined;
    this.button = htmlElement("button", "gdviz-handle");
    this.button.type = "button";
    this.button.hidden = true;
    this.button.setAttribute("aria-roledescription", "draggable point");
    figure.append(this.button);
    this.button.addEventListener("pointerdown", (event) => this.grab(event));
    this.button.addEventListener("pointermove", (event) => this.dragged && this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) {
      this.button.addEventListener(name, () => this.drop());
    }
    this.second = (/** @type {PointerEvent} */ { isPrimary }) => isPrimary || this.cancelDrag();
    globalThis.addEventListener("pointerdown", this.second, { capture: true });
    this.button.addEventListener("keydown", (event) => this.press(event));
    this.button.addEventListener("keyup", () => this.restKeys());
    this.button.addEventListener("blur", () => this.settleKeys());
  }

  close() {
    clearTimeout(this.resting);
    if (this.dragged || this.keys) hand.set(false);
    globalThis.removeEventListener("pointerdown", this.second, { capture: true });
    this.button.remove();
  }

  /** @param {PlotElement} plot */
  attach(plot) {
    this.plot = plot;
    this.place();
  }

  /** Python's position. While the hand moves it, or its last move is unanswered, the hand's position counts.
   * @param {[number, number] | null} position
   * @param {boolean} busy */
  moveTo(position, busy) {
    if (position === null) {
      this.point = null;
    } else if (!this.dragged && !this.keys && !busy) {
      this.point = { x: position[0], y: position[1] };
    }
    this.place();
  }

  /** True while a hand is on it. */
  get held() {
    return this.dragged || this.keys;
  }

  /** On a curve the start keeps to it: its height is the value there.
   * @param {Run} run */
  followCurve(run) {
    const onCurve = this.plot?.data?.some(({ meta }) => meta?.part === "first" && meta.y === "value");
    if (!onCurve || !this.point || !Number.isFinite(run.at(0, "value"))) return;
    this.point = { ...this.point, y: run.at(0, "value") };
    this.place();
  }

  /** Puts it where it is in the chart; hides it outside of what is seen, and before the plot is drawn. */
  place() {
    const { plot, point } = this;
    const ground = plot && point ? groundOf(plot) : null;
    const [x, y] = (point && ground?.pixel([point.x, point.y])) ?? [NaN, NaN];
    const inside = ground && x >= 0 && x <= ground.width && y >= 0 && y <= ground.height;
    this.button.hidden = !inside;
    if (!point || !inside) return;
    this.button.style.transform = `translate(${ground.left + x}px, ${ground.top + y}px)`;
    this.button.toggleAttribute("data-behind", ground.hides([point.x, point.y]));
    this.button.setAttribute("aria-label", `Start point ${words(point)}; arrow keys move it`);
  }

  /** @param {PointerEvent} event */
  grab(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault(); // no text selection, no Plotly zoom box below
    event.stopPropagation();
    this.button.focus({ preventScroll: true });
    this.button.setPointerCapture(event.pointerId);
    this.dragged = true;
    this.moved = false;
    this.taken = this.point;
    const box = this.button.getBoundingClientRect();
    this.grip = [event.clientX - (box.left + box.width / 2), event.clientY - (box.top + box.height / 2)];
    hand.set(true);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { plot, grip } = this;
    const ground = plot && groundOf(plot);
    const point = plot && ground && placeAt(plot, ground, event.clientX - grip[0], event.clientY - grip[1]);
    if (!point) return;
    this.moved = true;
    event.stopPropagation(); // Streamlit's tables would measure the page anew, which is just being drawn in
    this.put(point, "move");
  }

  /** A second finger pinches: then the first did not mean to drag. */
  cancelDrag() {
    if (!this.dragged) return;
    this.point = this.taken;
    this.place();
    this.drop();
  }

  drop() {
    if (!this.dragged) return;
    this.dragged = false;
    hand.set(false);
    if (this.moved && this.point) this.put(this.point, "end");
    this.announce();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const way = ARROWS[event.key];
    if (way === undefined || !this.point || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the page must not scroll
    const ground = this.plot && groundOf(this.plot);
    const step = event.shiftKey ? STEP / 10 : STEP;
    const point = ground && beside(ground, this.point, [step * way[0], step * way[1]]);
    if (!point) return;
    clearTimeout(this.resting);
    this.keys = true;
    hand.set(true);
    this.put(point, "move");
  }

  /** The page follows a while after the last key's run was shown. */
  async restKeys() {
    const { reported } = this;
    await reported;
    if (reported !== this.reported || !this.keys) return;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.settleKeys(), REST);
  }

  settleKeys() {
    clearTimeout(this.resting);
    if (!this.keys) return;
    this.keys = false;
    hand.set(false);
    if (this.point) this.put(this.point, "end");
    this.announce();
  }

  /** @param {Data} point
   * @param {StartEvent["phase"]} phase */
  put(point, phase) {
    this.point = point;
    this.place();
    this.reported = this.report({ kind: "start", ...point, phase });
  }

  announce() {
    if (this.point) this.status.textContent = `Start point ${words(this.point)}`;
  }
}

/** @param {Data} point */
const words = ({ x, y }) => `${format(x, 4)}, ${format(y, 4)}`;
