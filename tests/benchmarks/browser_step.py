"""The step's JavaScript in Chromium: 5,000 recorded epochs, the first run of a page and warm ones."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from time import perf_counter

from playwright.sync_api import Page

import gdviz
from tests.benchmarks.chromium import chromium
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import milliseconds, part

EPOCHS, PAGES, WARM = 5000, 7, 30

# Milliseconds of the first run and of each later one, in a page that has just loaded the module.
_TIMED = """async ([text, start, rate, again]) => {
    const address = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
    const {descend} = await import(address);
    const times = [];
    for (let k = 0; k <= again; k++) {
        const begin = performance.now();
        descend(start, rate, 0);
        times.push(performance.now() - begin);
    }
    return times;
}"""

WAVES = "exp(-(x^2 + y^2)/8)*sin(3x)*cos(2y) + 0.05*(x^2 + y^2)"
CASES = {
    "Rosenbrock": (gdviz.PRESETS["rosenbrock"].objective, [-1.2, 1.0], 0.0002),
    "Himmelblau": (gdviz.PRESETS["himmelblau"].objective, [0.1, 0.2], 0.001),
    "exp, sin, cos": (gdviz.parse(WAVES), [1.0, 2.0], 0.01),
}


def run(share: float = 1) -> Iterator[Table]:
    rows, pages = [], part(PAGES, share)
    with chromium() as browser:
        for title, (objective, start, rate) in CASES.items():
            for name in ("gd", "momentum", "adam"):
                begin = perf_counter()
                text = gdviz.step_javascript(objective, name, EPOCHS)
                made = perf_counter() - begin
                firsts, warm = _measured(browser.new_page, text, start, rate, pages)
                rows.append([f"{title}, {name}", milliseconds(made), milliseconds(firsts), milliseconds(warm),
                             f"{len(text) / 1000:.1f} kB"])  # fmt: skip
    heads = ["", "text made", "first run", "warm run", "size"]
    yield Table(f"{EPOCHS:,} recorded epochs, medians of {pages} pages", heads, rows)


def _measured(new_page, text: str, start: list[float], rate: float, pages: int) -> tuple[float, float]:
    firsts, warm = [], []
    for _ in range(pages):
        page: Page = new_page()
        page.goto("about:blank")
        first, *later = page.evaluate(_TIMED, [text, start, rate, WARM])
        firsts.append(first / 1000)
        warm.append(median(later[WARM // 2 :]) / 1000)
        page.close()
    return median(firsts), median(warm)
