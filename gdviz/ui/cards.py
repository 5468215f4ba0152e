"""Cards: a few sentences above the charts, with what can be done about them at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st


class Action(NamedTuple):
    """A small button of a card: its key, its name, the Material symbol that is seen of it, and what it does."""

    key: str
    label: str
    icon: str
    act: Callable[[], None]


def card(name: str, text: str, *actions: Action) -> Any:
    """Draw a card of our own words in Markdown; return the container of its text, for more."""
    with st.container(key=f"card_{name}", horizontal=True, vertical_alignment="top", gap="small"):
        words = st.container(gap="xsmall")
        if text:
            words.markdown(text)
        if actions:
            with st.container(horizontal=True, width="content", gap="xsmall"):
                for key, label, icon, act in actions:
                    st.button(label, key=key, icon=f":material/{icon}:", type="tertiary", on_click=act, help=label)
    return words
