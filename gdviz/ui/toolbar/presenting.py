"""Presenting: large type for a projector, what a class need not see put away, the formula and the scenarios at hand."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from gdviz.experiments import Task
from gdviz.ui.controls import hidden
from gdviz.ui.session import state, widgets
from gdviz.ui.toolbar.scenario_cards import scenario_arrows

_STYLE = (Path(__file__).parent / "presenting.css").read_text(encoding="utf-8")


def present_button() -> None:
    """Draw the button that begins a presentation."""
    st.button(
        "Present", icon=":material/present_to_all:", key="present_begin", on_click=widgets.keep, args=("present", True),
        help="Large type for a projector; the sidebar is put away. Escape ends it.",
    )  # fmt: skip


def present_style() -> None:
    """While presenting, draw the style."""
    if state.is_presenting():
        st.html(f"<style>{_STYLE}</style>")


def present_bar(task: Task, covered: bool = False) -> None:
    """Draw the formula, the arrows from scenario to scenario, and the way out.

    A scenario's name may be the answer: where it is ``covered`` there are no arrows.
    """
    if "formula" not in hidden():
        with st.container(key="present_formula", width="content"):
            fit = task.problem.fit
            st.latex(f"f = {task.problem.objective.latex}" if fit is None else fit.model_latex)
    if not (covered or "scenarios" in hidden()):
        scenario_arrows()
    st.button(
        "Leave", icon=":material/close_fullscreen:", key="present_end", shortcut="Escape", width="content",
        on_click=widgets.keep, args=("present", False), help="Back to the page with its sidebar",
    )  # fmt: skip
