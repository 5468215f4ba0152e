"""The page: settings, sidebar, navigation. Everything on it is a view of the one experiment."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gdviz.ui import state
from gdviz.ui.pages.compare import compare_page
from gdviz.ui.pages.derivatives import derivatives_page
from gdviz.ui.pages.descend import descend_page
from gdviz.ui.pages.verified import verified_page
from gdviz.ui.rate_slider import is_held
from gdviz.ui.sidebar import sidebar

# A file of ours: Streamlit fetches its own icons for the browser's tab from another host.
_ICON = str(Path(__file__).parent / "icon.svg")
_STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def page() -> None:
    """Draw the page that the address names."""
    st.set_page_config("gdviz: see gradient descent", page_icon=_ICON, layout="wide")
    st.html(f"<style>{_STYLE}</style>")
    state.arrive()
    experiment, problem = sidebar()
    chosen = st.navigation(
        [
            st.Page(lambda: descend_page(experiment, problem), title="Descend", url_path="descend", default=True,
                    icon=":material/south_east:"),
            st.Page(lambda: compare_page(experiment, problem), title="Compare", url_path="compare",
                    icon=":material/stacked_line_chart:"),
            st.Page(lambda: derivatives_page(experiment, problem), title="Derivatives", url_path="derivatives",
                    icon=":material/change_history:"),
            st.Page(verified_page, title="Verified", url_path="verified", icon=":material/verified:"),
        ],
        position="top",
    )  # fmt: skip
    for sentence in state.notes(experiment):
        st.warning(sentence, icon=":material/link_off:")
    chosen.run()
    # A drag is one step in the browser's history, not a hundred: the address bar waits until the hand rests.
    if not (is_held("learning_rate_slider") or is_held("h_slider") or state.start_is_moving()):
        state.depart(experiment)
