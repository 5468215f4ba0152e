"""The Maps page, as a visitor uses it: presets, zoom, hold, pointing, choosing, the rate's drag, files."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect

import gdviz
from gdviz.lessons.map_presets import MAP_PRESETS
from gdviz.maps.view import read_map_view
from tests.browser.conftest import click, drag, pixel
from tests.browser.visitor import FOLLOW, Visitor, check, eventually

QUICK = {"objective": "himmelblau", "learning_rate": 0.01, "epochs": 100}
COLORS = """(canvas) => {
    const pen = canvas.getContext('2d'), { width, height } = canvas, seen = new Set();
    const { data } = pen.getImageData(0, 0, width, height);
    let clear = 0;
    for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] < 255) clear += 1;
        seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
    }
    return { clear: clear / (width * height), colors: seen.size };
}"""


@pytest.fixture
def maps(guest: Visitor) -> Callable[..., Visitor]:
    """Someone at the map of a link, which is sharp."""

    def arrive(**parameters: Any) -> Visitor:
        guest.page.set_default_timeout(60_000)
        to_maps(guest, **parameters)
        sharp(guest)
        guest.rest()  # so that nothing moves where a hand is about to press
        return guest

    return arrive


def to_maps(guest: Visitor, **parameters: Any) -> None:
    """Come to the map of a link from another page: none is there until its first pixels are."""
    guest.open("verified")
    guest.follow("maps", **QUICK | parameters)


def canvas(visitor: Visitor) -> Any:
    return visitor.page.locator(".gdviz-map-frame canvas")


def sharp(visitor: Visitor, side: int = 512) -> None:
    visitor.page.locator(f'.gdviz-map-frame canvas[data-side="{side}"]').wait_for()


def place(visitor: Visitor, right: float, up: float) -> tuple[float, float]:
    box = canvas(visitor).bounding_box()
    return box["x"] + right * box["width"], box["y"] + (1 - up) * box["height"]


def view(visitor: Visitor) -> list[float]:
    """The ends of the axes in the link."""
    found = read_map_view(visitor.parameters["map"])
    return [found.x.low, found.x.high, found.y.low, found.y.high]  # type: ignore[union-attr]


def test_basins_are_drawn_whole_with_what_the_colors_mean(maps: Callable[..., Visitor]):
    visitor = maps(epochs=400)
    legend = visitor.page.locator(".gdviz-map-legend li")
    expect(legend).to_have_count(4)
    preset = gdviz.PRESETS["himmelblau"]
    found = gdviz.basins(preset.objective, preset.window, (512, 512), 0.01, 400)
    for words, kind in zip(legend.all_inner_texts(), "ABCD", strict=True):
        assert words.startswith(f"{kind}: minimum (")
        share = float(words.split(":")[2].split("±")[0])
        assert np.abs(100 * found.shares - share).min() < 0.006
    seen = canvas(visitor).evaluate(COLORS)
    assert seen["clear"] == 0
    assert seen["colors"] > 40


def test_the_wheel_zooms_twice_and_the_view_is_in_the_link(maps: Callable[..., Visitor]):
    visitor = maps()
    visitor.page.mouse.move(*place(visitor, 0.25, 0.75))

    def is_wide(width: float) -> None:
        assert np.diff(view(visitor))[::2] == pytest.approx([width] * 2, rel=1e-6)

    for width in (6.0, 3.0):
        visitor.page.mouse.wheel(0, -200)
        eventually(lambda width=width: is_wide(width))
    ends = view(visitor)
    assert (ends[0] + 0.25 * (ends[1] - ends[0]), ends[2] + 0.75 * (ends[3] - ends[2])) == pytest.approx(
        (-3, 3), abs=0.05
    )
    sharp(visitor)
    expect(visitor.page.locator(".gdviz-map-status")).to_have_text("× 4")
    visitor.page.reload()
    sharp(visitor)
    assert view(visitor) == ends
    visitor.page.get_by_role("button", name="Whole map").click()
    expect(visitor.page.locator(".gdviz-map-status")).to_have_text("× 1")
    visitor.page.mouse.move(*place(visitor, 0.25, 0.75))
    visitor.page.mouse.wheel(0, -200)
    eventually(lambda: is_wide(6.0))
    visitor.page.evaluate(FOLLOW, visitor._link("maps", QUICK))  # the same map, and no view in the link
    expect(visitor.page.locator(".gdviz-map-status")).to_have_text("× 1")


def test_a_box_and_a_held_button_zoom_without_a_blank_frame(maps: Callable[..., Visitor]):
    visitor = maps()
    mouse = visitor.page.mouse
    mouse.move(*place(visitor, 0.5, 0.5))
    mouse.down()
    expect(visitor.page.locator(".gdviz-map-status")).to_have_text(re.compile("^× [2-9]"))
    during = canvas(visitor).evaluate(COLORS)
    mouse.up()
    assert during["clear"] == 0
    sharp(visitor)
    eventually(lambda: np.testing.assert_array_less(view(visitor)[1] - view(visitor)[0], 8))
    held = view(visitor)
    drag(visitor.page, place(visitor, 0.2, 0.3), place(visitor, 0.6, 0.7), steps=5)
    width = held[1] - held[0]
    eventually(lambda: np.testing.assert_allclose(view(visitor)[1] - view(visitor)[0], 0.4 * width, rtol=0.05))
    sharp(visitor)


def test_pointing_shows_the_run_and_a_click_makes_it_the_experiment(maps: Callable[..., Visitor]):
    visitor = maps()
    visitor.page.mouse.move(*place(visitor, 0.7, 0.7))
    expect(visitor.page.locator(".gdviz-map-spot")).to_contain_text("comes to rest")
    click(visitor.page, place(visitor, 0.75, 0.25))
    eventually(lambda: np.testing.assert_allclose(start(visitor), [3, -3], atol=0.1))
    sharp(visitor)


def test_a_choice_is_heard_beside_what_is_said_of_the_view(maps: Callable[..., Visitor]):
    """A busy browser sends both at once, and of two messages a busy server hears the later."""
    visitor = maps()
    canvas(visitor).press("ArrowRight")
    sharp(visitor)
    canvas(visitor).evaluate(
        """(canvas) => {
            canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
            for (const until = performance.now() + 600; performance.now() < until;);
        }"""
    )
    eventually(lambda: np.testing.assert_allclose(start(visitor), [1.2, 0], atol=0.1))
    eventually(lambda: check("x:-4.8:7.2" in visitor.parameters["map"]))


def start(visitor: Visitor) -> list[float]:
    return [float(x) for x in visitor.parameters["start"].split(",")]


def test_the_basins_follow_the_learning_rate_while_it_is_dragged(maps: Callable[..., Visitor]):
    visitor = maps()
    slider = visitor.page.locator(".st-key-learning_rate_slider input, .gdviz-slider input").first
    box = slider.bounding_box()
    before = visitor.page.locator(".gdviz-map-legend").inner_text()
    visitor.page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + box["height"] / 2)
    visitor.page.mouse.down()
    for k in range(6):
        visitor.page.mouse.move(box["x"] + (0.55 + 0.01 * k) * box["width"], box["y"] + box["height"] / 2)
        visitor.page.wait_for_timeout(200)
        assert canvas(visitor).evaluate(COLORS)["clear"] == 0
    expect(visitor.page.locator(".gdviz-map-legend")).not_to_have_text(before, use_inner_text=True)
    visitor.page.mouse.up()
    sharp(visitor)

    def is_set() -> None:
        assert float(visitor.parameters["learning_rate"]) != 0.01

    eventually(is_set)
    sharp(visitor)


def test_a_long_map_shows_how_far_it_is_and_can_be_stopped(visitor: Visitor):
    visitor.page.goto(visitor._link("maps", QUICK | {"optimizer": "adam", "epochs": 20_000, "learning_rate": 1e-5}))
    visitor.page.get_by_role("button", name="Stop").click(timeout=60_000)
    expect(visitor.page.locator(".gdviz-map-status")).to_contain_text("stopped")
    visitor.rest()
    side = canvas(visitor).get_attribute("data-side")
    visitor.page.wait_for_timeout(700)
    assert canvas(visitor).get_attribute("data-side") == side
    visitor.page.get_by_role("button", name="Go on").click()
    expect(visitor.page.locator(".gdviz-map progress")).to_be_visible()
    visitor.page.get_by_role("button", name="Stop").click()  # or it would go on beside the next tests


def test_what_would_take_too_long_is_refused_in_words(guest: Visitor):
    guest.open("maps", **QUICK | {"optimizer": "bfgs", "epochs": 100_000})
    expect(guest.page.get_by_text("A map of these runs would take too long")).to_be_visible(timeout=60_000)


def test_maps_leave_the_page_as_arrays_and_tables(maps: Callable[..., Visitor]):
    visitor = maps(map="basins;x:2.0:4.0;y:1.0:3.0")
    visitor.page.get_by_role("button", name="Export").click()
    for label, ending in (("Arrays (NPZ)", "npz"), ("Numbers (CSV)", "csv")):
        visitor.page.get_by_role("radio", name=label).or_(visitor.page.get_by_role("button", name=label)).first.click()
        with visitor.page.expect_download() as download:
            visitor.page.get_by_role("button", name=f"Download the map as {label}").click()
        content = download.value.path().read_bytes()
        assert download.value.suggested_filename == f"gdviz-basins.{ending}"
        if ending == "npz":
            stored = np.load(io.BytesIO(content))
            assert (stored["x"][0], stored["y"][-1]) == (2.0, 3.0)
            assert json.loads(str(stored["about"]))["map"] == "basins;x:2.0:4.0;y:1.0:3.0"
    visitor.page.get_by_text("Film of a dive (GIF)").click()
    visitor.page.get_by_role("button", name="Make the film").click()
    visitor.page.get_by_role("button", name="Cancel").click()
    expect(visitor.page.get_by_text("The film was canceled.")).to_be_visible()
    visitor.page.get_by_role("button", name="Make it again").click()
    with visitor.page.expect_download(timeout=60_000) as download:
        visitor.page.get_by_role("button", name="Download the film as GIF").click()
    assert download.value.path().read_bytes().startswith(b"GIF89a")


@pytest.mark.parametrize(
    "key", [pytest.param(k, marks=() if k == "newton" else pytest.mark.long) for k in sorted(MAP_PRESETS)]
)
def test_a_preset_is_one_click_and_two_sentences(key: str, guest: Visitor):
    preset = MAP_PRESETS[key]
    to_maps(guest)
    guest.page.get_by_role("button", name="Examples").click()
    guest.page.get_by_role("button", name=preset.title).click()
    expect(guest.page.get_by_text(preset.sees)).to_be_visible()

    def opened() -> None:
        assert guest.parameters["objective"] == preset.link["objective"]
        assert guest.parameters["map"].split(";")[0] == preset.link["map"].split(";")[0]

    guest.settle(opened)  # until then the map from before stands beside the new one
    guest.page.locator('.gdviz-map-frame canvas:not([data-side="0"])').wait_for(timeout=60_000)


def test_a_sweep_says_which_rates_work_and_a_hand_on_it_sets_one(guest: Visitor):
    guest.open("maps", "sweep", **QUICK, map="sweep")
    expect(guest.page.locator(".st-key-verdict")).to_contain_text("the fastest is")

    def at(rate: float) -> None:
        assert float(guest.parameters["learning_rate"]) == pytest.approx(rate, rel=0.02)

    click(guest.page, pixel(guest.page, "sweep", 0.001, 1.0))
    eventually(lambda: at(0.001))
    guest.rest()
    (begin, height), (end, _) = (pixel(guest.page, "sweep", rate, 1.0) for rate in (0.003, 0.02))
    guest.page.mouse.move(begin, height)
    guest.page.mouse.down()
    guest.page.mouse.move(begin + 1, height)
    eventually(lambda: at(0.003))  # while it is dragged
    guest.page.mouse.move(end, height)
    guest.page.mouse.up()
    eventually(lambda: at(0.02))
    assert guest.ranges("sweep")[0] == pytest.approx([-6, 1], abs=0.5), "it does not zoom"


def test_a_phone_shows_the_map_and_pinches(visit: Callable[..., Visitor]):
    visitor = visit("phone")
    visitor.page.goto(visitor._link("maps", QUICK))
    sharp(visitor)
    visitor.rest()
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    canvas(visitor).scroll_into_view_if_needed()
    x, y = place(visitor, 0.5, 0.5)
    fingers = visitor.page.context.new_cdp_session(visitor.page)

    def touch(kind: str, *apart: float) -> None:
        points = [{"x": x + sign * dx, "y": y, "id": sign + 1} for dx in apart for sign in (-1, 1)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 30)
    for apart in (40, 60, 90):
        touch("touchMove", apart)
    touch("touchEnd")

    def is_closer() -> None:
        x0, x1, y0, y1 = view(visitor)
        assert (x1 - x0, y1 - y0) == pytest.approx((4.0, 4.0), rel=0.1)
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((0.0, 0.0), abs=0.3)

    eventually(is_closer)
