// Makes an HTML element. Its text is set as text, never read as HTML.

/** @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [className]
 * @param {string} [text] */
export function htmlElement(name, className = "", text = "") {
  const found = document.createElement(name);
  found.className = className;
  found.textContent = text;
  return found;
}
