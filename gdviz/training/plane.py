"""The plane in which a path moves most: its first two principal components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array

BLOCK = 8192  # parameters, or epochs, at a time: 300 checkpoints of many millions fit
_MANY = 2_000_000  # numbers, of which a picture cannot show the eighth digit


@dataclass(frozen=True, eq=False)
class Plane:
    """``points`` (k + 1, 2) of a path in the plane through its mean, and which ``shares`` (2,) of its variance the two
    directions have."""

    points: Array
    shares: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Embedding:
    """Where a plane lies among the parameters: through ``center`` (n,), along the unit vectors ``directions`` (2, n).

    It is an objective's own place: with ``objective`` it can be asked like one of two parameters.
    """

    objective: Any
    center: Array
    directions: Array
    variables: tuple[str, ...] = ("first", "second")

    def thetas(self, points: ArrayLike) -> Array:
        """Return the parameters (…, n) at points (…, 2) of the plane."""
        return self.center + np.asarray(points, dtype=float) @ self.directions

    def points(self, thetas: ArrayLike) -> Array:
        """Return the points (…, 2) of the plane next to parameters (…, n)."""
        with np.errstate(all="ignore"):
            return np.asarray((np.asarray(thetas, dtype=float) - self.center) @ self.directions.T)

    def value(self, points: ArrayLike) -> Any:
        """Return the objective at points (…, 2), as shape (…)."""
        return self.objective.value(self.thetas(points))


def leading_finite(thetas: NDArray[Any]) -> int:
    """Return how many of the rows (k + 1, n) come before the first with a number that is not finite."""
    fine = np.isfinite(thetas).all(axis=1)
    return len(fine) if fine.all() else int(np.argmin(fine))


def principal_plane(thetas: NDArray[Any]) -> Plane:
    """Return the path ``thetas`` (k + 1, n) on the plane of its first two principal components.

    Each component points the way in which the path ends. Rows from the first one on that holds no finite number have no
    place in it (nan). The smaller one of the two matrices of inner products is taken, of epochs or of parameters, so a
    hundred thousand of either cost no more than their reading.
    """
    rows = leading_finite(thetas)
    points = np.full((len(thetas), 2), np.nan)
    if not rows:
        return Plane(points, (0.0, 0.0))
    finite = thetas[:rows]
    scale = float(max(finite.max(), -finite.min())) or 1.0  # squares of it are no overflow
    found, variances = (_by_parameters if finite.shape[1] <= rows else _by_epochs)(finite, scale)
    for k in range(2):
        points[:rows, k] = found[:, k] * (scale if found[-1, k] >= found[0, k] else -scale)
    total = float(variances.sum())
    one, two = (float(v) / total if total > 0 else 0.0 for v in [*variances[::-1], 0.0, 0.0][:2])
    return Plane(points, (one, two))


def embedding_of(thetas: NDArray[Any], plane: Plane, objective: Any) -> Embedding:
    """Return where the ``plane`` of a path lies among the parameters of ``objective``, which are those of the path."""
    rows = leading_finite(thetas)
    finite = np.asarray(thetas[:rows], dtype=float)
    if not rows:
        return Embedding(objective, np.zeros(thetas.shape[1]), _completed(np.zeros((2, thetas.shape[1]))))
    scale = float(np.abs(finite).max()) or 1.0  # squares of it are no overflow
    center = (finite / scale).mean(axis=0) * scale
    centered, points = finite / scale - center / scale, plane.points[:rows] / scale
    lengths = np.sum(points**2, axis=0)[:, None]
    directions = np.divide(points.T @ centered, lengths, out=np.zeros((2, len(center))), where=lengths > 0)
    return Embedding(objective, center, _completed(directions))


def _completed(directions: Array) -> Array:
    """Give a direction to what moved in none: any at right angles to the other, so that there is a plane to draw."""
    found = directions.copy()
    for k in range(2):
        size = np.linalg.norm(found[k])
        if size > 0.5:  # unit vectors, but for rounding
            found[k] /= size
            continue
        other = found[1 - k]
        axis = np.eye(len(other))[int(np.argmin(np.abs(other)))]
        axis = axis - (axis @ other) * other
        found[k] = axis / (np.linalg.norm(axis) or 1.0)
    return found


def _by_epochs(thetas: NDArray[Any], scale: float) -> tuple[Array, Array]:
    """The coordinates (k + 1, 2) and the variances, smallest first, from the inner products of the rows."""
    precision = np.float32 if thetas.size > _MANY else np.float64
    products = np.zeros((len(thetas), len(thetas)))
    for first in range(0, thetas.shape[1], BLOCK):
        block = np.asarray(thetas[:, first : first + BLOCK], dtype=float) / scale
        centered = (block - block.mean(axis=0)).astype(precision)
        products += centered @ centered.T
    variances, vectors = np.linalg.eigh(products)
    variances = np.maximum(variances, 0.0)
    found = np.zeros((len(thetas), 2))
    for k in range(min(2, len(thetas))):
        found[:, k] = vectors[:, -1 - k] * np.sqrt(variances[-1 - k])
    return found, variances


def _by_parameters(thetas: NDArray[Any], scale: float) -> tuple[Array, Array]:
    """The same from the inner products of the columns."""
    n = thetas.shape[1]
    blocks = [slice(first, first + BLOCK) for first in range(0, len(thetas), BLOCK)]
    mean = sum(np.sum(thetas[rows] / scale, axis=0, dtype=float) for rows in blocks) / len(thetas)
    products = np.zeros((n, n))
    for rows in blocks:
        centered = thetas[rows] / scale - mean
        products += centered.T @ centered
    variances, axes = np.linalg.eigh(products)
    found = np.zeros((len(thetas), 2))
    for k in range(min(2, n)):
        for rows in blocks:
            found[rows, k] = (thetas[rows] / scale - mean) @ axes[:, -1 - k]
    return found, np.maximum(variances, 0.0)
