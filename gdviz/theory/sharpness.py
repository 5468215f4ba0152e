"""Sharpness: the largest curvature along a path, against the largest that the method is stable on.

Where the sharpness passes the limit the next steps grow; a run that neither settles nor leaves often hovers right at
it, "at the edge of stability". Methods that scale each component see the curvature through their own scales P, so for
them it is the preconditioned Hessian's that counts, P^-1/2 H P^-1/2. Scales and limit are read off the optimizer's own
lines (:mod:`gdviz.theory.linear`).

Sources: Cohen et al., "Gradient descent on neural networks typically occurs at the edge of stability", ICLR (2021);
Cohen et al., "Adaptive gradient methods at the edge of stability", arXiv:2207.14484 (2022), for the preconditioned
Hessian and Adam's limit, (2 + 2 beta1)/((1 - beta1) eta), 38/eta by default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.formulas import FormulaError
from gdviz.numerals import format_number
from gdviz.objectives import Objective
from gdviz.theory.laws import law_of
from gdviz.theory.linear import LinearStep, linear_step, scales_along

MOST_POINTS = 200  # Hessians that one record may cost


@dataclass(frozen=True, eq=False)
class SharpnessRecord:
    """The Hessian's extreme eigenvalues at m points of a path, all of shape (m,), nan where it is not finite.

    ``epochs``: at which. ``largest`` and ``smallest``: eigenvalues of the Hessian. ``preconditioned_largest``: of the
    Hessian as the method's scales see it, None for methods without scales. ``limit``: the sharpness above which steps
    grow, at the rate of that epoch; nan where there is no such limit. ``limit_text`` is its formula.
    """

    epochs: NDArray[np.intp]
    largest: Array
    smallest: Array
    preconditioned_largest: Array | None
    limit: Array
    limit_text: str

    @property
    def relevant(self) -> Array:
        """The sharpness that the limit applies to, shape (m,)."""
        return self.largest if self.preconditioned_largest is None else self.preconditioned_largest

    @property
    def condition_numbers(self) -> Array:
        """largest / smallest, shape (m,); nan where the smallest is not positive."""
        with np.errstate(all="ignore"):
            return np.asarray(np.where(self.smallest > 0, self.largest / self.smallest, np.nan))


def sharpness_along(
    objective: Objective, run: Trajectory, optimizer: Any, learning_rate: float
) -> SharpnessRecord | None:
    """Return the sharpness at up to 200 epochs of ``run``, evenly spaced, both ends included.

    ``learning_rate`` counts only where the run has no step of its own. None where the second derivatives of a very
    long formula pass the limit on its size.
    """
    rows = np.unique(np.linspace(0, run.epochs, min(MOST_POINTS, run.epochs + 1)).round().astype(np.intp))
    try:
        hessians = np.asarray(objective.hessian(run.thetas[rows]), dtype=float)
    except FormulaError:
        return None
    rates = np.append(run.learning_rates, run.learning_rates[-1:] if run.epochs else learning_rate)[rows]
    eigenvalues = eigenvalues_of(hessians)
    step, law = linear_step(optimizer), law_of(optimizer)
    product, text, scaled = np.nan, "", None
    if law is not None:
        product, text = law.largest, law.limit_text.replace("L", "η")
    elif step is not None and step.held is not None:
        product, text = step.largest, _limit_text(step)
        with np.errstate(all="ignore"):
            roots = np.sqrt(scales_along(optimizer, step, run)[rows])
            scaled = eigenvalues_of(hessians / (roots[:, :, None] * roots[:, None, :]))[:, -1]
    return SharpnessRecord(rows, eigenvalues[:, -1], eigenvalues[:, 0], scaled, product / rates, text)


def _limit_text(step: LinearStep) -> str:
    """Return the limit of a method that divides by scales, in the words of a textbook, or in numbers."""
    beta = step.e
    if not step.moving:
        return "2/η"
    if np.isclose(step.a, beta - 1):
        return "(2 + 2β₁)/((1 − β₁)η)"
    if np.isclose(step.a, beta**2 - 1, rtol=1e-4):
        return "(2 + 2β₁)/((1 + 2β₁)(1 − β₁)η)"
    return f"{format_number(step.largest)}/η"


def eigenvalues_of(hessians: Array) -> Array:
    """Return the ascending eigenvalues (m, n) of matrices (m, n, n); nan for a matrix that is not finite."""
    good = np.isfinite(hessians).all(axis=(1, 2))
    found = np.full(hessians.shape[:2], np.nan)
    if good.any():
        symmetric = (hessians[good] + np.swapaxes(hessians[good], 1, 2)) / 2
        found[good] = np.linalg.eigvalsh(symmetric)
    return found
