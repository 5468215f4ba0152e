"""What moves in the browser: redraws a second while the rate is dragged and while a run plays; bytes and thinning."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median
from urllib.parse import urlencode

import numpy as np
from gdviz.ladder import ladder, ladder_rates
from playwright.sync_api import Page, sync_playwright

from gdviz.experiments import Experiment
from gdviz.presets import PRESETS
from gdviz.ui.player import reel
from tests.benchmarks.tables import Table
from tests.browser.chromium import MISSING, find_chromium
from tests.browser.conftest import FLAGS, ROOT, Server, wait_drawn, wait_idle
from tests.browser.test_alive import has_ladder

CHARTS = ("contour", "theta", "loss")
RUNS = {
    "bowl, 40 epochs": {"objective": "formula", "formula": "x^2 + 3y^2", "start": "2,1", "epochs": 40},
    "Rosenbrock, 2,000 epochs": {"objective": "rosenbrock", "learning_rate": 0.0005, "epochs": 2000},
    "Rosenbrock, 5,000 epochs": {"objective": "rosenbrock", "learning_rate": 0.0005, "epochs": 5000},
    "fit of a line, 5,000 epochs": {"objective": "fit", "data": "line", "learning_rate": 0.0005, "epochs": 5000},
}  # fmt: skip
SECONDS = 4

# Counts how often each chart was drawn, and the time between frames, until told to stop.
COUNT = """() => {
    const count = window.__count = { draws: {}, gaps: [], scripts: [] };
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
# Drags to and fro over two decades for so many seconds, one move a frame.
DRAG = """async (input, seconds) => {
    input.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, isPrimary: true }));
    const [begin, middle] = [performance.now(), Number(input.value)];
    while (performance.now() - begin < 1000 * seconds) {
        input.value = middle - 2 * Math.abs(((performance.now() - begin) / 1000) % 2 - 1);
        const before = performance.now();
        input.dispatchEvent(new Event('input', { bubbles: true }));
        window.__count.scripts.push(performance.now() - before);
        await new Promise(requestAnimationFrame);
    }
}"""
LET_GO = "(input) => window.dispatchEvent(new PointerEvent('pointerup', { bubbles: true, isPrimary: true }))"


def run() -> Iterator[Table]:
    yield Table(
        "The ladder of learning rates and the film of a run",
        ["", "rungs", "epochs run", "runs and words", "thinning", "ladder", "film"],
        [_ladder("rosenbrock", epochs) for epochs in (200, 2000, 5000, 100_000)],
        "Times are of the processor.",
    )  # fmt: skip
    yield Table(
        "What thinning moves, in pixels of a chart of a usual size",
        ["", "rows, median", "error, 9 of 10 rungs", "error, film"],
        [_error("rosenbrock", 5000), _error("rosenbrock", 100_000), _error("himmelblau", 5000)],
    )
    path = find_chromium()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        server = Server(ROOT / "app.py")
        try:
            rows = []
            for name, parameters in RUNS.items():
                page = browser.new_page(viewport={"width": 1440, "height": 1100})
                rows.append([name, *_moving(page, f"{server.url}?{urlencode(parameters)}")])
                page.close()
            yield Table(
                f"Redraws of all three charts a second, over {SECONDS} seconds",
                [
                    "",
                    "ladder there after",
                    "dragging",
                    "longest frame",
                    "script a frame",
                    "sent",
                    "playing",
                    "longest frame",
                    "sent",
                ],
                rows,
                "The slowest of the three charts; sent: messages to the server meanwhile.",
            )
        finally:
            server.stop()
            browser.close()


def _experiment(name: str, epochs: int) -> Experiment:
    preset = PRESETS[name]
    return Experiment(objective=name, start=preset.start, learning_rate=preset.learning_rate, epochs=epochs)


def _ladder(name: str, epochs: int) -> list[str]:
    experiment, window = _experiment(name, epochs), PRESETS[name].window
    begin = time.thread_time()
    found = ladder(experiment.posed(), ladder_rates(1e-6, 10.0))
    middle = time.thread_time()
    assert found is not None
    words = [{"rate": r.rate, "look": "info", "sentence": r.sentence} for r in found.rungs]
    packed = reel.strip([r.run for r in found.rungs], words, window, 0.0)
    end = time.thread_time()
    film = reel.film(experiment.run(), window, 0.0)
    return [
        f"{name}, {epochs:,} epochs", str(len(found.rungs)), f"{found.horizon:,}", f"{middle - begin:.2f} s",
        f"{end - middle:.2f} s", f"{len(packed) / 1000:,.0f} kB", f"{len(film) / 1000:,.0f} kB",
    ]  # fmt: skip


def _error(name: str, epochs: int) -> list[str]:
    """How far drawn curves are from the recorded ones, in the window's pixels, where they are in the window."""
    experiment, window = _experiment(name, epochs), PRESETS[name].window
    found = ladder(experiment.posed(), ladder_rates(1e-6, 10.0), seconds=60)
    assert found is not None
    runs = [rung.run for rung in found.rungs]
    strip = _opened(reel.strip(runs, [{} for _ in runs], window, 0.0), len(runs[0].variables))
    low, high = np.array(window).T
    errors, counts, first = [], [], 0
    for one in runs:
        last = [*np.flatnonzero(strip[:, 0] == 0), len(strip)][len(counts) + 1] - 1
        errors.append(_away(one.thetas, strip[first : last + 1, 0].astype(int), low, high))
        counts.append(last + 1 - first)
        first = last + 1
    whole = experiment.run()
    film = _opened(reel.film(whole, window, 0.0), len(whole.variables))
    error = _away(whole.thetas, film[:, 0].astype(int), low, high)
    return [
        f"{name}, {epochs:,} epochs", f"{median(counts):.0f}", f"{np.quantile(errors, 0.9):.2f}", f"{error:.2f}",
    ]  # fmt: skip


def _opened(packed: bytes, n: int) -> np.ndarray:
    length = int.from_bytes(packed[:4], "little")
    return np.frombuffer(packed[4 + length :], "<f4").reshape(-1, n + 4)


def _away(thetas: np.ndarray, rows: np.ndarray, low: np.ndarray, high: np.ndarray) -> float:
    inside = ((thetas >= low) & (thetas <= high)).all(axis=1)
    epochs = np.arange(len(thetas))
    drawn = np.column_stack([np.interp(epochs, rows, thetas[rows, i]) for i in range(thetas.shape[1])])
    return float((np.abs(drawn - thetas) / (high - low) * reel.WIDTH)[inside].max(initial=0.0))


def _moving(page: Page, url: str) -> list[str]:
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda payload: sent.append(len(payload))))
    page.goto(url)
    for key in CHARTS:
        wait_drawn(page, key)
    wait_idle(page)
    slider = page.get_by_role("slider", name="Learning rate")
    begin = time.monotonic()
    slider.hover()
    while not has_ladder(page):
        time.sleep(0.02)
    there = time.monotonic() - begin
    wait_idle(page)
    sent.clear()
    page.evaluate(COUNT)
    slider.evaluate(DRAG, SECONDS)
    dragging, dragged = page.evaluate(COUNTED), len(sent)
    slider.evaluate(LET_GO)
    wait_idle(page)
    page.wait_for_timeout(300)
    sent.clear()
    page.get_by_role("button", name="Play", exact=True).click()
    page.evaluate(COUNT)
    page.wait_for_timeout(1000 * SECONDS)
    playing = page.evaluate(COUNTED)
    return [
        f"{there:.2f} s",
        *_counted(dragging),
        f"{median(dragging['scripts']):.1f} ms",
        str(dragged),
        *_counted(playing),
        str(len(sent)),
    ]


def _counted(count: dict) -> list[str]:
    slowest = min(count["draws"].get(key, 0) for key in CHARTS)
    return [f"{slowest / SECONDS:.0f}", f"{max(count['gaps']):.0f} ms"]


if __name__ == "__main__":
    for table in run():
        print(table)
