// plotly.js is the largest script of the page: it comes, and is read, while Streamlit still connects. The charts wait for
// it (live_plot/plotly.js); if it does not come, they ask for it themselves.
{
  const { src } = /** @type {HTMLScriptElement} */ (document.currentScript);
  const script = document.createElement("script");
  script.src = new URL("../plotly.min.js", src).href;
  script.addEventListener("error", () => script.remove());
  document.head.append(script);
}
