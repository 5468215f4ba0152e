"""Sharpness: the largest curvature along a path, against the largest that the method is stable on.

Where the sharpness passes the limit the next steps grow; a run that neither settles nor leaves often hovers right at
it, "at the edge of stability". Methods that scale each component see the curvature through their own scales, so for
them it is the preconditioned Hessian's that counts.

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
from gdviz.objectives import Objective
from gdviz.theory.laws import law_of
from gdviz.theory.preconditioners import preconditioner_of

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
    objective: Objective, run: Trajectory, optimizer: Any, learning_rate: float, points: int = MOST_POINTS
) -> SharpnessRecord | None:
    """Return the sharpness at ``points`` (2 to 200) epochs of ``run``, evenly spaced, both ends included.

    ``learning_rate`` counts only where the run has no step of its own. None where the second derivatives of a very
    long formula pass the limit on its size.
    """
    rows = sampled_rows(run.epochs, points)
    try:
        hessians = np.asarray(objective.hessian(run.thetas[rows]), dtype=float)
    except FormulaError:
        return None
    rates = np.append(run.learning_rates, run.learning_rates[-1:] if run.epochs else learning_rate)[rows]
    eigenvalues = eigenvalues_of(hessians)
    scales = preconditioner_of(optimizer)
    law = law_of(optimizer)
    product, text, scaled = np.nan, "", None
    if law is not None:
        product, text = law.largest, law.limit_text.replace("L", "η")
    elif scales is not None:
        product, text = scales.largest, scales.limit_text
        with np.errstate(all="ignore"):
            roots = np.sqrt(scales.along(run)[rows])
            scaled = eigenvalues_of(hessians / (roots[:, :, None] * roots[:, None, :]))[:, -1]
    return SharpnessRecord(rows, eigenvalues[:, -1], eigenvalues[:, 0], scaled, product / rates, text)


def sampled_rows(epochs: int, points: int = MOST_POINTS) -> NDArray[np.intp]:
    """Return at most ``points`` rows of a run, evenly spaced, the first and the last among them."""
    count = min(max(2, min(points, MOST_POINTS)), epochs + 1)
    return np.unique(np.linspace(0, epochs, count).round().astype(np.intp))


def eigenvalues_of(hessians: Array) -> Array:
    """Return the ascending eigenvalues (m, n) of matrices (m, n, n); nan for a matrix that is not finite."""
    good = np.isfinite(hessians).all(axis=(1, 2))
    found = np.full(hessians.shape[:2], np.nan)
    if good.any():
        symmetric = (hessians[good] + np.swapaxes(hessians[good], 1, 2)) / 2
        found[good] = np.linalg.eigvalsh(symmetric)
    return found
