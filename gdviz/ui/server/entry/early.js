// What the page needs comes early: plotly.js, its largest script, and the modules of its parts, each of which would
// otherwise be asked for when the one before it was read.
//
// plotly.js is compiled aside as it comes, and begun when Streamlit has asked for the page: the server draws it
// meanwhile. The charts wait for it (live_plot/plotly.js); if it does not come, they ask for it themselves.
{
  const { src, dataset } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const address = (/** @type {string} */ path) => new URL(`../${path}`, src).href;
  const plotly = address("plotly.min.js");
  const { send } = WebSocket.prototype;
  let asked = false;

  /** @param {Partial<HTMLLinkElement>} about */
  const link = (about) => document.head.append(Object.assign(document.createElement("link"), about));

  const read = () => {
    for (const path of dataset.modules?.split(" ") ?? []) {
      link({ rel: "modulepreload", href: address(`../../${path}`) });
    }
    const script = document.createElement("script");
    script.src = plotly;
    script.dataset.coming = "";
    for (const end of ["load", "error"]) script.addEventListener(end, () => delete script.dataset.coming);
    script.addEventListener("error", () => script.remove());
    document.head.append(script);
  };

  /** @type {typeof send} */
  WebSocket.prototype.send = function (data) {
    send.call(this, data);
    if (!asked) setTimeout(read); // not before what is sent has left
    asked = true;
  };
  link({ rel: "preload", as: "script", href: plotly });
}
