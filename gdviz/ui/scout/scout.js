// Takes questions of the page's other components to Python and its answers back: one at a time, of each kind the newest.
import { Reel, opened } from "../live_plot/reel.js";
import { stage } from "../live_plot/stage.js";

const PATIENCE = 4000; // ms until a lost answer no longer blocks the next question

const scouts = new WeakMap();
let lastNumber = Date.now(); // unlike 0 it does not repeat numbers of an earlier page load

export default function mount({ data, parentElement, setTriggerValue }) {
  let scout = scouts.get(parentElement);
  if (!scout) {
    scout = new Scout();
    scouts.set(parentElement, scout);
    stage.scout = scout;
  }
  scout.transmit = (question) => setTriggerValue("question", question);
  scout.receive(data);
  return () => {
    scouts.delete(parentElement);
    scout.close();
    if (stage.scout === scout) stage.scout = null;
  };
}

class Scout {
  constructor() {
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
    this.transmit({ ...next.question, number });
  }

  receive(bytes) {
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
  }

  close() {
    clearTimeout(this.under?.timer);
    this.under?.resolve(null);
    for (const { resolve } of this.waiting.values()) resolve(null);
    this.waiting.clear();
  }
}
