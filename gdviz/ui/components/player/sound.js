// The loss as a sound, on request: the lower it is the lower the tone, by its logarithm; a step that goes up sounds rough.

import { extentOf } from "../live/numbers.js";

/**
 * @import { Run } from "../live/run.js"
 * @import { Timer } from "../live_plot/types.d.ts"
 */

const LOWEST = 160; // Hz
const OCTAVES = 2.5;
const LOUDNESS = 0.08;
const GLIDE = 0.02; // seconds from one tone to the next

/** Where a value lies between a run's least and greatest by its logarithm above the least: 0 to 1.
 * @param {number} value
 * @param {number} least
 * @param {number} greatest */
export function height(value, least, greatest) {
  const floor = 1e-12 * Math.max(greatest - least, 1e-300);
  const place = Math.log((value - least + floor) / floor) / Math.log((greatest - least + floor) / floor);
  return Number.isFinite(place) ? Math.min(1, Math.max(0, place)) : 0;
}

/** Does a step from one row to another go up? Of a long run many go by between two tones.
 * @param {Run} run
 * @param {number} from
 * @param {number} to */
export function rises(run, from, to) {
  for (let row = Math.max(1, from + 1); row <= to; row += 1) {
    if (run.at(row, "value") > run.at(row - 1, "value")) return true;
  }
  return false;
}

/** Hz.
 * @param {number} height */
export const tone = (height) => LOWEST * 2 ** (OCTAVES * height);

export class Sound {
  constructor() {
    this.on = false;
    /** @type {AudioContext | undefined} made by a press of a button: browsers are silent before one */
    this.audio = undefined;
    /** @type {OscillatorNode | undefined} */
    this.voice = undefined;
    /** @type {GainNode | undefined} */
    this.gain = undefined;
    /** @type {{ run: Run, ends: [number, number] } | undefined} */
    this.heard = undefined;
    this.row = 0; // that was heard last
    /** @type {Timer} */
    this.timer = undefined;
  }

  /** @param {boolean} on */
  switch(on) {
    this.on = on;
    if (on && !this.audio) {
      this.audio = new AudioContext();
      this.gain = new GainNode(this.audio, { gain: 0 });
      this.voice = new OscillatorNode(this.audio, { type: "sine" });
      this.voice.connect(this.gain).connect(this.audio.destination);
      this.voice.start();
    }
    if (!on) this.mute();
  }

  /** Sounds the loss at a row of a run.
   * @param {Run} run
   * @param {number} row */
  play(run, row) {
    const { audio, voice, gain } = this;
    if (!this.on || !audio || !voice || !gain) return;
    clearTimeout(this.timer);
    const [least, greatest] = this.ends(run);
    const up = rises(run, this.row < row ? this.row : row - 1, row);
    this.row = row;
    voice.type = up ? "sawtooth" : "sine";
    voice.frequency.setTargetAtTime(tone(height(run.at(row, "value"), least, greatest)), audio.currentTime, GLIDE);
    gain.gain.setTargetAtTime(up ? LOUDNESS / 2 : LOUDNESS, audio.currentTime, GLIDE);
  }

  /** The least and the greatest value of a run, looked for once.
   * @param {Run} run */
  ends(run) {
    if (this.heard?.run !== run) this.heard = { run, ends: extentOf(run.column("value") ?? [], run.rows) };
    return this.heard.ends;
  }

  /** Falls silent, after so many milliseconds. */
  mute(after = 0) {
    clearTimeout(this.timer);
    const { audio, gain } = this;
    if (audio && gain) this.timer = setTimeout(() => gain.gain.setTargetAtTime(0, audio.currentTime, GLIDE), after);
  }

  close() {
    this.on = false;
    clearTimeout(this.timer);
    this.audio?.close();
  }
}
