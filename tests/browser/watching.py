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
// The fields of a message: what it is says the one for it (a rerun is asked for, a run has begun, is done). That of a
// part is not counted: where the part is gone nobody answers. What asks for it says itself that it waits.
const [RERUN, BEGUN, DONE, PART] = [11, 4, 6, 5];
const fields = (bytes) => {
    const found = [];
    let at = 0;
    const number = () => {
        for (let value = 0, scale = 1;; scale *= 128) {
            value += (bytes[at] & 127) * scale;
            if (bytes[at++] < 128) return value;
        }
    };
    while (at < bytes.length) {
        const tag = number(), kind = tag & 7, length = kind === 2 ? number() : 0, from = at;
        if (kind === 0) number();
        else at += kind === 2 ? length : kind === 1 ? 8 : 4;
        found.push([tag >>> 3, bytes.subarray(from, at)]);
    }
    return found;
};
const rerunsIn = (message) => message instanceof Uint8Array ? fields(message).filter(([name]) => name === RERUN) : [];
let asked = 0, begun = 0, answered = 0;
const hear = ({ data }) => {
    const [kind] = fields(new Uint8Array(data)).at(-1) ?? [];
    if (kind === BEGUN) begun = asked;
    if (kind === DONE) answered = begun;
    clearTimeout(heard);
    heard = setTimeout(() => answered === asked && document.documentElement.removeAttribute('data-asked'), 100);
};
const { send } = WebSocket.prototype;
const listened = new WeakSet();
WebSocket.prototype.send = function (message) {
    window.__sent += 1;
    const reruns = rerunsIn(message);
    const ofPart = reruns.some(([, state]) => fields(state).some(([name, id]) => name === PART && id.length > 0));
    if (!ofPart) {
        if (reruns.length > 0) asked += 1;
        clearTimeout(heard);
        document.documentElement.setAttribute('data-asked', '');
    }
    if (!listened.has(this)) this.addEventListener('message', hear);
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
