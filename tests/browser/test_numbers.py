"""Numbers at the ends of the floats: the browser draws what can be drawn, and complains of nothing."""

from __future__ import annotations

import pytest

from tests.browser.visitor import Visitor

EXTREME = [
    {"formula": "x^2", "start": "1e-170", "learning_rate": "0.1", "epochs": "50"},
    {"formula": "x^2", "start": "1e-40", "learning_rate": "0.1", "epochs": "50"},
    {"formula": "x^2 + y^2", "start": "1e-160,1", "learning_rate": "0.1", "epochs": "2000"},
    {"formula": "x^2 + y^2", "start": "1,1e-45", "learning_rate": "0.3", "epochs": "400"},
    {"formula": "x^2 + y^2", "start": "1e150,1", "learning_rate": "1.1", "epochs": "400"},
    {"formula": "0.5x^2 - 2y", "start": "1,1", "learning_rate": "0.1", "epochs": "1000"},
    {"formula": "x^4 + y^4", "start": "3,3", "learning_rate": "0.5", "epochs": "30"},
    {"formula": "x^2", "start": "1", "learning_rate": "0.1", "epochs": "5000", "tolerance": "0"},
    {"formula": "x^2 + y^2", "start": "1,0.5", "learning_rate": "0.4", "epochs": "1500", "tolerance": "0"},
    {"formula": "x^2 + y^2", "start": "3e-162,1", "learning_rate": "0.4", "epochs": "900", "tolerance": "0"},
    {"formula": "x^2", "start": "3e-162", "learning_rate": "0.4", "epochs": "900", "tolerance": "0"},
    {"formula": "x^2", "start": "5e-320", "learning_rate": "0.1", "epochs": "20", "tolerance": "0"},
    {"formula": "x^2 + y^2", "start": "1,1", "learning_rate": "1e9", "epochs": "100"},
    {"formula": "sin(x)/x", "start": "1e-300", "learning_rate": "0.1", "epochs": "20"},
    {"formula": "exp(-x) + y^2", "start": "700,1e-30", "learning_rate": "1", "epochs": "300"},
]


@pytest.mark.parametrize("extreme", EXTREME, ids=lambda extreme: f"{extreme['formula']} {extreme['start']}")
def test_nothing_is_complained_of(visitor: Visitor, extreme: dict[str, str]):
    """What the console complains of fails every test of the page (conftest)."""
    visitor.open(objective="formula", **extreme)
    assert "10⁻³²" not in visitor.verdict
    area = visitor.page.locator(".st-key-contour .js-plotly-plot .draglayer").first
    box = area.bounding_box()
    if box is not None:
        for share in (0.3, 0.5, 0.7):
            visitor.page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
            visitor.page.wait_for_timeout(150)
    slider = visitor.page.locator(".st-key-learning_rate input[type=range]").first
    if slider.count():
        slider.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
            slider.press(key)
            visitor.page.wait_for_timeout(100)
    visitor.rest()
