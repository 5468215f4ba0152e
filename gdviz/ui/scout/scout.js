// Takes questions of the page's other components to Python and its answers back: one at a time, of each kind the newest.
import { mounted } from "../live_plot/mounting.js";
import { inTurn } from "../live_plot/outbox.js";
import { Reel, opened } from "../live_plot/reel.js";
import { busy } from "../live_plot/rest.js";
import { stage } from "../live_plot/stage.js";

const PATIENCE = 4000; // ms until a lost answer no longer blocks the next question

let lastNumber = Date.now(); // unlike 0 it does not repeat numbers of an earlier page load

export default mounted(() => new Scout(), "setTriggerValue", "question");

class Scout {
  constructor() {
    this.transmit = () => {};
    stage.scout = this;
    this.waiting = new Map(); // by kind, in the order in which they came
    this.under = null; // the question that is under way
  }

  /** Asks Python; the promise gives `{ ...answer, reel }`, or null if a newer question of its kind overtook it. */
  ask(question) {
    return new Promise((resolve) => {
      this.waiting.get(question.kind)?.resolve(null);
      this.waiting.set(question.kind, { question, resolve });
      this.flush();
    });
  }

  flush() {
    const next = this.waiting.values().next().value;
    if (this.under || !next) return;
    this.waiting.delete(next.question.kind);
    const number = ++lastNumber;
    this.under = { ...next, number, timer: setTimeout(() => this.settle(number, null), PATIENCE) };
    busy(this, true);
    inTurn(() => this.transmit({ ...next.question, number }));
  }

  receive(bytes, transmit) {
    this.transmit = transmit;
    const { head, rest } = opened(bytes);
    if (head.answered !== this.under?.number) return;
    if (head.answer) {
      const reel = rest.length ? new Reel(rest) : null;
      this.settle(head.answered, head.answer.refused ? null : { ...head.answer, reel });
    } else {
      // Answered in a message that never came: Streamlit drops one that is overtaken by the next.
      const { question, resolve, timer } = this.under;
      clearTimeout(timer);
      this.under = null;
      if (this.waiting.has(question.kind)) resolve(null);
      else this.waiting.set(question.kind, { question, resolve });
      this.flush();
    }
  }

  settle(number, answer) {
    if (this.under?.number !== number) return;
    const { resolve, timer } = this.under;
    clearTimeout(timer);
    this.under = null;
    resolve(answer);
    this.flush();
    busy(this, this.under !== null);
  }

  remove() {
    busy(this, false);
    if (stage.scout === this) stage.scout = null;
    clearTimeout(this.under?.timer);
    this.under?.resolve(null);
    for (const { resolve } of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}
