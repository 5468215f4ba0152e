// Plays the run on all charts at once, in the browser: a moment of it is drawn by each chart (live_plot/tracing.js), and
// nothing goes to the server but the epoch at which it rests, if its step is to be written out. It also fetches the
// ladder of learning rates and shows the verdict of the run under the hand.
import { Outbox } from "../live_plot/outbox.js";
import { calm, stage } from "../live_plot/stage.js";
import { mounted, whenRunEnds } from "../live_plot/streamlit.js";
import { Drive } from "./drive.js";
import { fetchReel, keep, kept } from "./reels.js";
import { RungVerdict } from "./verdict.js";

/**
 * @import { Reel } from "../live_plot/reel.js"
 * @import { Shown, Timer, Transmit } from "../live_plot/types.d.ts"
 * @import { PlayerData, Wheel } from "./types.d.ts"
 */

const SECONDS = 8; // for a whole run at speed 1
const DRIVE_SECONDS = 20; // for a hand that steers it
const SLOWEST = 4; // epochs a second at speed 1
const JUMPS = 16; // of a run played without motion
const JUMP_MS = 700;
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const CALM = 250; // ms after a change until its film is fetched: keys that follow each other need none

export default mounted((parent) => new Player(parent), "event");

/** @type {Record<string, number>} */
const ARROWS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

const ICONS = {
  first: "M6 5v14M19 5 9 12l10 7z",
  back: "M17 5 7 12l10 7z",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  forth: "M7 5l10 7-10 7z",
  last: "M18 5v14M5 5l10 7L5 19z",
};
const icon = (/** @type {keyof typeof ICONS} */ name) =>
  `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
/** @type {(name: keyof typeof ICONS, label: string, keys: string) => string} */
const button = (name, label, keys) =>
  `<button type="button" data-do="${name}" aria-label="${label}" title="${label} (${keys})">${icon(name)}</button>`;
const option = (/** @type {number} */ speed) =>
  `<option value="${speed}"${speed === 1 ? " selected" : ""}>${speed}×</option>`;
const number = (/** @type {number} */ value) => value.toLocaleString("en-US");

class Player {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.box = document.createElement("div");
    this.box.className = "gdviz-player";
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Play the run");
    this.box.innerHTML = '<div class="gdviz-player-buttons">' +
      button("first", "To the start", "Home") + button("back", "One epoch back", "←") +
      button("play", "Play", "Space") +
      button("forth", "One epoch on", "→") + button("last", "To the end", "End") + "</div>" +
      '<input type="range" min="0" step="1" aria-label="Epoch"><output></output>' +
      `<label>Speed <select aria-label="Speed">${SPEEDS.map(option)}</select></label>` +
      '<button type="button" class="gdviz-player-step" data-do="step" aria-pressed="false" ' +
      'title="Write out the step that leaves this epoch, with its numbers">Step in numbers</button>' +
      '<button type="button" data-do="drive" aria-pressed="false" ' +
      'title="Change the learning rate while the run goes">Drive</button>';
    const find = (/** @type {string} */ selector) => this.box.querySelector(selector);
    this.input = /** @type {HTMLInputElement} */ (find("input"));
    this.output = /** @type {HTMLOutputElement} */ (find("output"));
    this.select = /** @type {HTMLSelectElement} */ (find("select"));
    this.playButton = /** @type {HTMLButtonElement} */ (find('[data-do="play"]'));
    this.stepButton = /** @type {HTMLButtonElement} */ (find('[data-do="step"]'));
    this.driveButton = /** @type {HTMLButtonElement} */ (find('[data-do="drive"]'));
    this.drive = new Drive(() => this.steer());
    this.box.append(this.drive.panel);
    parent.append(this.box);

    /** @type {Transmit} */
    this.transmit = () => {};
    this.outbox = new Outbox((message) => this.transmit(message));
    this.verdict = new RungVerdict(this.box);
    /** @type {string | null | undefined} what stands for the run; null while a hand is changing it */
    this.digest = undefined;
    this.ladder = "";
    this.epochs = 0;
    /** @type {Wheel | null} */
    this.wheel = null;
    this.last = 0; // row
    this.row = 0;
    this.share = 0; // of the step from there to the next row
    this.epoch = 0;
    /** @type {number | null} the row whose words are shown */
    this.labelled = null;
    /** @type {number | null} the row at which to go on when the page shows the run that was driven */
    this.staying = null;
    this.speed = 1;
    /** @type {number | null} when it began to play, */
    this.since = null;
    this.from = 0; // and the row then
    this.frame = 0;
    /** @type {Timer} */
    this.timer = undefined;
    /** @type {Timer} */
    this.calm = undefined;
    this.sent = false; // a drive that the page does not show yet
    this.waits = false; // with a drive to be sent, until its run is here
    this.writes = false; // the step in numbers
    this.removed = false;
    this.box.addEventListener("click", ({ target }) => {
      const pressed = /** @type {Element} */ (target).closest("[data-do]");
      this.click(/** @type {HTMLElement | null} */ (pressed)?.dataset.do);
    });
    this.box.addEventListener("keydown", (event) => {
      const { target } = event;
      const own = target === this.select || /** @type {Element} */ (target).matches(".gdviz-drive input");
      if (!own && this.press(event)) event.preventDefault();
    });
    this.input.addEventListener("input", () => {
      this.stop();
      const share = Number(this.input.value) / Number(this.input.max);
      this.withFilm(() => this.go(share * this.last));
    });
    this.input.addEventListener("change", () => this.withFilm(() => this.tell()));
    this.box.addEventListener("pointerenter", () => this.fetch());
    this.box.addEventListener("focusin", () => this.fetch());
    this.select.addEventListener("change", () => {
      this.speed = Number(this.select.value);
      this.since = null;
    });
    this.staged = (/** @type {Shown | null} */ shown) => this.notice(shown);
    stage.listeners.add(this.staged);
    stage.ask = () => this.ask();
    stage.press = (/** @type {KeyboardEvent} */ event) => this.press(event);
  }

  remove() {
    this.removed = true;
    clearTimeout(this.calm);
    this.stop();
    stage.show(null);
    stage.listeners.delete(this.staged);
    Object.assign(stage, { film: null, ladder: null, ask() {}, press: () => false });
    this.outbox.close();
    this.verdict.remove();
    this.box.remove();
  }

  /**
   * @param {PlayerData} data
   * @param {Transmit} transmit
   */
  receive({ film, epochs, ladder, answered, wheel }, transmit) {
    this.transmit = transmit;
    this.outbox.acknowledge(answered);
    this.ladder = ladder;
    stage.ladder = kept(ladder);
    if (film === this.digest) return;
    const reel = this.film;
    const driven = this.sent && film !== null && reel !== null && String(wheel?.turns) === String(this.drive.rows);
    const epoch = driven ? reel.epoch(0, this.row) : 0;
    if (driven) keep(film, reel);
    this.sent = false;
    this.digest = film;
    this.epochs = epochs;
    this.wheel = wheel;
    this.drive.offer(wheel);
    this.driveButton.disabled = wheel === null;
    this.load(kept(film));
    if (driven && stage.film) this.stayAt(stage.film.rowAt(0, epoch));
    clearTimeout(this.calm);
    this.calm = setTimeout(() => whenRunEnds(() => this.fetch()), CALM);
  }

  /** @param {Reel | null} film */
  load(film) {
    this.stop();
    stage.film = null;
    if (stage.shown?.kind === "moment") stage.show(null);
    stage.film = film;
    this.box.toggleAttribute("inert", this.digest === null);
    this.box.toggleAttribute("data-ready", film !== null); // for tests
    this.measure(film);
    this.rest();
    if (film) this.tell();
  }

  /** @param {Reel | null} film */
  measure(film) {
    this.last = film ? film.rungs[0].rows - 1 : this.epochs;
    this.input.max = String(this.last);
    this.labelled = null;
  }

  /** The run that is played: the page's, or one that the hand has just made of it. */
  get film() {
    return this.drive.film ?? stage.film;
  }

  /** Brings the film of the run, if it is not here. */
  async fetch() {
    const { digest } = this;
    if (stage.film || typeof digest !== "string") return;
    const film = await fetchReel("film", digest);
    if (film && digest === this.digest && !stage.film && !this.removed) this.load(film);
  }

  /** Acts on the film: at once, or when it is here.
   * @param {() => void} act */
  async withFilm(act) {
    if (!stage.film) await this.fetch();
    if (stage.film) act();
  }

  async ask() {
    const { ladder } = this;
    const reel = await fetchReel("ladder", ladder);
    if (ladder === this.ladder && !this.removed) stage.ladder = reel;
  }

  /** Someone else took the stage (a hand on the learning rate), or left it.
   * @param {Shown | null} shown */
  notice(shown) {
    this.verdict.show(shown?.kind === "rung" ? shown : null);
    if (shown?.kind === "moment" || shown?.words) return;
    this.stop();
    if (shown && this.drive.film) this.drive.offer(this.wheel); // what was not kept is gone
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
  }

  /** Shows a row, or a point on the way from it to the next: `share` of that step.
   * @param {number} row */
  go(row, share = 0) {
    const { film } = this;
    if (!film) return;
    this.row = Math.min(this.last, Math.max(0, Math.round(row)));
    this.share = this.row === this.last ? 0 : share;
    this.label();
    const place = { reel: film, rung: 0, row: this.row, share: this.share };
    if (this.drive.film || (this.drive.on && this.playing)) {
      stage.show({ kind: "rung", ...place, words: this.drive.words(film, this.row) });
    } else {
      stage.show(this.row === this.last ? null : { kind: "moment", ...place });
    }
  }

  label() {
    if (this.labelled === this.row) return;
    this.labelled = this.row;
    const { film } = this;
    const [at, end] = film ? [film.epoch(0, this.row), film.epoch(0, this.last)] : [this.epochs, this.epochs];
    const [epoch, last] = [number(at), number(end)];
    this.epoch = at;
    this.drive.follow(at);
    this.input.value = String(this.row);
    this.input.style.setProperty("--share", String(this.last === 0 ? 1 : this.row / this.last));
    this.input.setAttribute("aria-valuetext", `epoch ${epoch} of ${last}`);
    this.output.textContent = `epoch ${epoch} of ${last}`;
  }

  /** @param {string | undefined} what a button does */
  click(what) {
    if (what === "play") this.toggle();
    else if (what === "step") this.write();
    else if (what === "drive") this.switchDrive();
    else if (what === "again") this.startOver();
    else if (what === "first") this.move(() => 0);
    else if (what === "back") this.move((row) => row - 1);
    else if (what === "forth") this.move((row) => row + 1);
    else if (what === "last") this.move(() => this.last);
  }

  /** Goes to the row that `target` makes of the present one.
   * @param {(row: number) => number} target */
  move(target) {
    this.withFilm(() => this.jump(target(this.row)));
  }

  /** @param {number} row */
  jump(row) {
    this.stop();
    this.go(row);
    this.tell();
  }

  /** @param {KeyboardEvent} event
   * @returns {boolean} whether the key was one of the player's */
  press(event) {
    if (this.digest === null || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === " ") {
      const own = /** @type {Element} */ (event.target).closest?.("button");
      if (own) return false; // a button does what it says
      if (!event.repeat) this.toggle();
      return true;
    }
    const step = event.shiftKey ? 10 : 1;
    const way = ARROWS[event.key];
    if (way) this.move((row) => row + way * step);
    else if (event.key === "Home") this.move(() => 0);
    else if (event.key === "End") this.move(() => this.last);
    else return false;
    return true;
  }

  toggle() {
    if (this.playing) {
      this.stop();
      this.go(this.row);
      this.record();
      this.tell();
    } else {
      this.withFilm(() => this.play());
    }
  }

  get playing() {
    return Boolean(this.frame || this.timer);
  }

  play() {
    if (this.last === 0) return;
    if (this.row === this.last) this.go(0);
    this.mark(true);
    if (calm.matches) {
      this.timer = setInterval(() => this.advance(this.row + Math.max(1, this.last / JUMPS)), JUMP_MS / this.speed);
      return;
    }
    this.since = null;
    const tick = (/** @type {number} */ now) => {
      this.frame = requestAnimationFrame(tick);
      if (this.since === null) [this.since, this.from] = [now, this.row + this.share];
      this.advance(this.from + ((now - this.since) / 1000) * this.pace());
    };
    this.frame = requestAnimationFrame(tick);
  }

  /** Rows a second. */
  pace() {
    return this.speed * Math.max(SLOWEST, this.last / (this.drive.on ? DRIVE_SECONDS : SECONDS));
  }

  /** @param {number} row */
  advance(row) {
    const { film } = this;
    const known = film === null || this.drive.until === Infinity ? this.last : film.rowAt(0, this.drive.until);
    if (row >= known && known < this.last) {
      this.since = null; // wait there for the run that the hand asked for
      this.go(known);
    } else if (row >= this.last) {
      this.jump(this.last);
      this.record();
    } else {
      this.go(Math.floor(row), calm.matches ? 0 : row % 1);
    }
  }

  stop() {
    cancelAnimationFrame(this.frame);
    clearInterval(this.timer);
    this.frame = 0;
    this.timer = undefined;
    this.mark(false);
  }

  /** @param {boolean} on */
  mark(on) {
    const label = on ? "Pause" : "Play";
    if (this.playButton.getAttribute("aria-label") === label) return;
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = `${label} (Space)`;
    this.playButton.innerHTML = icon(on ? "pause" : "play");
  }

  // -- driving --

  switchDrive() {
    const on = !this.drive.on;
    this.withFilm(() => {
      this.stop();
      if (!on) this.record();
      this.drive.switch(on);
      this.driveButton.setAttribute("aria-pressed", String(on));
      if (on) this.go(0);
      else if (!this.sent) stage.show(null);
    });
  }

  /** The hand has changed a setting: it holds from the next epoch on. */
  steer() {
    this.withFilm(async () => {
      const { film } = this;
      if (!film) return;
      const epoch = film.epoch(0, this.row + (this.share > 0 ? 1 : 0));
      if (epoch >= film.epoch(0, this.last)) {
        this.drive.say("The run is over. Go back to an earlier epoch, or start over.");
        return;
      }
      this.drive.say("");
      this.take(await this.drive.turn(epoch));
    });
  }

  startOver() {
    this.withFilm(async () => {
      this.stop();
      const film = await this.drive.again();
      [this.epoch, this.share] = [0, 0];
      this.take(film);
    });
  }

  /** Goes on with the run that the core made of the hand's turns, from the epoch at which it is.
   * @param {Reel | null} film */
  take(film) {
    if (!film || this.removed) return;
    this.measure(film);
    this.since = null;
    this.go(film.rowAt(0, this.epoch), this.share);
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
    stage.settle(() => this.playing || this.drive.film !== null);
  }

  // -- the step in numbers --

  write() {
    this.writes = !this.writes;
    this.stepButton.setAttribute("aria-pressed", String(this.writes));
    if (this.writes) {
      this.withFilm(() => {
        if (this.row === this.last) this.go(0); // no step leaves the end
        this.tell();
      });
    } else this.outbox.send({ kind: "step", epoch: null });
  }

  /** The player rests at this epoch: Python writes its step out, if that is wanted. */
  tell() {
    if (!this.writes || !stage.film) return;
    this.outbox.send({ kind: "step", epoch: stage.film.epoch(0, this.row), film: this.digest });
  }
}
