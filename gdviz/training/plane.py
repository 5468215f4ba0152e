"""The plane in which a path moves most: its first two principal components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_BLOCK = 8192  # parameters at a time: 300 checkpoints of many millions fit
_MANY = 2_000_000  # numbers, of which a picture cannot show the eighth digit


@dataclass(frozen=True, eq=False)
class Plane:
    """``points`` (k + 1, 2) of a path in the plane through its mean, and which ``shares`` (2,) of its variance the two
    directions have."""

    points: Array
    shares: tuple[float, float]


def principal_plane(thetas: NDArray[Any]) -> Plane:
    """Return the path ``thetas`` (k + 1, n) on the plane of its first two principal components.

    Each component points the way in which the path ends. Raises ValueError where a number is not finite. The matrix of
    inner products has a row a checkpoint, so a hundred thousand parameters cost no more than their reading.
    """
    products = _products(thetas, np.float32 if thetas.size > _MANY else np.float64)
    if thetas.size > _MANY and not np.isfinite(products).all():
        products = _products(thetas, np.float64)
    if not np.isfinite(products).all():
        raise ValueError(
            "A parameter is no finite number, or too large to be squared: leave out the epochs from there on."
        )
    variances, vectors = np.linalg.eigh(products)
    variances = np.maximum(variances[::-1], 0.0)
    rows = len(thetas)
    points = np.zeros((rows, 2))
    for k in range(min(2, rows)):
        points[:, k] = vectors[:, -1 - k] * np.sqrt(variances[k])
        if points[-1, k] < points[0, k]:
            points[:, k] *= -1
    total = float(variances.sum())
    one, two = (float(v) / total if total > 0 else 0.0 for v in [*variances, 0.0, 0.0][:2])
    return Plane(points, (one, two))


def _products(thetas: NDArray[Any], precision: type[np.floating[Any]]) -> Array:
    """The inner products (k + 1, k + 1) of the rows less their mean; those of each block in this precision."""
    products = np.zeros((len(thetas), len(thetas)))
    with np.errstate(all="ignore"):
        for first in range(0, thetas.shape[1], _BLOCK):
            block = np.asarray(thetas[:, first : first + _BLOCK], dtype=float)
            centered = (block - block.mean(axis=0)).astype(precision)
            products += centered @ centered.T
    return products
