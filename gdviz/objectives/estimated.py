"""An objective seen only through its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.cache import Recent, cached_property
from gdviz.codes.tracing import Tracer
from gdviz.formulas.graph_numbers import GraphNumber
from gdviz.objectives.differences import estimate_gradient
from gdviz.objectives.objective import MOST_KEPT_STEPS, Objective, Traced


@dataclass(frozen=True, eq=False)
class EstimatedGradient:
    """``objective`` seen only through its values: its gradient is :func:`gdviz.estimate_gradient` with this ``h``."""

    objective: Objective
    h: float = 0.0001

    @property
    def variables(self) -> tuple[str, ...]:
        return self.objective.variables

    @property
    def latex(self) -> str:
        return self.objective.latex

    def value(self, theta: ArrayLike) -> Any:
        return self.objective.value(theta)

    def gradient(self, theta: ArrayLike) -> Array:
        """Return the n forward difference quotients at theta (…, n), as shape (…, n)."""
        points = np.asarray(theta, dtype=float)
        with np.errstate(all="ignore"):
            here = np.asarray(self.objective.value(points))
            ahead = [np.asarray(self.objective.value(points + self.h * axis)) for axis in np.eye(points.shape[-1])]
            return np.stack([(value - here) / self.h for value in ahead], axis=-1)

    def hessian(self, theta: ArrayLike) -> Array:
        return self.objective.hessian(theta)

    @property
    def float_value(self) -> Callable[..., float]:
        return self.objective.float_value

    def float_gradient(self, *theta: float) -> tuple[float, ...]:
        value = self.objective.float_value
        return tuple(estimate_gradient(lambda v: value(*v), theta, self.h))

    @cached_property
    def kept_steps(self) -> Recent:
        return Recent(MOST_KEPT_STEPS)

    def trace(self, at: Tracer) -> Traced:
        here = self.trace_value(at)
        ahead = [self.trace_value(at.moved(i, self.h)) for i in range(len(self.variables))]
        return here, tuple([(value - here) / self.h for value in ahead])

    def trace_value(self, at: Tracer) -> GraphNumber:
        traced: GraphNumber = self.objective.trace_value(at)  # type: ignore[attr-defined]
        return traced
