"""The colors of a chart on the page, and those that stand for them on white paper."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

import gdviz
from gdviz.figures.palette import DARK, LIGHT, PRINT, Palette, print_colors


def colors(palette: Palette) -> set[str]:
    found: set[object] = set()
    for f in fields(palette):
        value = getattr(palette, f.name)
        if f.name not in ("name", "paper", "type_scale", "line_scale"):
            found |= set(value) if isinstance(value, tuple) else {value}
    return {value for value in found if isinstance(value, str)}


def test_every_color_of_a_dark_figure_has_one_of_print():
    swapped = print_colors("dark")
    assert set(swapped) == colors(DARK)
    assert set(swapped.values()) <= colors(PRINT)
    assert (swapped[DARK.text], swapped[DARK.landscape[0]]) == (PRINT.text, PRINT.landscape[0])


def test_a_light_figure_has_the_colors_of_print():
    assert print_colors("light") == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)
def test_streamlit_has_the_colors_of_the_figures(palette: Palette):
    config = tomllib.loads((Path(gdviz.__file__).parents[1] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    theme = config["theme"][palette.name]
    colors = (theme["textColor"], theme["backgroundColor"], theme["primaryColor"])
    assert colors == (palette.text, palette.surface, palette.accent)
