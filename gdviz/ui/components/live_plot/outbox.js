// A component's messages to Python: never more than one unanswered, of each kind the newest, and the last always.
//
// Sending every move would make Streamlit interrupt each run by the next, and no chart would ever be drawn. And of two
// messages that come while it is busy it hears the later only: a click before a question would be lost.
//
// A message counts as answered when its number has come back with the component's data AND the run that brought it has
// ended: a widget at the top of the page gets its data back long before the charts below it are computed.
import { inTurn, isConnected, watchConnection, whenRunEnds } from "./streamlit.js";

/**
 * @import { Timer, Transmit } from "./types.d.ts"
 * @typedef {{ kind?: string, [name: string]: unknown }} Message
 */

import { busy } from "./rest.js";

const PATIENCE = 3000; // ms until a lost answer no longer blocks the hand

let lastNumber = Date.now(); // unlike 0 it does not repeat numbers of an earlier page load

export class Outbox {
  /** @param {Transmit} transmit sends one message to Python, which returns its `number`. */
  constructor(transmit) {
    this.transmit = transmit;
    /** @type {Map<string | undefined, Message>} what is not yet sent, by its kind */
    this.waiting = new Map();
    /** @type {(Message & { number: number }) | null} the message that is under way */
    this.sent = null;
    /** @type {Timer} */
    this.timer = undefined;
    this.rested = () => {}; // called when the last message is answered
    this.closed = false;
    this.unwatch = watchConnection(() => this.again());
  }

  get busy() {
    return this.sent !== null || this.waiting.size > 0;
  }

  /** Is a message of one of these kinds not answered yet?
   * @param {string[]} kinds */
  holds(...kinds) {
    return kinds.some((kind) => this.sent?.kind === kind || this.waiting.has(kind));
  }

  /** @param {Message} message */
  send(message) {
    if (this.closed) return;
    busy(this, true);
    this.waiting.set(message.kind, message);
    this.flush();
  }

  /** Python has seen message `number`.
   * @param {number | null} number */
  acknowledge(number) {
    if (number === null || number !== this.sent?.number) return; // Python says null until it has heard something
    whenRunEnds(() => this.release(number));
  }

  /** @param {number} number */
  release(number) {
    if (number !== this.sent?.number) return;
    clearTimeout(this.timer);
    this.sent = null;
    this.flush();
    busy(this, this.busy);
    if (!this.busy) this.rested();
  }

  flush() {
    const [next] = this.waiting.values();
    if (this.sent !== null || !next) return;
    this.waiting.delete(next.kind);
    this.sent = { ...next, number: ++lastNumber };
    this.again();
  }

  /** Sends the message that is under way; where the connection is lost, once it is there again. Of what came there and
   * was not answered, Python hears the same twice. */
  again() {
    const { sent } = this;
    if (sent === null || !isConnected()) return;
    clearTimeout(this.timer);
    // While a script runs, the message may still wait for its end.
    this.timer = setTimeout(() => isConnected() && whenRunEnds(() => this.release(sent.number)), PATIENCE);
    inTurn(() => this.transmit(sent));
  }

  /** The component has left the page: nobody would hear what is still to be sent, or answer what was. */
  close() {
    this.closed = true;
    this.unwatch();
    this.sent = null;
    this.waiting.clear();
    busy(this, false);
    clearTimeout(this.timer);
  }
}

/** True while a hand moves something anywhere on the page (a slider, a start point): charts then draw the short way. */
export const hand = {
  moving: false,
  /** @type {Set<(moving: boolean) => void>} */
  listeners: new Set(),
  /** @param {boolean} moving */
  set(moving) {
    if (this.moving === moving) return;
    this.moving = moving;
    busy(this, moving);
    for (const listener of this.listeners) listener(moving);
  },
};
