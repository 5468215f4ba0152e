"""The browser's tabs that tests use one after the other.

A tab that has shown the app shows it again in a third of the time: its scripts are compiled. So a tab is kept for the
whole run. Each test opens its page anew in it, with a session of its own on the server, and what the test set in the
tab is taken back when it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page

VIEWPORT: Any = {"width": 1280, "height": 900}
PATIENCE = 30_000  # milliseconds: a busy machine is no failure
AS_USUAL: Any = "null"  # what a test had the tab emulate

# How to take back what outlives the page that a tab shows: the tab, what was called with, what the call returned.
UNDO: dict[str, Callable[[Page, tuple[Any, ...], Any], Any]] = {
    "add_init_script": lambda page, given, made: made.close(),
    "emulate_media": lambda page, given, made: Page.emulate_media(page, color_scheme=AS_USUAL, reduced_motion=AS_USUAL),
    "on": lambda page, given, made: page.remove_listener(*given),
    "route": lambda page, given, made: page.unroute_all(behavior="ignoreErrors"),
    "set_default_timeout": lambda page, given, made: Page.set_default_timeout(page, PATIENCE),
}


class Tabs:
    """The tabs of a context, for one test at a time each."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.free: list[Page] = []
        self.viewport: Any = None  # of a tab as it is made
        self.undos: dict[Page, list[Callable[[], Any]]] = {}

    def take(self) -> Page:
        """A tab that shows nothing yet, or what the test before left; its next page is opened with ``goto``."""
        page = self.free.pop() if self.free else self._new()
        self.undos[page] = []
        return page

    def show_nothing(self) -> None:
        """Have the tabs that are kept show no page."""
        for page in self.free:
            page.goto("about:blank")

    def _new(self) -> Page:
        page = self.context.new_page()
        self.viewport = page.viewport_size
        page.set_default_timeout(PATIENCE)
        for name in UNDO:
            setattr(page, name, self._noting(page, name))
        return page

    def _noting(self, page: Page, name: str) -> Callable[..., Any]:
        method = getattr(page, name)

        def call(*given: Any, **options: Any) -> Any:
            made = method(*given, **options)
            self.undos[page].append(lambda: UNDO[name](page, given, made))
            return made

        return call

    def give_back(self, page: Page) -> None:
        """Keep a tab for the next test, without what its pages stored and the test set; close it if that fails."""
        undos = self.undos.pop(page)
        try:
            for undo in reversed(undos):
                undo()
            if page.viewport_size != self.viewport:
                page.set_viewport_size(self.viewport)
            page.evaluate("localStorage.clear(); sessionStorage.clear()")
            page.mouse.up()
            page.mouse.move(0, 0)
            page.keyboard.press("Escape")  # closes what is open over the page
        except Error:  # closed, crashed, or without a page that can store anything
            page.close()
        else:
            self.free.append(page)
        self.context.clear_cookies()
