"""How much of the first screen belongs to the charts."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Mobile Safari/537.36"
)
# Width and height of the window, and the least share of it that is the charts'.
SCREENS = {(390, 844): 0.45, (844, 390): 0.45, (768, 1024): 0.45, (1440, 900): 0.6, (1920, 1080): 0.6}
# The charts' rectangles as far as they are seen: within the window, and not below what is fixed at its bottom.
_SEEN = """() => {
    const dock = document.querySelector('.st-key-dock, .st-key-derivative_fields');
    const fixed = dock && getComputedStyle(dock).position === 'fixed';
    const bottom = fixed ? dock.getBoundingClientRect().top : innerHeight;
    return [...document.querySelectorAll('figure.gdviz-live-plot')].map((figure) => {
        const box = figure.getBoundingClientRect();
        const width = Math.min(box.right, innerWidth) - Math.max(box.left, 0);
        const height = Math.min(box.bottom, bottom) - Math.max(box.top, 0);
        const seen = Math.max(0, width) * Math.max(0, height);
        return { key: figure.dataset.key, seen, whole: seen > 0 && seen >= 0.99 * box.width * box.height };
    });
}"""


def charts_seen(page: Page) -> list[dict[str, Any]]:
    """Each chart's ``key``, the pixels of it that are ``seen`` before anything is scrolled, whether it is ``whole``."""
    found: list[dict[str, Any]] = page.evaluate(_SEEN)
    return found


def charts_share(page: Page) -> float:
    """The charts' share of what is seen before anything is scrolled."""
    width, height = page.evaluate("[innerWidth, innerHeight]")
    return float(sum(each["seen"] for each in charts_seen(page)) / (width * height))


def visitor_of(size: tuple[int, int]) -> dict[str, Any]:
    """What a browser context needs to be a visitor with a screen of this size."""
    width, height = size
    phone = {"has_touch": True, "is_mobile": True, "user_agent": PHONE} if min(size) < 500 else {}
    return {"viewport": {"width": width, "height": height}, **phone}
