// A map on a canvas: what is known is shown at once, magnified, and sharpened from coarse to fine while the hand rests.
import { Questions } from "../live/questions.js";
import { page } from "../live/page.js";
import { opened } from "../live/run.js";
import { Outbox } from "../live_plot/outbox.js";
import { busy } from "../live_plot/rest.js";
import { mounted } from "../live_plot/streamlit.js";
import { edge, inWords } from "./dimension.js";
import { Gestures } from "./gestures.js";
import { Layers } from "./layers.js";
import { drawLimits, drawPath } from "./marks.js";
import { Panel } from "./panel.js";
import { counted } from "./shades.js";
import { beyondNumbers, magnified, nextSide, sameView, shortest, viewOf } from "./zoom.js";

/**
 * @import { Transmit } from "../live_plot/types.d.ts"
 * @import { BandHead, MapAnswer, Head, Pixels, Spot, View } from "./types.d.ts"
 */

const PATIENCE = 120; // ms between two paintings of a picture that is not whole yet
const QUIET = 500; // ms after which a view that no hand moves is one to keep
const PAUSE = 500; // ms before a lost band is asked for again, twice as long each time

export default mounted((parent) => new MapPicture(parent), "event");

class MapPicture {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.panel = new Panel(parent);
    this.questions = new Questions();
    /** @type {object | null} stands for the band that is asked for */
    this.band = null;
    this.lost = 0; // bands in a row that did not come
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.later = undefined;
    /** @type {Transmit} */
    this.transmit = () => {};
    this.outbox = new Outbox((message) => this.transmit(message)); // what changes the experiment or the link
    /** @type {Head | null} */
    this.head = null;
    /** @type {View} */
    this.view = { x0: 0, x1: 1, y0: 0, y1: 1 };
    this.whole = this.view;
    this.layers = new Layers();
    /** @type {Pixels | null} the picture in the making */
    this.making = null;
    this.done = 0; // the side of the finest picture of this view
    this.stopped = false; // by the visitor
    this.refused = "";
    this.follows = false; // a hand that changes the experiment: the page has it when the hand rests
    this.begun = 0;
    /** @type {Spot | null} */
    this.spot = null;
    this.frame = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.resting = undefined;
    this.kept = "";
    this.gestures = new Gestures(this.panel.canvas, {
      view: () => this.view,
      whole: () => this.whole,
      least: () => this.head?.least ?? 0,
      look: (view) => this.look(view),
      point: (place) => this.point(place),
      choose: (place) => this.outbox.send({ kind: "choose", ...this.described(place) }),
      leave: () => this.showSpot(null),
      draw: () => this.draw(),
      sharpen: () => this.sharpen(),
    });
    this.panel.onHome = () => this.look(this.whole);
    this.panel.onZoom = (factor) => this.gestures.zoomBy(factor);
    this.panel.onStop = () => this.stop();
    /** @param {object} changes */
    this.follow = (changes) => this.move(changes);
    page.map = this.follow;
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.panel.canvas);
  }

  /** Stops to ask for more, or goes on. */
  stop() {
    this.stopped = !this.stopped;
    if (this.stopped) this.forgetBand();
    else this.sharpen();
    this.tell();
  }

  /** Asks the core about the map that is shown; null where the answer is lost, or of another map than is shown by then.
   * @param {string} kind
   * @param {object} more */
  async ask(kind, more) {
    const name = this.head?.name;
    const answer = /** @type {MapAnswer | null} */ (await this.questions.ask({ kind, ...more }));
    if (!answer || !this.head || answer.head.refused === "" || this.head.name !== name) return null;
    const { hues, words, limits } = answer.head;
    if (hues) Object.assign(this.head, { hues, words, limits });
    return answer;
  }

  /** The ends of what is seen. */
  ends() {
    const { x0, x1, y0, y1 } = this.view;
    return [x0, x1, y0, y1];
  }

  /** A number from its place on the screen's scale.
   * @param {number} axis
   * @param {number} at */
  real(axis, at) {
    return this.head?.whole[axis].log ? 10 ** at : at;
  }

  /** A place as the pixel under the hand can tell it.
   * @param {[number, number]} place */
  described([x, y]) {
    const { x0, x1, y0, y1 } = this.view;
    const { width, height } = this.panel.canvas.getBoundingClientRect();
    const near = (/** @type {number} */ axis, /** @type {number} */ at, /** @type {number} */ half) =>
      shortest(this.real(axis, at - half), this.real(axis, at), this.real(axis, at + half));
    return { x: near(0, x, (x1 - x0) / width / 2), y: near(1, y, (y1 - y0) / height / 2) };
  }

  /** @param {Uint8Array} bytes
   * @param {Transmit} transmit */
  receive(bytes, transmit) {
    this.transmit = transmit;
    /** @type {{ head: Head, rest: Uint8Array }} */
    const { head, rest } = opened(bytes);
    this.outbox.acknowledge(head.answered);
    const before = this.head;
    this.head = head;
    this.questions.endpoint = head.endpoint;
    if (!before || axesKey(before) !== axesKey(head)) this.open(head);
    if (before && before.jump !== head.jump) this.look(viewOf(head.start));
    if (before?.name !== head.name || (this.follows && head.first)) this.again();
    if (head.first) this.take(head.first, rest);
    this.panel.name(head);
    this.sharpen();
    this.draw();
  }

  /** Another map: nothing of the last one stays.
   * @param {Head} head */
  open(head) {
    this.whole = viewOf(head.whole);
    this.view = viewOf(head.start);
    this.layers.clear();
    this.spot = null;
  }

  /** The same map of another experiment: what is seen stays until there is something new. */
  again() {
    this.anew();
    this.follows = false;
    this.spot = null;
  }

  /** Of what is seen nothing is known yet. */
  anew() {
    this.done = 0;
    this.making = null;
    this.stopped = false;
    this.refused = "";
    this.begun = performance.now();
    this.forgetBand();
  }

  /** Shows the run from a place.
   * @param {[number, number]} place */
  async point([x, y]) {
    const answer = await this.ask("point", { x: this.real(0, x), y: this.real(1, y) });
    if (answer?.head.lines) this.showSpot(/** @type {Spot} */ (answer.head));
    else if (answer) this.showSpot(null); // no run is there
  }

  /** A hand changes the experiment elsewhere on the page: the whole map, coarse, with the changes.
   * @param {object} changes */
  async move(changes) {
    this.follows = true;
    this.anew();
    const answer = await this.ask("move", { changes, view: this.ends() });
    if (answer?.head.side) this.takeMoved(/** @type {BandHead} */ (answer.head), answer.rest);
  }

  /** @param {View} view */
  look(view) {
    if (sameView(view, this.view)) return;
    this.view = view;
    this.anew();
    this.sharpen();
    this.draw();
  }

  /** What a hand is changing has come, in one piece: it is laid over what is seen.
   * @param {BandHead} band
   * @param {Uint8Array} bytes */
  takeMoved(band, bytes) {
    const { side, stop } = band, view = viewOf(band.view);
    if (!this.head || !this.follows || !sameView(view, this.view)) return;
    this.layers.add(withBand(empty(side, view), band, bytes), this.head, true, stop < side);
    this.tell();
    this.draw();
  }

  /** A band of rows has come.
   * @param {BandHead} band
   * @param {Uint8Array} bytes */
  take(band, bytes) {
    const { side, first, stop } = band, view = viewOf(band.view);
    const here = sameView(view, this.view);
    if (!this.head || (here && side <= this.done)) return;
    let pixels = this.making;
    if (!pixels || pixels.side !== side || !sameView(pixels.view, view)) {
      if (first !== 0 || (!here && this.layers.some && stop !== side)) return;
      pixels = empty(side, view);
    }
    if (first !== pixels.rows) return;
    withBand(pixels, band, bytes);
    if (stop === side) {
      this.making = null;
      this.layers.add(pixels, this.head, here);
      if (here) this.done = side;
    } else if (here) {
      this.making = pixels;
      if (performance.now() - this.layers.painted > PATIENCE) this.layers.add(pixels, this.head, true, true);
    }
    this.tell();
  }

  /** Asks for what is missing of this view. */
  sharpen() {
    const head = this.head;
    if (!head || head.moving || this.follows || this.stopped || this.refused || this.band) return;
    const side = this.making?.side ??
      nextSide(head.sides, this.done, this.gestures.zooming ? head.sides[1] : head.finest);
    if (side === null) {
      this.tell();
      this.rest();
      return;
    }
    this.fetchBand(side);
  }

  /** Asks for the next rows of a picture with so many pixels to a side.
   * @param {number} side */
  async fetchBand(side) {
    const mine = this.band = {};
    const answer = await this.ask("band", { view: this.ends(), side, first: this.making?.rows ?? 0 });
    if (answer?.head.side) this.take(/** @type {BandHead} */ (answer.head), answer.rest);
    if (this.band !== mine) return; // what is wanted is another one by now
    this.band = null;
    this.lost = answer ? 0 : this.lost + 1;
    if (!answer) {
      this.later = setTimeout(() => this.sharpen(), PAUSE * 2 ** Math.min(6, this.lost - 1));
    } else if (answer.head.refused) {
      this.refused = answer.head.refused;
      this.tell();
    } else {
      this.sharpen();
      this.draw();
    }
  }

  forgetBand() {
    this.band = null;
    this.questions.forget("band");
  }

  /** A view that stays is one for the link. */
  rest() {
    clearTimeout(this.resting);
    const view = this.ends(), kept = `${this.head?.name} ${view}`;
    if (this.gestures.zooming || kept === this.kept) return;
    this.resting = setTimeout(() => {
      this.kept = kept;
      this.outbox.send({ kind: "rest", view });
    }, QUIET);
  }

  /** @param {Spot | null} spot */
  showSpot(spot) {
    this.spot = spot;
    this.panel.showSpot(spot);
    this.draw();
  }

  tell() {
    const head = this.head;
    if (!head) return;
    const newest = this.layers.newest(this.view);
    if (newest) {
      const { kinds, side, rows } = newest;
      this.panel.legend(head, counted(rows === side ? kinds : kinds.subarray(0, rows * side), head.hues.length + 1));
    }
    const whole = this.done >= head.finest;
    const share = whole
      ? 1
      : ((this.done ** 2) + (this.making ? this.making.rows * this.making.side : 0)) / head.finest ** 2;
    this.panel.progress(whole || this.stopped || this.refused !== "" ? null : share, performance.now() - this.begun);
    const boundary = whole && newest && head.kind === "trainability" ? edge(newest, head.fewest) : null;
    this.panel.showFit(boundary && boundary.some((count) => count > 0) ? boundary : []);
    this.panel.status(
      this.refused || [
        magnified(this.view, this.whole),
        beyondNumbers(this.view, head.finest) ? "the numbers end here: neighboring pixels are the same number" : "",
        this.stopped ? "stopped" : "",
        boundary ? inWords(boundary) : "",
      ].filter(Boolean).join(", "),
      this.stopped,
    );
    this.panel.canvas.dataset.side = String(this.done);
  }

  draw() {
    if (this.frame) return;
    busy(this, true);
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
      busy(this, false);
    });
  }

  paint() {
    const { canvas } = this.panel, sharp = Math.min(2, devicePixelRatio || 1);
    const width = Math.round(canvas.clientWidth * sharp), height = Math.round(canvas.clientHeight * sharp);
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const pen = canvas.getContext("2d");
    if (!pen) return;
    pen.clearRect(0, 0, width, height);
    pen.imageSmoothingEnabled = false;
    this.layers.draw(pen, this.view, width, height);
    if (this.head?.kind === "basins") drawLimits(pen, this.head.limits ?? [], this.view, sharp);
    if (this.spot?.path) drawPath(pen, this.spot.path, this.view, sharp);
    this.gestures.drawBox(pen, width, height);
    this.panel.axes(this.head, this.view);
  }

  remove() {
    if (page.map === this.follow) page.map = null;
    this.head = null; // an answer that still comes makes it ask, and tell, no more
    this.watcher.disconnect();
    this.gestures.close();
    this.outbox.close();
    this.questions.close();
    clearTimeout(this.resting);
    clearTimeout(this.later);
    cancelAnimationFrame(this.frame);
    busy(this, false);
  }
}

/** A picture of which nothing is known yet.
 * @type {(side: number, view: View) => Pixels} */
const empty = (side, view) => ({
  side,
  view,
  kinds: new Uint8Array(side * side),
  measures: new Uint16Array(side * side),
  rows: 0,
});

/** Writes a band into its picture: a byte for the kind of each pixel, and then two for its measure.
 * @type {(pixels: Pixels, band: BandHead, bytes: Uint8Array) => Pixels} */
function withBand(pixels, { side, first, stop }, bytes) {
  const count = (stop - first) * side;
  pixels.kinds.set(bytes.subarray(0, count), first * side);
  pixels.measures.set(new Uint16Array(bytes.slice(count, 3 * count).buffer), first * side);
  pixels.rows = stop;
  return pixels;
}

/** @param {Head} head */
const axesKey = ({ kind, whole }) => JSON.stringify([kind, whole]);
