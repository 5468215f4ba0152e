"""What moves in the browser: redraws a second while rate, beta and start are dragged and while a run plays."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, Locator, Page

from tests.benchmarks.chromium import chromium, our_page
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part
from tests.browser.conftest import wait_drawn, wait_idle
from tests.browser.test_alive import is_ready, trips
from tests.browser.watching import WATCH_FOR_ANSWERS

CHARTS = ("contour", "theta", "loss")
MOMENTUM = {"optimizer": "momentum", "beta": 0.8}
RUNS: dict[str, dict[str, Any]] = {
    "bowl, 40 epochs": {
        "objective": "formula", "formula": "x^2 + 3y^2", "start": "2,1", "learning_rate": 0.05, "epochs": 40,
    },
    "Rosenbrock, 2,000 epochs": {"objective": "rosenbrock", "learning_rate": 0.0005, "epochs": 2000},
    "Rosenbrock, 5,000 epochs": {"objective": "rosenbrock", "learning_rate": 0.0005, "epochs": 5000},
    "fit of 1,000 rows, 40 epochs": {
        "objective": "fit", "data": "upload", "target": "y", "model": "a*exp(b*x)", "start": "1,0.1", "epochs": 40,
        "learning_rate": 0.05,
    },
}  # fmt: skip
EIGHT = ";".join(
    f"{name}@0.002" for name in ("gd", "momentum", "nesterov", "adam", "rmsprop", "adagrad", "nadam", "lion")
)
SECONDS = 4

# Counts how often each chart was drawn, and the time between frames, until told to stop.
COUNT = """() => {
    const count = window.__count = { draws: {}, gaps: [], scripts: [], values: 0 };
    let last = null;
    document.addEventListener('gdviz:drawn', count.heard = ({ detail: { key } }) => {
        count.draws[key] = (count.draws[key] ?? 0) + 1;
    });
    const frame = (now) => {
        if (last !== null) count.gaps.push(now - last);
        last = now;
        if (!count.stop) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""
COUNTED = """() => {
    const count = window.__count;
    count.stop = true;
    document.removeEventListener('gdviz:drawn', count.heard);
    return count;
}"""
# Drags a slider to and fro for so many seconds, one move a frame, over a share of its length. What it is set to has few
# digits: not every move is to another value, and only to another one is there anything to draw.
SLIDE = """async (input, seconds) => {
    input.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, isPrimary: true }));
    const begin = performance.now();
    const width = 0.2 * (Number(input.max) - Number(input.min));
    const high = Math.max(Number(input.value), Number(input.min) + width); // there is room below it
    let shown = null;
    while (performance.now() - begin < 1000 * seconds) {
        input.value = high - width * Math.abs(((performance.now() - begin) / 1000) % 2 - 1);
        const before = performance.now();
        input.dispatchEvent(new Event('input', { bubbles: true }));
        window.__count.scripts.push(performance.now() - before);
        if (input.ariaValueText !== shown) window.__count.values += 1;
        shown = input.ariaValueText;
        await new Promise(requestAnimationFrame);
    }
}"""
# Drags the start to and fro for so many seconds, one move a frame.
DRAG = """async (handle, seconds) => {
    const box = handle.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    handle.setPointerCapture = () => {};
    const move = (type, dx, dy) => handle.dispatchEvent(new PointerEvent(type,
        { bubbles: true, isPrimary: true, button: 0, buttons: 1, clientX: x + dx, clientY: y + dy }));
    move('pointerdown', 0, 0);
    const begin = performance.now();
    const now = () => (performance.now() - begin) / 1000;
    while (now() < seconds) {
        const before = performance.now();
        move('pointermove', 60 * Math.sin(2 * now()), 30 * Math.cos(3 * now()) - 30);
        window.__count.scripts.push(performance.now() - before);
        await new Promise(requestAnimationFrame);
    }
    move('pointerup', 0, 0);
}"""
LET_GO = "(input) => window.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, isPrimary: true }))"
HEADS = ("", "redraws/s", "of values/s", "longest frame", "script a frame", "messages/s")


def run(share: float = 1) -> Iterator[Table]:
    with chromium() as browser, our_page() as server:
        seconds = part(SECONDS, share)
        rows = [row for name in RUNS for row in _on_descend(browser, server.url, name, seconds)]
        note = "Of the slowest chart. Messages are questions for the verdict."
        yield Table(f"Descend, over {seconds} seconds of each", HEADS, rows, note)
        yield Table("Compare with 8 runs", HEADS, [_on_compare(browser, server.url, seconds)])


def _page(browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 1100})
    page.add_init_script(WATCH_FOR_ANSWERS)
    return page


def _on_descend(browser: Browser, url: str, name: str, seconds: int) -> Iterator[list[str]]:
    page = _page(browser)
    page.goto(f"{url}?{urlencode(RUNS[name] | MOMENTUM)}")
    if RUNS[name].get("data") == "upload":
        _upload(page)
    _wait_ready(page, CHARTS)
    for what, label in (("rate", "Learning rate"), ("beta", "beta")):
        slider = page.get_by_role("slider", name=label, exact=True)
        if slider.count():
            yield [f"{name}: {what}", *_moved(page, slider, SLIDE, CHARTS, seconds)]
            slider.evaluate(LET_GO)
            wait_idle(page)
    yield [f"{name}: start", *_moved(page, page.locator(".st-key-contour .gdviz-handle"), DRAG, CHARTS, seconds)]
    wait_idle(page)
    page.get_by_role("button", name="Play", exact=True).click()
    before = trips(page)
    page.evaluate(COUNT)
    page.wait_for_timeout(1000 * seconds)
    yield [f"{name}: playing", *_cells(page.evaluate(COUNTED), trips(page) - before, CHARTS, seconds)]
    page.close()


def _on_compare(browser: Browser, url: str, seconds: int) -> list[str]:
    page = _page(browser)
    run = {"objective": "rosenbrock", "epochs": 200, "runs": EIGHT}
    page.goto(f"{url}compare?{urlencode(run)}")
    charts = ("compare_contour", "compare_theta", "compare_loss")
    _wait_ready(page, charts)
    handle = page.locator(".st-key-compare_contour .gdviz-handle")
    cells = ["start", *_moved(page, handle, DRAG, charts, seconds)]
    page.close()
    return cells


def _upload(page: Page) -> None:
    draw = random.Random(1).random
    lines = ["x,y", *(f"{x},{2 + x + draw()}" for x in (draw() for _ in range(1000)))]
    with TemporaryDirectory() as folder:
        file = Path(folder) / "data.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        page.locator('input[type="file"]').set_input_files(file)
        wait_idle(page)


def _wait_ready(page: Page, charts: Sequence[str]) -> None:
    """Wait until the charts are drawn and the browser can run the experiments."""
    for key in charts:
        wait_drawn(page, key)
    until = time.monotonic() + 20
    while not is_ready(page) and time.monotonic() < until:
        time.sleep(0.05)
    wait_idle(page)


def _moved(page: Page, what: Locator, script: str, charts: Sequence[str], seconds: int) -> list[str]:
    before = trips(page)
    page.evaluate(COUNT)
    what.evaluate(script, seconds)
    return _cells(page.evaluate(COUNTED), trips(page) - before, charts, seconds)


def _cells(count: dict[str, Any], sent: int, charts: Sequence[str], seconds: int) -> list[str]:
    slowest = min(count["draws"].get(key, 0) for key in charts)
    script = f"{median(count['scripts']):.1f} ms" if count["scripts"] else "–"
    values = f"{count['values'] / seconds:.0f}" if count["values"] else "–"
    return [f"{slowest / seconds:.0f}", values, f"{max(count['gaps']):.0f} ms", script, f"{sent / seconds:.1f}"]


if __name__ == "__main__":
    for table in run():
        print(table)
