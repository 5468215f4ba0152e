"""The learning rate to offer: one that is stable from this start, on this scale, with this optimizer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite, isnan, sqrt

import numpy as np

from gdviz.arrays import Array
from gdviz.descent import StopReason, descend
from gdviz.descent.step import replay
from gdviz.experiments.problem import Problem
from gdviz.fits import Fit
from gdviz.formulas import FormulaError
from gdviz.landscapes import nearby_minimum
from gdviz.learning_rates import HIGHEST_RATE, LOWEST_RATE
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, VectorOptimizer
from gdviz.theory.linear import divides, ignores_size, steady_gain

Point = tuple[float, ...]

_USUAL = 0.01  # where there is no curvature to go by
_STEADY = 2.5  # times plain descent's steps, momentum's may be in the long run
_STRIDES = 50  # so many steps of an adaptive method lead to where the loss is as much higher as it is to fall
_MOST_TRIALS, _TRIAL_EPOCHS, _TRIAL_SECONDS = 6, 1000, 0.25
_RISE = 1.001  # times the loss at the start, a run may rise to
_MOST_ROWS = 1000  # to look for a minimum in


def slider_range(rate: float) -> tuple[float, float]:
    """Seven decades that hold the offered rate well inside."""
    low, high = 1e-6, 10.0
    while rate < 100 * low:
        low, high = low / 10, high / 10
    while rate > high:
        low, high = low * 10, high * 10
    return low, high


@dataclass(frozen=True, eq=False)
class Steepness:
    """How steeply an objective bends between a start and a minimum near it.

    ``largest`` is the largest curvature in any direction, infinite beyond the floats; ``along`` (n,) are those along
    each parameter alone; ``fall`` is how much lower the minimum lies.
    """

    largest: float
    along: Array
    fall: float


def steepness(objective: Objective, start: Point) -> Steepness:
    """Return the steepness around ``start`` (n,): of every point of a fit linear in its parameters, else of two."""
    points = [np.asarray(start, dtype=float), *_minima(objective, start)]
    with np.errstate(all="ignore"):
        matrices = [m for point in points for m in _bends(objective, point)]
        values = [float(objective.value(point)) for point in points]
    fall = max(values) - min(values)
    finite = [m for m in matrices if np.isfinite(m).all()]
    largest = max((float(np.abs(np.linalg.eigvalsh((m + m.T) / 2)).max()) for m in finite), default=0.0)
    if isinstance(objective, Fit) and len(finite) < len(matrices):
        largest = np.inf
    along = np.max([np.abs(np.diag(m)) for m in finite], axis=0) if finite else np.zeros(len(start))
    return Steepness(largest, along, fall if fall > 0 and isfinite(fall) else abs(values[0]))


def sensible_learning_rate(objective: Objective, start: Point) -> float:
    """Return half the stability limit of plain descent, 1/L, to one significant digit; 0.01 without curvature.

    L is the largest curvature of the start and of a minimum near it: a rate for one can be too large for the other.
    """
    largest = steepness(objective, start).largest
    rate = _one_digit(1 / largest if largest > 0 else _USUAL, HIGHEST_RATE if isinstance(objective, Fit) else 1.0)
    return _tried(objective, start, rate) if isinstance(objective, Fit) and objective.design is None else rate


def _tried(fit: Fit, start: Point, rate: float) -> float:
    """The rate, or a smaller one, at which a run from ``start`` does not rise: a curve may bend more on the way."""
    for _ in range(_MOST_TRIALS):
        run = descend(fit, start, rate, _TRIAL_EPOCHS, deadline=_TRIAL_SECONDS)
        if run.stop_reason is not StopReason.DIVERGED and run.values.max() <= _RISE * run.values[0]:
            break
        rate = _one_digit(rate / 3)
    return rate


def offered_rate(problem: Problem, start: Point, method: Optimizer) -> float:
    """Return the rate to offer for ``problem`` from ``start`` (n,), in the data's own units, with ``method``.

    Momentum's steps add up, so it gets a share of plain descent's rate. The steps of Adam and its kin are about as
    long as their rate in every parameter, so theirs follows from the parameter that bears least. Newton's and its
    kin's is 1, the whole step.
    """
    rate: float = problem.kept.get(("rate", start, method), lambda: _offered(problem, start, method))
    return rate


def _offered(problem: Problem, start: Point, method: Optimizer) -> float:
    plain = problem.learning_rate
    inner = problem.inner(start)
    if problem.fit is not None and start != problem.start:
        plain = sensible_learning_rate(problem.descended, inner)
    if isinstance(method, VectorOptimizer):  # those that ask for gradients alone begin with plain descent's step
        return method.usual_learning_rate if method.needs else min(plain, method.usual_learning_rate)
    assert isinstance(method, ElementwiseOptimizer)
    if not divides(method):
        share = min(1.0, _STEADY / steady_gain(method))
        return plain if share == 1.0 else _one_digit(plain * share)
    stride = _stride(problem, inner, method)
    return _one_digit(stride if ignores_size(method) else min(stride, plain))


def _stride(problem: Problem, start: Point, method: ElementwiseOptimizer) -> float:
    """The rate at which the first step is short in every parameter, and no later one is longer than such a step."""
    found = steepness(problem.descended, start)
    sides = np.array([high - low for low, high in problem.window])
    with np.errstate(all="ignore"):
        lengths = np.where(found.along > 0, np.sqrt(2 * found.fall / found.along), np.inf)
    if problem.standardized is None:
        lengths = np.minimum(lengths, sides)
    lengths = lengths[np.isfinite(lengths) & (lengths > 0)] / _STRIDES
    if not len(lengths):
        return method.usual_learning_rate
    longest = method.usual_learning_rate if method.usual_learning_rate >= 1 else float(lengths.min())
    return min(longest, float(lengths.min()) / max(_first_steps(problem.descended, start, method), 1e-300))


def _first_steps(objective: Objective, start: Point, method: ElementwiseOptimizer) -> float:
    """The longest component of the first step at a rate of 1."""
    slopes = np.asarray(objective.gradient(start), dtype=float)
    steps = replay(method, np.atleast_2d(np.asarray(start, dtype=float)), np.atleast_2d(slopes)).directions
    return float(np.max(np.abs(np.nan_to_num(steps))))


def _minima(objective: Objective, start: Point) -> list[Array]:
    """A minimum near the start, if one is found. The bends of a fit that is linear are the same everywhere."""
    if isinstance(objective, Fit) and objective.design is not None:
        return [] if objective.quadratic is None else [objective.quadratic.center]
    found = minimum_near(objective, start)
    return [] if found is None else [found]


def minimum_near(objective: Objective, start: Point) -> Array | None:
    """Return a minimum (n,) near ``start`` (n,), of a fit to many rows by some of them, or None."""
    return nearby_minimum(_thinned(objective) if isinstance(objective, Fit) else objective, start)


def _thinned(fit: Fit) -> Fit:
    """The same fit to some of its rows, if it has many: enough to tell about where a minimum lies."""
    if fit.rows <= _MOST_ROWS:
        return fit
    chosen = np.random.RandomState(0).choice(fit.rows, _MOST_ROWS, replace=False)
    try:
        return replace(fit, data={name: column[chosen] for name, column in fit.columns.items()})
    except ValueError:  # such as a column that is the same number in all of these
        return fit


def _bends(objective: Objective, point: Array) -> Iterator[Array]:
    """Matrices (n, n) that bound the Hessian at the point: itself, and of a fit its slopes' with the loss's bend.

    The Hessian alone says too little where the loss is straight, as Huber's is for large errors.
    """
    linear = isinstance(objective, Fit) and objective.design is not None
    if not linear:
        try:
            yield np.asarray(objective.hessian(point), dtype=float)
        except FormulaError:
            return
    if isinstance(objective, Fit):
        _, slopes = objective.prediction_and_jacobian(point)
        root = sqrt(_largest_bend(objective, point) / len(slopes))
        yield (root * slopes).T @ (root * slopes) + 2 * objective.ridge * np.diag(objective.penalized)


def _largest_bend(fit: Fit, point: Array) -> float:
    """The loss's largest curvature; for one that is straight but for a corner, such that steps end near the corner."""
    bend = fit.loss.largest_curvature
    if isfinite(bend):
        return bend
    value = float(fit.value(point))
    return 10 / value if value > 0 else 1.0


def _one_digit(rate: float, highest: float = HIGHEST_RATE) -> float:
    return _USUAL if isnan(rate) else min(max(float(f"{rate:.0e}"), LOWEST_RATE), highest)
