"""Verdicts on runs that cannot arrive because there is nowhere to arrive: f has no minimum on the way that they go."""

from __future__ import annotations

import numpy as np

from gdviz.descent import StopReason, Trajectory
from gdviz.fits import Fit
from gdviz.numerals import format_number
from gdviz.optimizers import VectorOptimizer
from gdviz.theory.curvature import measured_rate
from gdviz.verdict.case import GROWS, TAIL, Case, Kind, Verdict
from gdviz.verdict.falling import Fall, fall_ahead
from gdviz.verdict.wording import came

_FADES = 0.5  # of the slope at the start: one that is less fades, if it goes on so
HUGE = 1e12  # a coordinate or value beyond this has run away; below it, f itself gave up (log of a negative number)


def of_separation(case: Case) -> Verdict | None:
    """The verdict where classes are told apart without an error, so that log loss has no minimum; None elsewhere."""
    if not isinstance(case.objective, Fit):
        return None
    if case.run.stop_reason is StopReason.DIVERGED and not isinstance(case.optimizer, VectorOptimizer):
        return None  # its rate was too large; Newton's method and its kin divide by a curvature that fades away here
    found = case.objective.separated_at(case.end)
    if found is None:
        return None
    apart = "perfectly separable" if found.complete else "separable, but for rows on the boundary itself"
    return Verdict(
        Kind.NO_MINIMUM,
        f"No finite minimum: the classes are {apart}, so log loss falls for ever while the parameters grow. "
        f"{case.when.capitalize()}: {case.where}, {case.value}. Add a ridge, which gives it a minimum, or stop early.",
        "A boundary that has every row on its own side can be made steeper and steeper: each time the rows are surer, "
        "and the loss is lower. It comes near 0 and never arrives.",
    )


def of_endless_fall(case: Case) -> Verdict | None:
    """The verdict where f falls without a bottom, or ever faster; None elsewhere."""
    if runs_down(case.run):
        return unbounded(case)
    fall = fall_ahead(case)
    if fall is None or not fall.endless:
        return None
    return _faster_and_faster(case) if _falls_faster(case.run) else unbounded(case, fall)


def of_fall(case: Case) -> Verdict | None:
    """The verdict where f falls ever more slowly, as far ahead as one looks; None elsewhere."""
    fall = fall_ahead(case)
    return None if fall is None else no_minimum_ahead(case, fall)


def no_minimum_ahead(case: Case, fall: Fall) -> Verdict:
    """Return the verdict on a run toward ground that falls ever more slowly, as far as one looks."""
    return Verdict(
        Kind.NO_MINIMUM,
        f"No minimum ahead: {case.out_of}, {case.value}. Along the way that it goes f falls ever more slowly, at least "
        f"as far as {_reach(fall)}: there is no finite minimum to arrive at.",
        f"{came(case.run)}, and the slope from "
        f"{format_number(case.run.gradient_norms[0])} to {format_number(case.run.gradient_norms[-1])}. More epochs go "
        "farther, and no number of them is enough.",
    )


def runs_down(run: Trajectory) -> bool:
    """Whether f fell, without ever rising, to a hugely negative value: the function has no floor here."""
    return bool(run.values[-1] < -HUGE and (np.diff(run.values[-TAIL:]) < 0).all())


def unbounded(case: Case, fall: Fall | None = None) -> Verdict:
    """Return the verdict on a run down ground that has no floor."""
    still = " and still falling" if case.run.values[-1] < case.run.values[0] else ""
    ahead = "" if fall is None else f", and it falls on as far as {_reach(fall)}"
    return Verdict(
        Kind.UNBOUNDED,
        f"Falls without end: {case.when} f is {format_number(case.run.values[-1])}{still}{ahead}. "
        "There is no minimum in this direction, so no learning rate can converge.",
        "The gradient does not shrink along the way down: the function has no lower bound here."
        if fall is None or case.run.gradient_norms[-1] >= _FADES * case.run.gradient_norms[0]
        else "The slope is gentler now than at the start, but farther down it does not fade: the function has no lower "
        "bound here.",
    )


def _reach(fall: Fall) -> str:
    return f"{fall.names[0]} = {format_number(fall.reach, 2)}"


def _falls_faster(run: Trajectory) -> bool:
    """Whether f drops by more at each of the last epochs than at the one before: no valley floor is in sight."""
    drops = -np.diff(run.values[-TAIL:])
    falls = bool(len(drops) > 3 and (drops > 0).all() and (np.diff(drops) > 0).all() and run.values[-1] < 0)
    return falls and measured_rate(run.gradient_norms[-2 * TAIL :]) > GROWS and run.values[-1] <= run.values[0]


def _faster_and_faster(case: Case) -> Verdict:
    return Verdict(
        Kind.UNBOUNDED,
        f"Falls ever faster: {case.out_of}, {case.value}, and the slope still grows. "
        "There is no minimum in this direction as far as one looks ahead.",
        "Near a minimum steps get shorter; here each is longer than the one before.",
        {"measured_rate": measured_rate(case.run.gradient_norms)},
    )
