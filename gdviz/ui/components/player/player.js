// Plays the run on all charts at once, in the browser: a moment of it is drawn by each chart (live_plot/run_drawing.js), and
// nothing goes to the server but the epoch at which it rests, if its step is to be written out. It also shows what is
// said of the run under the hand.
import { count } from "../live/numbers.js";
import { page } from "../live/page.js";
import { opened } from "../live/run.js";
import { Outbox } from "../live_plot/outbox.js";
import { chartsDrawn } from "../live_plot/rest.js";
import { mounted, whenRunEnds } from "../live_plot/streamlit.js";
import { Clock, reducedMotion, usualPace } from "./clock.js";
import { Controls } from "./controls.js";
import { Drive } from "./drive.js";
import { meant, MOVES } from "./moves.js";
import { Sound } from "./sound.js";
import { VerdictUnderHand } from "./verdict.js";
import { momentInWords } from "./words.js";

/**
 * @import { Run } from "../live/run.js"
 * @import { Shown, Timer, Transmit } from "../live_plot/types.d.ts"
 * @import { PlayerData, Steering } from "./types.d.ts"
 */

const KEY = " (Space)"; // that plays and pauses
const DRIVE_SECONDS = 20; // for a hand that steers it
const SOUNDS = 300; // ms of a single epoch
const UNCHANGED = 250; // ms after a change until its run is made: keys that follow each other need none

export default mounted((parent) => new Player(parent), "event");

let playedOnce = false; // it outlives the component

class Player {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.sound = new Sound();
    this.drive = new Drive(() => this.steer());
    this.controls = new Controls(parent, this.drive.panel, {
      click: (what) => this.click(what),
      press: (event) => this.press(event),
      scrub: (share) => {
        this.stop();
        this.withRun(() => this.go(share * this.last));
      },
      letGo: () => this.withRun(() => this.tell()),
      near: () => this.fetch(),
    });
    this.controls.select.addEventListener("change", () => this.clock.anew());
    this.clock = new Clock({
      at: () => this.row + this.share,
      pace: () => this.controls.speed * usualPace(this.last, this.drive.on ? DRIVE_SECONDS : undefined),
      speed: () => this.controls.speed,
      last: () => this.last,
      due: (row) => this.advance(row),
    });

    /** @type {Transmit} */
    this.transmit = () => {};
    this.outbox = new Outbox((message) => this.transmit(message));
    this.verdict = new VerdictUnderHand(this.controls.box);
    /** @type {string | null | undefined} what stands for the run; null while a hand is changing it */
    this.name = undefined;
    /** @type {Run | null} */
    this.atRest = null;
    this.epochs = 0;
    /** @type {Steering | null} */
    this.steering = null;
    this.last = 0; // row
    this.row = 0;
    this.share = 0; // of the step from there to the next row
    this.epoch = 0;
    /** @type {number | null} the row whose words are shown */
    this.labeled = null;
    /** @type {number | null} the row at which to go on when the page shows the run that was driven */
    this.staying = null;
    /** @type {Timer} */
    this.fetchTimer = undefined;
    this.sent = false; // a drive that the page does not show yet
    this.waits = false; // with a drive to be sent, until its run is here
    this.writes = false; // the step in numbers
    this.removed = false;
    this.showing = (/** @type {Shown | null} */ shown) => this.notice(shown);
    page.listeners.add(this.showing);
    page.press = (/** @type {KeyboardEvent} */ event) => this.press(event);
  }

  remove() {
    this.removed = true;
    clearTimeout(this.fetchTimer);
    this.stop();
    page.show(null);
    page.listeners.delete(this.showing);
    page.press = () => false;
    this.outbox.close();
    this.sound.close();
    this.verdict.remove();
    this.controls.box.remove();
  }

  /** @param {Uint8Array} bytes
   * @param {Transmit} transmit */
  receive(bytes, transmit) {
    /** @type {PlayerData} */
    const { run: name, epochs, answered, plays, steering } = opened(bytes).head;
    this.transmit = transmit;
    this.outbox.acknowledge(answered);
    if (name === this.name) return;
    if (this.name !== undefined || !plays) playedOnce = true; // the visitor has found something to do
    const run = this.run;
    const driven = this.sent && name !== null && run !== null && String(steering?.turns) === String(this.drive.rows);
    const epoch = driven ? run.epoch(this.row) : 0;
    this.sent = false;
    this.name = name;
    this.epochs = epochs;
    this.steering = steering;
    this.drive.offer(steering);
    this.controls.button("drive").disabled = steering === null;
    this.load(driven ? run : null);
    if (driven) this.stayAt(run.rowAt(epoch));
    clearTimeout(this.fetchTimer);
    this.fetchTimer = setTimeout(() => whenRunEnds(() => this.fetch()), UNCHANGED);
  }

  /** @param {Run | null} run */
  load(run) {
    this.stop();
    this.atRest = null;
    if (page.shown?.kind === "moment") page.show(null);
    this.atRest = run;
    this.controls.box.toggleAttribute("inert", this.name === null);
    this.controls.box.toggleAttribute("data-ready", run !== null); // for tests
    this.measure(run);
    this.rest();
    if (!run) return;
    this.tell();
    this.playOnce();
  }

  /** Plays the run once by itself, for a visitor who has just come and moves nothing yet. */
  async playOnce() {
    if (playedOnce || reducedMotion.matches) return;
    await chartsDrawn();
    if (playedOnce || this.removed || page.shown !== null) return;
    playedOnce = true;
    this.play();
  }

  /** @param {Run | null} run */
  measure(run) {
    this.last = run ? run.rows - 1 : this.epochs;
    this.controls.input.max = String(this.last);
    this.labeled = null;
  }

  /** The run that is played: the page's, or one that the hand has just made of it. */
  get run() {
    return this.drive.run ?? this.atRest;
  }

  /** Makes the page's run, or asks for it, if it is not here. */
  async fetch() {
    const { name } = this;
    if (this.atRest || typeof name !== "string") return;
    const run = await page.runAtRest(name, () => name === this.name && !this.removed);
    if (run && name === this.name && !this.atRest && !this.removed) this.load(run);
  }

  /** Acts on the run: at once, or when it is here.
   * @param {() => void} act */
  async withRun(act) {
    if (!this.atRest) await this.fetch();
    if (this.atRest) act();
  }

  /** Others show a run (a hand on the learning rate), or do so no more.
   * @param {Shown | null} shown */
  notice(shown) {
    this.verdict.show(shown?.kind === "run" ? shown : null);
    if (shown?.kind === "moment" || shown?.words) return;
    this.stop();
    if (shown && this.drive.run) this.drive.offer(this.steering); // what was not kept is gone
    const { staying } = this;
    this.staying = null;
    if (shown === null && staying) queueMicrotask(() => this.go(staying));
    else this.rest();
  }

  // -- moving --

  /** The run at rest: all of it. */
  rest() {
    this.row = this.last;
    this.share = 0;
    this.label();
    this.sound.mute();
  }

  /** Shows a row, or a point on the way from it to the next: `share` of that step.
   * @param {number} row */
  go(row, share = 0) {
    const { run } = this;
    if (!run) return;
    this.row = Math.min(this.last, Math.max(0, Math.round(row)));
    this.share = this.row === this.last ? 0 : share;
    this.label();
    const place = { runs: [run], row: this.row, share: this.share };
    if (this.drive.run || (this.drive.on && this.clock.goes)) {
      page.show({ kind: "run", ...place, words: this.drive.words(run, this.row) });
    } else {
      page.show(this.row === this.last ? null : { kind: "moment", ...place });
    }
  }

  label() {
    if (this.labeled === this.row) return;
    this.labeled = this.row;
    const { run } = this;
    const [at, end] = run ? [run.epoch(this.row), run.epoch(this.last)] : [this.epochs, this.epochs];
    this.epoch = at;
    this.drive.follow(at);
    this.controls.show(this.row, this.last, `epoch ${count(at)} of ${count(end)}`);
    if (run) this.sound.play(run, this.row);
  }

  /** Says where the run is, for those who do not see it. */
  speak() {
    const { run, row } = this;
    const names = page.experiments.at(0)?.described.variables ?? [];
    this.controls.spoken.textContent = run && momentInWords(run, row, names);
  }

  /** @param {string | undefined} what a button does */
  click(what) {
    if (what === "play") this.toggle();
    else if (what === "step") this.write();
    else if (what === "drive") this.switchDrive();
    else if (what === "again") this.startOver();
    else if (what === "sound") this.switchSound();
    else if (what && MOVES[what]) this.move(MOVES[what]);
  }

  switchSound() {
    this.sound.switch(!this.sound.on);
    this.controls.press("sound", this.sound.on);
  }

  /** @param {import("./moves.js").Move} move */
  move(move) {
    this.withRun(() => this.jump(move(this.row, this.last)));
  }

  /** @param {number} row */
  jump(row) {
    this.stop();
    this.go(row);
    this.sound.mute(this.clock.goes ? 0 : SOUNDS);
    this.speak();
    this.tell();
  }

  /** @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of the player's */
  press(event) {
    const what = this.name === null ? null : meant(event);
    if (what === null) return false;
    if (what !== "toggle") this.move(what);
    else if (!event.repeat) this.toggle();
    return true;
  }

  toggle() {
    if (this.clock.goes) {
      this.stop();
      this.go(this.row);
      this.record();
      this.tell();
    } else {
      this.withRun(() => this.play());
    }
  }

  play() {
    if (this.last === 0) return;
    if (this.row === this.last) this.go(0);
    this.controls.playing(true, KEY);
    this.clock.start();
  }

  /** @param {number} row */
  advance(row) {
    const { run } = this;
    const known = run === null || this.drive.until === Infinity ? this.last : run.rowAt(this.drive.until);
    if (row >= known && known < this.last) {
      this.clock.anew(); // wait there for the run that the hand asked for
      this.go(known);
    } else if (row >= this.last) {
      this.jump(this.last);
      this.record();
    } else {
      this.go(Math.floor(row), reducedMotion.matches ? 0 : row % 1);
    }
  }

  stop() {
    this.clock.stop();
    this.sound.mute();
    this.controls.playing(false, KEY);
  }

  // -- driving --

  switchDrive() {
    const on = !this.drive.on;
    this.withRun(() => {
      this.stop();
      if (!on) this.record();
      this.drive.switch(on);
      this.controls.press("drive", on);
      this.go(on ? 0 : this.sent ? this.row : this.last);
      if (!on && !this.sent) page.show(null);
    });
  }

  /** The hand has changed a setting: it holds from the next epoch on. */
  steer() {
    this.withRun(async () => {
      const { run } = this;
      if (!run) return;
      const epoch = run.epoch(this.row + (this.share > 0 ? 1 : 0));
      if (epoch >= run.epoch(this.last)) {
        this.drive.say("The run is over. Go back to an earlier epoch, or start over.");
        return;
      }
      this.drive.say("");
      this.take(await this.drive.turn(epoch));
    });
  }

  startOver() {
    this.withRun(async () => {
      this.stop();
      const run = await this.drive.again();
      [this.epoch, this.share] = [0, 0];
      this.take(run);
    });
  }

  /** Goes on with the run that was made of the hand's turns, from the epoch at which it is.
   * @param {Run | null} run */
  take(run) {
    if (!run || this.removed) return;
    this.measure(run);
    this.clock.anew();
    this.go(run.rowAt(this.epoch), this.share);
    if (this.waits) this.record();
  }

  /** The drive so far becomes the page's run: in the address bar, the exports, the charts. */
  record() {
    this.waits = this.drive.until !== Infinity; // for the run that the hand asked for last
    if (!this.drive.dirty || this.waits) return;
    this.drive.dirty = false;
    this.sent = true;
    this.outbox.send({ kind: "drive", turns: this.drive.rows });
  }

  /** Stays at a row of the run that the page now shows too.
   * @param {number} row */
  stayAt(row) {
    this.row = row;
    this.label();
    this.staying = row < this.last ? row : null;
    page.settle(() => this.clock.goes || this.drive.run !== null);
  }

  // -- the step in numbers --

  write() {
    this.writes = !this.writes;
    this.controls.press("step", this.writes);
    if (this.writes) {
      this.withRun(() => {
        if (this.row === this.last) this.go(0); // no step leaves the end
        this.tell();
      });
    } else this.outbox.send({ kind: "step", epoch: null });
  }

  /** The player rests at this epoch: Python writes its step out, if that is wanted. */
  tell() {
    if (!this.writes || !this.atRest) return;
    this.outbox.send({ kind: "step", epoch: this.atRest.epoch(this.row), run: this.name });
  }
}
