"""Curvature, and what it says before a single step is taken: the stability limit and the rate of convergence.

Near any point f is a quadratic with the Hessian's eigenvalues lambda as curvatures, and along each eigenvector a
descent is a linear recurrence (:mod:`gdviz.theory.laws`). Gradient descent multiplies the error by 1 - eta*lambda at
each epoch; heavy ball by the roots of z² - (1 + beta - eta*lambda) z + beta.

Source: Goh, "Why Momentum Really Works", Distill (2017); Nesterov, Introductory Lectures (2004), 1.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.formulas import FormulaError
from gdviz.objectives import Objective
from gdviz.theory.laws import law_of, radius


@dataclass(frozen=True, eq=False)
class Curvature:
    """The Hessian's eigenvalues (n,), ascending, and its eigenvectors (n, n), one a column, at one point."""

    eigenvalues: Array
    eigenvectors: Array

    @property
    def L(self) -> float:
        """The largest curvature."""
        return float(self.eigenvalues[-1])

    @property
    def mu(self) -> float:
        """The smallest curvature."""
        return float(self.eigenvalues[0])

    @property
    def condition_number(self) -> float:
        """L / mu; infinite where mu is zero, nan where a curvature is negative."""
        if self.mu < 0:
            return float("nan")
        return self.L / self.mu if self.mu > 0 else float("inf")

    @property
    def hessian(self) -> Array:
        """The Hessian (n, n) that has these."""
        return (self.eigenvectors * self.eigenvalues) @ self.eigenvectors.T

    def newton_step(self, gradient: Array) -> Array:
        """Return the step (n,) to where the gradient (n,), were the curvature the same everywhere, is zero."""
        return -self.eigenvectors @ ((self.eigenvectors.T @ gradient) / self.eigenvalues)


def curvature(objective: Objective, theta: ArrayLike, units: Array | None = None) -> Curvature | None:
    """Return the curvature at theta (n,), or None where the Hessian is not finite or too long to write down.

    With ``units`` (n,) each parameter is counted in its own.
    """
    hessian = hessian_at(objective, theta)
    return None if hessian is None else curvature_of(hessian, units)


def hessian_at(objective: Objective, theta: ArrayLike) -> Array | None:
    """Return the Hessian (n, n) at theta (n,); None where it is too long to write down."""
    try:
        return np.asarray(objective.hessian(theta), dtype=float)
    except FormulaError:
        return None


def curvature_of(hessian: Array, units: Array | None = None) -> Curvature | None:
    """Return the curvature that a Hessian (n, n) says, in those ``units`` (n,); None where it is not finite."""
    if units is not None:
        hessian = hessian * np.outer(units, units)
    if not np.isfinite(hessian).all():
        return None
    eigenvalues, eigenvectors = np.linalg.eigh((hessian + hessian.T) / 2)
    return Curvature(eigenvalues, eigenvectors)


def steepest_curvature(objective: Objective, thetas: ArrayLike) -> float:
    """Return the largest curvature at any of the points ``thetas`` (m, n); -inf where no Hessian is finite."""
    try:
        hessians = np.asarray(objective.hessian(thetas), dtype=float)
    except FormulaError:
        return float("-inf")
    hessians = hessians[np.isfinite(hessians).all(axis=(1, 2))]
    return float(np.linalg.eigvalsh((hessians + hessians.swapaxes(1, 2)) / 2).max(initial=-np.inf))


def stability_limit(optimizer: Any, largest_curvature: float) -> float:
    """Return the learning rate above which ``optimizer`` diverges on a quadratic of this largest curvature.

    2/L for gradient descent, (2 + 2 beta)/L for heavy ball, (2 + 2 beta)/((1 + 2 beta)L) for Nesterov's momentum; nan
    for an optimizer without such a limit, infinite where the curvature is not positive.
    """
    law = law_of(optimizer)
    if law is None:
        return float("nan")
    return law.largest / largest_curvature if largest_curvature > 0 else float("inf")


def contraction(optimizer: Any, learning_rate: float, eigenvalues: ArrayLike) -> Array:
    """Return the factor by which each epoch multiplies the error along each eigenvector, shape as ``eigenvalues``.

    |1 - eta*lambda| for gradient descent, with momentum the larger root's modulus; nan where theory has no answer.
    """
    steps = learning_rate * np.asarray(eigenvalues, dtype=float)
    law = law_of(optimizer)
    return np.full(steps.shape, np.nan) if law is None else radius(law, steps)


def best_learning_rate(found: Curvature) -> float:
    """Return gradient descent's best constant rate on this quadratic, 2/(L + mu); nan unless mu is positive."""
    return 2 / (found.L + found.mu) if found.mu > 0 else float("nan")


def measured_rate(errors: ArrayLike) -> float:
    """Return the factor by which ``errors`` (m,) shrink or grow each epoch.

    It is the slope of the logarithm over the last half of them, by least squares;
    nan where fewer than two errors are positive and finite.
    """
    sizes = np.abs(np.asarray(errors, dtype=float))
    tail = sizes[len(sizes) // 2 :]
    good = np.flatnonzero((tail > 0) & np.isfinite(tail))
    if len(good) < 2:
        return float("nan")
    return float(np.exp(np.polyfit(good, np.log(tail[good]), 1)[0]))
