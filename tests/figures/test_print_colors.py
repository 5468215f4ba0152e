"""The colors of a chart on the page, and those that stand for them on white paper."""

from __future__ import annotations

from dataclasses import fields

from gdviz.figures.palette import DARK, PRINT, Palette, print_colors


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
