"""The page in headless Chromium: key to new path and where the time goes, dragging the start, bytes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from gdviz.experiments import decode
from gdviz.ui.player import reel
from tests.benchmarks.tables import Table
from tests.browser.chromium import MISSING, find_chromium
from tests.browser.conftest import FLAGS, ROOT, Server, wait_drawn, wait_idle

CHARTS = ("contour", "theta", "loss")
PRESSES = 20
SECONDS = 4
BOWL = {"objective": "formula", "formula": "x^2 + 3y^2", "start": "2,1"}
RUNS = {
    "bowl, 40 epochs": BOWL | {"learning_rate": 0.05, "epochs": 40},
    "Rosenbrock, 2,000 epochs": {"objective": "rosenbrock", "learning_rate": 0.0005, "epochs": 2000},
    "fit of a line, 5,000 epochs": {"objective": "fit", "data": "line", "learning_rate": 0.0005, "epochs": 5000},
}

KEY_HEADS = ("", "key to path", "9 of 10", "browser", "server", "its run", "browser", "page follows", "in", "out")
KEY_NOTE = """browser: until the message goes, and from the answer to the drawn path. server: between them; of which
“its run” is the run, its verdict and thinning, timed apart, and the rest is Streamlit and the socket. page follows:
until all of the page shows the new rate. in, out: bytes over the websocket for the whole change."""

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
# Drags the start to and fro for so many seconds, one move a frame; counts the redraws of each chart.
DRAG = """async (handle, seconds) => {
    const box = handle.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    handle.setPointerCapture = () => {};
    const move = (type, dx, dy) => handle.dispatchEvent(new PointerEvent(type,
        { bubbles: true, isPrimary: true, button: 0, buttons: 1, clientX: x + dx, clientY: y + dy }));
    const [draws, gaps] = [{}, []];
    let last = null;
    const heard = ({ detail: { key } }) => {
        draws[key] = (draws[key] ?? 0) + 1;
        if (key !== 'contour') return;
        if (last !== null) gaps.push(performance.now() - last);
        last = performance.now();
    };
    document.addEventListener('gdviz:drawn', heard);
    move('pointerdown', 0, 0);
    const begin = performance.now();
    const now = () => (performance.now() - begin) / 1000;
    while (now() < seconds) {
        move('pointermove', 60 * Math.sin(2 * now()), 30 * Math.cos(3 * now()) - 30);
        await new Promise(requestAnimationFrame);
    }
    document.removeEventListener('gdviz:drawn', heard);
    move('pointerup', 0, 0);
    return { draws, longest: Math.max(0, ...gaps) };
}"""


def run() -> Iterator[Table]:
    path = find_chromium()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        server = Server(ROOT / "app.py")
        try:
            keys, drags = [], []
            for name, parameters in RUNS.items():
                key, drag = _changes(browser, server.url, parameters)
                keys.append([name, *key])
                drags.append([name, *drag])
            yield Table(f"One arrow key on the learning rate, medians of {PRESSES}", KEY_HEADS, keys, KEY_NOTE)
            yield Table(
                f"Dragging the start for {SECONDS} seconds, one move a frame: redraws of all charts a second",
                ["", "redraws/s", "longest wait"],
                drags,
                "The slowest of the three charts.",
            )
        finally:
            server.stop()
            browser.close()


def _all_drawn(page: Page) -> None:
    for key in CHARTS:
        wait_drawn(page, key)


def _changes(browser: Browser, url: str, parameters: dict[str, object]) -> tuple[list[str], list[str]]:
    """The cells of a key, and those of a drag of the start."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(WIRE)
    page = context.new_page()
    page.goto(f"{url}?{urlencode(parameters)}")
    _all_drawn(page)
    page.locator(".gdviz-player[data-ready]").wait_for()
    wait_idle(page)
    slider = page.get_by_role("slider", name="Learning rate")
    presses = [slider.evaluate(KEY, "ArrowLeft") for _ in range(PRESSES + 2)][2:]
    handle = page.locator(".st-key-contour .gdviz-handle")
    dragged = handle.evaluate(DRAG, SECONDS)
    context.close()
    slowest = min(dragged["draws"].get(key, 0) for key in CHARTS)
    return _key_cells(presses, _run_ms(parameters)), [f"{slowest / SECONDS:.0f}", f"{dragged['longest']:.0f} ms"]


def _key_cells(presses: list[dict[str, Any]], own: float) -> list[str]:
    whole, before, server, after, follows, received, sent = [], [], [], [], [], [], []
    for press in presses:
        begin, drawn = press["begin"], press["drawn"][0]
        out = next(at for way, at, _ in press["wire"] if way == "out")
        answer = max(at for way, at, _ in press["wire"] if way == "in" and at <= drawn)
        whole.append(drawn - begin)
        before.append(out - begin)
        server.append(answer - out)
        after.append(drawn - answer)
        follows.append(press["drawn"][-1] - begin)
        received.append(sum(size for way, _, size in press["wire"] if way == "in"))
        sent.append(sum(size for way, _, size in press["wire"] if way == "out"))
    tenth = quantiles(whole, n=10)[-1]
    times = [median(whole), tenth, median(before), median(server), own, median(after), median(follows)]
    return [*(f"{ms:.0f} ms" for ms in times), f"{median(received):,.0f}", f"{median(sent):,.0f}"]


def _run_ms(parameters: dict[str, object]) -> float:
    """What the core needs for the answer: run, verdict, thinning."""
    experiment, _ = decode({name: str(value) for name, value in parameters.items()})
    problem = experiment.problem()
    times = []
    for _ in range(9):
        begin = time.perf_counter()
        done = experiment.run()
        words = {"sentence": experiment.verdict(done).sentence}
        reel.strip([done], [words], problem.window, 0.0)
        times.append(1000 * (time.perf_counter() - begin))
    return median(times)
