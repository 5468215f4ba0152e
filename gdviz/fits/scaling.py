"""Standardizing: the terms of a linear model on one scale, and its parameters back in the data's own units, exactly.

A model linear in its parameters is a sum of terms, theta_j times a column of its design. Each term is standardized to
mean 0 and standard deviation 1 over the rows (for ``slope*x + intercept`` that is the column x, as in every textbook;
for a polynomial each power by itself, as scikit-learn's StandardScaler after PolynomialFeatures). Gradient descent
then meets curvatures of one size. A term that is constant, the intercept, stays as it is and takes up what the others
lose; without one the terms are divided by their root mean square only, because shifting them would change the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array, Flags


@dataclass(frozen=True, eq=False)
class Scaling:
    """theta' of standardized terms (term - mean)/scale ↔ theta in the data's own units.

    ``means`` and ``scales`` have shape (n,); those of constant terms are 0 and 1. ``intercept`` is the constant term
    that takes up the shifts, None if there is none, and ``level`` its number in every row.
    """

    means: Array
    scales: Array
    intercept: int | None
    level: float

    def design(self, design: Array) -> Array:
        """Return the standardized terms (m, n) of the terms ``design`` (m, n)."""
        return np.asarray((design - self.means) / self.scales)

    def own(self, thetas: ArrayLike) -> Array:
        """Return theta' (…, n) in the data's own units, (…, n): theta_j = theta'_j / scale_j."""
        own = np.asarray(thetas, dtype=float) / self.scales
        if self.intercept is not None:
            own[..., self.intercept] -= own @ self.means / self.level
        return own

    def scaled(self, thetas: ArrayLike) -> Array:
        """Return theta (…, n), in the data's own units, as theta' (…, n) of the standardized terms."""
        own = np.array(thetas, dtype=float)
        if self.intercept is not None:
            own[..., self.intercept] += own @ self.means / self.level
        return np.asarray(own * self.scales)

    def own_gradients(self, gradients: ArrayLike) -> Array:
        """Return gradients with respect to theta' (…, n) as those with respect to theta (…, n)."""
        own = np.asarray(gradients, dtype=float) * self.scales
        if self.intercept is not None:
            own += own[..., self.intercept, None] * self.means / self.level
        return own


def identity(n: int) -> Scaling:
    """Return the scaling that changes nothing."""
    return Scaling(np.zeros(n), np.ones(n), None, 1.0)


def scaling_of(design: Array) -> Scaling:
    """Return the scaling that standardizes the terms ``design`` (m, n); standard deviations are over m, not m - 1."""
    constant = constant_terms(design)
    usable = np.flatnonzero(constant & (design[0] != 0))
    intercept = int(usable[0]) if usable.size else None
    level = float(design[0, intercept]) if intercept is not None else 1.0
    means = design.mean(axis=0) if intercept is not None else np.zeros(design.shape[1])
    means[constant] = 0.0
    away = design - means
    largest = np.abs(away).max(axis=0)
    largest[constant | (largest == 0)] = 1.0
    scales = largest * np.sqrt(np.mean((away / largest) ** 2, axis=0))  # squares of 1e150 and 1e-200 stay finite
    scales[constant | (scales == 0)] = 1.0
    return Scaling(means, scales, intercept, level)


def constant_terms(design: Array) -> Flags:
    """Say for each term of ``design`` (m, n) whether it is the same in every row, shape (n,)."""
    return np.asarray((design == design[0]).all(axis=0))
