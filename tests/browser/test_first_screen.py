"""Charts first: what is seen before anybody scrolls, on a phone, a laptop, a projector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gdviz.lessons.scenarios import SCENARIOS
from tests.browser.conftest import wait_drawn, wait_idle
from tests.browser.first_screen import SCREENS, charts_seen, charts_share
from tests.browser.visitor import BOWL, CHARTS, Visitor, check, eventually

PHONES = ((390, 844), (844, 390))


def on_screen(visitor: Visitor, size: tuple[int, int], *keys: str, **link: Any) -> Page:
    """The page that a link opens in a window of this size."""
    visitor.page.set_viewport_size({"width": size[0], "height": size[1]})
    visitor.open("", *(keys or CHARTS), **link)
    return visitor.page


def middle(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"] / 2


USUAL = ((390, 844), (1440, 900))


@pytest.mark.parametrize(
    "size", [pytest.param(s, marks=() if s in USUAL else pytest.mark.long) for s in SCREENS], ids=str
)
def test_most_of_the_first_screen_is_charts(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    page = on_screen(visit("phone" if size in PHONES else "usual"), size)  # a first visit, with its card
    assert charts_share(page) >= SCREENS[size]
    seen = {each["key"]: each for each in charts_seen(page)}
    assert seen["contour"]["whole"]
    if size[0] > 1000:
        assert all(seen[key]["whole"] for key in CHARTS)
        pages_and_tools_stand_in_one_row(page)


def pages_and_tools_stand_in_one_row(page: Page) -> None:
    tools = (".st-key-scenarios", ".st-key-control_exports button", ".st-key-present_begin")
    rows = [middle(page, selector) for selector in ("[data-testid=stPageLink]", *tools)]
    assert max(rows) - min(rows) < 4
    assert max(rows) < 44


@pytest.mark.long
@pytest.mark.parametrize("size", [(1440, 900), (1920, 1080)], ids=str)
def test_a_surface_fills_the_screen_too(guest: Visitor, size: tuple[int, int]) -> None:
    page = on_screen(guest, size, "surface", "theta", "loss", objective="rosenbrock", landscape="surface")
    assert charts_share(page) >= 0.6
    assert all(each["whole"] for each in charts_seen(page))


def test_at_twice_the_size_the_landscape_is_on_the_first_screen(guest: Visitor) -> None:
    page = on_screen(guest, (720, 450), objective="ravine")  # what 200 % leaves of 1440 x 900
    assert {each["key"] for each in charts_seen(page) if each["whole"]} >= {"contour"}


@pytest.mark.long
def test_the_verdict_never_changes_the_height_of_the_page(visitor: Visitor) -> None:
    heights = set()
    for link in ({"learning_rate": 0.05}, {"learning_rate": 0.4}, {"learning_rate": 0.001}, {"epochs": 3000}):
        visitor.follow(**BOWL | link) if heights else visitor.open(**BOWL | link)
        box = visitor.page.locator(".st-key-contour figure").bounding_box()
        assert box is not None
        heights.add((box["y"], box["height"]))
    assert len(heights) == 1
    visitor.page.get_by_role("button", name="Why?").click()
    expect(visitor.page.get_by_test_id("stPopoverBody")).to_contain_text("Converged after")
    box = visitor.page.locator(".st-key-contour figure").bounding_box()
    assert box is not None
    assert (box["y"], box["height"]) in heights


@pytest.mark.parametrize(
    "size", [PHONES[0], pytest.param(PHONES[1], marks=pytest.mark.long)], ids=["upright", "on its side"]
)
def test_on_a_phone_rate_and_play_stay_under_the_thumb(visit: Callable[..., Visitor], size: tuple[int, int]) -> None:
    page = on_screen(visit("phone"), size, objective="ravine")
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()

    def places() -> list[Any]:
        found = [page.get_by_role("slider", name="Learning rate"), page.get_by_role("button", name="Play", exact=True)]
        return [one.bounding_box() for one in found]

    before = places()
    assert all(box["y"] > size[1] - 200 and box["y"] + box["height"] <= size[1] for box in before)
    page.locator(".st-key-loss").scroll_into_view_if_needed()
    eventually(lambda: check(places() == before))
    slider = before[0]
    page.touchscreen.tap(slider["x"] + 0.5 * slider["width"], slider["y"] + slider["height"] / 2)
    eventually(lambda: check("learning_rate=0.4" not in page.evaluate("location.href")))


def test_covered_the_rate_stands_with_the_question(guest: Visitor) -> None:
    link = dict(SCENARIOS["divergence"].link) | {"cover": "1", "question": "What happens?"}
    page = on_screen(guest, (1440, 900), "covered", **link)
    expect(page.get_by_role("slider", name="Learning rate")).to_be_in_viewport(ratio=1)
    expect(page.locator(".st-key-predict")).to_contain_text("learning rate 0.55")
    expect(page.get_by_role("button", name="Reveal")).to_be_in_viewport(ratio=1)


def test_pages_have_titles_and_back_goes_one_page_back(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    expect(page).to_have_title("Descend: gdviz")
    for name, key in (("Compare", "compare_contour"), ("Derivatives", "secant")):
        page.get_by_role("link", name=name).click()
        wait_drawn(page, key)
        wait_idle(page)
        expect(page).to_have_title(f"{name}: gdviz")
    page.go_back()
    wait_drawn(page, "compare_contour")
    expect(page).to_have_title("Compare: gdviz")
    page.go_back()
    wait_drawn(page, "contour")
    expect(page).to_have_title("Descend: gdviz")
    guest.expect_address(learning_rate=0.05)
