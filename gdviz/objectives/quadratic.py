"""Quadratic forms: the objective whose gradient costs the same however many data it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.cache import Recent, cached_property
from gdviz.codes.tracing import Tracer, finished
from gdviz.formulas.code import float_function
from gdviz.formulas.graph_numbers import GraphNumber
from gdviz.formulas.lines import lines_of

# Parameters up to which a quadratic form is written out as code on floats; beyond, NumPy's overhead is the smaller one.
_WRITTEN_OUT = 16


@dataclass(frozen=True, eq=False)
class Quadratic:
    """½ (theta - center)ᵀ matrix (theta - center) + constant, with a symmetric ``matrix`` (n, n) and ``center`` (n,).

    Raises ValueError if the shapes do not fit or the matrix is not symmetric.
    """

    matrix: Array
    center: Array
    constant: float = 0.0
    variables: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        matrix = np.atleast_2d(np.asarray(self.matrix, dtype=float))
        center = np.atleast_1d(np.asarray(self.center, dtype=float))
        n = len(center)
        if matrix.shape != (n, n) or not np.allclose(matrix, matrix.T, rtol=1e-12, atol=0):
            raise ValueError(f"A quadratic of {n} parameters needs a symmetric {n} by {n} matrix, not {matrix.shape}.")
        names = self.variables or tuple(f"theta_{i + 1}" for i in range(n))
        for name, value in (("matrix", matrix), ("center", center), ("variables", names)):
            object.__setattr__(self, name, value)

    @property
    def latex(self) -> str:
        return r"\tfrac{1}{2}(\theta - \theta^*)^\top H (\theta - \theta^*) + c"

    def value(self, theta: ArrayLike) -> Any:
        """Return the value at theta (…, n), as shape (…)."""
        away = np.asarray(theta, dtype=float) - self.center
        with np.errstate(all="ignore"):
            return plain(0.5 * np.sum((away @ self.matrix) * away, axis=-1) + self.constant)

    def gradient(self, theta: ArrayLike) -> Array:
        """Return the gradient at theta (…, n), as shape (…, n)."""
        with np.errstate(all="ignore"):
            return np.asarray((np.asarray(theta, dtype=float) - self.center) @ self.matrix)

    def hessian(self, theta: ArrayLike) -> Array:
        """Return the constant Hessian, as shape (…, n, n)."""
        shape = np.shape(theta)[:-1]
        return np.broadcast_to(self.matrix, (*shape, *self.matrix.shape)).copy()

    @cached_property
    def float_value(self) -> Callable[..., float]:
        call = self._float_code
        return lambda *theta: call(*theta)[0]

    @cached_property
    def float_gradient(self) -> Callable[..., tuple[float, ...]]:
        call = self._float_code
        return lambda *theta: call(*theta)[1:]

    @cached_property
    def _float_code(self) -> Callable[..., tuple[float, ...]]:
        """Value and gradient as one function of n floats."""
        n = len(self.center)
        if n > _WRITTEN_OUT:
            return lambda *theta: (self.value(theta), *self.gradient(theta).tolist())
        at = Tracer(n)
        value, gradient = self.trace(at)
        lines, numbers = lines_of(*finished(at.graph, [number.node for number in (value, *gradient)]))
        return partial(float_function(lines, tuple(f"theta{i}" for i in range(n))), numbers)

    @cached_property
    def kept_steps(self) -> Recent:
        return Recent(8)

    def trace(self, at: Tracer) -> tuple[GraphNumber, tuple[GraphNumber, ...]]:
        away = [x - center for x, center in zip(at.theta, self.center.tolist(), strict=True)]
        if len(away) <= _WRITTEN_OUT:
            gradient = [_sum([a * d for a, d in zip(row, away, strict=True)]) for row in self.matrix.tolist()]
        else:  # a sum over the parameters, as a fit's over its rows: code for each product would be long
            d = at.own_theta() - at.column(self.center)
            gradient = [at.total(at.column(row) * d) for row in self.matrix]
        form = _sum([d * slope for d, slope in zip(away, gradient, strict=True)])
        return 0.5 * form + float(self.constant), tuple(gradient)

    def trace_value(self, at: Tracer) -> GraphNumber:
        return self.trace(at)[0]

    def trace_hessian(self, at: Tracer) -> list[list[GraphNumber]]:
        return [[GraphNumber(at.graph, at.graph.number(entry)) for entry in row] for row in self.matrix.tolist()]


def _sum(terms: Sequence[GraphNumber]) -> GraphNumber:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def plain(value: Any) -> Any:
    """A single point's value as a Python float, anything larger as it is."""
    return float(value) if np.ndim(value) == 0 else value
