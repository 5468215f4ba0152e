"""The learning rate's fields: the slider with the limit that theory puts, the exact number, and what is offered."""

from __future__ import annotations

import streamlit as st

from gdviz.experiments import Problem, offered_rate
from gdviz.experiments.rates import slider_range
from gdviz.learning_rates import HIGHEST_RATE, LEARNING_RATES, Constant, LineSearch, SteeredRate
from gdviz.learning_rates.changes import read_changes
from gdviz.numerals import format_number
from gdviz.optimizers import Optimizer
from gdviz.theory import curvature, stability_limit
from gdviz.theory.laws import law_of
from gdviz.ui.components.slider import live_slider
from gdviz.ui.session import offers, state, widgets
from gdviz.ui.sidebar.hyperparameter_fields import LEAST
from gdviz.ui.sidebar.number_field import in_range, number_field

_RATE_RANGE = (LEAST, HIGHEST_RATE)


def learning_rate_fields(problem: Problem, start: tuple[float, ...], method: Optimizer | None) -> float:
    """Draw the slider, the number field and what is offered, and return the learning rate that they hold."""
    rate = in_range("learning_rate", *_RATE_RANGE, problem.learning_rate)
    usual = problem.learning_rate if method is None else offered_rate(problem, problem.start, method)
    low, high = slider_range(usual)
    limit = _limit_mark(problem, start, method)
    marks = _steered_marks() or limit
    live_slider(
        "Learning rate", "learning_rate_slider", value=rate, minimum=low, maximum=high, marks=marks,
        near=_around(limit[0][0], low, high) if limit else None, nearby="near the limit",
        on_change=_rate_dragged, setting="learning_rate",
    )  # fmt: skip
    exact = number_field(
        "Learning rate, exact value", *_RATE_RANGE, step=min(0.001, usual / 10), format="%.10g",
        key=widgets.recall("learning_rate", usual), label_visibility="collapsed",
        on_change=offers.note_set, args=("learning_rate",), width=130,
    )  # fmt: skip
    if method is not None and not (widgets.kept("cover") or state.is_presenting()):
        here = problem.start if state.start_is_moving() else start  # not anew for every place on the way
        _offered_beside(float(exact), offered_rate(problem, here, method))
    return float(exact)


def _offered_beside(rate: float, offered: float) -> None:
    """Say whether the rate is offered or was set; where another one is offered here, which one."""
    was_set = offers.is_set("learning_rate")
    with st.container(key="offered_rate", width="content", gap=None):
        if widgets.kept("schedule") == SteeredRate.name and widgets.kept("rate_changes"):
            st.caption("This is the rate at epoch 0; later ones were steered by hand.")
            return
        if rate == offered:
            st.caption(f"{set_by().capitalize()}, the same as is offered here." if was_set else "As offered here.")
            return
        whose = set_by().capitalize() if was_set else "Offered for another start"
        st.caption(f"{whose}. Offered here: {format_number(offered)}.")
        st.button(
            "Take the offered rate", key="take_offered_rate", type="tertiary", icon=":material/undo:",
            on_click=offers.forget_set, args=("learning_rate",),
        )  # fmt: skip


def _rate_dragged(rate: float) -> None:
    widgets.keep("learning_rate", rate)
    offers.note_set("learning_rate")


def _searches() -> bool:
    return issubclass(LEARNING_RATES[widgets.kept("schedule", Constant.name)], LineSearch)


def _steered_marks() -> list[tuple[float, str]]:
    """The last rate that a hand set while the run went, where it did: the slider holds that of epoch 0."""
    if widgets.kept("schedule") != SteeredRate.name:
        return []
    try:
        changes = read_changes(str(widgets.kept("rate_changes", "")))
    except ValueError:  # said below its field
        return []
    return [(changes.values[-1], f"from epoch {changes.epochs[-1]:,} on")] if changes.epochs else []


def _around(limit: float, low: float, high: float) -> tuple[float, float] | None:
    """Two decades around a stability limit, of which most lie below; None where they are not on the slider."""
    first, last = limit / 10**1.5, limit * 10**0.5
    return (first, last) if low <= first and last <= high else None


def _limit_mark(problem: Problem, start: tuple[float, ...], optimizer: Optimizer | None) -> list[tuple[float, str]]:
    """Where on the slider the stability limit at the start lies, for methods that have one.

    It would tell what a covered run does; and steps in batches, or of a search, have another or none.
    """
    in_batches = problem.fit is not None and widgets.kept("batch_size")
    if widgets.kept("cover") or optimizer is None or in_batches or _searches():
        return []
    law = law_of(optimizer)
    if law is None:
        return []
    found = problem.kept.get(("curvature", start), lambda: curvature(problem.descended, problem.inner(start)))
    if found is None:
        return []
    return [(stability_limit(optimizer, found.L), f"stability limit ({law.limit_text})")]


def set_by() -> str:
    """Return who chose what a field holds, where it is not what is offered."""
    return "chosen for a first look" if state.is_first_look(state.good().experiment) else "set by you or by a link"
