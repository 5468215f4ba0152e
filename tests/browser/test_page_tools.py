"""What the page as a whole has for the keyboard, the eye and the printer."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import chart, wait_drawn
from tests.browser.visitor import BOWL, CHARTS, Visitor, check, eventually


def test_keys_take_a_change_back_and_make_it_again_but_not_where_one_types(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    guest.type("epochs", "50")
    guest.expect_address(epochs=50)
    guest.slider.press("ArrowRight")
    guest.settle(lambda: check(guest.parameters["learning_rate"] != "0.05"))
    guest.slider.press("Control+z")
    guest.expect_address(epochs=50, learning_rate=0.05)
    guest.slider.press("Control+z")
    guest.expect_address(epochs=40)
    guest.slider.press("Control+Shift+z")
    guest.expect_address(epochs=50)
    field = guest.field("epochs")
    field.focus()
    field.press("Control+z")
    guest.expect_address(epochs=50)
    page.get_by_role("button", name="Undo").click()
    guest.expect_address(epochs=40)


@pytest.mark.parametrize("themes", [("Dark",), pytest.param(("Dark", "Light"), marks=pytest.mark.long)], ids=" ".join)
def test_the_theme_is_chosen_without_a_menu_and_stays(visitor: Visitor, themes: tuple[str, ...]) -> None:
    visitor.open(**BOWL)
    page = visitor.page
    ground = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
    for theme in themes:
        with page.expect_navigation():
            page.get_by_label("Theme").select_option(theme)
        for key in CHARTS:
            wait_drawn(page, key)
        assert page.evaluate(ground) == {"Dark": "rgb(18, 20, 28)", "Light": "rgb(255, 255, 255)"}[theme]
        visitor.expect_address(epochs=40)  # the experiment is in the address
        expect(page.get_by_label("Theme")).to_have_value(theme)


def test_the_first_stop_of_the_keyboard_leads_to_the_chart(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    page.locator(".gdviz-skip").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('.st-key-contour') !== null")
    stops = "a[href], button, input, select, textarea, [tabindex='0']"
    assert page.evaluate("(stops) => document.body.querySelector(stops).className", stops) == "gdviz-skip"
    expect(page.locator("h1")).to_have_text("gdviz: Descend")
    assert "Path on the landscape" in page.locator("h2").all_inner_texts()


def test_on_paper_there_are_whole_charts_and_no_sidebar(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    page.emulate_media(media="print")
    try:
        expect(page.get_by_test_id("stSidebar")).to_be_hidden()
        expect(page.locator(".gdviz-player")).to_be_hidden()
        for key in CHARTS:
            expect(chart(page, key)).to_be_visible()
            inside = chart(page, key).evaluate(
                """(figure) => {
                    const [plot, page] = [figure, document.documentElement].map((node) => node.getBoundingClientRect());
                    return plot.left >= 0 && plot.right <= page.right + 1 && plot.width > 100;
                }"""
            )
            assert inside, key
    finally:
        page.emulate_media(media="screen")


OVERLAPS = """() => {
    const boxes = [...document.querySelectorAll('.js-plotly-plot')].map((plot) => plot.getBoundingClientRect());
    const beyond = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1;
    const apart = (a, b) => beyond(a, b) || beyond(b, a);
    return [boxes.length, boxes.some((one, i) => boxes.some((other, j) => i < j && !apart(one, other)))];
}"""


def test_on_upright_paper_no_chart_lies_over_another(guest: Visitor) -> None:
    page = guest.page
    page.set_viewport_size({"width": 720, "height": 1050})
    page.emulate_media(media="print")
    try:
        for path, count in (("derivatives", 4), ("compare", 3)):
            guest.open(path, objective="ravine")
            eventually(lambda count=count: check(page.evaluate(OVERLAPS) == [count, False]))
    finally:
        page.emulate_media(media="screen")
