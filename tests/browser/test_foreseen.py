"""What is seen ahead of the page while a hand moves: the run from a dragged start, the next step under the pointer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import gdviz
from gdviz.numerals import format_number
from tests.browser.conftest import answered, chart, pixel
from tests.browser.test_alive import lines, shown
from tests.browser.test_compare import arrive, contenders
from tests.browser.visitor import BOWL, CHARTS, Visitor, check, eventually

FUNCTION = gdviz.parse("x^2 + 3y^2")


def handle(page: Page, key: str = "contour") -> tuple[float, float]:
    """The middle of the start's handle in the window."""
    box = chart(page, key).locator(".gdviz-handle").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def hold_at(page: Page, x: float, y: float, key: str = "contour") -> None:
    """Take the start to a place, and keep hold of it."""
    page.mouse.move(*handle(page, key))
    page.mouse.down()
    page.mouse.move(*pixel(page, key, x, y), steps=8)


def columns(page: Page) -> np.ndarray:
    """All rows of the run that the charts show: epoch, theta, value, shape (rows, columns)."""
    return np.array(
        page.evaluate(
            """async () => {
                const url = performance.getEntriesByType('resource').map((entry) => entry.name)
                    .find((name) => name.endsWith('live/page.js'));
                const [run] = (await import(url)).page.shown?.runs ?? [];
                const names = ['epoch', 'theta 0', 'theta 1', 'value'].filter((name) => run?.column(name));
                return !run ? [] : Array.from({ length: run.rows }, (_, row) => names.map((name) => run.at(row, name)));
            }"""
        )
    )


def test_the_run_follows_the_start_in_the_hand(guest: Visitor) -> None:
    guest.open(**BOWL)
    page, before, verdict = guest.page, guest.parameters, guest.verdict
    pictures = {key: str(lines(page, key)) for key in CHARTS}
    hold_at(page, -1.5, 0.5)

    def follows() -> None:
        found = columns(page)
        run = gdviz.descend(FUNCTION, (-1.5, 0.5), 0.05, 40)
        np.testing.assert_allclose(found[:, 1:3], run.thetas[found[:, 0].astype(int)], atol=0.02)

    eventually(follows)
    for key in CHARTS:
        eventually(lambda key=key: check(str(lines(page, key)) != pictures[key]))
    eventually(lambda: check(guest.verdict != verdict))
    assert guest.parameters == before, "the address waits for the hand"
    page.mouse.up()
    eventually(lambda: check(guest.parameters["start"] != "2,1"))
    start = guest.expect_address(learning_rate=0.05).start
    assert start == pytest.approx((-1.5, 0.5), abs=0.02)
    eventually(lambda: check(shown(page) is None))
    for key in CHARTS:
        expect(chart(page, key).locator(".gdviz-overlay").first).to_be_hidden()


def test_on_a_curve_the_start_keeps_to_it(guest: Visitor) -> None:
    guest.open(objective="formula", formula="x^4 - 3x^2 + x", start="2", learning_rate=0.02, epochs=60)
    page = guest.page
    hold_at(page, 0.5, 9.0)
    expected = pixel(page, "contour", 0.5, 0.5**4 - 3 * 0.5**2 + 0.5)
    eventually(lambda: check(handle(page) == pytest.approx(expected, abs=3)))
    page.mouse.up()
    eventually(lambda: check(guest.parameters["start"] != "2"))
    assert guest.expect_address(learning_rate=0.02).start == pytest.approx((0.5,), abs=0.02)


def watch(page: Page) -> None:
    """Write down the first row and the rate of every run that the page comes to show."""
    page.evaluate(
        """async () => {
            const url = performance.getEntriesByType('resource').map((entry) => entry.name)
                .find((name) => name.endsWith('live/page.js'));
            const { page } = await import(url);
            window.__foreseen = [];
            page.listeners.add((shown) => shown?.kind === 'run' && window.__foreseen.push({
                rate: page.changes.learning_rate, x: shown.runs[0].at(0, 'theta 0'), address: location.search }));
        }"""
    )


def test_a_key_shows_its_run_before_the_page_follows(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    watch(page)
    guest.slider.press("ArrowRight")
    guest.expect_address(learning_rate=0.0512)
    seen = page.evaluate("window.__foreseen")[0]
    assert seen["rate"] == 0.0512
    assert "learning_rate=0.05&" in seen["address"], "the page had not followed yet"
    ahead = page.locator("body[data-gdviz-ahead], .gdviz-slider[data-ahead]")
    expect(ahead).to_have_count(0)  # now it has, and no late answer is wanted any more
    chart(page, "contour").locator(".gdviz-handle").press("ArrowLeft")
    eventually(lambda: check(guest.parameters["start"] != "2,1"))
    assert guest.expect_address(learning_rate=0.0512).start[0] < 2
    seen = next(seen for seen in page.evaluate("window.__foreseen") if seen["x"] < 2)
    assert "start=2%2C1&" in seen["address"]


def point(page: Page, x: float, y: float, key: str = "contour") -> None:
    """Bring the mouse to a place of the landscape, as a hand would."""
    across, up = pixel(page, key, x, y)
    page.mouse.move(across - 20, up)
    page.mouse.move(across, up, steps=4)


def said(page: Page, key: str = "contour") -> list[str]:
    tip = chart(page, key).locator(".gdviz-tip")
    return tip.locator("span").all_inner_texts() if tip.is_visible() else []


def point_until(page: Page, x: float, y: float, is_said: Callable[[], Any], key: str = "contour") -> None:
    """Move the mouse about a place until it is said there: what no answer came to is asked again with the next move."""

    def points() -> None:
        point(page, x, y, key)
        answered(page)
        is_said()

    eventually(points)


def arrow(page: Page, key: str = "contour") -> np.ndarray:
    """Both ends of the first arrow under the pointer, in data coordinates, shape (2, 2)."""
    text, corner, scale = chart(page, key).evaluate(
        """(figure) => {
            const { xaxis, yaxis } = figure.querySelector('.gdviz-plot')._fullLayout;
            const line = figure.querySelector('.gdviz-hover .gdviz-arrow');
            const corner = [xaxis.p2d(0), yaxis.p2d(0)];
            return [line.getAttribute('d'), corner, [xaxis.p2d(1) - corner[0], yaxis.p2d(1) - corner[1]]];
        }"""
    )
    pixels = np.array(re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", text), dtype=float)
    return np.array(corner) + pixels * np.array(scale)


def test_under_the_pointer_stand_value_gradient_and_next_step(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page

    def true_of_its_place() -> None:
        value, slope, step = said(page)
        (x, y), end = arrow(page)
        assert (x, y) == pytest.approx((-1.3, 0.8), abs=0.02)
        assert float(value.removeprefix("f = ")) == pytest.approx(x * x + 3 * y * y, rel=0.01)
        numbers = [float(n.replace("−", "-")) for n in re.findall(r"[−\d.]+", slope)]
        assert numbers == pytest.approx([2 * x, 6 * y], rel=0.02)
        assert step.startswith("Gradient descent: next (")
        assert end == pytest.approx((0.9 * x, 0.7 * y), abs=0.01)

    point_until(page, -1.3, 0.8, true_of_its_place)
    page.mouse.move(5, 5)
    eventually(lambda: check(said(page) == []))
    guest.expect_calm()


def test_where_there_is_no_next_step_the_value_stands_alone(guest: Visitor) -> None:
    guest.open(**BOWL | {"formula": "log(x) + y^2", "learning_rate": 0.1})
    page = guest.page
    ranges = guest.ranges()
    point_until(page, np.mean(ranges[0]), np.mean(ranges[1]), lambda: check(len(said(page)) >= 2))
    guest.expect_calm()


def test_on_compare_each_run_shows_its_own_step_and_follows_the_start(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs="gd@0.05;momentum@0.02,beta=0.5;adam@0.1")
    page = guest.page
    key = "compare_contour"
    names = ["Gradient descent", "Momentum", "Adam"]
    point_until(page, -1.3, 0.8, lambda: check([re.sub(":.*", "", line) for line in said(page, key)[2:]] == names), key)
    hold_at(page, -1.0, -1.0, key)

    def follow() -> None:
        for end, one in zip(run_ends(page), contenders(guest), strict=True):
            run = gdviz.descend(FUNCTION, (-1.0, -1.0), one.learning_rate, 40, one.optimizer)
            np.testing.assert_allclose(end, run.thetas[-1], atol=0.03)

    eventually(follow)
    assert guest.parameters["start"] == "2,1"
    page.mouse.up()
    eventually(lambda: check(guest.parameters["start"] != "2,1"))


def run_ends(page: Page) -> Any:
    """The last theta of each run that the charts show."""
    return page.evaluate(
        """async () => {
            const url = performance.getEntriesByType('resource').map((entry) => entry.name)
                .find((name) => name.endsWith('live/page.js'));
            const { runs } = (await import(url)).page.shown;
            return runs.map((run) => ['theta 0', 'theta 1'].map((name) => run.at(run.rows - 1, name)));
        }"""
    )


def test_format_of_numbers_is_the_pages_own(guest: Visitor) -> None:
    guest.open(**BOWL | {"formula": "1e9*x^2 + 3y^2", "learning_rate": 1e-10})
    point_until(guest.page, -1.3, 0.8, lambda: check(re.match(r"f = [\d.]+ × 10⁹$", said(guest.page)[0])))
    assert format_number(1.69e9, 3) == "1.69 × 10⁹"


def test_a_finger_drags_the_start_and_taps_a_new_one(visit: Callable[..., Visitor]) -> None:
    visitor = visit("phone")
    visitor.open(**BOWL)
    page = visitor.page
    chart(page, "contour").scroll_into_view_if_needed()
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, *at: float) -> None:
        places = [{"x": at[0], "y": at[1]}] if at else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    begin, end = np.array(handle(page)), np.array(pixel(page, "contour", -1.5, 0.5))
    touch("touchStart", *begin)
    touch("touchMove", *(begin + 0.5 * (end - begin)))
    eventually(lambda: check(len(columns(page)) > 0))
    fingers = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate([begin + 0.5 * (end - begin), begin])]
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": fingers})  # a pinch is no drag
    touch("touchEnd")
    visitor.rest()
    assert visitor.parameters["start"] == "2,1"
    assert handle(page) == pytest.approx(tuple(begin), abs=1)
    touch("touchStart", *begin)
    for share in np.linspace(0.1, 1, 8):
        touch("touchMove", *(begin + share * (end - begin)))
    eventually(lambda: check(columns(page)[0, 1:3] == pytest.approx([-1.5, 0.5], abs=0.05)))
    assert visitor.parameters["start"] == "2,1"
    touch("touchEnd")
    eventually(lambda: check(visitor.parameters["start"] != "2,1"))
    assert visitor.expect_address(learning_rate=0.05).start == pytest.approx((-1.5, 0.5), abs=0.05)
    page.touchscreen.tap(*pixel(page, "contour", 1.0, -1.0))
    eventually(lambda: check(visitor.start() == pytest.approx((1.0, -1.0), abs=0.05)))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.rest()
    spot = pixel(page, "contour", -1.0, 1.0)
    for _ in range(2):
        page.touchscreen.tap(*spot)
    eventually(lambda: check(visitor.start() == pytest.approx((-1.0, 1.0), abs=0.1)))
    automatic = "(plot) => [plot._fullLayout.xaxis.autorange, plot._fullLayout.yaxis.autorange]"
    assert chart(page, "contour").locator(".gdviz-plot").evaluate(automatic) == [False, False]
