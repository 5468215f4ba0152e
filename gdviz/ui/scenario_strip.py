"""The guided scenarios above every page: one click opens one, and its two sentences stand there until it is closed."""

from __future__ import annotations

import streamlit as st

from gdviz.lessons.scenarios import SCENARIOS
from gdviz.ui import state
from gdviz.ui.cards import Action, card
from gdviz.ui.controls import control

_CHOSEN = "scenario_chosen"
_FOLDED = "_scenarios_folded"


def scenario_strip() -> None:
    """Draw the strip of scenarios; the open one is marked, and a second click closes it."""
    folded = bool(state.kept(_FOLDED))
    with (
        control("scenarios"),
        st.container(key="scenarios", horizontal=True, wrap=False, vertical_alignment="top", gap="xxsmall"),
    ):
        st.button(
            "Scenarios", key="scenarios_fold", type="tertiary", width="content",
            icon=":material/chevron_right:" if folded else ":material/expand_more:",
            help="Show the guided scenarios" if folded else "Hide the guided scenarios",
            on_click=state.keep, args=(_FOLDED, not folded),
        )  # fmt: skip
        if folded:
            return
        st.session_state[_CHOSEN] = state.kept("scenario")
        st.pills(
            "Guided scenarios", tuple(SCENARIOS), key=_CHOSEN, label_visibility="collapsed", wrap=True,
            on_change=_choose,
            format_func=lambda key: f":material/{SCENARIOS[key].icon}: {SCENARIOS[key].title}",
        )  # fmt: skip


def scenario_card() -> None:
    """Draw what is to be seen and tried in the open scenario, if one is open."""
    scenario = SCENARIOS.get(state.kept("scenario") or "")
    if scenario is None:
        return
    card(
        "scenario",
        f"**{scenario.title}.** {scenario.sees}  \n**Try:** {scenario.tries}",
        Action("scenario_again", "Start over", "replay", lambda: open_scenario(scenario.key)),
        Action("scenario_close", "Close", "close", lambda: state.forget("scenario")),
    )


def welcome() -> None:
    """Tell a first visitor what is to be seen, and what to do first."""
    if not state.is_first_visit() or state.kept("scenario"):
        return
    card(
        "welcome",
        "**This is gradient descent.** From the ring, the start, each step goes downhill, until the star, the lowest "
        "point, is reached. One step is an epoch; the learning rate says how long the steps are.  \n"
        "**Try:** press play; drag the learning rate past the mark “stability limit” and watch the steps overshoot; "
        "click the landscape to start elsewhere. Or open a scenario.",
        Action("welcome_close", "Close", "close", state.end_first_visit),
    )


def open_scenario(key: str) -> None:
    """Open a scenario as if by its link. Only in a callback."""
    present = "1" if state.kept("present") else "0"
    state.take({"scenario": key, "hide": state.kept("hide", ""), "present": present})
    state.end_first_visit()


def _choose() -> None:
    chosen = st.session_state[_CHOSEN]
    if chosen is None:
        state.forget("scenario")
    else:
        open_scenario(chosen)
