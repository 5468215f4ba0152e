// Handed to Streamlit as text and therefore sent again with every rerun: keep it short.
// It runs from a blob: URL, where relative imports do not work, so it asks the page where the app lives.
// Streamlit's own scripts are below <app>/static/js/, also behind a proxy that adds a path.
const own = [...document.scripts].find((script) => script.src.includes("/static/js/"));
const base = own ? own.src.replace(/static\/js\/.*$/, "") : new URL(".", document.baseURI).href;

/** @param {{ parentElement: HTMLElement }} component */
export default async function (component) {
  let module;
  try {
    module = await import(`${base}__MODULE__`);
  } catch (error) {
    console.warn("gdviz: component script not loaded", error);
    component.parentElement.textContent = "This part of the page could not be loaded. Reload the page to try again.";
    return undefined;
  }
  return module.default(component);
}
