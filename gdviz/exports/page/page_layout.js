// What the file's page is made of besides its charts: headings, the verdict, notes.
import { htmlElement } from "../../ui/components/live/elements.js";

/** @import { Contents } from "./types.d.ts" */

/** The page without its charts: places for them, and for what moves them.
 * @param {HTMLElement} root
 * @param {Contents} contents */
export function layOut(root, contents) {
  const header = htmlElement("header", "gdviz-header");
  header.append(
    htmlElement("h1", "", contents.title),
    ...contents.facts.map((fact) => htmlElement("p", "gdviz-fact", fact)),
  );
  const verdict = htmlElement("div", "gdviz-verdict");
  const [whose, words] = [htmlElement("p", "gdviz-whose"), htmlElement("p", "gdviz-words")];
  const back = htmlElement("button", "gdviz-back", "Back to the exported run");
  back.type = "button";
  back.hidden = true;
  const spoken = htmlElement("p", "gdviz-hidden");
  spoken.setAttribute("role", "status");
  verdict.append(whose, words, back, spoken);
  const controls = htmlElement("div", "gdviz-controls");
  const charts = htmlElement("div", "gdviz-charts");
  const more = htmlElement("div", "gdviz-more");
  const footer = htmlElement("footer", "gdviz-footer");
  footer.append(...notes(contents).map((note) => htmlElement("p", "", note)));
  root.replaceChildren(header, verdict, controls, charts, more, footer);
  return { verdict, whose, words, back, spoken, controls, charts, more };
}

/** @param {Contents} contents */
function notes({ note, slices, data, made, link }) {
  return [
    note,
    slices ? "The landscape is a slice: parameters that are not drawn are as they are at the exported run’s end." : "",
    data,
    `Made with ${made}. This file works without a network and sends nothing anywhere.`,
    link && `The same in gdviz, after its page’s address: ${link}`,
  ].filter(Boolean);
}
