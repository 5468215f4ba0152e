"""Scripts that each page of a test begins with: what it notes for the tests, and what it is spared."""

# Notes every traceback or error box that was on the page, if only for a frame.
WATCH_FOR_ERRORS = """
window.__alarms = [];
let frame = 0;
const look = () => {
    frame = 0;
    const alerts = [...document.querySelectorAll('[role="alert"]')];
    const seen = document.querySelector('[data-testid="stException"]')
        ?? alerts.find((alert) => /Something went wrong|Traceback/.test(alert.textContent));
    if (seen) window.__alarms.push(seen.textContent);
};
new MutationObserver(() => { frame ||= requestAnimationFrame(look); })
    .observe(document, { childList: true, subtree: true });
"""

# Marks the page while the server owes it an answer: Streamlit itself says that a script runs only when it hears so.
# Before that a deed becomes a message only some turns later, and a file is first uploaded: then too it is marked.
# And counts what the page has told or asked the server.
WATCH_FOR_ANSWERS = """
let heard = 0;
window.__sent = 0;
const { fetch } = window;
window.fetch = (address, options) => {
    if (options?.body) window.__sent += 1;
    return fetch.call(window, address, options);
};
let doing = 0;
const begin = () => {
    doing += 1;
    document.documentElement?.setAttribute('data-doing', '');
};
const end = () => {
    doing -= 1;
    if (doing === 0) document.documentElement.removeAttribute('data-doing');
};
const later = () => setTimeout(() => setTimeout(end, 25), 25);
for (const deed of ['click', 'pointerup', 'keydown', 'keyup', 'input', 'change', 'drop', 'paste', 'popstate']) {
    addEventListener(deed, () => { begin(); later(); }, true);
}
const upload = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (content) {
    begin();
    this.addEventListener('loadend', later);
    return upload.call(this, content);
};
const { send } = WebSocket.prototype;
const listened = new WeakSet();
WebSocket.prototype.send = function (message) {
    window.__sent += 1;
    clearTimeout(heard);
    document.documentElement.setAttribute('data-asked', '');
    if (!listened.has(this)) this.addEventListener('message', () => {
        clearTimeout(heard);
        heard = setTimeout(() => document.documentElement.removeAttribute('data-asked'), 100);
    });
    listened.add(this);
    return send.call(this, message);
};
"""

# Nothing is painted: tests read the page and not its pixels, and without a graphics card the processor paints. Frames,
# styles, sizes and what lies under the pointer are as ever. What looks at colors has the page ``painted``.
UNPAINTED = """
const sheet = new CSSStyleSheet();
sheet.replaceSync(':root { opacity: 0; }');
document.adoptedStyleSheets = [sheet];
"""
