"""Numbers at the ends of the floats: the browser draws what can be drawn, and complains of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

import gdviz
from tests.browser.visitor import Visitor

EXTREME = [
    {"formula": "x^2", "start": "3e-162", "learning_rate": "0.4", "epochs": "900", "tolerance": "0"},
    {"formula": "x^2 + y^2", "start": "1e150,1", "learning_rate": "1.1", "epochs": "400"},
    {"formula": "x^2 + y^2", "start": "1,0.5", "learning_rate": "0.4", "epochs": "1500", "tolerance": "0"},
    {"formula": "exp(-x) + y^2", "start": "700,1e-30", "learning_rate": "1", "epochs": "300"},
]

LINES = """(source) => {
    const strokes = new Function(`${source.replaceAll("export ", "")}; return strokes;`)();
    const places = [-1.7e308, -1e300, -1e13, -50, 0, 1e-320, 50, 300, 1e13, 1e21, 1e300, 1.7e308];
    const texts = [];
    for (const a of places) for (const b of places) for (const c of places) for (const d of places) {
        texts.push(strokes([[a, b], [c, d], [10, 10]], 400, 300).join(""));
    }
    return texts.filter((text) => !/^([ML]-?[0-9]+(\\.[0-9]+)? -?[0-9]+(\\.[0-9]+)?)+$/.test(text));
}"""


def test_a_line_between_any_pixels_is_one_that_svg_reads(page: Page):
    """SVG reads neither NaN nor numbers beyond its own; differences of pixels may overflow."""
    source = (Path(gdviz.__file__).parent / "ui/components/live_plot/strokes.js").read_text()
    assert page.evaluate(LINES, source) == []


@pytest.mark.parametrize(
    "extreme",
    [*EXTREME[:2], *(pytest.param(one, marks=pytest.mark.long) for one in EXTREME[2:])],
    ids=lambda extreme: f"{extreme['formula']} {extreme['start']}",
)
def test_nothing_is_complained_of(guest: Visitor, extreme: dict[str, str]):
    """What the console complains of fails every test of the page (conftest)."""
    guest.open(objective="formula", **extreme)
    assert "10⁻³²" not in guest.verdict
    area = guest.page.locator(".st-key-contour .js-plotly-plot .draglayer").first
    box = area.bounding_box()
    if box is not None:
        for share in (0.3, 0.5, 0.7):
            guest.page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
            guest.page.wait_for_timeout(150)
    slider = guest.page.locator(".st-key-learning_rate input[type=range]").first
    if slider.count():
        slider.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
            slider.press(key)
            guest.page.wait_for_timeout(100)
    guest.rest()
