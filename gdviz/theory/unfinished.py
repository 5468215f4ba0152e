"""Verdicts on runs whose epochs (or time) ran out on the way, or whose line search gave up."""

from __future__ import annotations

from math import ceil, inf, log, nan

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import StopReason, Trajectory
from gdviz.numerals import format_number
from gdviz.theory.case import TAIL, Array, Case, Kind, Verdict, limit_name, own_expression
from gdviz.theory.curvature import (
    Curvature,
    best_learning_rate,
    contraction,
    curvature,
    measured_rate,
    stability_limit,
    steepest_curvature,
)
from gdviz.theory.divergence import diverging, runs_down, too_steep, unbounded
from gdviz.theory.edge import at_the_edge, in_bursts
from gdviz.theory.hovering import of_noise
from gdviz.theory.stationary import of_rounding
from gdviz.theory.steepest import Steepest, steepest, steepest_near_end
from gdviz.theory.strides import striding
from gdviz.theory.wording import against_limit, factor_formula, latex_number


def of_stall(case: Case) -> Verdict:
    return of_rounding(case) or Verdict(
        Kind.STALLED,
        f"Stalled {case.when} at {case.where}, f = {format_number(case.run.values[-1])}: "
        "no step along the direction lowers the function any more.",
        f"The gradient's norm is {format_number(case.run.gradient_norms[-1])}. Near the minimum, differences of f "
        "drown in rounding; elsewhere it is a kink.",
    )


def of_unfinished(case: Case) -> Verdict:
    run = case.run
    norms = run.gradient_norms
    rate = measured_rate(norms[-2 * TAIL :]) if run.epochs >= 4 else nan
    rose = run.values[-1] > run.values[0]
    known = steepest(case)
    if known is not None:
        judged = _of_quadratic(case, known, rose)
        return judged if judged is not None else _stable(case, rate, rose)
    if runs_down(run) or (rate > 1.0001 and not rose and _falls_faster(run)):
        return unbounded(case) if runs_down(run) else _unbounded_so_far(case)
    if _ran_away(run) or (rose and rate > 1.0001) or (rose and run.epochs < 4 and too_steep(case)):
        return diverging(case)
    if _was_thrown(run):
        return _thrown(case)
    if _hops_over_a_kink(case):
        return _hopping(case)
    bursting = None if rose else in_bursts(case)
    if bursting is not None:
        return bursting
    return _stable(case, rate, rose)


def _of_quadratic(case: Case, known: Steepest, rose: bool) -> Verdict | None:
    """On a quadratic, which side of the limit the rate is on is known exactly; None where it is well below."""
    if known.unstable and (rose or not known.at_edge):
        return diverging(case)
    near = known.at_edge and (known.unstable or (known.visible and known.holds_back))
    return at_the_edge(case, known) if near else None


def _stable(case: Case, rate: float, rose: bool) -> Verdict:
    """The verdict on a run that does not diverge."""
    if getattr(case.optimizer, "noise", 0.0) > 0:
        return of_noise(case)
    run, norms = case.run, case.run.gradient_norms
    if rose:
        return _overshot(case, rate)
    rested = None if rate < 0.999 else of_rounding(case)
    if rested is not None:
        return rested
    steady = striding(case)
    if steady is not None:
        return steady
    remaining = _remaining(case, rate, float(norms[-1]))
    if _swings(run) and not rate < 0.97 and not remaining <= 2 * run.epochs:
        return _oscillating(case, rate)
    if not rate < 1:
        return Verdict(
            Kind.RAN_OUT,
            f"On its way: {_out_of(case)}, f = {format_number(run.values[-1])}; the slope "
            f"{format_number(norms[-1])} is not shrinking steadily yet.",
            f"f fell from {format_number(run.values[0])} to {format_number(run.values[-1])}. Give it more epochs.",
            {"measured_rate": rate},
        )
    return _on_the_way(case, rate, float(norms[-1]), remaining)


def _remaining(case: Case, rate: float, norm: float) -> float:
    """Epochs until the gradient's norm is within the tolerance, at this pace; infinite where that is never."""
    if norm <= case.tolerance:
        return 0.0
    return ceil(log(case.tolerance / norm) / log(rate)) if case.tolerance > 0 and rate < 1 else inf


def _out_of(case: Case) -> str:
    by = " (the time allowed was up)" if case.run.stop_reason is StopReason.DEADLINE else ""
    return f"{case.when}{by} at {case.where}"


def _on_the_way(case: Case, rate: float, norm: float, remaining: float) -> Verdict:
    run = case.run
    found = curvature(case.objective, case.end)
    numbers = {"measured_rate": rate, "remaining_epochs": remaining}
    if found is not None:
        numbers |= {
            "largest_curvature": found.L,
            "smallest_curvature": found.mu,
            "limit": stability_limit(case.optimizer, found.L),
            "predicted_rate": float(np.max(contraction(case.optimizer, case.last_rate, found.eigenvalues))),
        }
    slow = remaining > 2 * run.epochs
    hint = ""
    if slow and case.optimizer.name == "gd" and case.constant and found is not None:
        best, limit = best_learning_rate(found), _path_limit(case, found)
        numbers |= {"best_learning_rate": best, "path_limit": limit}
        # Where the ground is nearly flat one way even the best rate takes forever: no advice then.
        hint = _faster(case.learning_rate, best if found.condition_number < 1e4 else nan, limit)
    return Verdict(
        Kind.SLOW if slow else Kind.RAN_OUT,
        f"{'Too slow' if slow else 'Not there yet'}: {_out_of(case)}, f = {format_number(run.values[-1])}; "
        f"{_needs(case, remaining)}.{hint}",
        f"{_pace(rate)} The gradient's norm {format_number(norm)} has to come down to {format_number(case.tolerance)}."
        + _flattest(found)
        + _formulas(case, found),
        numbers,
    )


def _needs(case: Case, remaining: float) -> str:
    if remaining > 1e9:
        return "at this pace it takes more epochs than anyone can wait for"
    # As the fast directions die out the pace of plain gradient descent only falls; that of others comes and goes.
    about = "at least" if case.optimizer.name == "gd" else "about"
    return f"{about} {int(remaining):,} more epoch{'' if remaining == 1 else 's'} at this pace"


def _pace(rate: float) -> str:
    if rate > 0.9999:
        return f"Now each epoch takes only {format_number(100 * (1 - rate))} % of the error away."
    return f"Now each epoch multiplies the error by {format_number(rate, 3 if rate < 0.99 else 4)}."


def _path_limit(case: Case, end: Curvature) -> float:
    """The learning rate up to which the whole path is stable: the limit at the steepest of some of its points."""
    rows = np.unique(np.geomspace(1, case.run.epochs + 1, 12).astype(int)) - 1
    steepest = steepest_curvature(case.objective, case.run.thetas[rows])
    return stability_limit(case.optimizer, max(end.L, steepest))


def _faster(learning_rate: float, best: float, limit: float) -> str:
    """Advice on a larger learning rate, as far as the path allows one."""
    if learning_rate * 1.5 < best < limit:
        return f" A learning rate of {format_number(best)} would be the fastest here."
    if not learning_rate < limit < inf:
        return ""
    if limit > 1.5 * learning_rate:
        return f" The path is stable up to a learning rate of {format_number(limit)}."
    return f" A larger learning rate helps little: above {format_number(limit)} the path is not stable."


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


def _thrown(case: Case) -> Verdict:
    run = case.run
    return Verdict(
        Kind.DIVERGING,
        f"Thrown out: {_out_of(case)}, f = {format_number(run.values[-1])}, far above the "
        f"{format_number(run.values[0])} of the start. Try a smaller rate.",
        f"A step at the learning rate {case.rate} overshot to where the ground is so different that the path does "
        "not come back.",
        {"measured_rate": measured_rate(run.gradient_norms[-2 * TAIL :]) if run.epochs >= 4 else nan},
    )


def _overshot(case: Case, rate: float) -> Verdict:
    run = case.run
    return Verdict(
        Kind.OSCILLATING,
        f"Overshot: {_out_of(case)}, f = {format_number(run.values[-1])}, above the "
        f"{format_number(run.values[0])} of the start. Try a smaller rate.",
        f"At the learning rate {case.rate} a step went beyond the valley in which it began, and landed higher.",
        {"measured_rate": rate},
    )


def _hops_over_a_kink(case: Case) -> bool:
    """Whether the slope of a function with corners turns around without getting smaller: no bend, a corner."""
    expression = own_expression(case)
    if expression is None or not expression.has_kinks or case.run.epochs < 6:
        return False
    tail = case.run.gradients[-2 * TAIL :]
    norms = case.run.gradient_norms[-2 * TAIL :]
    return bool(_turns(tail).any() and norms[-1] > 0.5 * norms.max())


def _hopping(case: Case) -> Verdict:
    return Verdict(
        Kind.OSCILLATING,
        f"Oscillates: {_out_of(case)}, f = {format_number(case.run.values[-1])}, it hops over a corner of the "
        "function. A smaller rate hops less far, but no constant rate settles there.",
        f"Beside a corner the slope stays as steep as before, here {format_number(case.run.gradient_norms[-1])}, "
        "so the steps do not get shorter on their own.",
        {"measured_rate": 1.0},
    )


def _oscillating(case: Case, rate: float) -> Verdict:
    seen = steepest_near_end(case)
    if seen is not None and seen.at_edge and seen.visible:
        return at_the_edge(case, seen)
    found = curvature(case.objective, case.end)
    limit = stability_limit(case.optimizer, found.L) if found else nan
    near = ""
    if 0.8 < case.last_rate / limit < 1.25:
        near = f" The learning rate {format_number(case.last_rate, 12)} is near the edge: {limit_name(case)} = "
        near += f"{format_number(limit)} here."
    pace = "does not shrink" if not rate < 0.9999 else f"shrinks only to {format_number(rate, 4)} of itself each epoch"
    return Verdict(
        Kind.OSCILLATING,
        f"Oscillates: {case.when} it still jumps from one side of the valley to the other, at {case.where}, "
        f"f = {format_number(case.run.values[-1])}.{near}",
        f"The gradient turns around at nearly every step and its norm {pace}. A smaller rate lands inside the valley.",
        {"measured_rate": rate, "limit": limit, "largest_curvature": found.L if found else nan},
    )


def _falls_faster(run: Trajectory) -> bool:
    """Whether f drops by more at each of the last epochs than at the one before: no valley floor is in sight."""
    drops = -np.diff(run.values[-TAIL:])
    return bool(len(drops) > 3 and (drops > 0).all() and (np.diff(drops) > 0).all() and run.values[-1] < 0)


def _unbounded_so_far(case: Case) -> Verdict:
    run = case.run
    return Verdict(
        Kind.UNBOUNDED,
        f"Falls ever faster: {_out_of(case)}, f = {format_number(run.values[-1])}, and the slope still grows. "
        "There may be no minimum in this direction.",
        "Near a minimum steps get shorter; here each is longer than the one before.",
        {"measured_rate": measured_rate(run.gradient_norms)},
    )
