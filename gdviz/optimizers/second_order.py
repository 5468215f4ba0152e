"""Methods that look at all components together: Newton's, BFGS and conjugate gradients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gdviz.arrays import Array
from gdviz.formulas.graph_numbers import choice
from gdviz.hyperparameters import hyperparameter
from gdviz.optimizers.base import Here, Number, State, VectorOptimizer


@dataclass(frozen=True)
class Newton(VectorOptimizer):
    r"""Newton's method: :math:`\theta_{k+1} = \theta_k - \eta H(\theta_k)^{-1} \nabla f(\theta_k)`.

    Source: Nocedal & Wright, Numerical Optimization (2006), section 3.3. Plain, without a descent check, as "Dive into
    Deep Learning" prints it: where the curvature is negative it walks uphill, to a saddle or a maximum, and where it is
    next to nothing, as on a plateau, the gradient divided by it is a step out of all proportion, which no learning rate
    mends. A quadratic takes one step at learning rate 1. A singular Hessian ends the run as diverged.
    """

    name: ClassVar[str] = "newton"
    title: ClassVar[str] = "Newton"
    downhill: ClassVar[bool] = True  # where f is convex; elsewhere a line search ends the run as stalled
    needs: ClassVar[str] = "hessian"
    divides_by: ClassVar[str] = "hessian"
    climbs: ClassVar[bool] = True
    written_out: ClassVar[int] = 2

    def direction(self, gradient: Array, state: State, here: Here) -> tuple[Array | None, State]:
        return -_solve(here.hessian(), gradient), state

    def written(self, gradient: Sequence[Number], hessian: Sequence[Sequence[Number]]) -> Sequence[Number]:
        """Return minus the solution of H d = g by elimination, the row with the larger pivot first."""
        if len(gradient) == 1:
            return [-(gradient[0] / hessian[0][0])]
        (a, b), (c, d) = hessian
        f, g = gradient
        swapped = abs(c) > abs(a)
        a, b, f, c, d, g = (choice(swapped, *pair) for pair in ((c, a), (d, b), (g, f), (a, c), (b, d), (f, g)))
        factor = c / a
        y = (g - factor * f) / (d - factor * b)
        return [-((f - b * y) / a), -y]


@dataclass(frozen=True)
class SafeguardedNewton(VectorOptimizer):
    r"""Newton's method on the Hessian's absolute value, so that every direction leads downhill.

    Each eigenvalue :math:`\lambda` of the Hessian is replaced by :math:`\max(|\lambda|, \delta\, \lambda_{\max})` with
    :math:`\lambda_{\max}` the largest absolute value and :math:`\delta` the ``floor``. Source: Nocedal & Wright (2006),
    section 3.4; Dauphin et al., NeurIPS (2014), who call it saddle-free. Others add a multiple of the identity instead.
    With a line search it finds a minimum from anywhere; with a constant rate steps may still be too long.
    """

    floor: float = hyperparameter(
        1e-8, 0.0, 1.0, "Least curvature that counts, as a share of the largest.", open_low=True
    )

    name: ClassVar[str] = "newton_safeguarded"
    title: ClassVar[str] = "Newton, safeguarded"
    downhill: ClassVar[bool] = True
    needs: ClassVar[str] = "hessian"
    divides_by: ClassVar[str] = "hessian"

    def direction(self, gradient: Array, state: State, here: Here) -> tuple[Array | None, State]:
        hessian = here.hessian()
        if not np.isfinite(hessian).all():
            return np.full_like(gradient, np.nan), state
        eigenvalues, axes = np.linalg.eigh(hessian)
        curvatures = np.abs(eigenvalues)
        curvatures = np.maximum(curvatures, self.floor * curvatures.max())
        if curvatures.max() == 0.0:
            return -gradient, state
        return -axes @ ((axes.T @ gradient) / curvatures), state


@dataclass(frozen=True)
class BFGS(VectorOptimizer):
    r"""BFGS: :math:`\theta_{k+1} = \theta_k - \eta B_k \nabla f(\theta_k)`, B an inverse Hessian learned from
    gradients.

    With :math:`s` the last step, :math:`y` the change of the gradient over it and :math:`\rho = 1/y^\top s`:
    :math:`B_{k+1} = (I - \rho s y^\top) B_k (I - \rho y s^\top) + \rho s s^\top`. Source: Nocedal & Wright (2006),
    algorithm 6.1 and eq. 6.20, by which the first B is the identity scaled to the first step's curvature. Where
    :math:`y^\top s \le 0` the update is left out; a strong Wolfe search never meets that. Made for a line search: at a
    constant rate the first step is gradient descent's.
    """

    name: ClassVar[str] = "bfgs"
    title: ClassVar[str] = "BFGS"
    downhill: ClassVar[bool] = True

    def direction(self, gradient: Array, state: State, here: Here) -> tuple[Array | None, State]:
        theta = here.theta
        identity = np.eye(len(theta))
        if not state:
            return -gradient, (theta, gradient, None)
        last_theta, last_gradient, inverse = state
        s, y = theta - last_theta, gradient - last_gradient
        curved = float(y @ s)
        if curved > np.finfo(float).eps * np.linalg.norm(y) * np.linalg.norm(s):
            if inverse is None:
                inverse = curved / float(y @ y) * identity
            left = identity - np.outer(s, y) / curved
            inverse = left @ inverse @ left.T + np.outer(s, s) / curved
        direction = -gradient if inverse is None else -inverse @ gradient
        return direction, (theta, gradient, inverse)


@dataclass(frozen=True)
class ConjugateGradient(VectorOptimizer):
    r"""Nonlinear conjugate gradients: :math:`d_{k+1} = -g_{k+1} + \beta_{k+1} d_k`, :math:`\theta_{k+1} = \theta_k +
    \eta_k d_k`.

    :math:`\beta_{k+1} = \max\left(0, \frac{g_{k+1}^\top (g_{k+1} - g_k)}{g_k^\top g_k}\right)`, Polak–Ribière+. Source:
    Nocedal & Wright (2006), eq. 5.44 and 5.45; Fletcher and Reeves have :math:`g_{k+1}^\top g_{k+1}` above. Starts
    again from :math:`-g` where the direction does not lead downhill. Made for a line search, the more exact the better:
    with an exact one a quadratic of n parameters takes n steps.
    """

    name: ClassVar[str] = "cg"
    title: ClassVar[str] = "Conjugate gradients"
    downhill: ClassVar[bool] = True

    def direction(self, gradient: Array, state: State, here: Here) -> tuple[Array | None, State]:
        direction = -gradient
        if state:
            last_gradient, last_direction = state
            size = float(last_gradient @ last_gradient)
            beta = max(0.0, float(gradient @ (gradient - last_gradient)) / size) if size > 0 else 0.0
            conjugate = direction + beta * last_direction
            if conjugate @ gradient < 0:
                direction = conjugate
        return direction, (gradient, direction)


def _solve(matrix: Array, vector: Array) -> Array:
    try:
        return np.asarray(np.linalg.solve(matrix, vector), dtype=float)
    except np.linalg.LinAlgError:
        return np.full_like(vector, np.nan)
