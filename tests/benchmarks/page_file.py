"""The page as one file, opened from the disk in Chromium: its size, until it is interactive, and redraws a second."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Browser

from gdviz.comparisons import Comparison, Contender
from gdviz.experiments import Experiment
from gdviz.exports.page_file import save_page
from tests.benchmarks.chromium import chromium
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import milliseconds, part

PAGES = 3
VALLEY = Experiment(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=5000, optimizer="adam")
CASES = {
    "Ravine, 20 epochs": Experiment(),
    "Rosenbrock, Adam, 5,000 epochs": VALLEY,
    "line fit, 5,000 epochs": Experiment(
        objective="fit", data="line", model="slope*x + intercept", target="y", start=(0.0, 0.0), learning_rate=0.001,
        epochs=5000,
    ),
    "three runs of 500 epochs": Comparison(
        Experiment(objective="rosenbrock", start=(-1.2, 1.0), epochs=500),
        (Contender("gd", 0.001), Contender("momentum", 0.0005, color=1), Contender("adam", 0.02, color=2)),
    ),
}  # fmt: skip

# A hand that drags the learning rate to and fro: milliseconds of each redraw, and redraws a second as they are painted.
_DRAGGED = """async () => {
    const base = gdviz.rates[0];
    const times = [];
    gdviz.hold(true);
    const begin = performance.now();
    for (let k = 1; k <= 120; k += 1) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        gdviz.setRate(base * (1 + 0.3 * Math.sin(k / 10)));
        cancelAnimationFrame(gdviz.frame);
        gdviz.frame = 0;
        gdviz.tick();
        times.push(performance.now() - now);
    }
    const seconds = (performance.now() - begin) / 1000;
    gdviz.hold(false);
    return [times.sort((a, b) => a - b)[60], 120 / seconds];
}"""


def run(share: float = 1) -> Iterator[Table]:
    rows, pages = [], part(PAGES, share)
    with TemporaryDirectory() as folder, chromium() as browser:
        for title, experiment in CASES.items():
            path = Path(folder) / "page.html"
            save_page(experiment, path)
            begin = perf_counter()
            save_page(experiment, path)
            made = perf_counter() - begin
            opened, busy, redraw, painted = (
                median(each) for each in zip(*_measured(browser, path, pages), strict=True)
            )
            rows.append([title, milliseconds(made), f"{path.stat().st_size / 1e6:.2f} MB", milliseconds(opened),
                         milliseconds(busy), milliseconds(redraw), f"{painted:.0f}"])  # fmt: skip
    heads = ["", "made, warm", "size", "interactive", "processor until all is drawn", "a redraw", "redraws a second"]
    yield Table(f"The page as one file, medians of {pages} openings", heads, rows)


def _measured(browser: Browser, path: Path, pages: int) -> Iterator[tuple[float, float, float, float]]:
    for _ in range(pages):
        page = browser.new_page(viewport={"width": 1280, "height": 800}, offline=True)
        told = page.context.new_cdp_session(page)
        told.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri())
        page.locator("html[data-ready]").wait_for(state="attached")
        metrics = {each["name"]: each["value"] for each in told.send("Performance.getMetrics")["metrics"]}
        opened = float(page.locator("html").get_attribute("data-interactive") or "nan") / 1000
        page.wait_for_timeout(500)
        redraw, painted = page.evaluate(_DRAGGED)
        yield opened, metrics["TaskDuration"], redraw / 1000, painted
        page.close()
