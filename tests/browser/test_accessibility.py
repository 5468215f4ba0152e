"""Nobody is kept out: axe-core finds nothing serious on any page, nothing scrolls sideways, all works by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from gdviz.lessons.scenarios import SCENARIOS
from tests.browser.conftest import chart, painted, wait_idle
from tests.browser.visitor import CHARTS, Visitor, check, eventually

LESSON = dict(SCENARIOS["divergence"].link) | {"cover": "1", "question": "What happens?"}
COMPARE = ("compare_contour", "compare_loss", "compare_theta")
DERIVATIVES = ("secant", "quotient", "errors")

# Every page, and every state that looks different: path, charts to wait for, parameters.
PLACES: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "a first visit": ("", CHARTS, {}),
    "a scenario": ("", CHARTS, {"scenario": "edge"}),
    "a fit": ("", (*CHARTS, "fit"), {"scenario": "feature_scaling", "theory": "1"}),
    "compare": ("compare", COMPARE, dict(SCENARIOS["momentum"].link)),
    "fair mode": ("compare", COMPARE, {"objective": "ravine", "fair": "on"}),
    "derivatives": ("derivatives", DERIVATIVES, {"objective": "rosenbrock"}),
    "verified": ("verified", (), {}),
    "covered": ("", ("covered",), LESSON),
    "presenting": ("", CHARTS, {"objective": "ravine", "present": "1", "scenario": "ravine"}),
}

# Between them they have all that the other places show.
TELLING = ("a first visit", "a fit", "fair mode", "derivatives", "verified", "covered", "presenting")
REPEATING = ("covered", "presenting")  # what others show, in the same colors: one theme is enough
WIDE = ("a first visit", "a fit", "fair mode", "derivatives", "verified")  # what there is on them may be
WORDS = 'div[role="img"]'
MENU = '[data-testid="stPopoverBody"], .st-key-bar'  # an open one and its button: the page around them is as it was


# What is found is named where it is found; the page keeps axe-core. Its rule of landmarks is the dearest after the
# colors', and what it finds is never serious.
_SERIOUS = """async ([within, rules]) => {
    const all = { rules: { region: { enabled: false } } };
    const which = rules.length ? { runOnly: { type: 'rule', values: rules } } : all;
    const { violations } = await axe.run(within ?? document, { resultTypes: ['violations'], ...which });
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary})`));
}"""


def serious(page: Page, *rules: str, within: str | None = None) -> list[str]:
    """What axe-core finds that keeps people out, a line for each element; by these ``rules``, or by all."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
        painted(page)
    found: list[str] = page.evaluate(_SERIOUS, [within, rules])
    return found


def serious_in_both_themes(page: Page) -> list[str]:
    """The same of what is seen in the theme that is on, and of its colors in the other: nothing else changes."""
    here = serious(page)
    change_theme(page)
    return here + serious(page, "color-contrast")


def change_theme(page: Page) -> None:
    dark = page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    other: Literal["light", "dark"] = "light" if dark else "dark"
    page.emulate_media(color_scheme=other)
    expect(page.locator("html")).to_have_css("color-scheme", other)  # once Python knows
    wait_idle(page)


BAD = """document.body.insertAdjacentHTML('beforeend', `<div id="bad" style="position: fixed; inset: 0;
    z-index: 9999999; background: white"><img><p style="color: #eee">Pale words.</p></div>`)"""


def sideways(page: Page) -> list[str]:
    """What is wider than the window."""
    return page.evaluate(
        """() => {
            const roots = [document.documentElement, document.querySelector('[data-testid="stMain"]')];
            const wide = roots.filter((node) => node.scrollWidth > innerWidth).map((node) => node.tagName);
            for (const figure of document.querySelectorAll('figure.gdviz-live-plot')) {
                const { left, right } = figure.getBoundingClientRect();
                if (left < 0 || right > innerWidth) wide.push(figure.dataset.key);
            }
            return wide;
        }"""
    )


def visit_all(visitor: Visitor, look: Callable[[Page], list[str]], places: Iterable[str]) -> dict[str, list[str]]:
    """What ``look`` finds, by place; nothing if all is well."""
    found = {}
    for name in places:
        path, keys, parameters = PLACES[name]
        show = visitor.follow if visitor.page.url.startswith(visitor.url) else visitor.open
        show(path, *keys, **parameters)
        visitor.page.locator(".st-key-covered" if "cover" in parameters else ".st-key-verdict").wait_for()
        found[name] = look(visitor.page)
    return {name: complaints for name, complaints in found.items() if complaints}


@pytest.mark.parametrize(
    "places", [TELLING, pytest.param(tuple(PLACES), marks=pytest.mark.long)], ids=["telling", "all"]
)
def test_axe_finds_nothing_serious_on_any_page_in_both_themes(visitor: Visitor, places: tuple[str, ...]) -> None:
    assert visit_all(visitor, serious_in_both_themes, [place for place in places if place not in REPEATING]) == {}
    assert visit_all(visitor, serious, [place for place in places if place in REPEATING]) == {}
    visitor.follow(objective="ravine")
    assert serious_in_menus(visitor) == []
    change_theme(visitor.page)
    assert serious_in_menus(visitor, "color-contrast") == []
    visitor.page.evaluate(BAD)
    found = [line.split(":")[0] for line in serious(visitor.page, "image-alt", "color-contrast", within="#bad")]
    assert sorted(found) == ["color-contrast", "image-alt"], "it can tell"


def test_paper_is_light_in_both_themes(guest: Visitor) -> None:
    guest.open(objective="ravine")
    page = guest.page
    for _ in range(2):
        dark = page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
        page.emulate_media(media="print")
        expect(page.locator(".stApp")).to_have_css("filter", re.compile("invert") if dark else "none")
        expect(page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")  # all of the sheet
        page.emulate_media(media="screen")
        change_theme(page)


def serious_in_menus(visitor: Visitor, *rules: str) -> list[str]:
    found = []
    for menu in ("Scenarios", "Why?", "Export", "Teach"):
        visitor.page.get_by_role("button", name=menu).click()
        expect(visitor.page.get_by_test_id("stPopoverBody")).to_be_visible()
        visitor.rest()
        found += serious(visitor.page, *rules, within=MENU)
        visitor.page.keyboard.press("Escape")
        expect(visitor.page.get_by_test_id("stPopoverBody")).to_have_count(0)
    return found


def test_on_a_phone_nothing_scrolls_sideways(visit: Callable[..., Visitor]) -> None:
    phone = visit("phone")
    assert visit_all(phone, sideways, WIDE) == {}
    phone.follow(objective="ravine")
    bar = phone.page.locator(".st-key-bar")
    for button in bar.get_by_role("button").or_(bar.locator("a")).all():
        if button.is_visible():
            button.click(trial=True)  # nothing lies over it


@pytest.mark.long
def test_on_a_phone_nothing_scrolls_sideways_anywhere(visit: Callable[..., Visitor]) -> None:
    assert visit_all(visit("phone"), sideways, PLACES) == {}


@pytest.mark.long
def test_on_a_phone_axe_finds_nothing_serious(visit: Callable[..., Visitor]) -> None:
    assert visit_all(visit("phone"), serious, PLACES) == {}


WHERE = """() => {
    const at = document.activeElement;
    return (at.getAttribute('aria-label') || at.title || at.innerText || at.tagName).trim();
}"""


def test_everything_is_reached_by_keyboard(guest: Visitor) -> None:
    guest.open(objective="ravine")
    seen = []
    while len(seen) < 150 and (len(seen) < 40 or seen[-1] != seen[0]):  # once around
        guest.page.keyboard.press("Tab")
        seen.append(guest.page.evaluate(WHERE))
    text = "\n".join(seen)
    for name in ("Compare", "Scenarios", "Why?", "Play", "Epoch", "Export", "Teach", "Present", "Learning rate",
                 "Start point", "Chart"):  # fmt: skip
        assert name in text, name
    guest.page.get_by_role("button", name="Scenarios").press("Enter")
    first = guest.page.locator(".st-key-scenario_chosen button").first
    expect(first).to_be_visible()
    guest.rest()
    first.focus()
    expect(first).to_be_focused()
    for _ in range(6):  # within the chips the arrow keys go on
        guest.page.keyboard.press("ArrowRight")
    eventually(lambda: check("Saddle" in guest.page.evaluate(WHERE)))


def test_a_chart_says_its_verdict_in_words(guest: Visitor) -> None:
    guest.open(**SCENARIOS["divergence"].link)
    for key in CHARTS:
        words = chart(guest.page, key).locator(WORDS).get_attribute("aria-label")
        assert words is not None
        assert "Diverges: the learning rate 0.55 is above the stability limit 2/L = 0.5" in words
    guest.follow("compare", *COMPARE, **SCENARIOS["momentum"].link)
    words = chart(guest.page, "compare_contour").locator(WORDS).get_attribute("aria-label")
    assert words is not None
    assert "Momentum reached the tolerance first: 75 epochs" in words
