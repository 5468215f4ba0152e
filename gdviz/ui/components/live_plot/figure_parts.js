// Heavy parts of figures (landscapes, templates) by digest, for each chart key: Python sends a part once, and then its
// digest only. They outlive the charts, so that a page that is left and entered again need not fetch its landscape again.

/** @import { Figure, SentFigure, SentPart } from "./types.d.ts" */

/** @type {Map<string, Map<string, unknown>>} */
const kept = new Map();

/** Forgets all of them, as a lost message would (for tests). */
export function forget() {
  kept.clear();
}

/** Puts the parts that Python sent as digests only back into its message; null if one is not here. New ones go through
 * `unpack`, in place.
 * @param {SentFigure} message
 * @param {(value: unknown) => void} unpack
 * @returns {Figure | null} */
export function complete(message, unpack) {
  const parts = kept.get(message.key) ?? new Map();
  kept.set(message.key, parts);
  let missing = false;
  /** @type {SentPart<unknown>[]} */
  const sent = [...message.traces, message.template];
  for (const part of sent) {
    if ("value" in part) {
      unpack(part.value);
    } else if (parts.has(part.digest)) {
      part.value = parts.get(part.digest);
    } else {
      missing = true;
    }
    if (part.keep && "value" in part) {
      parts.delete(part.digest); // to the end of the row: the longest unused goes first
      parts.set(part.digest, part.value);
    }
  }
  for (const digest of parts.keys()) {
    if (parts.size <= Math.max(message.limits.keptParts, sent.length)) break;
    parts.delete(digest);
  }
  return missing ? null : /** @type {Figure} */ (message);
}
