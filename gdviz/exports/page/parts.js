// What the file's page is made of besides its charts: headings, the verdict, notes.
import { part } from "../../ui/components/live/parts.js";

/** @import { Said } from "./types.d.ts" */

/** The page without its charts: places for them, and for what moves them.
 * @param {HTMLElement} root
 * @param {Said} said */
export function layOut(root, said) {
  const header = part("header", "gdviz-header");
  header.append(part("h1", "", said.title), ...said.facts.map((fact) => part("p", "gdviz-fact", fact)));
  const verdict = part("div", "gdviz-verdict");
  const [whose, words] = [part("p", "gdviz-whose"), part("p", "gdviz-words")];
  const back = part("button", "gdviz-back", "Back to the exported run");
  back.type = "button";
  back.hidden = true;
  const spoken = part("p", "gdviz-hidden");
  spoken.setAttribute("role", "status");
  verdict.append(whose, words, back, spoken);
  const controls = part("div", "gdviz-controls");
  const charts = part("div", "gdviz-charts");
  const more = part("div", "gdviz-more");
  const footer = part("footer", "gdviz-footer");
  footer.append(...notes(said).map((note) => part("p", "", note)));
  root.replaceChildren(header, verdict, controls, charts, more, footer);
  return { verdict, whose, words, back, spoken, controls, charts, more };
}

/** @param {Said} said */
function notes({ note, slices, data, made, link }) {
  return [
    note,
    slices ? "The landscape is a slice: parameters that are not drawn are as they are at the exported run’s end." : "",
    data,
    `Made with ${made}. This file works without a network and sends nothing anywhere.`,
    link && `The same in gdviz, after its page’s address: ${link}`,
  ].filter(Boolean);
}
