"""Fair mode of Compare: its terms and their fields, and every run tuned on the same budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10
from typing import Any

import streamlit as st

from gdviz.comparisons import (
    Contender,
    FairComparison,
    FairTerms,
    decode_terms,
    encode_terms,
    labels,
    usual_terms,
    weigh,
)
from gdviz.comparisons.sweeps import goes_run_by_run
from gdviz.experiments import Experiment, Problem, Task
from gdviz.numerals import format_number, power_of_ten
from gdviz.ui.notices import say_left_out, say_mistake
from gdviz.ui.pages.contender_rows import keep_rates
from gdviz.ui.session import compute, widgets

FAIR = "fair"  # the key of fair mode's terms, in the session and in the link; absent where it is off
_GOALS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10)
_REFUSED = "_fair_refused"  # why a term that was typed is not taken
_SPARED = 1.2  # times the parts into which the time is cut for sweeps: some is left for the runs at the best rates


@dataclass(frozen=True)
class Tuning:
    """Fair mode's outcome: ``places`` are the contenders' places that took part, in the order of its results."""

    fair: FairComparison
    places: tuple[int, ...]

    @property
    def rates(self) -> dict[int, float | None]:
        """Each contender's best rate by its place, None where no rate works."""
        return {place: result.best_rate for place, result in zip(self.places, self.fair.results, strict=True)}


def tune(task: Task, found: Sequence[Contender], terms: FairTerms, refusals: dict[int, str]) -> Tuning:
    """Tune every run, those first that are soon done: more of the time is left for the others."""
    swept = {}
    order = sorted(range(len(found)), key=lambda i: goes_run_by_run(found[i]))
    with st.spinner(f"Trying {terms.trials} learning rates for each run …"):
        for done, i in enumerate(order):
            try:
                swept[i] = compute.swept(task, found[i], terms, parts=_SPARED * (len(found) - done))
            except ValueError as error:
                refusals[i] = str(error)
    places = sorted(swept)
    sweeps = [swept[i] for i in places]
    taking_part = [found[i] for i in places]
    fair = weigh(task.problem, task.experiment.start, taking_part, sweeps, terms)
    names = labels(found, rates=False)
    named = tuple(replace(r, label=names[i]) for i, r in zip(places, fair.results, strict=True))
    return Tuning(replace(fair, results=named), tuple(places))


def fair_terms(problem: Problem) -> FairTerms | None:
    """Return the terms of fair mode, None where it is off; what is wrong with a link's is said."""
    text = widgets.kept(FAIR)
    if not text:
        return None
    terms, notes = decode_terms(text, usual_terms(problem))
    for sentence in notes:
        say_left_out(sentence)
    return terms


def toggle_fair() -> None:
    """Turn fair mode on or off, as its switch says. Only in a callback."""
    if st.session_state["fair_mode"]:
        widgets.keep(FAIR, "on")
    else:
        widgets.forget(FAIR)


def keep_tuned_rates(experiment: Experiment, found: Sequence[Contender], rates: dict[int, float | None]) -> None:
    """Give the contenders the rates that fair mode found, and leave it. Only in a callback."""
    keep_rates(experiment, found, rates)
    widgets.forget(FAIR)


def fair_fields(problem: Problem, terms: FairTerms) -> None:
    """The terms: budget, trials, range of rates, goal."""

    def change(key: str, name: str) -> None:
        try:
            changed = replace(terms, **{name: st.session_state[key]})
        except (TypeError, ValueError) as error:
            st.session_state[_REFUSED] = str(error)
        else:
            widgets.keep(FAIR, encode_terms(changed, usual_terms(problem)))

    def field(name: str, value: Any) -> dict[str, Any]:
        key = controlled(f"fair_{name}", value)
        return {"key": key, "on_change": change, "args": (key, name)}

    refused = st.session_state.pop(_REFUSED, "")
    if refused:
        say_mistake(f"{refused} The terms stay as they were.")
    powers = sorted({10.0**e for e in range(-9, 7)} | {terms.low, terms.high})
    with st.container(horizontal=True, vertical_alignment="top", key="fair_terms"):
        st.number_input(
            "Gradient evaluations for each run", step=100, width=210,
            **field("budget", terms.budget),
        )  # fmt: skip
        st.number_input("Rates tried", step=10, width=130, **field("trials", terms.trials))
        st.selectbox(
            "From the rate", [p for p in powers if p < terms.high], format_func=_power, width=130,
            **field("low", terms.low),
        )  # fmt: skip
        st.selectbox(
            "to the rate", [p for p in powers if p > terms.low], format_func=_power, width=130,
            **field("high", terms.high),
        )  # fmt: skip
        st.selectbox(
            "A rate works if it leaves at most", sorted({*_GOALS, terms.goal}, reverse=True), width=230,
            format_func=lambda goal: f"{_power(goal)} of f(start) − f*", **field("goal", terms.goal),
        )  # fmt: skip


def controlled(key: str, value: Any) -> str:
    """Set a widget's value before it is drawn; return the key."""
    st.session_state[key] = value
    return key


def _power(value: float) -> str:
    exponent = round(log10(value))
    return power_of_ten(exponent) if value == 10.0**exponent and abs(exponent) > 2 else format_number(value)


def range_of(terms: FairTerms) -> str:
    """Return the range of rates in words."""
    return f"{format_number(terms.low)} to {format_number(terms.high)}"
