"""Verdicts on runs that ended beyond the numbers, or are on their way there."""

from __future__ import annotations

from math import floor, log10, nan

import numpy as np

from gdviz.descent import StopReason, Trajectory
from gdviz.numerals import format_number
from gdviz.theory.case import TAIL, Case, Kind, Verdict, limit_beside
from gdviz.theory.curvature import Curvature, curvature, measured_rate, stability_limit

HUGE = 1e12  # a coordinate or value beyond this has run away; below it, f itself gave up (log of a negative number)
_FIRST_ROWS = (
    0,
    1,
    2,
    3,
    5,
    8,
    13,
    21,
    34,
    50,
)  # where a diverging run is asked for its curvature: before it is far off


def of_divergence(case: Case) -> Verdict:
    run = case.run
    if run.epochs == 0 and not (np.isfinite(run.values[0]) and np.isfinite(run.gradients[0]).all()):
        return Verdict(
            Kind.UNDEFINED,
            f"Cannot start: at {case.where} the function or its gradient is not a finite number. Choose another start.",
        )
    if runs_down(run):
        return unbounded(case)
    if not np.isfinite(run.gradients[-1]).all() and np.abs(case.end).max() < HUGE:
        return Verdict(
            Kind.UNDEFINED,
            f"Stopped {_at_once(case)}: at {case.where} the function has a value, "
            f"f = {format_number(run.values[-1])}, but no finite slope to follow.",
            "At a tip, or at the edge of where the function is defined, the gradient does not exist. "
            "Another start or learning rate passes beside it.",
        )
    if _leaves_the_domain(case):
        return Verdict(
            Kind.UNDEFINED,
            f"Stopped {_at_once(case)}: the next step from {case.where} leads to where the function is not defined.",
            "A step is the learning rate times the direction; a smaller learning rate or another start keeps the path "
            "where the function has values.",
        )
    return diverging(case)


def _at_once(case: Case) -> str:
    return case.when if case.run.epochs else "at once"


def runs_down(run: Trajectory) -> bool:
    """Whether f fell, without ever rising, to a hugely negative value: the function has no floor here."""
    return bool(run.values[-1] < -HUGE and (np.diff(run.values[-TAIL:]) < 0).all())


def _leaves_the_domain(case: Case) -> bool:
    """Whether the step that was not taken leads to a point without a value (nan), not to one with too large a value."""
    run = case.run
    if np.abs(case.end).max() > HUGE:
        return False
    step = -case.learning_rate * run.gradients[-1]
    drift = run.thetas[-1] - run.thetas[-2] if run.epochs else np.zeros_like(step)
    values = [case.objective.careful_value(*(case.end + ahead).tolist()) for ahead in (step, step + drift)]
    return bool(np.isnan(values).any()) or (bool(np.isfinite(values).all()) and abs(run.values[-1]) < HUGE)


def unbounded(case: Case) -> Verdict:
    run = case.run
    return Verdict(
        Kind.UNBOUNDED,
        f"Falls without end: {case.when} f is {format_number(run.values[-1])} and still falling. "
        "There is no minimum in this direction, so no learning rate can converge.",
        "The gradient grows along the way down instead of shrinking: the function has no lower bound here.",
    )


def diverging(case: Case) -> Verdict:
    run = case.run
    steep = too_steep(case)
    limit = stability_limit(case.optimizer, steep.L) if steep else nan
    grows, growth = _growth(run)
    ended = f" The numbers left the range of a computer {case.when}."
    if run.stop_reason is not StopReason.DIVERGED:
        ended = f" {case.when.capitalize()}: {case.where}."
    elif run.epochs == 0:
        ended = " The first step already leaves the range of a computer."
    numbers = {"limit": limit, "largest_curvature": steep.L if steep else nan, "measured_rate": growth}
    if steep is not None:
        return Verdict(
            Kind.DIVERGING,
            f"Diverges: the learning rate {case.rate} is above {limit_beside(case, limit)}{grows}.{ended}",
            f"The largest curvature on the way is L = {format_number(steep.L)}. Above the limit each step overshoots "
            "the valley by more than it was away from it, and lands higher on the other side. "
            "A rate below the limit ends this.",
            numbers,
        )
    return Verdict(
        Kind.DIVERGING,
        f"Diverges at the learning rate {case.rate}{grows}.{ended} Try a smaller rate.",
        "Steps that overshoot land where the ground is steeper still, and the next step is longer.",
        numbers,
    )


def too_steep(case: Case) -> Curvature | None:
    """The curvature at the first point of the path that this learning rate is too large for, if one comes early."""
    for row in _FIRST_ROWS:
        if row <= case.run.epochs:
            found = curvature(case.objective, case.run.thetas[row])
            if found is not None and case.learning_rate > stability_limit(case.optimizer, found.L):
                return found
    return None


def _growth(run: Trajectory) -> tuple[str, float]:
    """How the parameter with the longest last step grows, in words, and by which factor each epoch (nan if unknown)."""
    steps = np.abs(np.diff(run.thetas, axis=0))
    if len(steps) < 3:
        return "", nan
    i = int(np.argmax(steps[-1]))
    name, last = run.variables[i], steps[-TAIL:, i]
    growth = measured_rate(last)
    if not growth > 1:
        return "", growth
    with np.errstate(all="ignore"):
        factors = last[1:] / last[:-1]
    if (factors > 1).mean() < 0.9:
        return f", so {name} leaps about", growth
    if factors[-1] > 2 * factors[len(factors) // 2 - 1] > 2:
        return f", so {name} grows faster and faster", growth
    digits = max(3, 1 - floor(log10(growth - 1)))  # 1.0004, not 1
    return f", so {name} grows {format_number(growth, digits)}-fold each epoch", growth
