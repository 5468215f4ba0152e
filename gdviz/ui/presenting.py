"""Presenting: large type for a projector, what a class need not see put away, the learning rate beside the charts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from gdviz.ui import state

CHART_TYPE = 1.5  # how much larger the charts' words are
CHART_SHARE = 0.52  # of the screen's height for a chart: above it the slider, the sentence and the player have room
CARD_SHARE = 0.11  # of it for a card
_STYLE = (Path(__file__).parent / "presenting.css").read_text(encoding="utf-8")


def is_presenting() -> bool:
    return bool(state.kept("present"))


def chart_share() -> float | None:
    """Return the share of the screen's height that a chart gets, None where it has a height of its own."""
    if not is_presenting():
        return None
    return CHART_SHARE - CARD_SHARE * sum(bool(state.kept(name)) for name in ("scenario", "question"))


def present_button() -> None:
    """Draw the button that begins a presentation."""
    st.button(
        "Present", icon=":material/present_to_all:", key="present_begin", on_click=state.keep, args=("present", True),
        help="Large type for a projector; the sidebar is put away. Escape ends it.",
    )  # fmt: skip


def stage_front() -> Any | None:
    """While presenting, draw the style and the way out; return the place for the learning rate, else None."""
    if not is_presenting():
        return None
    st.html(f"<style>{_STYLE}</style>")
    with st.container(key="front", horizontal=True, vertical_alignment="center"):
        rate = st.container(key="front_rate")
        st.button(
            "Leave", icon=":material/close_fullscreen:", key="present_end", shortcut="Escape", width="content",
            on_click=state.keep, args=("present", False), help="Back to the page with its sidebar",
        )  # fmt: skip
    return rate
