"""The minimum near a place: the nearest of those that are known, or what a short, bounded Newton search finds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.objectives import Objective

_EVALUATIONS = 200
_FAR = 1e8  # times the size of the start: a search that gets there follows a slope without end


def nearest(points: Iterable[ArrayLike], place: Array) -> Array | None:
    """Return that of the ``points`` (n,) which is nearest to ``place`` (n,); None for no points or no finite place."""
    known = [np.asarray(point, dtype=float) for point in points]
    if not known or not np.isfinite(place).all():
        return None
    size = max(1.0, float(np.abs(place).max()))  # squares of what is large overflow
    return min(known, key=lambda point: float(np.linalg.norm(point / size - place / size)))


def nearby_minimum(objective: Objective, start: ArrayLike) -> Array | None:
    """Return a local minimizer (n,) downhill of ``start`` (n,), or None if none is found within 200 evaluations.

    Steps are Newton's with the Hessian's eigenvalues made positive, in a trust region that begins at the size of the
    start, so that a near minimum is preferred to a far one; each step must lower the value. A slope without end,
    an undefined start and a plateau that never settles give None. A kink, such as that of abs, counts as a minimum.
    """
    point = np.asarray(start, dtype=float)
    size = max(1.0, float(np.abs(point).max()))
    radius, budget = size / 2, _EVALUATIONS
    with np.errstate(all="ignore"):
        value = float(objective.value(point))
        budget -= 1
        while budget > 0 and np.isfinite(value):
            gradient = np.asarray(objective.gradient(point), dtype=float)
            step, saddle = _newton_step(objective, point, gradient, size)
            budget -= 2
            if step is None or np.abs(point).max() > _FAR * size:
                return None
            taken, ahead, budget = _backtrack(objective, point, value, step, radius, budget)
            moved = float(np.abs(taken).max())
            if moved <= 1e-10 * max(size * 1e-3, float(np.abs(point).max())):
                settled = np.linalg.norm(gradient) <= 1e-4 * (1 + abs(value)) or _is_lowest(objective, point, value)
                return point if settled and not saddle else None
            length = float(np.linalg.norm(taken))
            radius = 2 * radius if length > 0.9 * radius else max(radius / 2, length, 1e-3 * size)
            point, value = point + taken, ahead
    return None


def _newton_step(objective: Objective, point: Array, gradient: Array, size: float) -> tuple[Array | None, bool]:
    """Return the step and whether the point is a saddle or a top that it steps off; (None, False) if undefined."""
    if not np.isfinite(gradient).all():
        return None, False
    try:
        eigenvalues, axes = np.linalg.eigh(np.asarray(objective.hessian(point), dtype=float))
    except (ArithmeticError, ValueError):
        return -gradient, False
    largest = float(np.abs(eigenvalues).max())
    if not np.isfinite(largest) or largest == 0:
        return -gradient, False
    bent_down = bool(eigenvalues[0] < -1e-6 * largest)
    if bent_down and np.linalg.norm(gradient) <= 1e-8 * largest * size:
        return axes[:, 0] * 0.1 * size, True
    positive = np.maximum(np.abs(eigenvalues), 1e-10 * largest)
    return -axes @ ((axes.T @ gradient) / positive), False


def _backtrack(
    objective: Objective, point: Array, value: float, step: Array, radius: float, budget: int
) -> tuple[Array, float, int]:
    """Return the longest of step, step/4, step/16 … that lowers the value, that value, and the evaluations left."""
    length = float(np.linalg.norm(step))
    if length > radius:
        step = step * (radius / length)
    for _ in range(30):
        if budget <= 0:
            break
        budget -= 1
        ahead = float(objective.value(point + step))
        if ahead < value:
            return step, ahead, budget
        step = step / 4
    return np.zeros_like(point), value, budget


def _is_lowest(objective: Objective, point: Array, value: float) -> bool:
    """Say whether no neighbor along an axis is lower, as at a kink."""
    near = 1e-5 * np.maximum(1.0, np.abs(point)) * np.eye(len(point))
    around = np.asarray(objective.value(np.concatenate([point + near, point - near])), dtype=float)
    return not bool((around < value - 1e-9 * (1 + abs(value))).any())
