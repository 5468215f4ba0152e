"""Our page, and the Chromium that opens it, for the measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import MISSING, find_chromium
from tests.browser.conftest import FLAGS, ROOT, Server


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium. Raises RuntimeError where there is none."""
    path = find_chromium()
    if path is None:
        raise RuntimeError(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def our_page(script: Path = ROOT / "app.py") -> Iterator[Server]:
    """A server of our page, or of another ``script``."""
    server = Server(script)
    try:
        yield server
    finally:
        server.stop()
