"""Difference quotients: the derivative as a student first meets it, and what its spacing h costs.

The first three functions carry the names and the meaning of the notebook that gdviz grew from: *forward* quotients,
(f(x + h) - f(x)) / h. Central differences and the error-against-h curve stand beside them because the forward
quotient's best error is only about the square root of the machine's precision.

Any callable serves as ``f``: a one-variable ``f(x)`` for :func:`difference_quotient`, an ``f(v)`` of a sequence for
the others, a list unless v is an array. An objective of gdviz (anything with a ``value`` method) serves in both places.

Source: Nocedal & Wright, Numerical Optimization (2006), section 8.1; Press et al., Numerical Recipes (2007), 5.7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import numpy as np

from gdviz.arrays import Array

_EPSILON = float(np.finfo(float).eps)
BEST_FORWARD_H = _EPSILON ** (1 / 2)  # 1.5e-8: truncation h and round-off eps/h balance
BEST_CENTRAL_H = _EPSILON ** (1 / 3)  # 6.1e-6: truncation h² and round-off eps/h balance


def difference_quotient(f: Any, x: float, h: float) -> float:
    """Return (f(x + h) - f(x)) / h, the slope of the secant through x and x + h.

    ``f`` takes one number; ``h`` is in the unit of x, positive or negative. Raises ValueError if h is zero or not
    finite.
    """
    _check_spacing(h)
    call = _of_number(f)
    return (call(x + h) - call(x)) / h


def central_difference_quotient(f: Any, x: float, h: float) -> float:
    """Return (f(x + h) - f(x - h)) / 2h, whose error falls as h² where the forward quotient's falls as h.

    Arguments and errors are those of :func:`difference_quotient`.
    """
    _check_spacing(h)
    call = _of_number(f)
    return (call(x + h) - call(x - h)) / (2 * h)


def partial_difference_quotient(f: Any, v: Sequence[float], i: int, h: float) -> float:
    """Return the i-th partial difference quotient of f at v: h is added to the i-th element of v alone.

    ``v`` has shape (n,). Raises IndexError if there is no i-th element, ValueError if h is zero or not finite.
    """
    _check_spacing(h)
    call = _of_vector(f)
    return (call(_shifted(v, i, h)) - call(_like(v, [float(v_j) for v_j in v]))) / h


def estimate_gradient(f: Any, v: Sequence[float], h: float = 0.0001) -> list[float]:
    """Return the n forward partial difference quotients of f at v: the estimated gradient, as in the notebook.

    ``v`` has shape (n,). Costs 2n evaluations of f and is wrong by about h/2 times the second derivative. Raises
    ValueError if h is zero or not finite.
    """
    return [partial_difference_quotient(f, v, i, h) for i in range(len(v))]


def central_gradient(f: Any, v: Sequence[float], h: float = BEST_CENTRAL_H) -> list[float]:
    """Return the n central partial difference quotients of f at v, each (f(v + h e_i) - f(v - h e_i)) / 2h.

    ``v`` has shape (n,). Costs 2n evaluations of f. Raises ValueError if h is zero or not finite.
    """
    _check_spacing(h)
    call = _of_vector(f)
    return [(call(_shifted(v, i, h)) - call(_shifted(v, i, -h))) / (2 * h) for i in range(len(v))]


@dataclass(frozen=True)
class SpacingErrors:
    """Absolute error of the two quotients against h: a V, truncation on its right arm, round-off on its left.

    ``spacings``, ``forward`` and ``central`` have shape (m,); an error is nan where f is not finite at a needed point.
    ``best_forward`` and ``best_central`` are the spacings with the smallest error among ``spacings``
    (nan where no error is finite, or all are alike).
    """

    spacings: Array
    forward: Array
    central: Array
    best_forward: float
    best_central: float


def spacing_errors(f: Any, x: float, derivative: float, spacings: Array | None = None) -> SpacingErrors:
    """Measure both quotients' absolute error at x against the exact ``derivative`` for each spacing.

    ``spacings`` defaults to 8 a decade from 1e-15 to 1 (times the size of x where that is above 1).
    """
    if spacings is None:
        spacings = np.logspace(-15, 0, 121) * max(1.0, abs(x))
    call = _of_number(f)
    forward = np.array([_error(call, x + h, x, h, derivative) for h in spacings.tolist()])
    central = np.array([_error(call, x + h, x - h, 2 * h, derivative) for h in spacings.tolist()])
    return SpacingErrors(spacings, forward, central, _best(spacings, forward), _best(spacings, central))


def _error(call: Callable[[float], float], ahead: float, behind: float, gap: float, derivative: float) -> float:
    """Absolute error of one quotient; nan where f is not finite, be it by its value or by raising."""
    try:
        error = abs((call(ahead) - call(behind)) / gap - derivative)
    except (ArithmeticError, ValueError):
        return nan
    return error if isfinite(error) else nan


def _best(spacings: Array, errors: Array) -> float:
    finite = np.isfinite(errors)
    if not finite.any() or errors[finite].min() == errors[finite].max():
        return nan
    return float(spacings[finite][np.argmin(errors[finite])])


def _check_spacing(h: float) -> None:
    if h == 0 or not np.isfinite(h):
        raise ValueError(f"The spacing h is {h}; it must be a finite number other than 0, such as 0.0001.")


def _shifted(v: Sequence[float], i: int, h: float) -> Any:
    if not 0 <= i < len(v):
        raise IndexError(f"There is no element {i} in a vector of {len(v)}; count from 0 to {len(v) - 1}.")
    return _like(v, [float(v_j) + (h if j == i else 0.0) for j, v_j in enumerate(v)])


def _like(v: object, numbers: list[float]) -> Any:
    """``numbers`` as f expects them: an f that is asked about an array computes with arrays."""
    return np.array(numbers) if isinstance(v, np.ndarray) else numbers


def _of_number(f: Any) -> Callable[[float], float]:
    """Let an objective of one variable stand where a plain function of a number is expected."""
    if hasattr(f, "value"):
        return lambda x: float(f.value([x]))
    return f  # type: ignore[no-any-return]


def _of_vector(f: Any) -> Callable[[Sequence[float]], float]:
    if hasattr(f, "value"):
        return lambda v: float(f.value(v))
    return f  # type: ignore[no-any-return]
