"""The numbers of a difference quotient as it is drawn: two points, the secant through them, the tangent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.arrays import Array
from gdviz.objectives import Objective
from gdviz.objectives.differences import SpacingErrors, partial_difference_quotient
from gdviz.spreadsheets import or_empty, table_text


@dataclass(frozen=True)
class Secant:
    """The secant of an objective along one variable, from ``x`` to ``x + h``.

    ``value`` and ``value_ahead`` are the objective's values there, ``quotient`` is the secant's slope and
    ``derivative`` the exact one. ``name`` is the variable's.
    """

    name: str
    x: float
    h: float
    value: float
    value_ahead: float
    quotient: float
    derivative: float


@dataclass(frozen=True, eq=False)
class QuotientCurve:
    """Difference quotients (m,) against their ``spacings`` (m,), and the ``derivative`` that they approach."""

    name: str
    spacings: Array
    quotients: Array
    derivative: float


def secant(objective: Objective, at: Sequence[float], h: float, axis: int = 0) -> Secant:
    """Return the secant through ``at`` (n,) along variable ``axis``. Raises ValueError if h is zero or not finite."""
    quotient = partial_difference_quotient(objective, at, axis, h)
    here = np.asarray(at, dtype=float)
    ahead = here + h * (np.arange(len(here)) == axis)
    return Secant(
        objective.variables[axis],
        float(here[axis]),
        h,
        float(objective.value(here)),
        float(objective.value(ahead)),
        quotient,
        float(objective.gradient(here)[axis]),
    )


def quotient_curve(objective: Objective, at: Sequence[float], axis: int = 0) -> QuotientCurve:
    """Return the partial difference quotients at ``at`` (n,) for each spacing from 1e-15 to 1."""
    steps = np.logspace(-15, 0, 121)
    quotients = np.array([partial_difference_quotient(objective, at, axis, float(h)) for h in steps])
    derivative = float(objective.gradient(np.asarray(at, dtype=float))[axis])
    return QuotientCurve(objective.variables[axis], steps, quotients, derivative)


def errors_csv(errors: SpacingErrors) -> str:
    """Return the errors as CSV, with all digits of the numbers; an error that is not finite is empty."""
    rows = zip(errors.spacings.tolist(), errors.forward.tolist(), errors.central.tolist(), strict=True)
    return table_text(["h", "forward_error", "central_error"], ([h, *map(or_empty, pair)] for h, *pair in rows))
