"""What would help a run that is too slow, at a click: offered only after it was tried and did help."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gdviz.descent import StopReason
from gdviz.experiments import Experiment, Task, offered_rate
from gdviz.numerals import format_count
from gdviz.ui.session import compute, offers, widgets
from gdviz.verdict import Kind, Verdict

_SLOW = (Kind.SLOW, Kind.RAN_OUT)
_NEARER = 10.0  # times nearer to the least error a run must end, if it does not converge


def standardize_offer(task: Task, judged: Verdict) -> None:
    """Offer to standardize the columns of a fit that is too slow, where the same fit is then much better."""
    better = _standardized(task) if judged.kind in _SLOW else None
    if better is None:
        return
    run = compute.run(better)
    then = f"converges after {format_count(run.epochs, 'epoch')}"
    if run.stop_reason is not StopReason.CONVERGED:
        then = "comes much nearer to the best fit"
    with st.container(key="remedy", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"Standardized, so that each column has mean 0 and spread 1, the same fit {then}.", width="content")
        st.button(
            "Standardize columns", key="standardize_now", icon=":material/straighten:", type="tertiary",
            on_click=_standardize,
        )  # fmt: skip


def _standardize() -> None:
    widgets.keep("standardize", True)
    offers.forget_set("learning_rate")


def _standardized(task: Task) -> Task | None:
    """The task that a click would make of this one, if it helps."""
    fit, e = task.problem.fit, task.experiment
    if fit is None or fit.design is None or e.standardize:
        return None
    try:
        found = _clicked(task, replace(e, standardize=True))
        now, then = compute.run(task), compute.run(found)
    except ValueError:  # such as a model without an intercept
        return None
    if then.stop_reason is StopReason.CONVERGED:
        return found
    least = None if fit.quadratic is None else fit.quadratic.constant
    nearer = least is not None and then.values[-1] - least <= (now.values[-1] - least) / _NEARER
    return found if nearer else None


def _clicked(task: Task, wanted: Experiment) -> Task:
    """The wanted experiment with what the page will offer for it: what was set stays."""
    problem = wanted.problem(task.problem.table)
    was_set = offers.is_set(*offers.start_keys(problem.variables))
    start = wanted.start if was_set else problem.start
    epochs = wanted.epochs if offers.is_set("epochs") else problem.epochs
    rate = offered_rate(problem, start, wanted.optimizer)
    return Task(replace(wanted, start=start, epochs=epochs).at_rate(rate), problem)
