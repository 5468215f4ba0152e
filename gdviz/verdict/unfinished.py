"""Verdicts on runs whose epochs (or time) ran out on the way, or whose line search gave up.

They are a list of judgments, each with its own condition; the first that applies is the verdict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context
from math import ceil, inf, log, nan

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.numerals import format_about, format_number
from gdviz.optimizers import VectorOptimizer
from gdviz.theory.curvature import (
    Curvature,
    best_learning_rate,
    measured_rate,
    stability_limit,
    steepest_curvature,
)
from gdviz.theory.laws import Form, form_of
from gdviz.verdict.boundless import of_endless_fall, of_fall
from gdviz.verdict.case import TAIL, Array, Case, Kind, Verdict, limit_name, own_expression
from gdviz.verdict.circling import circling
from gdviz.verdict.divergence import diverging, uphill
from gdviz.verdict.edge import at_the_edge, in_bursts
from gdviz.verdict.hovering import of_noise
from gdviz.verdict.outlook import Outlook, outlook, slows_down
from gdviz.verdict.rounding import is_still, rose
from gdviz.verdict.stationary import of_rest, undetermined
from gdviz.verdict.steepest import Steepest, steepest, steepest_near_end
from gdviz.verdict.strides import striding
from gdviz.verdict.wording import against_limit, came, factor_formula, latex_number, told_apart

_NOT_TOO_NEAR = 0.9  # of a limit that is only known nearly
_BENT_DOWN = 1e-6  # of the largest curvature: a downward one as small may be rounding
_SLOWLY = 0.95  # a slope that shrinks by this factor each epoch, or less, does not fall slowly
_OFF_THE_EDGE = 0.99  # of a limit: the best rate for a narrow valley is so near to it that swings die out slowly
_LONGEST_WAIT = 1e9  # epochs


@dataclass(frozen=True, eq=False)
class Course:
    """How a run went. ``rate``: the factor of the gradient's norm per epoch lately (nan where it is too short to tell).
    ``rose``: f ended above the start. ``still``: lately f changed by rounding alone. ``quadratic``: on a quadratic, its
    direction nearest to the limit, else None."""

    rate: float
    rose: bool
    still: bool
    quadratic: Steepest | None


Judgment = Callable[[Case, Course], Verdict | None]


def of_stall(case: Case) -> Verdict:
    return of_rest(case) or Verdict(
        Kind.STALLED,
        f"Stalled {case.when} at {case.where}, {case.value}: "
        f"no step along the direction lowers the function any more.{undetermined(case)}",
        f"The gradient's norm is {format_number(case.run.gradient_norms[-1])}. Near the minimum, differences of f "
        "drown in rounding; elsewhere it is a kink, or ground that is flat one way.",
    )


def of_unfinished(case: Case) -> Verdict:
    run = case.run
    rate = measured_rate(run.gradient_norms[-2 * TAIL :]) if run.epochs >= 4 else nan
    course = Course(rate, rose(case.objective, run), is_still(case.objective, run), steepest(case))
    judgments: tuple[Judgment, ...] = (
        _beside_the_limit,
        _without_a_bottom,
        _uphill,
        _running_away,
        _thrown,
        _hopping,
        _in_bursts,
        _noisy,
        _overshot,
        _at_rest,
        _striding,
        _arriving,
        _circling,
        _swinging,
        _falling_for_ever,
        _slowing_down,
    )
    for judgment in judgments:
        verdict = judgment(case, course)
        if verdict is not None:
            return verdict
    return _on_its_way(case, course)


def _beside_the_limit(case: Case, course: Course) -> Verdict | None:
    """On a quadratic, which side of the limit the rate is on is known exactly."""
    known = course.quadratic
    if known is None:
        return None
    if known.unstable and (course.rose or not known.at_edge):
        return diverging(case)
    near = known.at_edge and (known.unstable or (known.visible and known.holds_back))
    return at_the_edge(case, known) if near else None


def _without_a_bottom(case: Case, course: Course) -> Verdict | None:
    return of_endless_fall(case) if course.quadratic is None else None


def _running_away(case: Case, course: Course) -> Verdict | None:
    away = _ran_away(case.run) or (course.rose and course.rate > 1.0001 and not _comes_back(case.run))
    return diverging(case) if away and course.quadratic is None else None


def _uphill(case: Case, course: Course) -> Verdict | None:
    return uphill(case) if course.rose else None


def _in_bursts(case: Case, course: Course) -> Verdict | None:
    return None if course.rose or course.quadratic is not None else in_bursts(case)


def _noisy(case: Case, course: Course) -> Verdict | None:
    return of_noise(case) if getattr(case.optimizer, "noise", 0.0) > 0 else None


def _at_rest(case: Case, course: Course) -> Verdict | None:
    return None if course.rate < 0.999 else of_rest(case)


def _striding(case: Case, course: Course) -> Verdict | None:
    return striding(case)


def _falling_for_ever(case: Case, course: Course) -> Verdict | None:
    return of_fall(case) if course.quadratic is None else None


def _arriving(case: Case, course: Course) -> Verdict | None:
    """It is known when it arrives."""
    ahead = outlook(case)
    if ahead is None or (_swings(case.run) and ahead.factor >= 0.97 and ahead.epochs > 2 * case.run.epochs):
        return None
    run, found = case.run, Curvature(ahead.frame.eigenvalues, ahead.frame.eigenvectors)
    limit = stability_limit(case.optimizer, found.L)
    numbers = {
        "measured_rate": course.rate,
        "predicted_rate": ahead.factor,
        "remaining_epochs": ahead.epochs,
        "largest_curvature": found.L,
        "smallest_curvature": found.mu,
        "limit": limit,
    }
    slow = ahead.epochs > 2 * run.epochs
    hint = ""
    if slow and form_of(case.optimizer) is Form.PLAIN:
        best = best_learning_rate(found)
        limit = limit if ahead.exact else min(limit, _path_limit(case))
        numbers |= {"best_learning_rate": best, "path_limit": limit}
        # Where the ground is nearly flat one way even the best rate takes forever: no advice then.
        hint = _faster(case, best if found.condition_number < 1e4 else nan, limit, ahead.exact)
    return Verdict(
        Kind.SLOW if slow else Kind.RAN_OUT,
        f"{'Too slow' if slow else 'Not there yet'}: {case.out_of}, {case.value}; {_needs(case, ahead)}.{hint}",
        f"{_pace(ahead.factor)} The gradient's norm {format_number(run.gradient_norms[-1])} has to come down to "
        f"{format_number(case.tolerance)}." + _flattest(found) + _formulas(case, found),
        numbers,
    )


def _slowing_down(case: Case, course: Course) -> Verdict | None:
    if not slows_down(case.run) or not (np.diff(case.run.values[-TAIL:]) <= 0).all():
        return None
    run, found = case.run, case.curvature
    if found is not None and found.mu < -_BENT_DOWN * abs(found.L):
        return None  # it passes a saddle, and will get faster again
    return Verdict(
        Kind.SLOW,
        f"Slower and slower: {case.out_of}, {case.value}; each epoch takes off less than the one before, so no number "
        "of epochs can be told.",
        f"The gradient's norm fell from {format_number(run.gradient_norms[run.epochs // 2])} to "
        f"{format_number(run.gradient_norms[-1])} over the second half of the run, more of it early than late. So the "
        "run is where only flat directions are left, or on a bottom that gets flatter and flatter, as that of x⁴ does, "
        "or comes to a ledge, as that of x³.",
        {"measured_rate": course.rate},
    )


def _on_its_way(case: Case, course: Course) -> Verdict:
    """What is left to say of a run that falls: how far it has come."""
    run = case.run
    stuck = course.still and course.rate > 0.999  # f falls by less than its rounding
    slow = stuck or (course.rate > _SLOWLY and _left_at_this_pace(case, course.rate) > 2 * run.epochs)
    falls = stuck or (run.epochs > 1 and bool((np.diff(run.values[-TAIL:]) <= 0).all()))
    state = ", and still falls" if falls else ""
    if (course.rate < 1 or stuck) and falls and slow:
        state = f", and falls slowly: the gradient {_shrinks(course.rate)} each epoch"
    return Verdict(
        Kind.SLOW if slow and falls else Kind.RAN_OUT,
        f"{'Too slow' if slow and falls else 'On its way'}: {case.out_of}, {case.value}{state}.",
        f"{came(run)}, and the gradient's norm is "
        f"{format_number(run.gradient_norms[-1])}. How many more epochs it takes cannot be told from here.",
        {"measured_rate": course.rate},
    )


def _left_at_this_pace(case: Case, rate: float) -> float:
    norm = float(case.run.gradient_norms[-1])
    if norm <= case.tolerance:
        return 0.0
    return ceil(log(case.tolerance / norm) / log(rate)) if case.tolerance > 0 and rate < 1 else nan


def _shrinks(rate: float) -> str:
    return "hardly shrinks" if rate > 1 - 1e-6 else f"shrinks by {format_number(100 * (1 - rate), 2)} %"


def _needs(case: Case, ahead: Outlook) -> str:
    if ahead.epochs > _LONGEST_WAIT:
        return "at this pace it takes more epochs than anyone can wait for"
    # On a quadratic the number is exact; elsewhere the ground is only nearly one.
    about = "at least" if ahead.exact and ahead.epochs < 10_000 else "about"
    return f"{about} {format_about(ahead.epochs)} more epoch{'' if ahead.epochs == 1 else 's'} at this pace"


def _pace(rate: float) -> str:
    if rate > 1 - 1e-6:
        return "Now each epoch takes next to nothing of the error away."
    if rate > 0.9999:
        return f"Now each epoch takes only {format_number(100 * (1 - rate))} % of the error away."
    return f"Now each epoch multiplies the error by {format_number(rate, 3 if rate < 0.99 else 4)}."


def _path_limit(case: Case) -> float:
    """The learning rate up to which the path so far is stable: the limit at the steepest of some of its points."""
    rows = np.unique(np.geomspace(1, case.run.epochs + 1, 12).astype(int)) - 1
    return stability_limit(case.optimizer, steepest_curvature(case.objective, case.run.thetas[rows]))


def _faster(case: Case, best: float, limit: float, exact: bool) -> str:
    """Advice on a larger learning rate, as far as the path allows one."""
    if case.learning_rate * 1.5 < best < (1.0 if exact else _NOT_TOO_NEAR) * limit:
        return f" A learning rate of {_rounded_down(min(best, _OFF_THE_EDGE * limit))} would be the fastest here."
    if not case.learning_rate < limit < inf:
        return ""
    if limit > 1.5 * case.learning_rate:
        return f" The path is stable up to a learning rate of {_rounded_down(limit)}."
    return f" A larger learning rate helps little: above {format_number(limit)} it is not stable." if exact else ""


def _rounded_down(rate: float) -> str:
    """A learning rate as it is shown: who types it must not land above a limit that lies between its digits."""
    return format_number(float(Context(prec=3, rounding=ROUND_DOWN).create_decimal_from_float(rate)))


def _flattest(found: Curvature | None) -> str:
    if found is None or not found.mu > 0 or found.condition_number < 10:
        return ""
    return (
        f" Along its flattest direction the ground curves {format_number(found.condition_number)} times less than "
        "along its steepest; the steepest sets the limit for the rate, the flattest the pace."
    )


def _formulas(case: Case, found: Curvature | None) -> str:
    """The two products that decide: eta times the largest curvature over stability, times the smallest over pace."""
    if found is None or case.law is None or not found.mu > 0:
        return ""
    text = f" Stability: {against_limit(case, case.law, found.L)}."
    if len(found.eigenvalues) > 1 and found.condition_number > 1 + 1e-9:
        slowest = factor_formula(case, case.law, found.mu, r"\mu")
        text += f" Pace along the flattest direction, $\\mu = {latex_number(found.mu)}$: {slowest}."
    return text


def _swings(run: Trajectory) -> bool:
    """Whether the gradient turned around at nearly every one of the last steps."""
    tail = run.gradients[-TAIL - 1 :]
    return len(tail) >= 6 and float(_turns(tail).mean()) >= 0.8


def _turns(gradients: Array) -> NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        return np.asarray(np.sum(gradients[1:] * gradients[:-1], axis=1) < 0)


def _ran_away(run: Trajectory) -> bool:
    """Whether the path is very far from its start and its last step was its longest."""
    steps = np.max(np.abs(np.diff(run.thetas, axis=0)), axis=1)
    far = np.abs(run.thetas[-1]).max() > 1e7 * (1 + np.abs(run.thetas[0]).max())
    return bool(len(steps) and far and steps[-1] >= steps.max())


def _was_thrown(run: Trajectory) -> bool:
    """Whether f ended far above where it began: some step overshot to where the path now creeps."""
    lowest = run.values.min()
    return bool(run.values[-1] - lowest > 1e3 * max(run.values[0] - lowest, abs(run.values[0]), 1e-300))


def _comes_back(run: Trajectory) -> bool:
    """Whether f has fallen for some steps by now, however high it was thrown."""
    tail = run.values[-TAIL:]
    return bool(len(tail) > 5 and (np.diff(tail) < 0).all())


def _thrown(case: Case, course: Course) -> Verdict | None:
    run = case.run
    if course.quadratic is not None or not _was_thrown(run):
        return None
    return Verdict(
        Kind.DIVERGING,
        f"Thrown out: {case.out_of}, {case.value}, far above the "
        f"{format_number(run.values[0])} of the start. Try a smaller rate.",
        f"A step at the learning rate {case.rate} overshot to where the ground is so different that the path does "
        "not come back.",
        {"measured_rate": course.rate},
    )


def _overshot(case: Case, course: Course) -> Verdict | None:
    if not course.rose:
        return None
    start, end = told_apart(float(case.run.values[0]), float(case.run.values[-1]))
    return Verdict(
        Kind.OSCILLATING,
        f"Overshot: {case.out_of}, f = {end}, above the {start} of the start. Try a smaller rate.",
        f"At the learning rate {case.rate} a step went beyond the valley in which it began, and landed higher.",
        {"measured_rate": course.rate},
    )


def _hops_over_a_kink(case: Case) -> bool:
    """Whether the slope of a function with corners turns around without getting smaller: no bend, a corner."""
    expression = own_expression(case)
    if expression is None or not expression.has_kinks or case.run.epochs < 6:
        return False
    tail = case.run.gradients[-2 * TAIL :]
    norms = case.run.gradient_norms[-2 * TAIL :]
    return bool(_turns(tail).any() and norms[-1] > 0.5 * norms.max())


def _hopping(case: Case, course: Course) -> Verdict | None:
    if course.quadratic is not None or not _hops_over_a_kink(case):
        return None
    return Verdict(
        Kind.OSCILLATING,
        f"Oscillates: {case.out_of}, {case.value}, it hops over a corner of the "
        "function. A smaller rate hops less far, but no constant rate settles there.",
        f"Beside a corner the slope stays as steep as before, here {format_number(case.run.gradient_norms[-1])}, "
        "so the steps do not get shorter on their own.",
        {"measured_rate": 1.0},
    )


def _circling(case: Case, course: Course) -> Verdict | None:
    run, found = case.run, None if course.still else circling(case.run)
    if found is None:
        return None
    if case.law is not None and _swings(run):
        return _oscillating(case, course.rate)  # of these it is known why
    settles = "settles" if case.law is not None else "circles closer, and one that falls settles"
    remedy = f" A smaller rate {settles}." if case.constant else ""
    least, most = told_apart(found.least, found.most)
    between = f"f between {least} and {most}" if least != most else f"f about {least} all the time"
    return Verdict(
        Kind.OSCILLATING,
        f"Never settles: {case.out_of}, {case.value}; over the last {found.epochs:,} epochs it went round and came no "
        f"closer, {between}.{remedy}",
        f"{case.optimizer.title} took steps of up to {format_number(_longest_step(run))} all the time, at the learning "
        f"rate {format_number(case.last_rate, 12)}. Near a minimum they are too long to land on it.",
        {"measured_rate": 1.0},
    )


def _longest_step(run: Trajectory) -> float:
    return float(np.linalg.norm(np.diff(run.thetas[-TAIL:], axis=0), axis=1).max())


def _swinging(case: Case, course: Course) -> Verdict | None:
    swings = _swings(case.run) and not course.rate < 0.97 and not course.still
    slow = not _left_at_this_pace(case, course.rate) <= 2 * case.run.epochs
    return _oscillating(case, course.rate) if swings and slow else None


def _oscillating(case: Case, rate: float) -> Verdict:
    seen = steepest_near_end(case)
    if seen is not None and seen.at_edge and seen.visible:
        return at_the_edge(case, seen)
    found = case.curvature
    limit = stability_limit(case.optimizer, found.L) if found else nan
    near = ""
    if 0.8 < case.last_rate / limit < 1.25:
        near = f" The learning rate {format_number(case.last_rate, 12)} is near the edge: {limit_name(case)} = "
        near += f"{format_number(limit)} here."
    remedy = ""
    if case.constant and not isinstance(case.optimizer, VectorOptimizer):
        remedy = f" A smaller rate {'lands inside the valley' if case.law is not None else 'jumps less far'}."
    pace = "does not shrink" if not rate < 0.9999 else f"shrinks only to {format_number(rate, 4)} of itself each epoch"
    return Verdict(
        Kind.OSCILLATING,
        f"Oscillates: {case.when} it still jumps from one side of the valley to the other, at {case.where}, "
        f"{case.value}.{near}",
        f"The gradient turns around at nearly every step and its norm {pace}.{remedy}",
        {"measured_rate": rate, "limit": limit, "largest_curvature": found.L if found else nan},
    )
