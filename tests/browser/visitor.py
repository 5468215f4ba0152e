"""What a visitor of the page does and sees, in words, for the tests of the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import numpy as np
from playwright.sync_api import Locator, Page, expect

from gdviz.datasets import Table
from gdviz.descent import Trajectory
from gdviz.experiments import Experiment, decode
from tests.browser.conftest import chart, wait_drawn, wait_idle

CHARTS = ("contour", "theta", "loss")
BOWL = {"objective": "formula", "formula": "x^2 + 3y^2", "start": "2,1", "learning_rate": 0.05, "epochs": 40}


# A link within the page, as Back and Forward follow one.
FOLLOW = "(url) => { history.pushState(null, '', url); window.dispatchEvent(new PopStateEvent('popstate')); }"

# Until nothing within an element glides any more. What goes on for ever, as a spinner does, does not count.
STANDS_STILL = """(element) => Promise.all(element.getAnimations({ subtree: true })
    .filter((animation) => animation.effect.getComputedTiming().endTime < Infinity)
    .map((animation) => animation.finished.catch(() => {})))"""


class Visitor:
    """Someone who looks at the page in a browser. ``url`` is the app's address."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    # -- coming and going --

    def open(self, path: str = "", *keys: str, **parameters: object) -> None:
        """Open a link with these parameters and wait for the charts ``keys`` (those of Descend by default)."""
        self.page.goto(self._link(path, parameters))
        self._arrive(keys if keys or path else CHARTS)

    def go(self, url: str, *keys: str) -> None:
        """Open ``url`` and wait until the charts are drawn."""
        self.page.goto(url)
        self._arrive(keys or CHARTS)

    def follow(self, path: str = "", *keys: str, **parameters: object) -> None:
        """The same as :meth:`open` within the page, as Back and Forward do: the session goes on, nothing is loaded."""
        self.page.evaluate(FOLLOW, self._link(path, parameters))
        self.rest()
        self._arrive(keys if keys or path else CHARTS)

    def _link(self, path: str, parameters: dict[str, object]) -> str:
        return f"{self.url}{path}{'?' if parameters else ''}{urlencode(parameters)}"

    def _arrive(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            wait_drawn(self.page, key)
        self.rest()

    def rest(self) -> None:
        """Wait until nothing moves any more."""
        wait_idle(self.page)

    def settle(self, check: Callable[[], Any]) -> Any:
        """Wait until the page is at rest and ``check`` raises nothing; return what it returns."""

        def at_rest() -> Any:
            self.rest()
            return check()

        return eventually(at_rest)

    # -- what is seen --

    @property
    def verdict(self) -> str:
        return self.page.locator(".st-key-verdict").inner_text()

    @property
    def address(self) -> str:
        """The address bar. (Playwright's own ``page.url`` stands still while a test polls.)"""
        return str(self.page.evaluate("location.href"))

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters in the address bar."""
        return dict(parse_qsl(urlsplit(self.address).query, keep_blank_values=True))

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()

    def traces(self, key: str) -> dict[str, dict[str, Any]]:
        """The traces of a chart by name: mode, and x, y and customdata as arrays."""
        found = chart(self.page, key).evaluate(
            """(figure) => figure.querySelector('.js-plotly-plot').data.map((trace) => {
                const plain = (array) => (array ?? null) && Array.from(array, (item) =>
                    typeof item === 'object' && item !== null ? Array.from(item) : item);
                return { name: trace.name, mode: trace.mode, visible: trace.visible ?? true, line: trace.line,
                    marker: trace.marker?.color && { color: trace.marker.color },
                    x: plain(trace.x), y: plain(trace.y),
                    customdata: trace.type === 'contour' ? null : plain(trace.customdata) };
            })"""
        )
        return {trace["name"]: trace for trace in found}

    def path(self) -> np.ndarray:
        """The drawn path, shape (points, 2)."""
        trace = self.traces("contour")["path"]
        return np.column_stack([trace["x"], trace["y"]]).astype(float)

    def start(self) -> tuple[float, ...]:
        return tuple(self.path()[0].tolist())

    def ranges(self, key: str = "contour") -> list[list[float]]:
        """The drawn ranges of x and y."""
        return chart(self.page, key).evaluate(
            """(figure) => {
                const { xaxis, yaxis } = figure.querySelector('.js-plotly-plot')._fullLayout;
                return [Array.from(xaxis.range), Array.from(yaxis.range)];
            }"""
        )

    def thetas(self) -> dict[str, np.ndarray]:
        """The curves of the theta chart: for each parameter its epochs and values, shape (2, points)."""
        return {
            name: np.array([trace["x"], trace["customdata"]], dtype=float)
            for name, trace in self.traces("theta").items()
            if "at the minimum" not in name and name != "full batch"
        }

    def expect_run(self, run: Trajectory, axes: tuple[int, int] = (0, 1)) -> None:
        """The charts come to show this run, to the last bit, and the page comes to rest with it."""
        self.settle(lambda: self._check_run(run, axes))

    def expect_address(self, table: Table | None = None, axes: tuple[int, int] = (0, 1), **fields: Any) -> Experiment:
        """The address bar comes to name an experiment with these fields, the charts to show its run, and all the page
        to rest: what stands beside them may be read at once. Returns the experiment."""

        runs: dict[Experiment, Trajectory] = {}

        def check() -> Experiment:
            experiment, notes = decode(self.parameters, table)
            assert notes == ()
            assert experiment == replace(experiment, **fields)
            if experiment not in runs:
                runs[experiment] = experiment.run(table)
            self._check_run(runs[experiment], axes)
            return experiment

        experiment: Experiment = self.settle(check)
        return experiment

    def _check_run(self, run: Trajectory, axes: tuple[int, int]) -> None:
        curves = list(self.thetas().values())
        assert len(curves) == len(run.variables)
        for i, (epochs, values) in enumerate(curves):
            assert epochs[-1] == run.epochs
            np.testing.assert_array_equal(values, run.thetas[epochs.astype(int), i])
        ends = run.thetas[:, list(axes)] if len(curves) > 1 else np.column_stack([run.thetas, run.values])
        np.testing.assert_array_equal(self.path()[[0, -1]], ends[[0, -1]])

    # -- what a hand does --

    @property
    def slider(self) -> Locator:
        """The learning rate's, over its whole range."""
        if (whole := self.page.get_by_role("button", name="Show the whole range")).is_visible():
            whole.click()
        return self.page.get_by_role("slider", name="Learning rate", exact=True)

    def slider_pixel(self, value: float, low: float = 1e-6, high: float = 10.0) -> tuple[float, float]:
        """The window's pixel of the learning rate's thumb at ``value``."""
        box = self.slider.bounding_box()
        assert box is not None
        share = np.log(value / low) / np.log(high / low)
        return box["x"] + 10 + share * (box["width"] - 20), box["y"] + box["height"] / 2

    def field(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key} input")

    def type(self, key: str, text: str) -> None:
        """Type into a field of the sidebar and press Enter."""
        field = self.field(key)
        field.fill(text)
        field.press("Enter")

    def choose(self, key: str, title: str) -> None:
        """Choose from a select box."""
        box = self.page.locator(f".st-key-{key}")
        self.rest()
        box.scroll_into_view_if_needed()  # the options vanish when the page scrolls below them
        box.locator("input").click()
        box.locator("input").fill(title)
        self.page.get_by_role("option", name=title, exact=True).click()

    def unfold(self, fold: str, key: str) -> None:
        """Open the ``fold`` that holds the widget ``key``."""
        self.rest()
        expander = self.page.locator(f".st-key-{fold} details")
        if expander.get_attribute("open") is None:
            expander.locator("summary").click()
        self.page.locator(f".st-key-{key}").wait_for()
        expander.evaluate(STANDS_STILL)

    def message(self, where: str = "stSidebar") -> Locator:
        """The error beside a field."""
        return self.page.locator(f'[data-testid="{where}"] [data-testid="stAlertContentError"]')

    def reset_start(self) -> None:
        self.page.get_by_test_id("stSidebarUserContent").get_by_role("button", name="Reset").click()

    def upload(self, content: bytes, name: str = "data.csv") -> None:
        """Bring a CSV file."""
        self.page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content}
        )

    def expect_calm(self) -> None:
        """No traceback and no error box, now or at any moment before."""
        alarms = self.page.evaluate("window.__alarms")
        assert alarms == [], alarms
        for word in ("Traceback", 'File "', "Something went wrong"):
            assert word not in self.text


class Guest(Visitor):
    """Someone who has the page open already, or will after the first link."""

    def open(self, path: str = "", *keys: str, **parameters: object) -> None:
        if self.page.url.startswith(self.url):
            self.rest()  # what the test before changed last may still be on its way into the address
            self.follow(path, *keys, **parameters)
        else:
            super().open(path, *keys, **parameters)


def check(condition: Any) -> None:
    """An assertion as an expression, for :func:`eventually`."""
    assert condition


def eventually(check: Callable[[], Any], seconds: float = 30) -> Any:
    """Run ``check`` until it raises nothing, and return what it returns."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return check()
        except (AssertionError, IndexError, KeyError, TypeError, ValueError):
            if time.monotonic() > deadline:
                raise
        time.sleep(0.05)


__all__ = ["BOWL", "CHARTS", "Guest", "Visitor", "check", "eventually", "expect"]
