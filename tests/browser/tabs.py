"""The browser's tabs that tests use one after the other.

A tab that has shown the app shows it again in half the time: its scripts are compiled. Each test opens its page anew in
it, with a session of its own on the server. A tab to which a test did more than to look at pages is not used again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page

# What outlives the page that a tab shows: settings of the tab, and whoever listens to it.
SETTINGS = (
    "add_init_script",
    "emulate_media",
    "expose_binding",
    "expose_function",
    "on",
    "once",
    "route",
    "route_from_har",
    "route_web_socket",
    "set_extra_http_headers",
    "set_viewport_size",
)
LONGEST_HISTORY = 25  # pages; a browser keeps 50, and then its length says nothing any more


class Tabs:
    """The tabs of a context, for one test at a time each."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.free: list[Page] = []
        self.changed: set[Page] = set()

    def take(self) -> Page:
        """A tab that shows nothing yet, or what the test before left; its next page is opened with ``goto``."""
        if self.free:
            return self.free.pop()
        page = self.context.new_page()
        for name in SETTINGS:
            setattr(page, name, self._noting(page, getattr(page, name)))
        return page

    def _noting(self, page: Page, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            self.changed.add(page)
            return method(*args, **options)

        return call

    def give_back(self, page: Page) -> None:
        """Keep a tab for the next test, without what its pages stored; close it if it is not as good as new."""
        self.context.clear_cookies()
        if self.free or page in self.changed or not self._emptied(page):
            self.changed.discard(page)
            page.close()
        else:
            self.free.append(page)

    def _emptied(self, page: Page) -> bool:
        try:
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.mouse.up()
            page.mouse.move(0, 0)
            return bool(page.evaluate("history.length") < LONGEST_HISTORY)
        except Error:  # closed, crashed, or without a page that can store anything
            return False
