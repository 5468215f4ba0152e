"""What the page says beside a field or above the charts, where something did not go as it was asked.

The words may hold what a stranger typed, so they are shown letter by letter.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from gdviz.ui.words import plain


def say_mistake(what: object, place: Any = st) -> None:
    """Say what is wrong and what to do, in a sentence or as an error has it."""
    place.error(plain(str(what)), icon=":material/error:")


def say_left_out(sentence: str) -> None:
    """Say what of a link is not taken."""
    st.warning(plain(sentence), icon=":material/link_off:")
