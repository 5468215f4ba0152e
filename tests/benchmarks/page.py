"""The page in headless Chromium: key to new path, redraws while dragging, first chart, bytes a change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median, quantiles
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.tables import Table
from tests.browser.chromium import MISSING, find_chromium
from tests.browser.conftest import (
    FLAGS,
    ROOT,
    Server,
    chart,
    draws,
    draws_a_second,
    key_to_draw,
    pixel,
    wait_drawn,
    wait_idle,
)

CHARTS = ("contour", "theta", "loss")
PRESSES = 20
ROUNDS = 5
BOWL = {"objective": "formula", "formula": "x^2 + 3y^2", "start": "2,1"}
RUNS = {
    "bowl, 40 epochs": BOWL | {"learning_rate": 0.05, "epochs": 40},
    "Rosenbrock, 2,000 epochs": {"objective": "rosenbrock", "learning_rate": 0.0005, "epochs": 2000},
    "fit of a line, 5,000 epochs": {"objective": "fit", "data": "line", "learning_rate": 0.0005, "epochs": 5000},
}


def run() -> Iterator[Table]:
    path = find_chromium()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        begin = time.perf_counter()
        server = Server(ROOT / "app.py")
        try:
            yield _first_chart(browser, server.url, begin, time.perf_counter() - begin)
            yield Table(
                f"A change: {PRESSES} arrow keys on the learning rate (median; 9 of 10 within); drags of 3 seconds",
                ["", "key to path", "9 of 10", "rate: redraws/s", "start: redraws/s", "received", "sent"],
                [_change(browser, server.url, name, parameters) for name, parameters in RUNS.items()],
                "Received and sent: bytes over the websocket for one key, median.",
            )
        finally:
            server.stop()
            browser.close()


def _first_chart(browser: Browser, url: str, begin: float, ready: float) -> Table:
    """From the server's start, and from opening the page, until the charts are drawn."""
    page = browser.new_page()
    page.goto(url)
    _all_drawn(page)
    cold = time.perf_counter() - begin
    page.close()
    fresh, again = [], []
    for _ in range(ROUNDS):
        context = browser.new_context()
        page = context.new_page()
        fresh.append(_opening(page, url))
        again.append(_opening(page, url))
        context.close()
    return Table(
        "First charts",
        ["", "seconds"],
        [
            ["server ready", f"{ready:.2f}"],
            ["cold: from the server's start until the first visitor sees charts", f"{cold:.2f}"],
            ["warm: a new visitor, from opening the page", f"{median(fresh):.2f}"],
            ["warm: the page reloaded, scripts in the browser's cache", f"{median(again):.2f}"],
        ],
        f"Warm: medians of {ROUNDS}.",
    )


def _opening(page: Page, url: str) -> float:
    begin = time.perf_counter()
    page.goto(url)
    _all_drawn(page)
    seconds = time.perf_counter() - begin
    wait_idle(page)
    return seconds


def _all_drawn(page: Page) -> None:
    for key in CHARTS:
        wait_drawn(page, key)


def _change(browser: Browser, url: str, name: str, parameters: dict[str, object]) -> list[str]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    received: list[int] = []
    sent: list[int] = []

    def listen(socket) -> None:
        socket.on("framereceived", lambda payload: received.append(len(payload)))
        socket.on("framesent", lambda payload: sent.append(len(payload)))

    page.on("websocket", listen)
    page.goto(f"{url}?{urlencode(parameters)}")
    _all_drawn(page)
    wait_idle(page)
    slider = page.get_by_role("slider", name="Learning rate")
    key_to_draw(page, slider, "contour", 3, "ArrowLeft")

    times, down, up = [], [], []
    for _ in range(PRESSES):
        received.clear()
        sent.clear()
        times += key_to_draw(page, slider, "contour", 1, "ArrowLeft")
        down.append(sum(received))
        up.append(sum(sent))
    dragged = draws_a_second(page, slider, "contour")
    moved = _start_draws_a_second(page)
    context.close()
    return [
        name,
        f"{median(times):.0f} ms",
        f"{quantiles(times, n=10)[-1]:.0f} ms",
        f"{dragged:.0f}",
        f"{moved:.0f}",
        f"{median(down):,.0f}",
        f"{median(up):,.0f}",
    ]


def _start_draws_a_second(page: Page, seconds: float = 3.0) -> float:
    """Redraws of the contour a second while the mouse drags the start to and fro."""
    box = page.locator(".st-key-contour .gdviz-handle").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    low, high = chart(page, "contour").locator(".gdviz-plot").evaluate("(plot) => plot._fullLayout.xaxis.range")
    _, row = pixel(page, "contour", low, 0)
    middle = pixel(page, "contour", (low + high) / 2, 0)[0]
    page.mouse.move(x, y)
    page.mouse.down()
    before, begun, step = draws(page, "contour"), time.monotonic(), 0
    while time.monotonic() - begun < seconds:
        step += 1
        share = 0.5 * abs((step % 60) / 30 - 1)
        page.mouse.move(x + share * (middle - x), y + share * (row - y))
        page.wait_for_timeout(16)
    rate = (draws(page, "contour") - before) / (time.monotonic() - begun)
    page.mouse.up()
    wait_idle(page)
    return rate
