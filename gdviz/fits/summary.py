"""What there is to say about a fit at one theta: R², residuals, classes hit and missed, condition numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.fits.fit import Fit


@dataclass(frozen=True, eq=False)
class Summary:
    """How well a fit describes its m rows at one theta.

    ``residuals`` (m,) are target less prediction (prediction: the probability of 1, for classes). ``r_squared`` is 1
    less the residuals' sum of squares over that of the target around its mean: 1 is perfect, 0 no better than the
    mean, below 0 worse; nan where the target is constant. ``rmse`` is the root of the mean squared residual, in the
    target's unit.
    """

    residuals: Array
    r_squared: float
    rmse: float


@dataclass(frozen=True)
class Classes:
    """How many of the ``rows`` are taken for what they are (for 1 from a probability of one half on): ``right``."""

    right: int
    rows: int

    @property
    def accuracy(self) -> float:
        """The share of rows that are taken for what they are."""
        return self.right / self.rows


@dataclass(frozen=True, eq=False)
class Boundary:
    """Probabilities of 1 on a grid: ``x`` (c,), ``y`` (r,), ``probability`` (r, c). The boundary is the level 0.5."""

    x: Array
    y: Array
    probability: Array


@dataclass(frozen=True)
class Conditioning:
    """Largest and smallest curvature of the same fit in the data's own units and standardized.

    Gradient descent at its best constant rate shrinks the error per epoch by (condition - 1)/(condition + 1).
    ``standardized`` is None where the model cannot be standardized.
    """

    own: Curvatures
    standardized: Curvatures | None


@dataclass(frozen=True)
class Curvatures:
    """The Hessian's largest and smallest eigenvalue."""

    largest: float
    smallest: float

    @property
    def condition_number(self) -> float:
        """largest / smallest; infinite where a direction is flat, nan where one curves down."""
        if self.smallest < 0:
            return float("nan")
        return self.largest / self.smallest if self.smallest > 0 else float("inf")


def summarize(fit: Fit, theta: ArrayLike) -> Summary:
    """Return how well ``fit`` describes its rows at theta (n,)."""
    target = fit.columns[fit.target]
    with np.errstate(all="ignore"):
        residuals = target - fit.predict(theta)
        left = float(np.mean(residuals**2))
        around = float(np.mean((target - target.mean()) ** 2))
        r_squared = 1.0 - left / around if around > 0 else float("nan")
    return Summary(residuals, r_squared, float(np.sqrt(left)))


def count_classes(fit: Fit, theta: ArrayLike) -> Classes:
    """Return what the rows are taken for at theta (n,). Raises ValueError unless the fit's loss is for classes."""
    _check_classes(fit)
    right = (fit.columns[fit.target] == 1) == (fit.predict(theta) >= 0.5)
    return Classes(int(np.sum(right)), len(right))


def decision_boundary(fit: Fit, theta: ArrayLike, x: str, y: str, size: int = 100) -> Boundary:
    """Return probabilities over the columns ``x`` and ``y``, all others at their mean, on a grid of size x size.

    The grid reaches over the data by a twentieth of their spread. Raises ValueError unless the fit's loss is for
    classes, and KeyError for a column that is not there.
    """
    _check_classes(fit)
    across, up = (_reach(fit.columns[name], size) for name in (x, y))
    grid = dict(zip((x, y), (side.ravel() for side in np.meshgrid(across, up)), strict=True))
    means = {name: np.full(size * size, fit.columns[name].mean()) for name in fit.used_columns if name not in grid}
    return Boundary(across, up, fit.predict(theta, {**grid, **means}).reshape(size, size))


def conditioning(fit: Fit, theta: ArrayLike) -> Conditioning:
    """Return the curvatures at theta (n,) of ``fit``, before and after standardizing.

    Those of a linear model with the squared loss are the same at every theta, and come from the singular values of its
    design, which tells condition numbers up to 1e30 apart; otherwise from the Hessian, which ends at 1e15.
    """
    own_theta = fit.own_units(theta)
    own = _curvatures(fit.own(), own_theta)
    if not fit.is_linear:
        return Conditioning(own, None)
    standardized = fit if fit.standardize else replace(fit, standardize=True)
    return Conditioning(own, _curvatures(standardized, standardized.from_own_units(own_theta)))


def _curvatures(fit: Fit, theta: Array) -> Curvatures:
    if fit.quadratic is not None and not fit.ridge:
        assert fit.design is not None
        singular = np.linalg.svd(np.linalg.qr(fit.design[0], mode="r"), compute_uv=False)
        if len(singular) < len(fit.variables) or singular[-1] <= np.finfo(float).eps * singular[0]:
            singular = np.append(singular, 0.0)
        curvatures = 2 / fit.rows * singular**2
        return Curvatures(float(curvatures[0]), float(curvatures[-1]))
    hessian = fit.hessian(theta)
    if not np.isfinite(hessian).all():
        return Curvatures(float("nan"), float("nan"))
    eigenvalues = np.linalg.eigvalsh((hessian + hessian.T) / 2)
    return Curvatures(float(eigenvalues[-1]), float(eigenvalues[0]))


def _check_classes(fit: Fit) -> None:
    if not fit.loss.classes:
        raise ValueError(f"“{fit.loss.title}” knows no classes: choose log loss.")


def _reach(column: Array, size: int) -> Array:
    pad = 0.05 * float(np.ptp(column))
    return np.linspace(column.min() - pad, column.max() + pad, size)
