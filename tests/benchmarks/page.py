"""The page in headless Chromium: key to new path and where the time goes, bytes."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from tests.benchmarks.chromium import chromium, our_page
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part
from tests.browser.conftest import wait_drawn, wait_idle

CHARTS = ("contour", "theta", "loss")
PRESSES = 20
SECONDS = 4
BOWL = {"objective": "formula", "formula": "x^2 + 3y^2", "start": "2,1"}
RUNS = {
    "bowl, 40 epochs": BOWL | {"learning_rate": 0.05, "epochs": 40},
    "Rosenbrock, 2,000 epochs": {"objective": "rosenbrock", "learning_rate": 0.0005, "epochs": 2000},
    "fit of a line, 5,000 epochs": {"objective": "fit", "data": "line", "learning_rate": 0.0005, "epochs": 5000},
}

KEY_HEADS = ("", "key to path", "9 of 10", "page follows", "in", "out")
KEY_NOTE = "page follows: until all of the page shows the new rate. in, out: bytes over the websocket for all of it."

# Writes down when each message of the websocket went and came, and its size.
WIRE = """(() => {
    const Own = window.WebSocket;
    const size = (data) => data.byteLength ?? data.size ?? data.length;
    window.__wire = [];
    window.WebSocket = class extends Own {
        constructor(...settings) {
            super(...settings);
            this.addEventListener('message', ({ data }) => window.__wire.push(['in', performance.now(), size(data)]));
        }
        send(data) {
            window.__wire.push(['out', performance.now(), size(data)]);
            super.send(data);
        }
    };
})()"""
# One key, until nothing has happened for a while: when it was pressed, when the contour was drawn, and the wire.
KEY = """async (input, stroke) => {
    const drawn = [];
    const heard = ({ detail: { key } }) => key === 'contour' && drawn.push(performance.now());
    document.addEventListener('gdviz:drawn', heard);
    window.__wire.length = 0;
    const begin = performance.now();
    for (const type of ['keydown', 'keyup']) {
        input.dispatchEvent(new KeyboardEvent(type, { key: stroke, bubbles: true }));
    }
    const last = () => Math.max(begin, drawn.at(-1) ?? 0, window.__wire.at(-1)?.[1] ?? 0);
    while (drawn.length < 2 || performance.now() - last() < 900) await new Promise((done) => setTimeout(done, 50));
    document.removeEventListener('gdviz:drawn', heard);
    return { begin, drawn, wire: [...window.__wire] };
}"""


def run(share: float = 1) -> Iterator[Table]:
    with chromium() as browser, our_page() as server:
        presses = 1 + part(PRESSES - 1, share)  # two at least, for their spread
        keys = [[name, *_keys(browser, server.url, parameters, presses)] for name, parameters in RUNS.items()]
        yield Table(f"One arrow key on the learning rate, medians of {presses}", KEY_HEADS, keys, KEY_NOTE)


def _all_drawn(page: Page) -> None:
    for key in CHARTS:
        wait_drawn(page, key)


def _keys(browser: Browser, url: str, parameters: dict[str, object], count: int) -> list[str]:
    """The cells of a key."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WIRE)
    page = context.new_page()
    page.goto(f"{url}?{urlencode(parameters)}")
    _all_drawn(page)
    page.locator(".gdviz-player[data-ready]").wait_for()
    wait_idle(page)
    slider = page.get_by_role("slider", name="Learning rate")
    presses = [slider.evaluate(KEY, "ArrowLeft") for _ in range(count + 2)][2:]
    context.close()
    return _key_cells(presses)


def _key_cells(presses: list[dict[str, Any]]) -> list[str]:
    paths = [press["drawn"][0] - press["begin"] for press in presses]
    follows = [press["drawn"][-1] - press["begin"] for press in presses]
    received, sent = (
        median(sum(size for way, _, size in press["wire"] if way == wanted) for press in presses)
        for wanted in ("in", "out")
    )
    times = [median(paths), quantiles(paths, n=10)[-1], median(follows)]
    return [*(f"{ms:.0f} ms" for ms in times), f"{received:,.0f}", f"{sent:,.0f}"]
