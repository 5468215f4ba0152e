"""The content security policy in a real browser: it forbids nothing that the page does."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

PAGES = {
    "three dimensions": {"objective": "rosenbrock", "landscape": "both"},
    "a fit": {"objective": "fit", "data": "line", "theory": 1},
}


def test_nothing_on_the_page_is_against_the_policy(visitor: Visitor) -> None:
    said: list[str] = []
    visitor.page.on("console", lambda message: said.append(message.text))
    visitor.page.on("pageerror", lambda error: said.append(str(error)))
    for link in PAGES.values():
        visitor.follow(**link) if visitor.page.url.startswith(visitor.url) else visitor.open(**link)
        expect(visitor.page.locator(".js-plotly-plot").first).to_be_visible()
        visitor.rest()
    assert [text for text in said if "Content Security Policy" in text or "EvalError" in text] == []
