// A change that a reload overtakes is not lost. What a hand sets goes to the server, which writes it into the address; a
// reload before that would bring back the page from before. So the tab keeps what it has sent until the address has it,
// or the page is at rest: the page that comes back to the same address sends it once more, with its first words
// (gdviz/ui/server/overtaken.py). Any other address, Back, and the next change's answer let go of it. An answer that comes
// when a reload has begun does not: it writes an address that the reload does not bring.
//
// Each message also says which run the page shows, and in which fields a hand was since the message before
// (page_tools/touched_fields.js).
//
// Streamlit's messages are read as far as needed: protocol buffers are a row of fields, each with a number.

{
  const KEY = "gdviz.overtaken", PARAMETER = "overtaken";
  const MOST = 60_000; // characters that are kept; a pasted file is kept elsewhere (page_tools/kept_file.js)
  const LONGEST = 20_000; // ms after which nothing is sent again
  const STAYS = 10_000; // ms after which a tab that was to be left is still there, because it is not left after all
  const SURELY = 1000; // ms at rest, and answered, after which nothing is on its way any more
  const [RERUN, QUERY, WIDGETS, GOES_BACK] = [11, 1, 2, 9]; // of what the browser sends
  const [BEGUN, DONE] = [4, 6]; // of what the server sends: a run has begun, is done
  const FILES = 13, TRIGGERS = [2, 14, 15, 16]; // what a widget's value can be: files of this session; heard once

  /** @typedef {{ number: number, all: Uint8Array, value: Uint8Array }} Field the `value` without its head */

  /** The fields of a message.
   * @param {Uint8Array} bytes
   * @returns {Field[]} */
  const fields = (bytes) => {
    const found = [];
    let at = 0;
    const varint = () => {
      let value = 0;
      for (let scale = 1;; scale *= 128) {
        const byte = bytes[at++] ?? 0;
        value += (byte & 127) * scale;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const first = at, tag = varint(), kind = tag & 7;
      let from = at;
      if (kind === 0) varint();
      else if (kind === 2) {
        const length = varint();
        from = at;
        at += length;
      } else at += kind === 1 ? 8 : 4;
      found.push({ number: tag >>> 3, all: bytes.subarray(first, at), value: bytes.subarray(from, at) });
    }
    return found;
  };

  /** A field that holds bytes.
   * @param {number} number
   * @param {Uint8Array[]} parts */
  const field = (number, ...parts) => {
    const head = [number << 3 | 2];
    let length = parts.reduce((sum, { length }) => sum + length, 0);
    for (; length > 127; length >>>= 7) head.push(length & 127 | 128);
    return joined([Uint8Array.of(...head, length), ...parts]);
  };

  /** @type {(parts: Uint8Array[]) => Uint8Array<ArrayBuffer>} */
  const joined = (parts) => {
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };

  // What is sent again is this tab's own: a link that brings such words is a stranger's, and opens without them.
  const parts = location.search.slice(1).split("&");
  const own = parts.filter((part) => !new URLSearchParams(part).has(PARAMETER));
  if (own.length < parts.length) {
    const query = own.length > 0 ? `?${own.join("&")}` : "";
    history.replaceState(history.state, "", `${location.pathname}${query}${location.hash}`);
  }

  const text = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
  const here = () => location.pathname + location.search;

  // -- what is kept --

  /** Messages that are not answered, and the address that they began at. A message holds what changed in it.
   * @typedef {{ address: string, at: number, messages: { widgets: string, text: string }[] }} Kept */

  /** Those of now. @type {Kept | null} */
  let kept = null;
  /** Those of the moment when the tab began to be left, and what was sent since. @type {Kept | null} */
  let leaving = null;
  /** Messages that were sent; how many of them when the last run began; how many of those are answered. */
  let sent = 0, begun = 0, answered = 0;
  /** Was one sent before another was answered? Then a run that begins need not have heard it. */
  let muddled = false;

  const store = () => {
    const found = leaving ?? kept;
    try {
      if (found?.messages.length) sessionStorage.setItem(KEY, JSON.stringify(found));
      else sessionStorage.removeItem(KEY);
    } catch { /* a browser that stores nothing loses what a reload overtakes */ }
  };

  const letGo = () => {
    muddled = false;
    if (!kept) return;
    kept = null;
    store();
  };

  /** What is kept at an address with one message more; null if it is too much.
   * @param {Kept | null} before
   * @param {string} address
   * @param {Kept["messages"][number]} message
   * @returns {Kept | null} */
  const withOneMore = (before, address, message) => {
    const messages = before?.address === address ? [...before.messages] : [];
    if (messages.at(-1)?.widgets === message.widgets) messages.pop(); // the next value of a drag
    messages.push(message);
    const most = messages.reduce((sum, { text }) => sum + text.length, 0) > MOST;
    return most ? null : { address, at: Date.now(), messages };
  };

  /** @param {Map<string, Uint8Array>} changed */
  const keep = (changed) => {
    const bytes = field(RERUN, field(WIDGETS, ...[...changed.values()]));
    const base64 = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
    const message = { widgets: [...changed.keys()].join("\n"), text: base64 };
    kept = withOneMore(kept, here(), message);
    muddled &&= kept !== null;
    if (leaving) leaving = withOneMore(leaving, leaving.address, message);
    store();
  };

  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (found?.address === here() && Date.now() - found.at < LONGEST && found.messages.length > 0) kept = found;
    else sessionStorage.removeItem(KEY);
  } catch { /* nothing that is ours */ }

  // -- what the browser sends --

  /** Of each widget, what was sent last. @type {Map<string, string>} */
  let known = new Map();

  /** @param {Field[]} parts of a message that asks for a run */
  const note = (parts) => {
    const states = parts.filter(({ number }) => number === WIDGETS).flatMap(({ value }) => fields(value));
    const changed = new Map(), last = new Map();
    for (const { all, value } of states) {
      const [id, what] = fields(value);
      if (!id || !what || what.number === FILES) continue;
      const [name, written] = [text(id.value), String.fromCharCode(...what.all.subarray(0, 5000)) + what.all.length];
      if (!TRIGGERS.includes(what.number)) last.set(name, written);
      if (known.get(name) !== written) changed.set(name, all);
    }
    const back = parts.some(({ number }) => number === GOES_BACK);
    known = last;
    if (back) letGo();
    else if (changed.size > 0) keep(changed);
  };

  const SHOWN = "$$ID-gdviz-shown"; // of no widget, but in the form of one (gdviz/ui/server/values_set.py)

  /** Says which run the page shows, and where a hand was: of what was set since, a visitor has seen no more. */
  const shown = () => {
    const { dataset } = document.documentElement;
    const words = [dataset.gdvizRun ?? "0", dataset.gdvizTouched ?? ""].join(" ").trimEnd();
    delete dataset.gdvizTouched;
    const [id, value] = [SHOWN, words].map((word) => new TextEncoder().encode(word));
    return field(RERUN, field(WIDGETS, field(1, field(1, id), field(6, value))));
  };

  /** The first words of a connection, with what is kept.
   * @param {Uint8Array<ArrayBuffer>} bytes
   * @param {Field[]} parts */
  const reminded = (bytes, parts) => {
    if (!kept) return bytes;
    const query = text(parts.find(({ number }) => number === QUERY)?.value ?? new Uint8Array());
    const words = `${PARAMETER}=${kept.messages.map(({ text }) => text).join(".")}`;
    // A field that stands twice counts as it stands last.
    return joined([bytes, field(RERUN, field(QUERY, new TextEncoder().encode(query ? `${query}&${words}` : words)))]);
  };

  /** @type {WeakSet<WebSocket>} that have sent their first words */
  const open = new WeakSet();
  const { send } = WebSocket.prototype;

  /** @type {typeof send} */
  WebSocket.prototype.send = function (data) {
    if (!(data instanceof Uint8Array)) return send.call(this, data);
    const rerun = fields(data).find(({ number }) => number === RERUN);
    if (!rerun) return send.call(this, data);
    muddled ||= kept !== null && answered !== sent;
    sent += 1;
    const parts = fields(rerun.value), message = joined([data, shown()]);
    if (sent > 1) note(parts);
    if (open.has(this)) return send.call(this, message);
    open.add(this);
    this.addEventListener("message", hear);
    return send.call(this, reminded(message, parts));
  };

  // -- what the server answers --

  /** @param {MessageEvent} event */
  const hear = ({ data }) => {
    if (!(data instanceof ArrayBuffer)) return;
    const kind = fields(new Uint8Array(data)).at(-1)?.number;
    if (kind === BEGUN) begun = sent;
    if (kind === DONE) answered = begun;
  };

  // The run that writes the address has heard all that was sent before it began.
  for (const name of /** @type {const} */ (["pushState", "replaceState"])) {
    const write = history[name];
    history[name] = (state, unused, url) => {
      const before = here();
      write.call(history, state, unused, url);
      if (here() === before || !kept) return;
      if (begun === sent && !muddled) letGo();
      else {
        kept.address = here();
        store();
      }
    };
  }
  const forget = () => {
    leaving = null;
    letGo();
    store();
  };
  addEventListener("popstate", forget, true);
  addEventListener("pageshow", ({ persisted }) => persisted && forget());
  const atRest = () => document.documentElement.hasAttribute("data-gdviz-rest");
  new MutationObserver(() => {
    if (!atRest() || !kept) return;
    if (answered === sent && !muddled) return letGo();
    const until = sent;
    setTimeout(() => sent === until && answered === sent && atRest() && letGo(), SURELY);
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-gdviz-rest"] });

  // What happens "at once" happens before the page goes: Streamlit sends what was done a moment later.
  /** @type {Map<unknown, () => void>} */
  const moments = new Map();
  const { setTimeout: later, clearTimeout: never } = globalThis;
  /** @param {(...given: unknown[]) => void} act @param {number} wait @param {unknown[]} given */
  const noted = (act, wait, ...given) => {
    if (wait) return later(act, wait, ...given);
    const moment = () => {
      moments.delete(number);
      act(...given);
    };
    const number = later(moment);
    moments.set(number, moment);
    return number;
  };
  globalThis.setTimeout = /** @type {typeof setTimeout} */ (noted);
  globalThis.clearTimeout = (number) => {
    moments.delete(number);
    never(number);
  };
  addEventListener("pagehide", () => moments.forEach((moment) => moment()));
  const stay = () => {
    leaving = null;
    store();
  };
  addEventListener(
    "beforeunload",
    () => {
      leaving = kept?.address === here() ? kept : { address: here(), at: Date.now(), messages: [] };
      later(stay, STAYS);
      // What is typed and not sent yet is sent when its field is left.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      store();
    },
    true,
  );
}
