// The draggable start point: a button over the plot, at data coordinates, for mouse, finger and arrow keys.
import { hand } from "./outbox.js";
import { dataAt, firstSubplot } from "./pointer.js";

const REST = 200; // ms after a key until the page follows
const STEP = 0.01; // of an axis for one arrow key; with Shift a tenth of it

export class Handle {
  constructor(figure, status, report) {
    this.report = report;
    this.status = status;
    this.point = null;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "gdviz-handle";
    this.button.hidden = true;
    this.button.setAttribute("aria-roledescription", "draggable point");
    figure.append(this.button);
    this.button.addEventListener("pointerdown", (event) => this.grab(event));
    this.button.addEventListener("pointermove", (event) => this.dragged && this.drag(event));
    for (const name of ["pointerup", "pointercancel"]) {
      this.button.addEventListener(name, () => this.drop());
    }
    this.button.addEventListener("keydown", (event) => this.press(event));
    this.button.addEventListener("keyup", () => this.restKeys());
    this.button.addEventListener("blur", () => this.settleKeys());
  }

  close() {
    clearTimeout(this.resting);
    if (this.dragged || this.keys) hand.set(false);
    this.button.remove();
  }

  attach(plot) {
    this.plot = plot;
    this.place();
  }

  /** Python's position. While the hand moves it, or its last move is unanswered, the hand's position counts. */
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
    return Boolean(this.dragged || this.keys);
  }

  /** On a curve the start keeps to it: its height is the value there. */
  ride(reel) {
    const onCurve = this.plot?.data?.some(({ meta }) => meta?.part === "first" && meta.y === "value");
    if (!onCurve || !this.point) return;
    this.point = { ...this.point, y: reel.at(0, 0, reel.column("value")) };
    this.place();
  }

  place() {
    const subplot = this.plot && firstSubplot(this.plot);
    if (!this.point || !subplot) {
      this.button.hidden = true;
      return;
    }
    const { xaxis, yaxis } = subplot;
    const x = xaxis.d2p(this.point.x);
    const y = yaxis.d2p(this.point.y);
    const inside = x >= 0 && x <= xaxis._length && y >= 0 && y <= yaxis._length;
    this.button.hidden = !inside; // also for NaN
    if (!inside) return;
    this.button.style.transform = `translate(${xaxis._offset + x}px, ${yaxis._offset + y}px)`;
    this.button.setAttribute("aria-label", `Start point ${this.words()}; arrow keys move it`);
  }

  words() {
    return `${Number(this.point.x.toPrecision(4))}, ${Number(this.point.y.toPrecision(4))}`;
  }

  grab(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    event.preventDefault(); // no text selection, no Plotly zoom box below
    event.stopPropagation();
    this.button.focus({ preventScroll: true });
    this.button.setPointerCapture(event.pointerId);
    this.dragged = true;
    this.moved = false;
    hand.set(true);
  }

  drag(event) {
    const point = dataAt(this.plot, firstSubplot(this.plot), event.clientX, event.clientY, true);
    if (!point) return;
    this.moved = true;
    this.put(point, "move");
  }

  drop() {
    if (!this.dragged) return;
    this.dragged = false;
    hand.set(false);
    if (this.moved) this.put(this.point, "end");
    this.announce();
  }

  press(event) {
    const [right, up] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ??
      [];
    if (right === undefined || !this.point || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // the page must not scroll
    const { xaxis, yaxis } = firstSubplot(this.plot);
    const step = event.shiftKey ? STEP / 10 : STEP;
    const box = this.plot.getBoundingClientRect();
    const point = dataAt(
      this.plot,
      { xaxis, yaxis },
      box.left + xaxis._offset + xaxis.d2p(this.point.x) + right * step * xaxis._length,
      box.top + yaxis._offset + yaxis.d2p(this.point.y) - up * step * yaxis._length,
      true,
    );
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
    this.put(this.point, "end");
    this.announce();
  }

  put(point, phase) {
    this.point = point;
    this.place();
    this.reported = this.report({ kind: "start", ...point, phase });
  }

  announce() {
    this.status.textContent = `Start point ${this.words()}`;
  }
}
