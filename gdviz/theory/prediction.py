"""What a descent will do, told before it is run: exact on a quadratic, in the coordinates of its eigenvectors.

Source: Goh, "Why Momentum Really Works", Distill (2017): along each eigenvector of the Hessian the error is a linear
recurrence of its own (:mod:`gdviz.theory.laws`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.fits import Fit
from gdviz.formulas import FormulaError
from gdviz.numerals import format_number
from gdviz.objectives import Formula, Objective, Quadratic
from gdviz.optimizers import Optimizer
from gdviz.theory.laws import Law, law_of, radius, solution

_SAME = 1e-10  # how closely, relatively, a formula must agree with a quadratic to count as one


@dataclass(frozen=True, eq=False)
class Prediction:
    """The exact course of a descent of k epochs on a quadratic of n parameters.

    ``coordinates`` (k + 1, n): the error along each eigenvector, epoch by epoch. ``center`` (n,) is what it is
    measured from, ``eigenvalues`` (n,) ascend, ``eigenvectors`` (n, n) are columns. ``factors`` (n,): by what each
    error is multiplied per epoch in the long run.
    """

    center: Array
    eigenvalues: Array
    eigenvectors: Array
    coordinates: Array
    factors: Array

    @property
    def thetas(self) -> Array:
        """The predicted iterates, shape (k + 1, n)."""
        with np.errstate(all="ignore"):
            return np.asarray(self.center + self.coordinates @ self.eigenvectors.T)

    @property
    def rate(self) -> float:
        """The slowest factor of an error that is there at all."""
        there = np.abs(self.coordinates[0]) > 0
        return float(self.factors[there].max()) if there.any() else 0.0


@dataclass(frozen=True, eq=False)
class Frame:
    """A quadratic seen from a start: ``center`` (n,) where its gradient vanishes (the point nearest to the start, where
    there are many), ``value`` there, ``eigenvalues`` (n,) ascending, ``eigenvectors`` (n, n), and the start's error
    along each of them, ``errors`` (n,)."""

    center: Array
    value: float
    eigenvalues: Array
    eigenvectors: Array
    errors: Array


def predict(
    objective: Objective, start: ArrayLike, optimizer: Optimizer, learning_rate: float, epochs: int
) -> Prediction | None:
    """Return the exact course of ``epochs`` epochs from ``start`` (n,) at a constant learning rate.

    None where there is no exact one: the objective is not a quadratic with a stationary point, or the method is not
    linear in the error (Adam, for one).
    """
    law, frame = law_of(optimizer), quadratic_frame(objective, start)
    if law is None or frame is None:
        return None
    return predict_in(frame, law, learning_rate, epochs)


def predict_in(frame: Frame, law: Law, learning_rate: float, epochs: int) -> Prediction:
    """Return the course of ``epochs`` epochs in a quadratic's own coordinates."""
    s = learning_rate * frame.eigenvalues
    with np.errstate(all="ignore"):
        path = solution(law, s, np.arange(epochs + 1))
        coordinates = np.where(frame.errors == 0, 0.0, path * frame.errors)
    return Prediction(frame.center, frame.eigenvalues, frame.eigenvectors, coordinates, radius(law, s))


def as_quadratic(objective: Objective) -> Quadratic | None:
    """Return ``objective`` as the quadratic that it is, or None if it is none or has no stationary point.

    A formula counts as one if it has no corners and agrees with its own second-order expansion, to ten digits, at some
    irregular points.
    """
    if isinstance(objective, Quadratic):
        return objective
    if isinstance(objective, Fit):
        return objective.quadratic
    return _of_formula(objective) if isinstance(objective, Formula) else None


@lru_cache(maxsize=64)
def _of_formula(formula: Formula) -> Quadratic | None:
    if formula.expression.has_kinks:
        return None
    n = len(formula.variables)
    points = np.concatenate([np.zeros((1, n)), _irregular_points(n)])
    try:
        hessians = formula.hessian(points)
    except FormulaError:
        return None
    values, gradients = np.asarray(formula.value(points)), formula.gradient(points)
    hessian = (hessians[0] + hessians[0].T) / 2
    if not all(np.isfinite(found).all() for found in (values, gradients, hessians)):
        return None
    expanded = values[0] + points @ gradients[0] + 0.5 * np.sum((points @ hessian) * points, axis=1)
    close = [
        np.allclose(found, expected, rtol=_SAME, atol=_SAME * float(np.abs(expected).max()))
        for found, expected in (
            (hessians, np.broadcast_to(hessian, hessians.shape)),
            (gradients, gradients[0] + points @ hessian),
            (values, expanded),
        )
    ]
    if not all(close):
        return None
    center = _stationary_point(hessian, gradients[0])
    return None if center is None else Quadratic(hessian, center, float(formula.value(center)), formula.variables)


def _irregular_points(n: int) -> Array:
    """A few points of several sizes at which no identity holds by chance."""
    spread = np.modf(np.outer(np.arange(1, 9), np.sqrt(np.arange(2, n + 2)) + np.pi / 7))[0] - 0.5
    return np.asarray(spread * np.geomspace(0.3, 30, 8)[:, None])


def _stationary_point(hessian: Array, slope: Array) -> Array | None:
    """Where the gradient slope + H theta vanishes, nearest to the origin; None where it vanishes nowhere."""
    center = np.asarray(np.linalg.lstsq(hessian, -slope, rcond=None)[0], dtype=float)
    center = center + np.linalg.lstsq(hessian, -(slope + hessian @ center), rcond=None)[0]
    left = np.abs(slope + hessian @ center).max()
    return center if left <= 1e-9 * (np.abs(slope).max() + np.abs(hessian @ center).max()) else None


def quadratic_frame(objective: Objective, start: ArrayLike) -> Frame | None:
    """Return the quadratic seen from ``start`` (n,), or None where the objective is none."""
    quadratic = as_quadratic(objective)
    if quadratic is None or not np.isfinite(quadratic.matrix).all():
        return None
    return frame_at(quadratic.matrix, quadratic.center, float(quadratic.constant), start)


def frame_at(hessian: Array, center: Array, value: float, start: ArrayLike) -> Frame:
    """Return ½ (theta - center)ᵀ hessian (theta - center) + value seen from ``start`` (n,)."""
    eigenvalues, eigenvectors = np.linalg.eigh((hessian + hessian.T) / 2)
    size = float(np.abs(eigenvalues).max(initial=0.0))
    eigenvalues = np.where(np.abs(eigenvalues) <= 4 * np.finfo(float).eps * len(center) * size, 0.0, eigenvalues)
    errors = (np.asarray(start, dtype=float) - center) @ eigenvectors
    level = eigenvalues == 0  # nothing ever moves along these: the center may as well lie abreast of the start
    center = center + eigenvectors[:, level] @ errors[level]
    return Frame(np.asarray(center), value, eigenvalues, eigenvectors, np.where(level, 0.0, errors))


def named_direction(variables: tuple[str, ...], direction: Any) -> str:
    """Return an eigenvector (n,) in words: one parameter's name where it is nearly an axis, else its parts.

    >>> named_direction(("x", "y"), [0.0, -1.0]), named_direction(("x", "y"), [0.6, -0.8])
    ('y', 'the direction −0.6 x + 0.8 y')
    """
    parts = np.asarray(direction, dtype=float)
    largest = int(np.argmax(np.abs(parts)))
    if abs(parts[largest]) > 0.99:
        return variables[largest]
    parts = parts * np.sign(parts[largest])
    shown = [i for i in np.argsort(-np.abs(parts))[:3] if abs(parts[i]) >= 0.05]
    text = ""
    for i in sorted(shown):
        sign = ("−" if parts[i] < 0 else "") if not text else (" − " if parts[i] < 0 else " + ")
        text += f"{sign}{format_number(abs(parts[i]), 2)} {variables[i]}"
    return f"the direction {text}"
