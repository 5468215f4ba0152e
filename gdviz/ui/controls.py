"""Controls that a teacher's link, or a presentation, takes out of sight.

They are drawn all the same, and hidden by style: so each keeps its value and its rules, and what a run is made of does
not depend on what is seen. Nothing that is not displayed can be focused, or is read out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import streamlit as st

from gdviz.lessons.teaching import decode_hidden
from gdviz.ui.session import widgets

_IN_SIDEBAR = ("function", "formula", "start", "learning_rate", "epochs", "optimizer", "schedule")


def control(name: str, place: Any = st, **options: Any) -> Any:
    """Return a container, in ``place``, for the control that links call ``name``."""
    return place.container(key=f"control_{name}", **options)


def hidden() -> frozenset[str]:
    """Return the controls that the link hides."""
    return frozenset(decode_hidden(widgets.kept("hide", ""))[0])


def hide(names: Iterable[str]) -> None:
    """Take controls out of sight; the whole sidebar where nothing would be left in it."""
    names = set(names)
    places = [f".st-key-control_{name}" for name in sorted(names)]
    if "runs" in names:
        places.append(".st-key-add_run")
    if names.issuperset(_IN_SIDEBAR):
        places += ['[data-testid="stSidebar"]', '[data-testid="stExpandSidebarButton"]']
    if places:
        # With the wrapper around each: an empty one would still take its gap.
        where = ", ".join(f"{place}, [data-testid='stLayoutWrapper']:has(> {place})" for place in places)
        st.html(f"<style>{where} {{ display: none !important; }}</style>")
