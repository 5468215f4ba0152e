// The browser's history has one entry for each thing that a visitor did. Streamlit adds one whenever the page writes its
// address, also where the page only completes an address that a visitor opened: Back would then lead to where the page
// goes forward again by itself. Such an address takes the place of the one that it completes.

{
  /** Does a hand's deed stand between the opening of this address and now? */
  let acted = false;

  for (const deed of ["pointerdown", "keydown", "input", "change", "paste", "drop"]) {
    globalThis.addEventListener(deed, () => acted = true, { capture: true, passive: true });
  }
  globalThis.addEventListener("popstate", () => acted = false, true);

  const push = history.pushState;

  /** @type {typeof history.pushState} */
  history.pushState = (state, unused, url) => {
    const onward = new URL(url ?? "", location.href).pathname !== location.pathname;
    if (onward || acted) push.call(history, state, unused, url);
    else history.replaceState(state, unused, url);
    if (onward) acted = false;
  };
}
