"""The landscape in three dimensions: it turns, it moves with the run, a click on it sets the start."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import gdviz
from tests.browser.conftest import camera_at_rest, chart, click, drag, draws, wait_drawn
from tests.browser.first_screen import charts_seen, charts_share
from tests.browser.test_alive import (
    LET_GO,
    SWEEP,
    button,
    epoch_slider,
    lines,
    marker,
    ready,
    run_arrives,
    shown,
    trips,
)
from tests.browser.visitor import BOWL, Visitor, check, eventually

SURFACE = BOWL | {"landscape": "surface"}
BOTH = BOWL | {"landscape": "both"}

# Through the numbers that Plotly itself draws with: where data coordinates are on the screen.
SEEN = """(plot, point) => {
    const { glplot, dataScale } = plot._fullLayout.scene._scene;
    const { projection, view, model } = glplot.cameraParams;
    const times = (m, v) => [0, 1, 2, 3].map((row) => v.reduce((sum, x, column) => sum + m[4 * column + row] * x, 0));
    const place = [...point.map((value, axis) => value * dataScale[axis]), 1];
    const [x, y, , w] = times(projection, times(view, times(model, place)));
    const box = glplot.canvas.getBoundingClientRect();
    return [box.left + (0.5 + 0.5 * x / w) * box.width, box.top + (0.5 - 0.5 * y / w) * box.height];
}"""


def plot(page: Page) -> Any:
    return chart(page, "surface").locator(".gdviz-plot")


def height(page: Page, x: float, y: float) -> float:
    """Of the surface that is drawn, at the grid point nearest to x, y."""
    return plot(page).evaluate(
        """(plot, [x, y]) => {
            const surface = plot.data.find((trace) => trace.type === 'surface');
            const nearest = (values, value) => {
                const away = Array.from(values, (other) => Math.abs(other - value));
                return away.indexOf(Math.min(...away));
            };
            return surface.z[nearest(surface.y, y)][nearest(surface.x, x)];
        }""",
        [x, y],
    )


def seen_at(page: Page, x: float, y: float) -> tuple[float, float]:
    """The window's pixel of a place on the surface."""
    place = plot(page).evaluate(SEEN, [x, y, height(page, x, y)])
    return place[0], place[1]


def turn(page: Page, across: float = 90, down: float = 10) -> list[float]:
    """Turn the surface by hand: so far as the hand goes, which is half around for the height of the chart."""
    box = plot(page).bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    around, above = _direction(page)
    drag(page, middle, (middle[0] + across, middle[1] + down), steps=5)
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    turned = camera_at_rest(plot(page))
    half = plot(page).evaluate("(plot) => plot._fullLayout.scene._scene.container.clientHeight")
    moved = np.array(_direction(page)) - (around, above)
    np.testing.assert_allclose((moved + 180) % 360 - 180, np.array([-across, down]) * 180 / half, atol=0.1)
    return turned


def open_surface(visitor: Visitor, **parameters: object) -> None:
    visitor.open("", "surface", "theta", "loss", **parameters)


def test_the_link_says_how_the_landscape_is_shown(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    assert "landscape" not in guest.parameters
    expect(chart(page, "surface")).to_have_count(0)
    for title, name, keys in [
        ("Both", "both", ("contour", "surface")),
        ("3-D surface", "surface", ("surface",)),
    ]:
        page.get_by_role("radio", name=title).click()
        for key in keys:
            wait_drawn(page, key)
        eventually(lambda name=name: check(guest.parameters.get("landscape") == name))
        expect(page.locator(".st-key-contour")).to_have_count(int("contour" in keys))
    page.get_by_role("radio", name="From above").click()
    wait_drawn(page, "contour")
    eventually(lambda: check("landscape" not in guest.parameters))
    expect(chart(page, "surface")).to_have_count(0)


def test_a_link_that_names_no_view_shows_the_usual_one(guest: Visitor) -> None:
    guest.open(**BOWL, landscape="sideways")
    expect(chart(guest.page, "surface")).to_have_count(0)
    assert "landscape" not in guest.parameters


@pytest.mark.long
def test_the_view_outlives_a_visit_to_another_page(visitor: Visitor) -> None:
    visitor.open("derivatives", "secant", formula="x^3", start="2")  # where the view has no field of its own
    visitor.follow("", "surface", **SURFACE)
    page = visitor.page
    page.get_by_role("link", name="Derivatives").click()
    expect(chart(page, "surface")).to_have_count(0)
    page.get_by_role("link", name="Descend").click()
    wait_drawn(page, "surface")
    visitor.rest()
    assert visitor.parameters["landscape"] == "surface"


def test_of_one_parameter_there_is_only_the_curve(guest: Visitor) -> None:
    guest.open(**(BOWL | {"formula": "x^4 - 3x^2 + x", "start": "2", "landscape": "surface"}))
    expect(guest.page.get_by_role("radio", name="Both")).to_have_count(0)
    expect(chart(guest.page, "contour")).to_be_visible()


def test_the_surface_fills_the_screen_is_described_and_is_turned_and_played_by_keys(guest: Visitor) -> None:
    page = guest.page
    page.set_viewport_size({"width": 1440, "height": 900})
    open_surface(guest, **SURFACE)
    assert charts_share(page) >= 0.6
    assert all(each["whole"] for each in charts_seen(page))
    words = chart(page, "surface").locator('div[role="img"]')
    expect(words).to_have_attribute("aria-label", re.compile("Landscape in three dimensions: 40 epochs from x = 2"))
    run_arrives(guest)
    plot(page).focus()
    page.keyboard.press("Home")
    expect(page.locator(".gdviz-player > output")).to_have_text("epoch 0 of 40")
    button(page, "One epoch on").click()
    expect(page.locator(".gdviz-player > output")).to_have_text("epoch 1 of 40")
    assert shown(page)["epoch"] == 1
    plot(page).focus()
    around, above = _direction(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    assert _direction(page) == pytest.approx((around + 5, above + 5), abs=0.1)
    assert shown(page)["epoch"] == 1
    tools = chart(page, "surface").locator(".modebar")
    tools.get_by_role("button", name="Reset view").click()
    eventually(lambda: check(_direction(page) == pytest.approx((around, above), abs=0.1)))
    guest.rest()
    camera_at_rest(plot(page))  # the ring goes with what is drawn
    # The buttons of a chart are one stop of the keyboard.
    expect(tools.locator('[tabindex="0"]')).to_have_count(1)
    page.keyboard.press("ArrowRight")
    expect(tools.get_by_role("button", name="Download as PNG")).to_be_focused()
    expect(tools.locator('[tabindex="0"]')).to_be_focused()

    ring = chart(page, "surface").get_by_role("button", name="Start point")
    box = ring.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert middle == pytest.approx(seen_at(page, 2, 1), abs=12)  # it stands a little above
    drag(page, middle, seen_at(page, -1, -1), steps=5)
    eventually(lambda: check(_start(guest) == pytest.approx((-1, -1), abs=0.15)))
    before = _start(guest)
    ring.press("ArrowRight")
    eventually(lambda: check(_start(guest)[0] > before[0]))


def _start(guest: Visitor) -> tuple[float, ...]:
    return tuple(map(float, guest.parameters["start"].split(",")))


def _direction(page: Page) -> tuple[float, float]:
    """From where the surface is looked at: degrees around it and above its ground."""
    x, y, z = plot(page).evaluate(
        """(plot) => {
            const { eye, center } = plot._fullLayout.scene._scene.getCamera();
            return ['x', 'y', 'z'].map((axis) => eye[axis] - center[axis]);
        }"""
    )
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def test_the_camera_stays_whatever_changes_and_a_click_on_what_it_sees_sets_the_start(visitor: Visitor) -> None:
    page = visitor.page
    page.set_viewport_size({"width": 1200, "height": 700})
    open_surface(visitor, **SURFACE)
    before = draws(page, "surface")
    page.set_viewport_size({"width": 1000, "height": 700})  # without a graphics card a small window is drawn sooner
    wait_drawn(page, "surface", before)
    visitor.rest()
    turned = turn(page)
    assert visitor.parameters["start"] == "2,1", "turning is no click"
    plot(page).evaluate("(plot) => { plot.querySelector('canvas').__mark = 'same'; }")
    before = draws(page, "surface")
    visitor.type("start_x", "-2")
    wait_drawn(page, "surface", before)
    visitor.rest()
    assert camera_at_rest(plot(page)) == pytest.approx(turned, abs=1e-3)
    before = draws(page, "surface")
    visitor.choose("optimizer", "Adam")
    wait_drawn(page, "surface", before)
    visitor.rest()
    assert camera_at_rest(plot(page)) == pytest.approx(turned, abs=1e-3)
    assert plot(page).evaluate("(plot) => plot.querySelector('canvas').__mark") == "same"

    point, before = (-1.2, 0.9), visitor.parameters["start"]
    click(page, seen_at(page, *point))
    eventually(lambda: check(visitor.parameters["start"] != before))
    visitor.rest()
    start = [float(text) for text in visitor.parameters["start"].split(",")]
    assert start == pytest.approx(point, abs=0.06)
    assert [values[0] for _, values in visitor.thetas().values()] == start


@pytest.mark.long
def test_a_click_beside_the_surface_does_nothing(guest: Visitor) -> None:
    open_surface(guest, **SURFACE)
    box = plot(guest.page).bounding_box()
    assert box is not None
    guest.page.mouse.click(box["x"] + 6, box["y"] + box["height"] - 6)
    guest.page.wait_for_timeout(500)
    guest.rest()
    assert guest.parameters["start"] == "2,1"


@pytest.mark.long
def test_a_finger_sets_the_start(visit: Callable[..., Visitor]) -> None:
    visitor = visit("phone")
    open_surface(visitor, **SURFACE)
    page = visitor.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    plot(page).scroll_into_view_if_needed()
    visitor.rest()
    page.touchscreen.tap(*seen_at(page, -1.0, 0.5))
    eventually(lambda: check(visitor.parameters["start"] != "2,1"))
    start = [float(text) for text in visitor.parameters["start"].split(",")]
    assert start == pytest.approx((-1, 0.5), abs=0.1)


@pytest.mark.long
def test_the_player_moves_on_the_surface_and_the_camera_may_turn_meanwhile(visitor: Visitor) -> None:
    visitor.open("", "surface", "contour", "theta", "loss", **BOTH)
    run_arrives(visitor)
    page = visitor.page
    before = trips(page)
    run = gdviz.descend(gdviz.parse("x^2 + 3y^2"), (2, 1), 0.05, 40)
    for epoch in (1, 4, 39):
        epoch_slider(page).fill(str(epoch))
        expect_marker(page, run.thetas[epoch])
    epoch_slider(page).fill("4")
    turn(page)
    expect_marker(page, run.thetas[4])
    assert trips(page) == before
    button(page, "Play").click()
    moments = set()

    def move() -> None:
        moments.add(str(lines(page, "surface")))
        assert len(moments) >= 4

    eventually(move)
    page.get_by_label("Speed").select_option("4")
    expect(button(page, "Play")).to_be_visible()
    expect(chart(page, "surface").locator(".gdviz-overlay").first).to_be_hidden()


def expect_marker(page: Page, theta: np.ndarray) -> None:
    """The marker on the surface comes to be where theta is."""
    eventually(lambda: check(marker(page, "surface") == pytest.approx(seen_at(page, *theta), abs=8)))


@pytest.mark.long
def test_while_a_moment_is_shown_the_true_path_is_hidden_and_then_comes_back(visitor: Visitor) -> None:
    open_surface(visitor, **SURFACE)
    page = visitor.page
    hidden = """(plot) => Object.values(plot._fullLayout.scene._scene.traces)
        .filter((trace) => [trace.linePlot, trace.scatterPlot].some((part) => part && Object.hasOwn(part, 'isOpaque')))
        .map((trace) => trace.data.name).sort()"""
    assert plot(page).evaluate(hidden) == []
    run_arrives(visitor)
    epoch_slider(page).fill("4")
    assert plot(page).evaluate(hidden) == ["end", "epochs", "outline", "path"]
    visitor.type("epochs", "50")
    eventually(lambda: check(visitor.parameters["epochs"] == "50"))
    visitor.rest()
    eventually(lambda: check(plot(page).evaluate(hidden) == []))


@pytest.mark.long
def test_a_drag_of_the_rate_moves_the_path_on_the_surface(guest: Visitor) -> None:
    open_surface(guest, **SURFACE)
    ready(guest)
    page = guest.page
    eye = camera_at_rest(plot(page))
    seen = set()
    for target in np.linspace(-2.5, -0.5, 5):
        guest.slider.evaluate(SWEEP, [target - 0.2, target, 3])
        assert shown(page)["kind"] == "run"
        seen.add(str(lines(page, "surface")))
    assert len(seen) == 5
    guest.slider.evaluate(LET_GO)
    guest.rest()
    expect(chart(page, "surface").locator(".gdviz-overlay").first).to_be_hidden()
    assert camera_at_rest(plot(page)) == pytest.approx(eye, abs=1e-3)


@pytest.mark.long
def test_a_run_that_leaves_is_drawn_within_the_window(guest: Visitor) -> None:
    open_surface(guest, **(SURFACE | {"learning_rate": 0.4}))
    paths = guest.page.evaluate(
        """() => {
            const { data, layout } = document.querySelector('figure[data-key="surface"] .gdviz-plot');
            const path = data.find((trace) => trace.name === 'path');
            const inside = (values, [low, high]) => Array.from(values)
                .every((value) => Number.isNaN(value) || (value >= low && value <= high));
            return [inside(path.x, layout.scene.xaxis.range), inside(path.y, layout.scene.yaxis.range),
                data.find((trace) => trace.name === 'note').text];
        }"""
    )
    assert paths[:2] == [True, True]
    assert "path leaves<br>at epoch" in paths[2][0]


def test_without_webgl_the_page_says_so_and_all_else_works(visitor: Visitor) -> None:
    page = visitor.page
    page.add_init_script(
        """const before = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (name, ...rest) {
            return name.includes('webgl') ? null : before.call(this, name, ...rest);
        };"""
    )
    visitor.open("", "contour", "theta", "loss", **BOTH)
    expect(chart(page, "surface")).to_contain_text("cannot draw in three dimensions")
    visitor.type("epochs", "50")
    visitor.expect_address(epochs=50)
    run_arrives(visitor)
    epoch_slider(page).fill("10")
    assert shown(page)["epoch"] == 10
