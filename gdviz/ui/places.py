"""Where the parts of a page stand: containers made before anything is drawn in them, arranged by ``style/``.

The first screen is one column as high as the window: the bar, what is said, and the charts, which take what is left. So
it holds whole charts whatever is said above them. A page that shows one run has its landscape at the left, with what
plays the run and the learning rate below it, and the curves at the right; on a phone these two stand at the bottom of
the screen, under the thumb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from gdviz.ui.controls import control
from gdviz.ui.session import widgets


@dataclass(frozen=True)
class Stack:
    """The landscape with what belongs to it, and the curves beside it."""

    view: Any
    maps: Any
    playing: Any
    rate: Any
    curves: Any


@dataclass(frozen=True)
class Places:
    """A page's places: ``pages`` and ``tools`` in the bar, ``cards``, ``verdict``, and ``first`` for what follows."""

    pages: Any
    tools: Any
    cards: Any
    verdict: Any
    first: Any
    stack: Stack | None

    @property
    def rate(self) -> Any | None:
        """Where the learning rate stands, None where it moves nothing."""
        return None if self.stack is None else self.stack.rate


def arrange(one_run: bool) -> Places:
    """Make the places of a page; ``one_run`` says whether it shows a single run."""
    first = st.container(key="first", gap=None)
    bar = first.container(key="bar", horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall")
    pages = bar.container(key="pages", horizontal=True, wrap=False, width="content", gap=None)
    tools = bar.container(
        key="tools", horizontal=True, wrap=False, horizontal_alignment="right", vertical_alignment="center",
        gap="xsmall",
    )  # fmt: skip
    cards, verdict = first.container(key="cards", gap="xsmall"), first.container(key="verdict")
    return Places(pages, tools, cards, verdict, first, _stack(first) if one_run else None)


def _stack(first: Any) -> Stack:
    charts = first.container(key="charts_both" if widgets.kept("landscape") == "both" else "charts", gap=None)
    land = charts.container(key="land", gap=None)
    row = {"horizontal": True, "vertical_alignment": "center"}
    view, maps = control("view", land, gap="small", **row), land.container(key="maps", gap=None)
    dock = land.container(key="dock", gap=None)
    playing, rate = control("player", dock), control("learning_rate", dock, wrap=False, **row)
    return Stack(view, maps, playing, rate, charts.container(key="curves"))
