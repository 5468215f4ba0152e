// Files and links that are dropped anywhere on the page. A link is told at once; of a file only that there is one: the
// page then has a field for it, and the file is put into that field as if it had been chosen there.

import { DROPZONE, placeOf } from "../live_plot/streamlit.js";

/** @import { Links } from "./types.d.ts" */

const OWN = `${DROPZONE}, input, textarea, [contenteditable=true]`; // what takes drops itself
const PATIENCE = 20_000; // ms

/** The link of ours in a dropped text, null for any other text.
 * @param {string} text
 * @param {Links} links */
export function linkIn(text, { beginnings, most }) {
  const ours = new RegExp(`[?](?:${beginnings.join("|")})=[^\\s"'<>\`\\\\]*`);
  return ours.exec(text.slice(0, 2 * most))?.[0] ?? null;
}

export class Dropping {
  /** @param {(message: { kind: "link", text: string } | { kind: "file", name: string }) => void} send */
  constructor(send) {
    this.field = ""; // the key of the page's field for what was dropped
    /** @type {Links} */
    this.links = { beginnings: [], most: 0 };
    this.gone = new AbortController();
    const { signal } = this.gone;
    document.addEventListener("dragover", (event) => {
      if (!takes(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
    }, { signal });
    document.addEventListener("drop", (event) => {
      if (!takes(event)) return;
      const file = event.dataTransfer?.files[0];
      const link = linkIn(event.dataTransfer?.getData("text/plain") ?? "", this.links);
      if (!file && !link) return;
      event.preventDefault();
      if (!file) return send({ kind: "link", text: link ?? "" });
      send({ kind: "file", name: file.name });
      hand(file, this.field);
    }, { signal });
  }

  remove() {
    this.gone.abort();
  }
}

/** @param {DragEvent} event */
function takes(event) {
  const kinds = event.dataTransfer?.types ?? [];
  const own = event.target instanceof Element && event.target.closest(OWN);
  return !own && (kinds.includes("Files") || kinds.includes("text/plain"));
}

/** Puts a file into the page's field for it, as soon as that is there.
 * @param {File} file
 * @param {string} key the field's */
export function hand(file, key) {
  const given = new DataTransfer();
  given.items.add(file);
  const put = () => {
    const field = placeOf(key)?.querySelector("input[type=file]");
    if (!(field instanceof HTMLInputElement)) return false;
    field.files = given.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  if (put()) return;
  const watch = new MutationObserver(() => {
    if (put()) watch.disconnect();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), PATIENCE);
}
