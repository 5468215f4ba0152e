"""Opening the page in headless Chromium: first charts, beside a two-line page; the charts' share of five screens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from statistics import median

from playwright.sync_api import Browser, Page

from tests.benchmarks.chromium import chromium, our_page
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part
from tests.browser.conftest import PAGES, wait_drawn, wait_idle
from tests.browser.first_screen import SCREENS, charts_share, visitor_of

CHARTS = ("contour", "theta", "loss")
ROUNDS = 7
_AT_REST = 1_500  # ms: a new window of the browser loads parts of its own for most of a second, whatever it shows
_PLOTLY = ".js-plotly-plot .main-svg .trace"


def run(share: float = 1) -> Iterator[Table]:
    with chromium() as browser:
        begin = time.perf_counter()
        with our_page() as ours, our_page(PAGES / "two_lines.py") as plain:
            yield _first_charts(browser, ours.url, plain.url, begin, part(ROUNDS, share))
            yield _shares(browser, ours.url)


def _first_charts(browser: Browser, ours: str, plain: str, begin: float, rounds: int) -> Table:
    """From opening a page until its charts are drawn, both pages in turn."""
    page = browser.new_page()
    page.goto(ours)
    _all_drawn(page)
    cold = time.perf_counter() - begin
    page.goto(plain)
    page.locator(_PLOTLY).first.wait_for(state="attached")
    page.close()
    pages: dict[str, tuple[str, Callable[[Page], None]]] = {
        "ours: the landscape and its path": (ours, lambda page: wait_drawn(page, "contour")),
        "ours: all three charts": (ours, _all_drawn),
        "two lines with st.plotly_chart": (plain, lambda page: page.locator(_PLOTLY).first.wait_for(state="attached")),
    }
    fresh: dict[str, list[float]] = {name: [] for name in pages}
    again: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, (url, drawn) in pages.items():
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            tab = context.new_page()
            tab.wait_for_timeout(_AT_REST)
            fresh[name].append(_opening(tab, url, drawn))
            again[name].append(_opening(tab, url, drawn))
            context.close()
    rows = [[name, f"{median(fresh[name]):.2f}", f"{median(again[name]):.2f}"] for name in pages]
    note = f"Medians of {rounds} in turn. From the server's start to the first visitor's charts: {cold:.1f} s."
    return Table("Seconds until charts are seen", ["", "a new visitor", "reloaded"], rows, note)


def _opening(page: Page, url: str, drawn: Callable[[Page], None]) -> float:
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    drawn(page)
    seconds = time.perf_counter() - begin
    page.wait_for_timeout(500)
    return seconds


def _all_drawn(page: Page) -> None:
    for key in CHARTS:
        wait_drawn(page, key)


def _shares(browser: Browser, url: str) -> Table:
    """How much of the first screen the charts have on a first visit."""
    rows = []
    for size, aim in SCREENS.items():
        context = browser.new_context(**visitor_of(size))
        page = context.new_page()
        page.goto(url)
        _all_drawn(page)
        wait_idle(page)
        rows.append([f"{size[0]} × {size[1]}", f"{charts_share(page):.0%}", f"{aim:.0%}"])
        context.close()
    return Table("The charts' share of the first screen, at a first visit", ["", "charts", "aim"], rows)
