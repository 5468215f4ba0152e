"""Descent that asks for more than gradients: line searches, and optimizers that look at whole vectors.

It asks the objective through a :class:`Probe`, which counts the questions and answers none twice. About 20 µs an epoch
and more: the plain loop in :mod:`gdviz.descent` is for everything that needs no more than gradients and rates.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.learning_rates import Line, LineSearch
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, VectorOptimizer

Array = NDArray[np.float64]
Vector = tuple[float, ...]

_PATIENCE = 0.1  # seconds of steps between two looks at whether the run should end


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
                self._values[theta] = float(self.objective.careful_value(*theta))
        return self._values[theta]

    def gradient(self, theta: Vector) -> Vector:
        if theta not in self._gradients:
            self.gradient_count += 1
            try:
                self._gradients[theta] = tuple(self.objective.float_gradient(*theta))
            except (ArithmeticError, ValueError):
                self._gradients[theta] = tuple(self.objective.careful_gradient(*theta))
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


class ProbedSteps:
    """Steps of ``method`` with the given ``rates`` (epochs,), or with the rates that a ``search`` finds.

    ``rates`` grows to the rates used, ``spent`` to the evaluations paid for up to each iterate's gradient. ``ended``
    says that there is no next step: the last gradient is not finite, or none was found.
    """

    chunk = 16  # epochs at most between two looks at whether the run should end

    def __init__(
        self, objective: Objective, theta: Vector, method: Optimizer, search: LineSearch | None, rates: Array
    ) -> None:
        self.probe = Probe(objective, theta)
        self.search, self.scheduled = search, rates
        self.rates: list[float] = []
        self.spent: list[Spent] = []
        self.ended = False
        self._search_state: tuple[Any, ...] = ()
        self._next = (
            _vector_directions(method) if isinstance(method, VectorOptimizer) else _float_directions(method, theta)
        )

    def gradient(self, theta: Vector) -> Vector:
        """Return the gradient at the iterate theta, and note what was paid up to here."""
        self.probe.move_to(theta)
        gradient = self.probe.gradient(theta)
        self.spent.append(self.probe.spent)
        return gradient

    def advance(self, theta: Vector, first: int, count: int, thetas: list[float], gradients: list[float]) -> Vector:
        """Take up to ``count`` steps from epoch ``first`` on, recording them; return where they lead.

        Fewer where they take long: each may be a whole search over many rows.
        """
        until = monotonic() + _PATIENCE
        with np.errstate(all="ignore"):
            for epoch in range(first, first + count):
                gradient = self.gradient(theta)
                gradients.extend(gradient)
                step = self._step(epoch, theta, gradient)
                if step is None:
                    self.ended = True
                    break
                rate, theta = step
                self.rates.append(rate)
                thetas.extend(theta)
                if monotonic() > until:
                    break
        return theta

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


def _float_directions(method: Any, theta: Vector) -> Any:
    """The same for an optimizer that works on each component alone."""
    assert isinstance(method, ElementwiseOptimizer)
    states = method.initial_states(len(theta))

    def direction(gradient: Vector, probe: Probe) -> Vector:
        nonlocal states
        places = [(x,) for x in probe.point] if method.uses_theta else [()] * len(gradient)
        found = [_one(method, g, s, place) for g, s, place in zip(gradient, states, places, strict=True)]
        states = tuple(state for _, state in found)
        return tuple(d for d, _ in found)

    return direction


def _one(method: ElementwiseOptimizer, gradient: float, state: Any, theta: Any) -> tuple[float, Any]:
    try:
        return method.direction(gradient, state, *theta)
    except (ArithmeticError, ValueError):
        direction, state = method.direction(np.float64(gradient), state, *theta)
        return float(direction), tuple(map(float, state))
