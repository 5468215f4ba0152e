// All that the components' scripts know of Streamlit: how it calls a component, when it runs the page's script, and what
// its page is made of. The other modules ask here (only loader.js, which is sent as text, cannot).

/** @import { Transmit } from "./types.d.ts" */

/**
 * From a class to the function that Streamlit calls at every rerun that brings new data.
 *
 * Streamlit keeps what that function returned last, and calls it when the component leaves the page. But when new data
 * comes before a call is done (a call takes a few turns, as it imports its module), Streamlit calls what the overtaken
 * call returned as well, and the component stays. Obeying would take apart a chart in use: its zoom would be lost, or
 * a slider would vanish from under the hand. So only what has left the page is taken apart.
 *
 * Calls that wait for the same import end in any order, an overtaken one even last. But Streamlit takes an overtaken call
 * back as soon as it has ended, in the same task. So a call is heard in the next one, where it still stands.
 * @template Data
 * @param {(parent: HTMLElement) => { receive(data: Data, transmit: Transmit): void, remove(): void }} make makes the
 *   component in its element
 * @param {"event" | "state"} kind what a message to Python is: heard once, or kept until the next one
 * @param {string} name under which Python finds it
 */
export function mounted(make, kind, name = "message") {
  /** @type {WeakMap<HTMLElement, ReturnType<typeof make>>} */
  const components = new WeakMap();
  /** @param {HTMLElement} parent */
  const begin = (parent) => {
    const component = make(parent);
    components.set(parent, component);
    return component;
  };
  /**
   * @typedef {(name: string, message: object) => void} Setter
   * @param {{ data: Data, parentElement: HTMLElement, setTriggerValue: Setter, setStateValue: Setter }} call
   */
  return function mount({ data, parentElement, setTriggerValue, setStateValue }) {
    const send = kind === "event" ? setTriggerValue : setStateValue;
    const heard = setTimeout(() => {
      const component = components.get(parentElement) ?? begin(parentElement);
      component.receive(data, (message) => send(name, message));
    });
    return () => {
      clearTimeout(heard);
      const component = components.get(parentElement);
      if (!parentElement.isConnected && components.delete(parentElement)) component?.remove();
    };
  };
}

const STATE = "data-test-script-state";

const app = () => document.querySelector(`[${STATE}]`);

/** Does Streamlit say that no script runs? */
export const isIdle = () => app()?.getAttribute(STATE) === "notRunning";

/** Calls `look` at each change of an attribute of the app.
 * @param {string} attribute
 * @param {() => void} look
 * @returns {() => void} what ends that */
function watch(attribute, look) {
  const node = app();
  if (!node) return () => {};
  const observer = new MutationObserver(look);
  observer.observe(node, { attributes: true, attributeFilter: [attribute] });
  return () => observer.disconnect();
}

/** Calls `look` at each change of the script's state.
 * @param {() => void} look */
export const watchRuns = (look) => watch(STATE, look);

const CONNECTION = "data-test-connection-state";

/** Is there a connection to the server? */
export const isConnected = () => (app()?.getAttribute(CONNECTION) ?? "CONNECTED") === "CONNECTED";

/** Calls `look` whenever the connection to the server is there again: what was sent meanwhile came to nobody.
 * @param {() => void} look */
export const watchConnection = (look) => watch(CONNECTION, () => isConnected() && look());

/** Streamlit has drawn what it was told by then.
 * @param {() => void} act */
export const afterTwoFrames = (act) => requestAnimationFrame(() => requestAnimationFrame(act));

/** Calls back when Streamlit has finished its current script run (at once if none is running).
 * @param {() => void} callback */
export function whenRunEnds(callback) {
  const running = () => app()?.getAttribute(STATE) === "running";
  if (!running()) {
    callback();
    return;
  }
  const end = watchRuns(() => {
    if (running()) return;
    end();
    callback();
  });
}

const APART = 4; // ms
let turn = Promise.resolve();

/** Sends messages one after the other. Streamlit sends what comes in one task as one message: of a question, which only
 * its own part of the page answers, and an event for the whole page, only one would be heard.
 * @param {() => void} send */
export function inTurn(send) {
  turn = turn.then(() => {
    send();
    return new Promise((resolve) => setTimeout(resolve, APART));
  });
}

const KEYED = "st-key-"; // begins a class of each container and widget, which ends with its key

/** The container, or the widget, that Python calls `key`; null where the page has none.
 * @param {string} key
 * @returns {HTMLElement | null} */
export const placeOf = (key) => document.querySelector(`.${KEYED}${key}`);

/** What Python calls the innermost container, or the widget, around an element.
 * @param {Element} element */
export function keysOf(element) {
  const classes = [...element.closest(`[class*=${KEYED}]`)?.classList ?? []];
  return classes.filter((name) => name.startsWith(KEYED)).map((name) => name.slice(KEYED.length));
}

/** A selector of what takes dropped files itself. */
export const DROPZONE = "[data-testid=stFileUploaderDropzone]";
/** What lets go of a file there. */
export const LETS_GO = "[data-testid=stFileChipDeleteBtn]";

/** The menu that is open, with the button that opened it; null where none is.
 * @returns {{ button: Element, panel: Element } | null} */
export function openMenu() {
  const button = document.querySelector("[data-testid=stPopoverButton][aria-expanded=true]");
  const panel = document.querySelector("[data-testid=stPopoverBody]");
  return button && panel && { button, panel };
}

/** The theme's color behind the page, for SVG and CSS. */
export const BACKGROUND = "var(--st-background-color)";

const LOOKS = ["green", "blue", "yellow", "red"]; // of a success, an information, a warning, an error
const LOOK_COLORS = LOOKS.flatMap((color) => [`--st-${color}-text-color`, `--st-${color}-background-color`]);

/** The theme's own color as an element of a component has it, for a canvas.
 * @param {Element} element */
export const primaryColor = (element) => getComputedStyle(element).getPropertyValue("--st-primary-color");

/** Gives an element outside of all components the theme's font and the colors of the four looks of a verdict.
 * @param {HTMLElement} element
 * @param {HTMLElement} themed an element of a component: only there are they known */
export function dress(element, themed) {
  const theme = getComputedStyle(themed);
  for (const name of ["--st-font", ...LOOK_COLORS]) element.style.setProperty(name, theme.getPropertyValue(name));
}

// Streamlit keeps the theme in the browser, for each address apart, and looks at it when it is loaded.
const themeOf = (/** @type {string} */ path) => `stActiveTheme-${path}-v2`;

/** The theme that was chosen: System, Light or Dark. */
export function storedTheme() {
  try {
    const found = JSON.parse(localStorage.getItem(themeOf(location.pathname)) ?? "null");
    return ["Light", "Dark"].includes(found) ? found : "System";
  } catch {
    return "System";
  }
}

/** Keeps the theme for this page and its neighbors.
 * @param {string} theme
 * @param {string[]} pages the last parts of their addresses */
export function storeTheme(theme, pages) {
  const path = location.pathname;
  const last = path.slice(path.lastIndexOf("/") + 1);
  const base = pages.includes(last) ? path.slice(0, path.length - last.length) : path.endsWith("/") ? path : `${path}/`;
  for (const one of new Set([path, base, ...pages.map((page) => base + page)])) {
    localStorage.setItem(themeOf(one), JSON.stringify(theme));
  }
}
