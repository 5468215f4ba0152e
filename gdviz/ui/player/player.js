// Plays the run on all charts at once, in the browser: a moment of it is drawn by each chart (live_plot/tracing.js), and
// nothing goes to the server but the epoch at which it rests, if its step is to be written out. It also fetches the
// ladder of learning rates and shows the verdict of the rung under the hand.
import { mounted } from "../live_plot/mounting.js";
import { Outbox } from "../live_plot/outbox.js";
import { Reel, opened } from "../live_plot/reel.js";
import { calm, stage } from "../live_plot/stage.js";
import { RungVerdict } from "./verdict.js";

const SECONDS = 8; // for a whole run at speed 1
const SLOWEST = 4; // epochs a second at speed 1
const JUMPS = 16; // of a run played without motion
const JUMP_MS = 700;
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const KEPT = 3; // reels, for going back and forth between pages

const reels = new Map(); // by digest; they outlive the component

export default mounted((parent) => new Player(parent), "setTriggerValue");

const ICONS = {
  first: "M6 5v14M19 5 9 12l10 7z",
  back: "M17 5 7 12l10 7z",
  play: "M8 5v14l11-7z",
  pause: "M8 5v14M16 5v14",
  forth: "M7 5l10 7-10 7z",
  last: "M18 5v14M5 5l10 7L5 19z",
};
const icon = (name) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
const button = (name, label, keys) =>
  `<button type="button" data-do="${name}" aria-label="${label}" title="${label} (${keys})">${icon(name)}</button>`;
const number = (value) => value.toLocaleString("en-US");

class Player {
  constructor(parent) {
    this.box = document.createElement("div");
    this.box.className = "gdviz-player";
    this.box.setAttribute("role", "group");
    this.box.setAttribute("aria-label", "Play the run");
    this.box.innerHTML =
      `<div class="gdviz-player-buttons">${button("first", "To the start", "Home")}${button("back", "One epoch back", "←")}` +
      `${button("play", "Play", "Space")}${button("forth", "One epoch on", "→")}${button("last", "To the end", "End")}</div>` +
      '<input type="range" min="0" step="1" aria-label="Epoch"><output></output>' +
      `<label>Speed <select aria-label="Speed">${SPEEDS.map((s) => `<option value="${s}"${s === 1 ? " selected" : ""}>${s}×</option>`)}</select></label>` +
      '<button type="button" class="gdviz-player-step" data-do="step" aria-pressed="false" title="Write out the step that leaves this epoch, with its numbers">Step in numbers</button>';
    this.input = this.box.querySelector("input");
    this.output = this.box.querySelector("output");
    this.select = this.box.querySelector("select");
    this.playButton = this.box.querySelector('[data-do="play"]');
    this.stepButton = this.box.querySelector('[data-do="step"]');
    parent.append(this.box);

    this.transmit = () => {};
    this.requests = new Outbox((message) => this.transmit(message));
    this.outbox = new Outbox((message) => this.transmit(message));
    this.verdict = new RungVerdict(this.box);
    this.row = 0;
    this.speed = 1;
    this.box.addEventListener("click", (event) => this.click(event.target.closest("[data-do]")?.dataset.do));
    this.box.addEventListener("keydown", (event) => {
      if (event.target !== this.select && this.press(event)) event.preventDefault();
    });
    this.input.addEventListener("input", () => {
      this.stop();
      this.go(Number(this.input.value));
    });
    this.input.addEventListener("change", () => this.tell());
    this.select.addEventListener("change", () => {
      this.speed = Number(this.select.value);
      this.since = null;
    });
    this.staged = (shown) => this.notice(shown);
    stage.listeners.add(this.staged);
    stage.ask = () => this.ask();
    stage.press = (event) => this.press(event);
  }

  remove() {
    this.stop();
    stage.show(null);
    stage.listeners.delete(this.staged);
    Object.assign(stage, { film: null, ladder: null, ask() {}, press: () => false });
    this.requests.close();
    this.outbox.close();
    this.verdict.remove();
    this.box.remove();
  }

  /** Takes Python's message: a head, and the reels that the browser does not have. */
  receive(bytes, transmit) {
    this.transmit = transmit;
    const { head, rest } = opened(bytes);
    this.requests.acknowledge(head.answered);
    this.outbox.acknowledge(head.answered);
    let from = 0;
    for (const [name, length] of Object.entries(head.parts)) {
      reels.set(head[name], new Reel(rest.subarray(from, from + length)));
      from += length;
    }
    const wanted = [head.film, head.ladder];
    for (const digest of reels.keys()) {
      if (reels.size <= 2 * KEPT) break;
      if (!wanted.includes(digest)) reels.delete(digest);
    }
    if (head.ladder !== this.ladder) this.unavailable = false;
    if (head.unavailable !== undefined) this.unavailable = head.unavailable;
    this.ladder = head.ladder;
    stage.ladder = reels.get(head.ladder) ?? null;
    if (head.film === this.digest && stage.film) return;
    this.digest = head.film;
    this.load(head.film === null ? null : (reels.get(head.film) ?? null));
    if (head.film !== null && !stage.film) this.requests.send({ kind: "film" }); // its message never arrived
  }

  load(film) {
    this.stop();
    stage.film = null;
    if (stage.shown?.kind === "moment") stage.show(null);
    stage.film = film;
    this.box.toggleAttribute("inert", film === null);
    if (film === null) return;
    this.last = film.rungs[0].rows - 1;
    this.labelled = null;
    this.input.max = this.last;
    this.rest();
    this.tell();
  }

  ask() {
    if (this.unavailable || stage.ladder || !this.ladder) return;
    this.requests.send({ kind: "ladder", digest: this.ladder });
  }

  /** Someone else took the stage (a hand on the learning rate), or left it. */
  notice(shown) {
    this.verdict.show(shown?.kind === "rung" ? shown : null);
    if (shown?.kind === "moment") return;
    this.stop();
    if (stage.film) this.rest();
  }

  // -- moving --

  /** The run at rest: all of it. */
  rest() {
    this.row = this.last;
    this.label();
  }

  /** Shows a row, or a point on the way from it to the next: `share` of that step. */
  go(row, share = 0) {
    const film = stage.film;
    if (!film) return;
    this.row = Math.min(this.last, Math.max(0, Math.round(row)));
    this.label();
    stage.show(this.row === this.last ? null : { kind: "moment", reel: film, rung: 0, row: this.row, share });
  }

  label() {
    if (this.labelled === this.row) return;
    this.labelled = this.row;
    const [epoch, last] = [stage.film.epoch(0, this.row), stage.film.epoch(0, this.last)].map(number);
    this.input.value = this.row;
    this.input.style.setProperty("--share", this.last === 0 ? 1 : this.row / this.last);
    this.input.setAttribute("aria-valuetext", `epoch ${epoch} of ${last}`);
    this.output.textContent = `epoch ${epoch} of ${last}`;
  }

  click(what) {
    if (what === "play") this.toggle();
    else if (what === "step") this.write();
    else if (what) this.jump({ first: 0, back: this.row - 1, forth: this.row + 1, last: this.last }[what]);
  }

  jump(row) {
    this.stop();
    this.go(row);
    this.tell();
  }

  /** @returns whether the key was one of the player's */
  press(event) {
    if (!stage.film || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === " ") {
      const own = event.target.closest?.("button");
      if (own) return false; // a button does what it says
      if (!event.repeat) this.toggle();
      return true;
    }
    const step = event.shiftKey ? 10 : 1;
    const row = {
      ArrowLeft: this.row - step,
      ArrowDown: this.row - step,
      ArrowRight: this.row + step,
      ArrowUp: this.row + step,
      Home: 0,
      End: this.last,
    }[event.key];
    if (row === undefined) return false;
    this.jump(row);
    return true;
  }

  toggle() {
    if (this.frame || this.timer) {
      this.stop();
      this.tell();
    } else {
      this.play();
    }
  }

  play() {
    if (!stage.film || this.last === 0) return;
    if (this.row === this.last) this.go(0);
    this.playing(true);
    if (calm.matches) {
      this.timer = setInterval(() => this.advance(this.row + Math.max(1, this.last / JUMPS)), JUMP_MS / this.speed);
      return;
    }
    this.since = null;
    const tick = (now) => {
      this.frame = requestAnimationFrame(tick);
      if (this.since === null) [this.since, this.from] = [now, this.row];
      this.advance(this.from + ((now - this.since) / 1000) * this.pace());
    };
    this.frame = requestAnimationFrame(tick);
  }

  /** Rows a second. */
  pace() {
    return this.speed * Math.max(SLOWEST, this.last / SECONDS);
  }

  advance(row) {
    if (row >= this.last) this.jump(this.last);
    else this.go(Math.floor(row), calm.matches ? 0 : row % 1);
  }

  stop() {
    cancelAnimationFrame(this.frame);
    clearInterval(this.timer);
    this.frame = this.timer = 0;
    this.playing(false);
  }

  playing(on) {
    const label = on ? "Pause" : "Play";
    if (this.playButton.getAttribute("aria-label") === label) return;
    this.playButton.setAttribute("aria-label", label);
    this.playButton.title = `${label} (Space)`;
    this.playButton.innerHTML = icon(on ? "pause" : "play");
  }

  // -- the step in numbers --

  write() {
    this.writes = !this.writes;
    this.stepButton.setAttribute("aria-pressed", this.writes);
    if (this.writes && this.row === this.last) this.go(0); // no step leaves the end
    if (this.writes) this.tell();
    else this.outbox.send({ kind: "step", epoch: null });
  }

  /** The player rests at this epoch: Python writes its step out, if that is wanted. */
  tell() {
    if (!this.writes || !stage.film) return;
    this.outbox.send({ kind: "step", epoch: stage.film.epoch(0, this.row), film: this.digest });
  }
}
