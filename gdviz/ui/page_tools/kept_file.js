// The visitor's file, kept by the tab. A reload begins a new session on the server, which knows nothing of the file: the
// browser hands it to the upload field again. It never leaves the tab otherwise, and is gone with it.
import { handFile, isIn, takesFileAway } from "../live_plot/streamlit.js";

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

export class KeptFile {
  constructor() {
    this.handed = false;
    this.most = 0; // bytes
    /** @type {(event: Event) => void} */
    this.look = (event) => {
      const { target } = event;
      if (!(target instanceof Element)) return;
      if (event.type === "click") {
        if (isIn(target, "upload") && takesFileAway(target)) forget();
      } else if (isIn(target, "upload", "dropped_file")) {
        const [file] =
          (event instanceof DragEvent ? event.dataTransfer?.files : /** @type {HTMLInputElement} */ (target).files) ??
            [];
        if (file) this.keep(file);
      } else if (isIn(target, "pasted") && target instanceof HTMLTextAreaElement) {
        this.keep(new File([target.value], "pasted.csv"));
      }
    };
    for (const kind of ["change", "drop", "click"]) document.addEventListener(kind, this.look, true);
  }

  /** @param {File} file */
  async keep(file) {
    forget(); // an earlier one: no room for the new one must not leave it there
    if (file.size > this.most) return;
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ name: file.name, packed: await packed(file) }));
    } catch { /* no room: after a reload the page asks for the file */ }
  }

  /** Hands the file over, once, where the page asks for one.
   * @param {boolean} awaited
   * @param {number} most bytes of a file */
  async receive(awaited, most) {
    this.most = most;
    if (!awaited || this.handed) return;
    this.handed = true;
    const file = await kept();
    if (file) handFile("upload", file);
  }

  remove() {
    for (const kind of ["change", "drop", "click"]) document.removeEventListener(kind, this.look, true);
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
