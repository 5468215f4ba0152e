"""Descent that asks for more than gradients: line searches, and optimizers that look at whole vectors.

It asks the objective through a :class:`Probe`, which counts the questions and answers none twice. About 20 µs an epoch
and more: :mod:`gdviz.descent.recorded` is for everything that needs no more than gradients and rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.descent.step import Directions
from gdviz.descent.stopping import first_end, tests
from gdviz.descent.trajectory import StopReason
from gdviz.learning_rates import Line, LineSearch
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, VectorOptimizer
from gdviz.pacing import Limit, pause

Vector = tuple[float, ...]

_CHUNK = 16  # epochs at most between two looks at whether the run should end
_PATIENCE = 0.1  # seconds of steps between them


@dataclass(frozen=True)
class Spent:
    """Evaluations paid for: ``values``, ``gradients`` and ``hessians``."""

    values: int
    gradients: int
    hessians: int


class Probe:
    """The objective around one iterate: counts what it is asked, and remembers it until the next iterate.

    What overflows or is undefined comes back as inf or nan. A fit's residuals come with its gradient and are not
    counted again; elsewhere than at the iterate they count as its value.
    """

    def __init__(self, objective: Objective, theta: Vector) -> None:
        self.objective = objective
        self.value_count = self.gradient_count = self.hessian_count = 0
        self._values: dict[Vector, float] = {}
        self._gradients: dict[Vector, Vector] = {}
        self._residuals: dict[Vector, tuple[Array, Array]] = {}
        self.move_to(theta)

    def move_to(self, theta: Vector) -> None:
        """Make theta the iterate; of the others' answers none is kept."""
        self.point = theta
        self.theta = np.array(theta)
        self._values = {theta: self._values[theta]} if theta in self._values else {}
        self._gradients = {theta: self._gradients[theta]} if theta in self._gradients else {}
        self._residuals = {theta: self._residuals[theta]} if theta in self._residuals else {}

    @property
    def spent(self) -> Spent:
        return Spent(self.value_count, self.gradient_count, self.hessian_count)

    def value(self, theta: Vector) -> float:
        if theta not in self._values:
            self.value_count += 1
            try:
                self._values[theta] = float(self.objective.float_value(*theta))
            except (ArithmeticError, ValueError):
                self._values[theta] = float(self.objective.value(np.array(theta)))
        return self._values[theta]

    def gradient(self, theta: Vector) -> Vector:
        if theta not in self._gradients:
            self.gradient_count += 1
            try:
                self._gradients[theta] = tuple(self.objective.float_gradient(*theta))
            except (ArithmeticError, ValueError):
                self._gradients[theta] = tuple(self.objective.gradient(np.array(theta)).tolist())
        return self._gradients[theta]

    def value_at(self, theta: Array) -> float:
        return self.value(tuple(theta.tolist()))

    def hessian(self) -> Array:
        self.hessian_count += 1
        return np.asarray(self.objective.hessian(self.theta), dtype=float)

    def residuals(self, theta: Array | None = None) -> tuple[Array, Array]:
        point = self.point if theta is None else tuple(theta.tolist())
        if point not in self._residuals:
            self.value_count += point != self.point
            kept = {at: found for at, found in self._residuals.items() if at == self.point}  # they may be large
            self._residuals = kept | {point: self.objective.residuals(np.array(point))}  # type: ignore[attr-defined]
        return self._residuals[point]


@dataclass(frozen=True, eq=False)
class Searched:
    """What a descent of this kind gives: the record, rows of theta, value and gradient (k + 1, 2n + 1), why it ended,
    the ``rates`` used, and what was ``paid`` for by the time each row's gradient was known and in all."""

    table: Array
    reason: StopReason
    rates: list[float]
    paid: list[Spent]
    spent: Spent


def searched_path(
    objective: Objective,
    theta: Vector,
    method: Optimizer,
    search: LineSearch | None,
    rates: Array,
    epochs: int,
    tolerance: float,
    deadline: float,
) -> Searched:
    """Descend with the given ``rates`` (epochs,), or with the rates that a ``search`` finds.

    A method that ends by itself is not stopped at the ``tolerance``, which is in the units of the gradient; it has
    converged if the gradient is within it at the end.
    """
    steps = ProbedSteps(objective, theta, method, search, rates, epochs)
    itself = isinstance(method, VectorOptimizer) and method.ends_itself
    tables: list[Array] = []
    limit = Limit(deadline)
    first, was_small, end = 0, False, None
    while end is None:
        rows = steps.advance(first, min(first + _CHUNK, epochs + 1), epochs)
        points, slopes, following = (np.array(vectors, dtype=float) for vectors in zip(*rows, strict=True))
        with np.errstate(all="ignore"):
            values = np.atleast_1d(objective.value(points))
            found = tests(values, list(slopes.T), list(following.T), tolerance)
        small, *fine = (flags.astype(bool) for flags in found)
        tables.append(np.column_stack([points, values, slopes]))
        asked = small & (not itself)
        end = first_end(asked, fine, first, epochs, was_small)
        first, was_small = first + len(rows), bool(asked[-1])
        if (end is None and steps.ended) or (end is not None and end[1] is StopReason.EPOCHS):
            unfinished = StopReason.STALLED if end is None else StopReason.EPOCHS
            end = first, StopReason.CONVERGED if small[-1] else unfinished
        elif end is None and limit.passed():
            end = first, StopReason.DEADLINE
    rows_left, reason = end
    table = np.concatenate(tables)[:rows_left]
    whole = reason in (StopReason.STALLED, StopReason.EPOCHS, StopReason.DEADLINE)
    spent = steps.probe.spent if whole else steps.spent[rows_left - 1]
    return Searched(table, reason, steps.rates[: rows_left - 1], steps.spent[:rows_left], spent)


class ProbedSteps:
    """Steps of ``method`` with the given ``rates`` (epochs,), or with the rates that a ``search`` finds.

    ``rates`` grows to the rates used, ``spent`` to the evaluations paid for up to each iterate's gradient. ``ended``
    says that there is no next step: the last gradient is not finite, or none was found.
    """

    def __init__(
        self,
        objective: Objective,
        theta: Vector,
        method: Optimizer,
        search: LineSearch | None,
        rates: Array,
        epochs: int,
    ) -> None:
        self.probe = Probe(objective, theta)
        self.theta = theta
        self.search, self.scheduled = search, rates
        self.rates: list[float] = []
        self.spent: list[Spent] = []
        self.ended = False
        self._search_state: tuple[Any, ...] = ()
        self._next = (
            _vector_directions(method)
            if isinstance(method, VectorOptimizer)
            else _float_directions(method, theta, epochs)
        )

    def advance(self, first: int, stop: int, epochs: int) -> list[tuple[Vector, Vector, Vector]]:
        """Take up to stop - first steps from epoch ``first`` on; return theta, its gradient and the next theta of each.

        Fewer where they take long: each may be a whole search over many rows. No step leaves the iterate of the last
        epoch, nor one without a next step: there theta stands for the next.
        """
        rows = []
        until = monotonic() + _PATIENCE
        with np.errstate(all="ignore"):
            for epoch in range(first, stop):
                pause()
                self.probe.move_to(self.theta)
                gradient = self.probe.gradient(self.theta)
                self.spent.append(self.probe.spent)
                step = None if epoch == epochs else self._step(epoch, self.theta, gradient)
                if step is None:
                    self.ended = epoch < epochs
                    rows.append((self.theta, gradient, self.theta))
                    break
                rate, following = step
                self.rates.append(rate)
                rows.append((self.theta, gradient, following))
                self.theta = following
                if monotonic() > until:
                    break
        return rows

    def _step(self, epoch: int, theta: Vector, gradient: Vector) -> tuple[float, Vector] | None:
        """Return the rate and the next iterate, or None if there is no next step."""
        if not all(map(isfinite, gradient)):
            return None
        direction = self._next(gradient, self.probe)
        if direction is None:
            return None
        line = Line(theta, gradient, direction, self.probe.value, self.probe.gradient)
        if self.search is None:
            rate: float | None = float(self.scheduled[epoch])
        elif not all(map(isfinite, direction)):
            rate = self.search.learning_rate  # the next iterate is not finite, which ends the run
        elif line.initial_slope < 0:
            rate, self._search_state = self.search.step(line, self._search_state)
        else:
            rate = None
        return None if rate is None else (rate, line.point(rate))


def _vector_directions(method: VectorOptimizer) -> Any:
    """Return a function (gradient, probe) → direction or None that keeps the optimizer's state."""
    state = method.initial

    def direction(gradient: Vector, probe: Probe) -> Vector | None:
        nonlocal state
        try:
            found, state = method.direction(np.array(gradient), state, probe)
        except (ArithmeticError, np.linalg.LinAlgError):
            return (float("nan"),) * len(gradient)
        return None if found is None else tuple(found.tolist())

    return direction


def _float_directions(method: Optimizer, theta: Vector, epochs: int) -> Any:
    """The same for an optimizer that works on each component alone."""
    assert isinstance(method, ElementwiseOptimizer)
    steps = Directions(method, len(theta), epochs)

    def direction(gradient: Vector, probe: Probe) -> Vector:
        return steps.following(gradient, probe.point)

    return direction
