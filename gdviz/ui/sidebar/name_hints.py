"""Below the model: that it uses no column, or which of its names may be a slip, with a click that mends it."""

from __future__ import annotations

import streamlit as st

from gdviz.fits import Fit, NearMiss, about_names, near_misses
from gdviz.ui.session import widgets
from gdviz.ui.words import plain


def name_hints(fit: Fit) -> None:
    """Draw what there is to say about the names in the model."""
    said = about_names(fit)
    if not said:
        return
    st.warning(plain(said), icon=":material/spellcheck:")
    for miss in near_misses(fit):
        st.button(
            plain(f"Write {miss.column} for {miss.word}"), key=f"correct_{miss.word}", width="stretch",
            on_click=_correct, args=(miss,),
        )  # fmt: skip


def _correct(miss: NearMiss) -> None:
    widgets.keep("model", miss.corrected(str(widgets.kept("model"))))
