// Messages to Python while a hand moves: never more than one unanswered, the newest wins, the last is always sent.
//
// Sending every move would make Streamlit interrupt each run by the next, and no chart would ever be drawn. A message
// counts as answered when its number has come back with the component's data AND the run that brought it has ended:
// a widget at the top of the page gets its data back long before the charts below it are computed.

import { busy } from "./rest.js";

const PATIENCE = 3000; // ms until a lost answer no longer blocks the hand

let lastNumber = Date.now(); // unlike 0 it does not repeat numbers of an earlier page load

/** Calls back when Streamlit has finished its current script run (at once if none is running). */
export function whenRunEnds(callback) {
  const app = document.querySelector("[data-test-script-state]");
  const running = () => app?.getAttribute("data-test-script-state") === "running";
  if (!running()) {
    callback();
    return;
  }
  const observer = new MutationObserver(() => {
    if (!running()) {
      observer.disconnect();
      callback();
    }
  });
  observer.observe(app, { attributes: true, attributeFilter: ["data-test-script-state"] });
}

const APART = 4; // ms
let turn = Promise.resolve();

/** Sends messages one after the other. Streamlit sends what comes in one task as one message: of a question, which only
 * its own part of the page answers, and an event for the whole page, only one would be heard. */
export function inTurn(send) {
  turn = turn.then(() => {
    send();
    return new Promise((resolve) => setTimeout(resolve, APART));
  });
}

export class Outbox {
  /** @param {(message: object) => void} transmit sends one message to Python, which returns its `number`. */
  constructor(transmit) {
    this.transmit = transmit;
    this.waiting = null; // the newest message that is not yet sent
    this.unanswered = null; // the number of the message that is under way
    this.timer = 0;
    this.rested = () => {}; // called when the last message is answered
  }

  get busy() {
    return this.unanswered !== null || this.waiting !== null;
  }

  send(message) {
    busy(this, true);
    this.waiting = message;
    this.flush();
  }

  /** Python has seen message `number`. */
  acknowledge(number) {
    if (this.unanswered === null || number !== this.unanswered) return; // Python says null until it has heard something
    whenRunEnds(() => this.release(number));
  }

  release(number) {
    if (number !== this.unanswered) return;
    clearTimeout(this.timer);
    this.unanswered = null;
    this.flush();
    busy(this, this.busy);
    if (!this.busy) this.rested();
  }

  flush() {
    if (this.unanswered !== null || this.waiting === null) return;
    const message = this.waiting;
    const number = ++lastNumber;
    this.waiting = null;
    this.unanswered = number;
    this.timer = setTimeout(() => this.release(number), PATIENCE);
    inTurn(() => this.transmit({ ...message, number }));
  }

  close() {
    busy(this, false);
    clearTimeout(this.timer);
  }
}

/** True while a hand moves something anywhere on the page (a slider, a start point): charts then draw the short way. */
export const hand = {
  moving: false,
  listeners: new Set(),
  set(moving) {
    if (this.moving === moving) return;
    this.moving = moving;
    busy(this, moving);
    for (const listener of this.listeners) listener(moving);
  },
};
