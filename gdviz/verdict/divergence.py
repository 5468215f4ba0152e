"""Verdicts on runs that ended beyond the numbers, or are on their way there."""

from __future__ import annotations

from math import nan

import numpy as np

from gdviz.descent import StopReason, Trajectory
from gdviz.numerals import format_number
from gdviz.theory.curvature import Curvature, curvature, curvature_of, measured_rate, stability_limit
from gdviz.theory.prediction import as_quadratic
from gdviz.verdict.boundless import HUGE, runs_down, unbounded
from gdviz.verdict.case import TAIL, Case, Kind, Verdict, limit_beside
from gdviz.verdict.steepest import Steepest, steepest
from gdviz.verdict.wording import against_limit, factor_formula, factor_number

_LEAP = 1e4  # sizes of the start that a first step may go
_STEEP = 1e-3  # a slope above this leads down without being divided by the curvature
_SINGULAR = 1e-15  # of the largest curvature
_MOSTLY = 0.9  # the share of the last steps that get longer where a parameter grows
# Where a diverging run is asked for its curvature: before it is far off.
_FIRST_ROWS = (0, 1, 2, 3, 5, 8, 13, 21, 34, 50)


def of_divergence(case: Case) -> Verdict:
    """Return the verdict on a run that ended in numbers that are not finite, or could not start."""
    run = case.run
    if run.epochs == 0 and not (np.isfinite(run.values[0]) and np.isfinite(run.gradients[0]).all()):
        return Verdict(
            Kind.UNDEFINED,
            f"Cannot start: at {case.where} the function or its gradient is not a finite number. Choose another start.",
        )
    if runs_down(run):
        return unbounded(case)
    newtons = _leaped(case) or uphill(case)
    if newtons is not None:
        return newtons
    if not np.isfinite(run.gradients[-1]).all() and np.abs(case.end).max() < HUGE:
        return Verdict(
            Kind.UNDEFINED,
            f"Stopped {_at_once(case)}: at {case.where} the function has a value, "
            f"{case.value}, but no finite slope to follow.",
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


def _leaves_the_domain(case: Case) -> bool:
    """Whether the step that was not taken leads to a point without a value (nan), not to one with too large a value."""
    run = case.run
    if np.abs(case.end).max() > HUGE:
        return False
    step = -case.last_eta * run.gradients[-1]
    drift = run.thetas[-1] - run.thetas[-2] if run.epochs else np.zeros_like(step)
    values = [float(case.objective.value(case.end + ahead)) for ahead in (step, step + drift)]
    return bool(np.isnan(values).any()) or (bool(np.isfinite(values).all()) and abs(run.values[-1]) < HUGE)


def diverging(case: Case) -> Verdict:
    """The verdict on a run that grows: what it is that grows, how fast, since when, and how far the numbers went."""
    newtons = _leaped(case) or uphill(case)
    if newtons is not None:
        return newtons
    known = steepest(case)
    if known is not None and known.unstable:
        return _beyond_limit(case, known)
    steep = too_steep(case)
    grows, growth = _growth(case.run)
    numbers = {"limit": nan, "largest_curvature": nan, "measured_rate": growth}
    if steep is not None and case.law is not None:
        row, found = steep
        limit, eta = stability_limit(case.optimizer, found.L), case.eta_at(row)
        place = "at the start" if row == 0 else f"at epoch {row}"
        return Verdict(
            Kind.DIVERGING,
            f"Diverges: the learning rate {format_number(eta, 12)} is above {limit_beside(case, limit, eta)} "
            f"{place}{grows}.{_ended(case)}",
            f"The largest curvature {place} is L = {format_number(found.L)}: "
            f"{against_limit(case, case.law, found.L, eta)}. Where the curvature is another, so is the limit: "
            f"this is not that of the whole way. {_OVERSHOOTS} A smaller rate ends this.{_since(case)}",
            numbers | {"limit": limit, "largest_curvature": found.L},
        )
    return Verdict(
        Kind.DIVERGING,
        f"Diverges at the learning rate {case.eta_text}{grows}.{_ended(case)} Try a smaller rate.",
        f"Steps that overshoot land where the ground is steeper still, and the next step is longer.{_since(case)}",
        numbers,
    )


def _beyond_limit(case: Case, known: Steepest) -> Verdict:
    """On a quadratic all is known: which direction grows, and by exactly which factor."""
    alone = _grown_alone(case, known)
    what = f"{alone} grows" if alone else f"the error along {known.direction} grows"
    hidden = "" if case.run.values[-1] > case.run.values[0] else ", which does not show yet"
    return Verdict(
        Kind.DIVERGING,
        f"Diverges: the learning rate {case.eta_text} is above {limit_beside(case, known.limit)}, so "
        f"{what} {factor_number(known.predicted)}-fold each epoch{hidden}.{_ended(case, '' if hidden else alone)}",
        f"Along {known.direction} the curvature is L = {format_number(known.curvature, 4)}: "
        f"{against_limit(case, known.law, known.curvature)}. Each epoch multiplies the error there by "
        f"{factor_formula(case, known.law, known.curvature)}. {_OVERSHOOTS} A rate below the limit ends this."
        f"{_since(case)}",
        {
            "limit": known.limit,
            "largest_curvature": known.curvature,
            "predicted_rate": known.predicted,
            "measured_rate": known.measured,
        },
    )


def _grown_alone(case: Case, known: Steepest) -> str:
    """The parameter that grows, where it is one alone and the minimum is at 0."""
    quadratic = as_quadratic(case.objective)
    centered = quadratic is not None and not np.any(quadratic.center) and case.shown is None
    return known.direction if known.direction in case.run.variables and centered else ""


_OVERSHOOTS = (
    "Above the limit each step overshoots the valley by more than it was away from it, and lands higher on the other "
    "side."
)


def _leaped(case: Case) -> Verdict | None:
    """The verdict where a method that divides by the curvature went far away, because that is next to nothing: at its
    first step, so that no learning rate mends it, or at its last one."""
    run = case.run
    first = _leaps(case, 0)
    last = _leaps(case, run.epochs) if run.stop_reason is StopReason.DIVERGED else None
    least = last if first is None else first
    if least is None:
        return None
    steep = run.gradient_norms[0] > _STEEP
    remedy = "Gradient descent does without: choose it here" if steep else "Start where the ground is curved"
    return Verdict(
        Kind.DIVERGING,
        f"Leaps away: {case.optimizer.title} divides the slope by the curvature, and "
        f"{case.when if first is None else 'at the start'} that is next to "
        f"nothing{'' if least < 1e-300 else f', {format_number(least, 2)}'}.{_ended(case)} {remedy}.",
        "On ground that is almost flat one way such a step is as long as one over next to nothing, and no learning "
        "rate mends that.",
    )


def _leaps(case: Case, row: int) -> float | None:
    """The least curvature at ``row`` where a step divided by it goes far away; None where it does not."""
    found = _divided_by(case, row)
    if found is None:
        return None
    size = 1 + float(np.abs(case.run.thetas[row]).max())
    slopes = np.abs(found.eigenvectors.T @ case.run.gradients[row])
    curvatures = np.abs(found.eigenvalues)
    steps = case.eta_at(row) * slopes / np.maximum(curvatures, 1e-300)
    ends = row == case.run.epochs and case.run.stop_reason is StopReason.DIVERGED
    singular = ends and curvatures.min() <= _SINGULAR * curvatures.max()
    return float(curvatures.min()) if steps.max() > _LEAP * size or singular else None


def uphill(case: Case) -> Verdict | None:
    """The verdict where Newton's method stepped uphill, to where the slope is zero too: no learning rate mends it."""
    run = case.run
    if not case.optimizer.climbs or run.epochs == 0:
        return None
    climbs = np.sum(run.gradients[:-1] * np.diff(run.thetas, axis=0), axis=1) > 0
    rises = np.diff(run.values) > 0
    if not (climbs[0] or np.any(climbs[rises])):
        return None
    row = 0 if climbs[0] else int(np.flatnonzero(climbs & rises)[0])
    place = "from the start" if row == 0 else f"from epoch {row:,}"
    return Verdict(
        Kind.DIVERGING if run.stop_reason is StopReason.DIVERGED else Kind.OSCILLATING,
        f"Walks uphill: {place} on Newton's step leads to where the slope is zero, and where the ground curves down "
        f"that is higher up.{_ended(case)} “Newton, safeguarded” only goes downhill.",
        "Newton's step goes to the stationary point of the ground's own parabola: beside a summit to the summit, beside"
        " a saddle to the saddle. A smaller rate only walks there more slowly.",
        {"measured_rate": nan},
    )


def _divided_by(case: Case, row: int) -> Curvature | None:
    """What the method divides the slope at ``row`` by, for those that do so."""
    if not case.optimizer.divides_by:
        return None
    if case.optimizer.divides_by == "residuals":
        errors, jacobian = case.objective.residuals(case.run.thetas[row])  # type: ignore[attr-defined]
        return curvature_of(2 / max(1, len(errors)) * jacobian.T @ jacobian)
    return curvature(case.objective, case.run.thetas[row])


def _ended(case: Case, grown: str = "") -> str:
    """How far the numbers went; ``grown`` is the parameter that grows, if it is one and grows from 0."""
    run = case.run
    if run.stop_reason is not StopReason.DIVERGED and grown:
        size = abs(case.end[run.variables.index(grown)])
        return f" {case.when.capitalize()} |{grown}| has grown to {format_number(size, 2)}."
    if run.stop_reason is not StopReason.DIVERGED:
        return f" {case.when.capitalize()}: {case.where}."
    if run.epochs == 0:
        return " The first step already leaves the range of a computer."
    return f" The numbers left the range of a computer {case.when}."


def _since(case: Case) -> str:
    """When f first rose, and where the last numbers are."""
    run = case.run
    rises = np.flatnonzero(np.diff(run.values) > 0)
    text = f" f first rose at epoch {rises[0] + 1:,}." if len(rises) else ""
    if run.stop_reason is StopReason.DIVERGED and run.epochs:
        text += f" The last finite point is that of epoch {run.epochs:,}: {case.where}."
    return text


def too_steep(case: Case) -> tuple[int, Curvature] | None:
    """The first row whose curvature the learning rate of its step is too large for, if one comes early."""
    for row in _FIRST_ROWS:
        if row <= case.run.epochs:
            found = curvature(case.objective, case.run.thetas[row])
            if found is not None and case.eta_at(row) > stability_limit(case.optimizer, found.L):
                return row, found
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
    if (factors > 1).mean() < _MOSTLY:
        return f", so {name} leaps about", growth
    if factors[-1] > 2 * factors[len(factors) // 2 - 1] > 2:
        return f", so {name} grows faster and faster", growth
    return f", so {name} grows {factor_number(growth)}-fold each epoch", growth
