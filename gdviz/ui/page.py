"""The page: settings, sidebar, navigation. Everything on it is a view of the one experiment."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gdviz.experiments import Task
from gdviz.ui import state
from gdviz.ui.controls import hidden, hide
from gdviz.ui.covered import covered_page, is_covered, lesson_card
from gdviz.ui.pages.compare import compare_page
from gdviz.ui.pages.derivatives import derivatives_page
from gdviz.ui.pages.descend import descend_page
from gdviz.ui.pages.maps import maps_page
from gdviz.ui.pages.verified import verified_page
from gdviz.ui.presenting import is_presenting, stage_front
from gdviz.ui.rate_slider import is_held
from gdviz.ui.scenario_strip import scenario_card, scenario_strip, welcome
from gdviz.ui.sidebar import sidebar
from gdviz.ui.words import plain

# A file of ours: Streamlit fetches its own icons for the browser's tab from another host.
_ICON = str(Path(__file__).parent / "icon.svg")
_STYLE = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")


def page() -> None:
    """Draw the page that the address names."""
    st.set_page_config("gdviz: see gradient descent", page_icon=_ICON, layout="wide")
    # Streamlit says the scheme to its own element only; its menus, and the browser's own parts, stand outside of that.
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    st.html(f"<style>:root {{ color-scheme: {scheme}; }} {_STYLE}</style>")
    state.arrive()
    hide(hidden())
    task = sidebar(stage_front())
    pages = [
        st.Page(lambda: descend_page(task), title="Descend", url_path="descend", default=True,
                icon=":material/south_east:"),
        st.Page(lambda: compare_page(task), title="Compare", url_path="compare",
                icon=":material/stacked_line_chart:"),
        st.Page(lambda: maps_page(task), title="Maps", url_path="maps", icon=":material/map:"),
        st.Page(lambda: derivatives_page(task), title="Derivatives", url_path="derivatives",
                icon=":material/change_history:"),
        st.Page(verified_page, title="Verified", url_path="verified", icon=":material/verified:"),
    ]  # fmt: skip
    covered = is_covered()
    chosen = st.navigation(pages, position="hidden" if covered or "pages" in hidden() else "top")
    wanted = state.page_to_open()
    if wanted is not None and wanted != chosen.url_path:
        st.switch_page(next(page for page in pages if page.url_path == wanted))
    _above(task, first=chosen is pages[0])
    if covered:
        covered_page(task)
    else:
        chosen.run()
    # A drag is one step in the browser's history, not a hundred: the address bar waits until the hand rests.
    if not (is_held("learning_rate_slider") or is_held("h_slider") or state.start_is_moving()):
        state.depart(task)


def _above(task: Task, first: bool) -> None:
    """Draw what stands above every page; nothing that gives an answer away before it is revealed."""
    covered = is_covered()
    if not (covered or is_presenting()):
        scenario_strip()
    lesson_card(task)
    if not covered:
        scenario_card()
        if first:
            welcome()
    notes = [plain(sentence) for sentence in state.notes(task.experiment)]
    if notes:
        st.warning(
            notes[0] if len(notes) == 1 else "\n".join(f"- {note}" for note in notes), icon=":material/link_off:"
        )
