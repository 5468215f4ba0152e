"""The guided scenarios, on every page: one click opens one, and its two sentences stand there until it is closed."""

from __future__ import annotations

import streamlit as st

from gdviz.experiments import Experiment, encode
from gdviz.lessons.scenarios import SCENARIOS
from gdviz.ui.cards import Action, card
from gdviz.ui.controls import control
from gdviz.ui.session import state, widgets

_CHOSEN = "scenario_chosen"
_MENU = "scenarios"


def scenario_menu() -> None:
    """Draw the menu of scenarios; the open one is marked, and a second click closes it."""
    with control("scenarios", width="content"):
        menu = st.popover("Scenarios", icon=":material/explore:", key=_MENU, on_change="rerun")
        if not menu.open:
            return
        with menu:
            st.session_state[_CHOSEN] = widgets.kept("scenario")
            st.pills(
                "Guided scenarios", tuple(SCENARIOS), key=_CHOSEN, label_visibility="collapsed", wrap=True,
                on_change=_choose,
                format_func=lambda key: f":material/{SCENARIOS[key].icon}: {SCENARIOS[key].title}",
            )  # fmt: skip


def scenario_arrows() -> None:
    """Draw the open scenario's name between two arrows, to the one before and the one after."""
    keys = list(SCENARIOS)
    now = widgets.kept("scenario")
    place = keys.index(now) if now in keys else None
    before, after = (None, 0) if place is None else (place - 1, place + 1)
    with st.container(
        key="scenario_arrows", horizontal=True, wrap=False, vertical_alignment="center", gap="xsmall", width="content"
    ):
        _arrow("Scenario before", "chevron_left", "scenario_before", before)
        st.markdown("Scenarios" if place is None else SCENARIOS[keys[place]].title, width="content")
        _arrow("Next scenario", "chevron_right", "scenario_after", after)


def _arrow(label: str, icon: str, key: str, place: int | None) -> None:
    keys = list(SCENARIOS)
    there = place is not None and 0 <= place < len(keys)
    st.button(
        label, key=key, icon=f":material/{icon}:", type="tertiary", disabled=not there,
        on_click=open_scenario, args=(keys[place] if there and place is not None else "",),
    )  # fmt: skip


def close_left_scenario(experiment: Experiment) -> None:
    """Close the open scenario where the page shows another function by now: its sentences would not be true."""
    scenario = SCENARIOS.get(widgets.kept("scenario") or "")
    if scenario is not None and not scenario.is_about(encode(experiment)):
        widgets.forget("scenario")


def scenario_card() -> None:
    """Draw what is to be seen and tried in the open scenario, if one is open."""
    scenario = SCENARIOS.get(widgets.kept("scenario") or "")
    if scenario is None:
        return
    card(
        "scenario",
        f"**{scenario.title}.** {scenario.sees}  \n**Try:** {scenario.tries}",
        Action("scenario_again", "Start over", "replay", lambda: open_scenario(scenario.key)),
        Action("scenario_close", "Close", "close", lambda: widgets.forget("scenario")),
    )


def welcome() -> None:
    """Tell a first visitor what is to be seen, and what to do first."""
    if not state.is_first_visit() or widgets.kept("scenario"):
        return
    card(
        "welcome",
        "**This is gradient descent:** each step, an epoch, goes downhill. **Try:** press play; drag the learning rate "
        "past the mark “stability limit”; click the landscape to start elsewhere.",
        Action("welcome_close", "Close", "close", state.end_first_visit),
    )


def open_scenario(key: str) -> None:
    """Open a scenario as if by its link. Only in a callback."""
    present = "1" if widgets.kept("present") else "0"
    state.take({"scenario": key, "hide": widgets.kept("hide", ""), "present": present})
    state.end_first_visit()


def _choose() -> None:
    st.session_state[_MENU] = False
    chosen = st.session_state[_CHOSEN]
    if chosen is None:
        widgets.forget("scenario")
    else:
        open_scenario(chosen)
