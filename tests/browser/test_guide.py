"""What guides a visitor: scenarios, the first visit, a teacher's link with its answer covered, presentation."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from gdviz.lessons.scenarios import SCENARIOS
from gdviz.lessons.teaching import PREDICTIONS
from tests.browser.conftest import chart, wait_drawn, wait_idle
from tests.browser.first_screen import charts_seen, charts_share
from tests.browser.visitor import CHARTS, Visitor, check, eventually


def card(page: Page, name: str) -> Locator:
    return page.locator(f".st-key-card_{name}")


def chips(page: Page) -> Locator:
    """The scenarios, in their open menu."""
    page.get_by_role("button", name="Scenarios").click()
    return page.locator(".st-key-scenario_chosen").get_by_role("radio")


def open_scenario(page: Page, title: str) -> None:
    chips(page).and_(page.get_by_role("radio", name=title, exact=True)).click()
    expect(page.locator(".st-key-scenario_chosen")).to_have_count(0)


# -- scenarios --


def test_the_first_visit_says_what_to_see_and_do_until_it_is_put_away(visitor: Visitor) -> None:
    visitor.open()
    page = visitor.page
    expect(card(page, "welcome")).to_contain_text("This is gradient descent")
    expect(card(page, "welcome")).to_contain_text("press play")
    visitor.slider.press("ArrowRight")
    visitor.expect_address(learning_rate=0.307)
    card(page, "welcome").get_by_role("button", name="Close").click()
    expect(card(page, "welcome")).to_have_count(0)


def test_a_scenario_opens_with_one_click_and_its_sentences_stay(visitor: Visitor) -> None:
    visitor.open()
    page = visitor.page
    divergence, momentum = SCENARIOS["divergence"], SCENARIOS["momentum"]
    expect(chips(page)).to_have_count(len(SCENARIOS))
    page.locator(".st-key-scenario_chosen button", has_text=divergence.title).click()
    expect(card(page, "scenario")).to_contain_text(divergence.sees)
    expect(card(page, "scenario")).to_contain_text(divergence.tries)
    visitor.expect_address(objective="gentle_bowl", learning_rate=0.55)
    assert "Diverges" in visitor.verdict
    visitor.type("learning_rate", "0.4")
    visitor.expect_address(learning_rate=0.4)
    expect(card(page, "scenario")).to_contain_text(divergence.tries)
    assert visitor.parameters["scenario"] == "divergence"

    card(page, "scenario").get_by_role("button", name="Start over").click()
    visitor.expect_address(learning_rate=0.55)
    open_scenario(page, momentum.title)  # on another page
    wait_drawn(page, "compare_contour")
    eventually(lambda: check("/compare?" in visitor.address))
    expect(card(page, "scenario")).to_contain_text(momentum.sees)
    expect(page.locator(".st-key-verdict")).to_contain_text("75 epochs")
    eventually(lambda: check(visitor.parameters["runs"] == momentum.link["runs"]))
    card(page, "scenario").get_by_role("button", name="Close").click()
    expect(card(page, "scenario")).to_have_count(0)
    eventually(lambda: check("scenario" not in visitor.parameters))
    open_scenario(page, "Too small")  # back on the first page, and nothing of the comparison stays
    wait_drawn(page, "contour")
    visitor.expect_address(objective="gentle_bowl", learning_rate=0.005)
    eventually(lambda: check("runs" not in visitor.parameters))


def test_a_link_brings_a_scenarios_sentences_may_name_it_alone_and_an_unknown_one_is_noted(guest: Visitor) -> None:
    divergence = SCENARIOS["divergence"]
    guest.open(**dict(divergence.link) | {"scenario": "divergence", "learning_rate": "0.4"})
    expect(card(guest.page, "scenario")).to_contain_text(divergence.sees)
    guest.expect_address(learning_rate=0.4)
    guest.open("", "secant", "quotient", scenario="wrong_h")
    eventually(lambda: check("/derivatives?" in guest.address))
    expect(guest.page.locator(".st-key-verdict")).to_contain_text("42.6")
    guest.open(objective="ravine", scenario="[none](https://example.org)")
    expect(
        guest.page.get_by_test_id("stAlertContentWarning").filter(has_text="scenario: there is none")
    ).to_be_visible()
    expect(guest.page.locator('a[href*="example.org"]')).to_have_count(0)
    assert "scenario" not in guest.parameters


# -- teaching --

LESSON = dict(SCENARIOS["divergence"].link) | {
    "hide": "learning_rate,optimizer,nonsense",
    "cover": "1",
    "question": "What will <b>this</b> **run** do?",
}


def test_predict_then_reveal(visitor: Visitor) -> None:
    visitor.open("", "covered", **LESSON)
    page = visitor.page
    expect(card(page, "question").get_by_test_id("stText")).to_have_text("What will <b>this</b> **run** do?")
    expect(page.get_by_test_id("stAlertContentWarning").filter(has_text="no control “nonsense”")).to_be_visible()
    expect(visitor.slider).to_be_hidden()
    expect(visitor.field("learning_rate")).to_be_hidden()
    expect(page.locator(".st-key-optimizer")).to_be_hidden()
    expect(visitor.field("epochs")).to_be_visible()
    # Nothing gives the answer away: not on the page, not in what is said of it, not in the chart's numbers.
    everything = page.content()
    for word in ("Diverges", "2/L", "−76.68", "grows", SCENARIOS["divergence"].sees[:30]):
        assert word not in everything
    assert set(visitor.traces("covered")) == {"landscape", "minima", "start"}
    for absent in (".st-key-verdict", ".gdviz-player", ".st-key-theta", ".st-key-loss", ".st-key-export"):
        expect(page.locator(absent)).to_have_count(0)
    for other in ("compare", "derivatives"):
        expect(page.locator(f'a[href*="{other}"]')).to_have_count(0)
    expect(page.get_by_role("button", name="Reveal")).to_be_disabled()

    # By keyboard alone.
    page.get_by_role("radio").first.focus()
    for _ in range(len(PREDICTIONS) - 1):
        page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="It diverges")).to_be_checked()
    expect(page.get_by_role("button", name="Reveal")).to_be_enabled()
    page.get_by_role("button", name="Reveal").press("Enter")
    for key in CHARTS:
        wait_drawn(page, key)
    expect(page.locator(".st-key-answer")).to_contain_text("Right: it diverges.")
    visitor.rest()
    assert "above the stability limit 2/L = 0.5" in visitor.verdict
    expect(page.get_by_text("above the stability limit 2/L = 0.5")).to_have_count(1)  # it is said once
    assert "Diverges" in visitor.verdict
    eventually(lambda: check("cover" not in visitor.parameters))
    expect(visitor.slider).to_be_hidden()
    visitor.type("epochs", "30")  # changing the settings leaves it uncovered
    visitor.expect_address(epochs=30, learning_rate=0.55)
    expect(page.locator(".st-key-answer")).to_have_count(0)
    expect(card(page, "question")).to_be_visible()
    assert visitor.parameters["hide"] == "learning_rate,optimizer"
    assert page.evaluate("window.__hacked") is None


@pytest.mark.long
def test_covered_the_start_may_be_moved_and_a_wrong_prediction_is_put_right(visitor: Visitor) -> None:
    visitor.open("compare", "covered", **(dict(SCENARIOS["saddle"].link) | {"cover": "1"}))
    page = visitor.page
    visitor.type("start_x", "0.5")
    eventually(lambda: check(visitor.parameters["start"] == "0.5,0"))
    page.get_by_text("It diverges", exact=True).click()
    page.get_by_role("button", name="Reveal").click()
    wait_drawn(page, "compare_contour")
    expect(page.locator(".st-key-answer")).to_contain_text("Not this time: it gets stuck where there is no minimum.")
    expect(page.locator(".st-key-answer")).to_contain_text("Stuck at a saddle")


@pytest.mark.long
def test_a_teacher_makes_a_link(visit: Callable[..., Visitor]) -> None:
    teacher = visit()
    teacher.open(**SCENARIOS["edge"].link)
    page = teacher.page
    page.get_by_role("button", name="Teach").click()
    page.locator(".st-key-teach_question input").fill("Which way does y go? ½ & more")
    page.keyboard.press("Enter")
    for name in ("Learning rate", "Other pages", "Scenarios"):
        page.locator(".st-key-teach_hide button", has_text=re.compile(f"^{name}$")).click()
        teacher.rest()
    link = page.get_by_test_id("stCode").filter(has_text="cover=1").last
    eventually(lambda: check("hide=learning_rate%2Cscenarios%2Cpages" in link.inner_text().replace("\n", "")))
    address = link.inner_text().replace("\n", "").strip()
    assert address.startswith(teacher.url)
    assert "cover" not in teacher.parameters, "the teacher's own page stays as it is"

    student = visit("other")
    student.go(address, "covered")
    expect(card(student.page, "question")).to_have_text("Which way does y go? ½ & more")
    student.page.get_by_text("It jumps to and fro for ever").click()
    student.page.get_by_role("button", name="Reveal").click()
    expect(student.page.locator(".st-key-answer")).to_contain_text("Right")
    expect(student.slider).to_be_hidden()
    expect(student.page.get_by_role("button", name="Scenarios")).to_be_hidden()
    expect(student.page.get_by_role("link", name="Compare")).to_have_count(0)


# -- presenting --


@pytest.mark.parametrize("size", [(1440, 900), pytest.param((1920, 1080), marks=pytest.mark.long)], ids=str)
def test_a_presentation_fits_its_screen(guest: Visitor, size: tuple[int, int]) -> None:
    width, height = size
    guest.page.set_viewport_size({"width": width, "height": height})
    guest.open(objective="ravine")
    page = guest.page
    usual = page.locator(".st-key-verdict p").first.evaluate("(p) => parseFloat(getComputedStyle(p).fontSize)")
    before = page.locator(".st-key-theta .xtick text").first.evaluate("(t) => parseFloat(getComputedStyle(t).fontSize)")
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    for absent in ("Teach", "Export"):
        expect(page.get_by_role("button", name=absent)).to_be_hidden()
    eventually(lambda: check(guest.parameters.get("present") == "1"))
    wait_idle(page)
    expect(page.locator(".st-key-present_formula .katex")).to_be_visible()
    large = page.locator(".st-key-verdict p").first.evaluate("(p) => parseFloat(getComputedStyle(p).fontSize)")
    ticks = page.locator(".st-key-theta .xtick text").first.evaluate("(t) => parseFloat(getComputedStyle(t).fontSize)")
    assert large >= 1.12 * usual
    assert ticks == pytest.approx(1.5 * before)
    assert charts_share(page) >= 0.6
    assert all(each["whole"] for each in charts_seen(page))
    for key in ("present_formula", "verdict", "contour", "theta", "loss", "control_player", "control_learning_rate"):
        box = page.locator(f".st-key-{key}").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < box["y"] + box["height"] <= height, key
        assert 0 <= box["x"] < box["x"] + box["width"] <= width, key
    guest.slider.press("ArrowRight")
    guest.expect_address(learning_rate=0.409)
    page.get_by_role("button", name="Next scenario").click()
    expect(card(page, "scenario")).to_contain_text(next(iter(SCENARIOS.values())).sees)
    card(page, "scenario").get_by_role("button", name="Close").click()
    expect(card(page, "scenario")).to_have_count(0)
    guest.follow(objective="ravine", learning_rate=0.409, present=1)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    eventually(lambda: check("present" not in guest.parameters))
    guest.expect_address(learning_rate=0.409)
    expect(chart(page, "contour")).to_be_visible()
