"""The verdict: what happened in a descent and why, in one sentence that a beginner understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import ceil, inf, isfinite, log, nan

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import DEFAULT_TOLERANCE, StopReason, Trajectory
from gdviz.numerals import format_assignment, format_count, format_number
from gdviz.objectives import Objective
from gdviz.optimizers import GradientDescent, Optimizer
from gdviz.theory.curvature import (
    Curvature,
    best_learning_rate,
    contraction,
    curvature,
    measured_rate,
    stability_limit,
)

Array = NDArray[np.float64]
Minima = Sequence[tuple[Sequence[float], float]]

_HUGE = 1e12  # a coordinate or value beyond this has run away; below it, f itself gave up (log of a negative number)
_TAIL = 20  # steps at the end of a run in which a steady swing must show


class Kind(Enum):
    """What kind of end a descent came to."""

    CONVERGED = "converged"
    SLOW = "slow"
    RAN_OUT = "ran out"
    OSCILLATING = "oscillating"
    DIVERGING = "diverging"
    UNBOUNDED = "unbounded"
    UNDEFINED = "undefined"
    SADDLE = "saddle"
    MAXIMUM = "maximum"
    KINK = "kink"
    FLAT = "flat"


@dataclass(frozen=True)
class Verdict:
    """``sentence`` says what happened, ``why`` how that follows; ``numbers`` are those in them, by name.

    ``numbers`` may hold: limit (the largest stable learning rate), largest_curvature, smallest_curvature, predicted_rate
    and measured_rate (error factor per epoch), remaining_epochs, best_learning_rate.
    """

    kind: Kind
    sentence: str
    why: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Case:
    """Everything that the judgments below look at."""

    objective: Objective
    run: Trajectory
    optimizer: Optimizer
    learning_rate: float
    tolerance: float
    minima: Minima

    @property
    def end(self) -> Array:
        return np.asarray(self.run.thetas[-1])

    @property
    def where(self) -> str:
        return format_assignment(self.run.variables, self.end, 4)


def judge(
    objective: Objective,
    run: Trajectory,
    learning_rate: float,
    optimizer: Optimizer | None = None,
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    minima: Minima = (),
) -> Verdict:
    """Return the verdict on a ``run`` of ``optimizer`` (gradient descent by default) at ``learning_rate``.

    ``minima`` are known global minima as (point, value): with them the verdict tells a local minimum from the lowest.
    """
    case = _Case(objective, run, optimizer or GradientDescent(), learning_rate, tolerance, minima)
    if run.stop_reason is StopReason.DIVERGED:
        return _of_divergence(case)
    if run.stop_reason is StopReason.CONVERGED:
        return _of_stationary_point(case)
    return _of_unfinished(case)


# -- the run ended beyond the numbers, or is on its way there --


def _of_divergence(case: _Case) -> Verdict:
    run = case.run
    if run.epochs == 0 and not (np.isfinite(run.values[0]) and np.isfinite(run.gradients[0]).all()):
        return Verdict(
            Kind.UNDEFINED,
            f"Cannot start: at {case.where} the function or its gradient is not a finite number. Choose another start.",
        )
    if _runs_down(run):
        return _unbounded(case)
    if max(np.abs(case.end).max(), abs(run.values[-1])) < _HUGE and np.abs(run.gradients[-1]).max() < _HUGE:
        return Verdict(
            Kind.UNDEFINED,
            f"Stopped after {format_count(run.epochs, 'epoch')}: the next step from {case.where} leads to where the function "
            "is not defined.",
            "A step is the learning rate times the direction; a smaller learning rate or another start keeps the path "
            "where the function has values.",
        )
    return _diverging(case)


def _runs_down(run: Trajectory) -> bool:
    """Whether f fell all the way to a hugely negative value: the function has no floor here."""
    return bool(run.values[-1] < -_HUGE and run.values[-1] <= run.values.min())


def _unbounded(case: _Case) -> Verdict:
    run = case.run
    return Verdict(
        Kind.UNBOUNDED,
        f"Falls without end: after {format_count(run.epochs, 'epoch')} f is {format_number(run.values[-1])} and still falling. "
        "There is no minimum in this direction, so no learning rate can converge.",
        "The gradient grows along the way down instead of shrinking: the function has no lower bound here.",
    )


def _diverging(case: _Case) -> Verdict:
    run = case.run
    steep = _steepest(case)
    limit = stability_limit(case.optimizer, steep.L) if steep else nan
    name, growth = _fastest_growth(run)
    grows = f"{name} grows {format_number(growth, 3)}-fold each epoch" if growth < 10 else f"{name} grows ever faster"
    ended = f" The numbers left the range of a computer after {format_count(run.epochs, 'epoch')}."
    ended = ended if run.stop_reason is StopReason.DIVERGED else f" After {format_count(run.epochs, 'epoch')}: {case.where}."
    numbers = {"limit": limit, "largest_curvature": steep.L if steep else nan, "measured_rate": growth}
    if isfinite(limit) and case.learning_rate > limit:
        return Verdict(
            Kind.DIVERGING,
            f"Diverges: the learning rate {format_number(case.learning_rate)} is above {_limit_name(case)} = "
            f"{format_number(limit)}, so {grows}.{ended}",
            f"The largest curvature here is L = {format_number(steep.L) if steep else '?'}. Above the limit each step overshoots "
            "the valley by more than it was away from it, and lands higher on the other side. A rate below the limit ends this.",
            numbers,
        )
    return Verdict(
        Kind.DIVERGING,
        f"Diverges: {grows} at the learning rate {format_number(case.learning_rate)}.{ended} Try a smaller rate.",
        "Each step overshoots by more than it was away from the valley's floor, and lands higher on the other side.",
        numbers,
    )


def _limit_name(case: _Case) -> str:
    return {"gd": "2/L", "momentum": "(2 + 2β)/L"}.get(case.optimizer.name, "its limit")


def _steepest(case: _Case) -> Curvature | None:
    """The curvature with the largest L among points of the path: what the learning rate has to cope with."""
    rows = np.unique(np.linspace(0, min(case.run.epochs, 50), 6).astype(int))
    found = [c for c in (curvature(case.objective, case.run.thetas[row]) for row in rows) if c is not None]
    first = [c for c in found[:1] if c.L > 0]
    return first[0] if first else max(found, key=lambda c: c.L, default=None)


def _fastest_growth(run: Trajectory) -> tuple[str, float]:
    """The parameter that grows fastest, and the factor of its step's growth per epoch."""
    steps = np.abs(np.diff(run.thetas, axis=0))
    if len(steps) < 2:
        return run.variables[int(np.argmax(np.abs(run.thetas[-1])))], inf
    with np.errstate(all="ignore"):
        rates = np.array([measured_rate(steps[:, i]) for i in range(steps.shape[1])])
        sizes = np.nan_to_num(steps[-1] / max(1e-300, steps[-1].max()))
    score = np.where(np.isfinite(rates) & (sizes > 1e-6), rates, -inf)
    i = int(np.argmax(score))
    return run.variables[i], float(rates[i]) if isfinite(rates[i]) else inf


# -- the gradient vanished --


def _of_stationary_point(case: _Case) -> Verdict:
    run = case.run
    after = "At once" if run.epochs == 0 else f"After {format_count(run.epochs, 'epoch')}"
    value = f"f = {format_number(run.values[-1])}"
    if _at_kink(case):
        return Verdict(
            Kind.KINK,
            f"{after} at a kink: {case.where}, {value}. The function has a corner here, so there is no slope to follow.",
            "At a corner the gradient jumps; by convention it counts as the average of both sides.",
        )
    found = curvature(case.objective, case.end)
    if found is None:
        return Verdict(Kind.CONVERGED, f"Converged after {format_count(run.epochs, 'epoch')} to {case.where}, {value}.")
    numbers = {"largest_curvature": found.L, "smallest_curvature": found.mu}
    small = 1e-6 * max(abs(found.L), abs(found.mu))
    bends = f"The curvatures there are {', '.join(format_number(x) for x in found.eigenvalues)}"
    if max(abs(found.L), abs(found.mu)) < 1e-10:
        return Verdict(
            Kind.FLAT,
            f"{after} stuck on flat ground at {case.where}, {value}: the gradient has vanished, but this need not be a minimum.",
            "Where the function is flat there is no slope to follow. Start somewhere else.",
            numbers,
        )
    if found.mu < -small and found.L > small:
        return Verdict(
            Kind.SADDLE,
            f"{after} at a saddle: {case.where}, {value}. The gradient is zero, but downhill there is still a way.",
            f"{bends}: up one way, down the other. A start a little to the side slides off.",
            numbers,
        )
    if found.L < -small:
        return Verdict(
            Kind.MAXIMUM,
            f"{after} at a maximum: {case.where}, {value}. The gradient is zero at a summit too; move the start a little.",
            f"{bends}: downhill every way.",
            numbers,
        )
    return _converged(case, value, found, numbers)


def _converged(case: _Case, value: str, found: Curvature, numbers: dict[str, float]) -> Verdict:
    run = case.run
    numbers["measured_rate"] = measured_rate(run.gradient_norms[:-1]) if run.epochs > 3 else nan
    numbers["limit"] = stability_limit(case.optimizer, found.L)
    rate = contraction(case.optimizer, case.learning_rate, found.eigenvalues)
    numbers["predicted_rate"] = float(np.max(rate))
    place = _place(case)
    began = f"Starts at a minimum: {case.where}" if run.epochs == 0 else f"Converged after {format_count(run.epochs, 'epoch')} to {case.where}"
    why = f"There the gradient's norm is at most {format_number(case.tolerance)}."
    if isfinite(numbers["measured_rate"]) and numbers["measured_rate"] < 1:
        why += f" The error shrank {format_number(numbers['measured_rate'], 3)}-fold each epoch"
        predicted = numbers["predicted_rate"]
        why += f"; the curvature predicts {format_number(predicted, 3)}." if isfinite(predicted) else "."
    if isfinite(numbers["limit"]):
        why += f" Stable up to the learning rate {_limit_name(case)} = {format_number(numbers['limit'])}."
    return Verdict(Kind.CONVERGED, f"{began}, {value}{place}.", why, numbers)


def _place(case: _Case) -> str:
    """Whether this is the lowest known minimum or a local one."""
    if not case.minima:
        return ""
    lowest = min(value for _, value in case.minima)
    above = case.run.values[-1] - lowest
    if above <= 1e-6 * max(1.0, abs(lowest)):
        return ", the lowest there is"
    return f", a local minimum: the lowest is {format_number(lowest)}"


def _at_kink(case: _Case) -> bool:
    expression = getattr(case.objective, "expression", None)
    if expression is None or not hasattr(case.objective, "text") or expression.variables != case.run.variables:
        return False
    return bool(expression.at_kink(*case.end.tolist()))


# -- the epochs (or the time) ran out on the way --


def _of_unfinished(case: _Case) -> Verdict:
    run = case.run
    norms = run.gradient_norms
    rate = measured_rate(norms[-2 * _TAIL :]) if run.epochs >= 4 else nan
    if run.values[-1] > run.values[0] and (rate > 1 or run.epochs < 4):
        return _diverging(case)
    if rate > 1.0001 and run.values[-1] < run.values[0] and _falls_faster(run):
        return _unbounded_so_far(case)
    if _swings(run) and not rate < 0.97:
        return _oscillating(case, rate)
    if not rate < 1:
        return Verdict(
            Kind.RAN_OUT,
            f"On its way: {_out_of(case)} the slope is {format_number(norms[-1])} and not shrinking steadily yet.",
            f"f fell from {format_number(run.values[0])} to {format_number(run.values[-1])}. Give it more epochs.",
            {"measured_rate": rate},
        )
    return _on_the_way(case, rate, float(norms[-1]))


def _out_of(case: _Case) -> str:
    what = "time ran out and" if case.run.stop_reason is StopReason.DEADLINE else ""
    return f"after {format_count(case.run.epochs, 'epoch')} {what}".rstrip()


def _on_the_way(case: _Case, rate: float, norm: float) -> Verdict:
    run = case.run
    remaining = ceil(log(case.tolerance / norm) / log(rate)) if case.tolerance > 0 and norm > case.tolerance else 0
    found = curvature(case.objective, case.end)
    best = best_learning_rate(found) if found else nan
    numbers = {"measured_rate": rate, "remaining_epochs": float(remaining), "best_learning_rate": best}
    if found is not None:
        numbers |= {
            "largest_curvature": found.L,
            "smallest_curvature": found.mu,
            "limit": stability_limit(case.optimizer, found.L),
            "predicted_rate": float(np.max(contraction(case.optimizer, case.learning_rate, found.eigenvalues))),
        }
    slow = remaining > 2 * run.epochs
    what = "Too slow" if slow else "Not there yet"
    pace = f"the error shrinks {format_number(rate, 5)}-fold each epoch"
    more = f"{remaining:,} more epochs" if remaining < 1e9 else "more epochs than anyone can wait for"
    hint = ""
    if slow and case.optimizer.name == "gd" and isfinite(best) and best > 1.5 * case.learning_rate:
        hint = f" A learning rate of {format_number(best, 3)} would be the fastest here."
    return Verdict(
        Kind.SLOW if slow else Kind.RAN_OUT,
        f"{what}: {_out_of(case)} at {case.where}, f = {format_number(run.values[-1])}; it needs {more} at this pace.{hint}",
        f"Now {pace}, and the gradient's norm {format_number(norm)} has to come down to {format_number(case.tolerance)}."
        + _flattest(found),
        numbers,
    )


def _flattest(found: Curvature | None) -> str:
    if found is None or not found.mu > 0 or found.condition_number < 10:
        return ""
    return (
        f" Along its flattest direction the ground curves {format_number(found.condition_number, 3)} times less than along its "
        "steepest; the steepest sets the limit for the rate, the flattest the pace."
    )


def _swings(run: Trajectory) -> bool:
    """Whether the gradient turned around at nearly every one of the last steps."""
    tail = run.gradients[-_TAIL - 1 :]
    if len(tail) < 6:
        return False
    with np.errstate(all="ignore"):
        turns = np.sum(tail[1:] * tail[:-1], axis=1) < 0
    return bool(turns.mean() >= 0.8)


def _oscillating(case: _Case, rate: float) -> Verdict:
    found = curvature(case.objective, case.end)
    limit = stability_limit(case.optimizer, found.L) if found else nan
    near = ""
    if isfinite(limit):
        near = f" The learning rate {format_number(case.learning_rate)} is at the edge: {_limit_name(case)} = {format_number(limit)} here."
    return Verdict(
        Kind.OSCILLATING,
        f"Oscillates: {_out_of(case)} it still jumps from one side of the valley to the other, at {case.where}, "
        f"f = {format_number(case.run.values[-1])}.{near}",
        f"The gradient turns around at nearly every step and its norm changes {format_number(rate, 4)}-fold each epoch. "
        "A smaller rate lands inside the valley.",
        {"measured_rate": rate, "limit": limit, "largest_curvature": found.L if found else nan},
    )


def _falls_faster(run: Trajectory) -> bool:
    """Whether f drops by more at each of the last epochs than at the one before: no valley floor is in sight."""
    drops = -np.diff(run.values[-_TAIL:])
    return bool(len(drops) > 3 and (drops > 0).all() and (np.diff(drops) > 0).all() and run.values[-1] < 0)


def _unbounded_so_far(case: _Case) -> Verdict:
    run = case.run
    return Verdict(
        Kind.UNBOUNDED,
        f"Falls ever faster: {_out_of(case)} at {case.where}, f = {format_number(run.values[-1])}, and the slope still grows. "
        "There may be no minimum in this direction.",
        "Near a minimum steps get shorter; here each is longer than the one before.",
        {"measured_rate": measured_rate(run.gradient_norms)},
    )
