// The visitor's file, kept by the tab. A reload begins a new session on the server, which knows nothing of the file: the
// browser hands it to the upload field again. It never leaves the tab otherwise, and is gone with it.
import { LETS_GO, placeOf } from "../live_plot/streamlit.js";
import { hand } from "./dropping.js";

/** @import { Fields, Tools } from "./types.d.ts" */

const KEY = "gdviz.file";
const PIECE = 8192; // characters that are made at once

/** Text of which each character is a byte, for a storage that knows no bytes; packed, as it has little room.
 * @param {Blob} blob */
export async function packed(blob) {
  const stream = blob.stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

/** What was packed.
 * @param {string} text */
export async function unpacked(text) {
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).arrayBuffer();
}

/** The file that an event brings; null for any other event.
 * @param {Event} event
 * @param {Fields} fields
 * @param {string[]} tables how names of files end that hold data: what is dropped may be another thing
 * @returns {File | null} */
function brought(event, { upload, pasted, dropped }, tables) {
  const { target } = event;
  if (!(target instanceof Element)) return null;
  const within = (/** @type {string} */ key) => placeOf(key)?.contains(target);
  if (within(pasted) && target instanceof HTMLTextAreaElement) return new File([target.value], "pasted.csv");
  const over = event instanceof DragEvent ? event.dataTransfer?.files : null;
  const chosen = target instanceof HTMLInputElement ? target.files : null;
  const file = (over ?? chosen)?.[0] ?? null;
  if (within(upload)) return file;
  return file && within(dropped) && tables.some((ending) => file.name.toLowerCase().endsWith(ending)) ? file : null;
}

export class KeptFile {
  constructor() {
    this.handed = false;
    this.most = 0; // bytes
    /** @type {string[]} */
    this.tables = [];
    /** @type {File | null} the one that is to be kept: a large one before it may still be on its way */
    this.newest = null;
    /** @type {Fields} */
    this.fields = { upload: "", pasted: "", dropped: "" };
    this.gone = new AbortController();
    const listening = { capture: true, signal: this.gone.signal };
    for (const name of ["change", "drop"]) {
      document.addEventListener(name, (event) => {
        const file = brought(event, this.fields, this.tables);
        if (file) this.keep(file);
      }, listening);
    }
    document.addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest(LETS_GO) && placeOf(this.fields.upload)?.contains(target)) {
        this.newest = null;
        forget();
      }
    }, listening);
  }

  /** @param {File} file */
  async keep(file) {
    forget(); // an earlier one: no room for the new one must not leave it there
    this.newest = file;
    if (file.size > this.most) return;
    try {
      const text = await packed(file);
      if (file === this.newest) sessionStorage.setItem(KEY, JSON.stringify({ name: file.name, packed: text }));
    } catch { /* no room: after a reload the page asks for the file */ }
  }

  /** Hands the file over, once, where the page asks for one.
   * @param {Tools} tools */
  async receive({ awaits_file: awaited, most_bytes: most, fields, tables }) {
    this.most = most;
    this.fields = fields;
    this.tables = tables;
    if (!awaited || this.handed) return;
    this.handed = true;
    const file = await kept();
    if (file) hand(file, fields.upload);
  }

  remove() {
    this.gone.abort();
  }
}

async function kept() {
  try {
    const { name, packed } = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return new File([await unpacked(packed)], name, { type: "text/csv" });
  } catch {
    return null; // none, or not ours
  }
}

function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch { /* a browser that stores nothing has nothing to forget */ }
}
