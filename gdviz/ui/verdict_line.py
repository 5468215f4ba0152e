"""The line above the charts: a sentence that never changes the height of the page; all of it, and why, on demand."""

from __future__ import annotations

from typing import Any

import streamlit as st

_SHORT = 60  # letters that a line of a phone's two holds


def verdict_line(place: Any, look: str, icon: str, sentence: str, why: str = "") -> None:
    """Draw ``sentence`` (Markdown) in the container ``place``; ``look`` is success, info, warning or error."""
    with place:
        getattr(st, look)(sentence, icon=icon)
        if not why and len(sentence) <= _SHORT:
            return
        with st.popover("Why?" if why else "More", type="tertiary", key="verdict_why"):
            st.markdown(f"{sentence}\n\n{why}")
