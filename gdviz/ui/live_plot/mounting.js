// From a class to the function that Streamlit calls at every rerun that brings new data.
//
// Streamlit keeps what that function returned last, and calls it when the component leaves the page. But when new data
// comes before a call is done (a call takes a few turns, as it imports its module), Streamlit calls what the overtaken
// call returned as well, and the component stays. Obeying would take apart a chart in use: its zoom would be lost, or
// a slider would vanish from under the hand. So only what has left the page is taken apart.

/**
 * @param {(parent: HTMLElement) => { receive: Function, remove: Function }} make makes the component in its element
 * @param {"setTriggerValue" | "setStateValue"} setter what sends a message to Python
 * @param {string} name under which Python finds it
 */
export function mounted(make, setter, name = "message") {
  const components = new WeakMap();
  return function mount({ data, parentElement, ...streamlit }) {
    let component = components.get(parentElement);
    if (!component) {
      component = make(parentElement);
      components.set(parentElement, component);
    }
    component.receive(data, (message) => streamlit[setter](name, message));
    return () => {
      if (parentElement.isConnected || !components.delete(parentElement)) return;
      component.remove();
    };
  };
}
