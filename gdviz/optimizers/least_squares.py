"""Methods for fits: they look at the errors row by row and at their Jacobian, each of its columns in its own scale.

A column of the Jacobian carries the units of its parameter and of the target; divided by its length it has none. All
that is decided here (rank, damping, length and success of a step) is decided on columns so scaled, hence a change of
units changes nothing but the units. Source: Moré, The Levenberg–Marquardt algorithm, Lecture Notes in Mathematics 630
(1978).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gdviz.arrays import Array
from gdviz.hyperparameters import hyperparameter
from gdviz.optimizers.base import Here, State, VectorOptimizer

_MOST_TRIALS = 60  # of one epoch's step, each at most half as long as the one before
_LEAST_REACH = 1e-6  # of the first trust radius, as a share of the errors' length: a start next to 0 says nothing
_MOST_MEMORY = 1e8  # times a column's length: that it was longer still, at an absurd start, says nothing about here
_LEAST_GAIN = 1e-4  # share of the promised fall that makes a step good enough, Moré's
_LEAST_FALL = 1e-12  # share of the sum of squares: below it rounding hides whether the sum fell
_LEAST_SHARE = 1e-3  # of the fall that is to be had at all: no shorter step is tried where rounding hides it
_EPSILON = float(np.finfo(float).eps)


@dataclass(frozen=True)
class GaussNewton(VectorOptimizer):
    r"""Gauss–Newton for fits: :math:`\theta_{k+1} = \theta_k - \eta (J^\top J)^{-1} J^\top r`, r the errors, J their
    Jacobian.

    Newton's method without the errors' own curvature. Source: Nocedal & Wright (2006), section 10.3. Solved by least
    squares in columns of J divided by their lengths, where also its rank is decided; if that is deficient, the step is
    the shortest such one, in those scales. A fit that is linear in its parameters takes one step at learning rate 1;
    others may overshoot without a line search.
    """

    name: ClassVar[str] = "gauss_newton"
    title: ClassVar[str] = "Gauss–Newton"
    downhill: ClassVar[bool] = True
    needs: ClassVar[str] = "residuals"
    divides_by: ClassVar[str] = "residuals"

    def direction(self, gradient: Array, state: State, here: Here) -> tuple[Array | None, State]:
        errors, jacobian = here.residuals()
        if not _finite(errors, jacobian):
            return np.full_like(gradient, np.nan), state
        unit = _units(_lengths(jacobian))
        return _Linearized(errors, jacobian / unit).step() / unit, state


@dataclass(frozen=True)
class LevenbergMarquardt(VectorOptimizer):
    r"""Levenberg–Marquardt for fits: the d that solves :math:`(J^\top J + \lambda D^2)\, d = -J^\top r` with
    :math:`\lVert D d \rVert \le \Delta`.

    D is diagonal: of each column of J the greatest length so far, but at most 1e8 times its length here. The damping
    :math:`\lambda` is 0 if the Gauss–Newton step is within the trust radius :math:`\Delta`, else such that d is as long
    (to a tenth). :math:`\rho`, the fall of the sum of squares as a share of the fall that J promises, decides: above
    0.0001 the step is taken, otherwise a shorter one is tried within the same epoch (each trial counts as a value
    evaluation). :math:`\Delta` shrinks to between a tenth and a half of d where :math:`\rho \le 1/4`; it becomes twice
    d where :math:`\rho \ge 3/4` or :math:`\lambda = 0`, ten times where J promised right to a hundredth. At first it is
    ``radius`` times :math:`\lVert D \theta_0 \rVert`; times :math:`\lVert r \rVert` where that is 0, a millionth of it
    where it is less.

    Where the promised fall is within rounding, a step is taken if it shortens the part of r that some J d takes away,
    which brings the last half of the digits. There is no step where that part is within what rounding
    :math:`\theta` does to r. Source: Levenberg (1944) and Marquardt (1963); D, trust radius and these bounds are
    those of Moré (1978) and MINPACK, whose factor is ``radius`` (100 there); Nocedal & Wright (2006), section 10.3.
    Made for learning rate 1: the trials look at the whole step.
    """

    radius: float = hyperparameter(
        1.0, 0.0, 1e6, "Length of the first step at most, as a multiple of the start's.", open_low=True
    )

    name: ClassVar[str] = "levenberg_marquardt"
    title: ClassVar[str] = "Levenberg–Marquardt"
    needs: ClassVar[str] = "residuals"
    ends_itself: ClassVar[bool] = True
    no_search: ClassVar[str] = "it finds the length of its steps by itself"

    def direction(self, gradient: Array, state: State, here: Here) -> tuple[Array | None, State]:
        errors, jacobian = here.residuals()
        if not _finite(errors, jacobian):
            return np.full_like(gradient, np.nan), state
        lengths = _lengths(jacobian)
        scale = np.clip(state[0], lengths, _MOST_MEMORY * lengths) if state else lengths
        unit = _units(scale)
        near = _Linearized(errors, jacobian / unit)
        if near.reducible <= _EPSILON * _length(lengths * here.theta):
            return None, state
        reach = np.maximum(_length(scale * here.theta) or near.size, _LEAST_REACH * near.size)
        radius = state[1] if state else self.radius * reach
        least = np.minimum(_LEAST_FALL, _LEAST_SHARE * (near.reducible / near.size) ** 2)
        for _ in range(_MOST_TRIALS):
            trial = near.step_within(radius)
            step = trial.scaled / unit
            ahead = here.theta + step
            if trial.promised < least or (ahead == here.theta).all():
                break
            errors, jacobian = here.residuals(ahead)
            finite = _finite(errors, jacobian)
            if trial.promised > _LEAST_FALL:
                left = _length(errors) / near.size if finite else np.inf
                gain = (1.0 - left) * (1.0 + left)
                taken, radius = bool(gain > _LEAST_GAIN * trial.promised), trial.next_radius(gain, radius)
            else:
                taken = finite and bool(_Linearized(errors, jacobian / unit).reducible < near.reducible)
                radius = trial.length * (2.0 if taken else 0.1)
            if taken:
                return step, (scale, radius)
        return None, state


class _Linearized:
    """Errors r (m,) as a linear function r + J h of a step h (n,), by the singular values of ``jacobian`` J (m, n).

    What is below rounding of the largest singular value counts as 0: h does not go there. ``size`` is the length of r,
    ``reducible`` that of its part which some J h takes away.
    """

    def __init__(self, errors: Array, jacobian: Array) -> None:
        n = jacobian.shape[1]
        system: Array = np.column_stack([jacobian, errors])
        triangle = np.asarray(np.linalg.qr(system, mode="r"))  # however many rows, n + 1 are left
        left, values, axes = np.linalg.svd(triangle[:, :n], full_matrices=False)
        kept = values > _EPSILON * max(jacobian.shape) * values.max()
        self.values, self.axes = values[kept], axes[kept].T
        self.errors = (left.T @ triangle[:, n])[kept]  # along the left singular vectors
        self.size, self.reducible = _length(errors), _length(self.errors)

    def step(self, damping: float = 0.0) -> Array:
        """Return the h that solves (JᵀJ + damping) h = -Jᵀr, the shortest such."""
        return np.asarray(-self.axes @ self._along(damping), dtype=float)

    def step_within(self, radius: float) -> _Step:
        """Return the undamped step if it is at most ``radius`` long, to a tenth, else the one damped to that length.

        The damping is found by Newton's method on 1 / length, which is nearly linear in the damping and concave: from
        0 it rises to the root and does not pass it.
        """
        damping, along = 0.0, self._along(0.0)
        for _ in range(100):
            length = _length(along)
            if not length > 1.1 * radius:
                break
            bend = float(np.sum((along / length) ** 2 / (self.values**2 + damping)))
            damping += (length / radius - 1.0) / bend
            along = self._along(damping)
        fall, damped = (_length(self.values * along) / self.size) ** 2, damping * (_length(along) / self.size) ** 2
        return _Step(-self.axes @ along, _length(along), damping, fall, damped)

    def _along(self, damping: float) -> Array:
        """The step's part along each singular vector, with the other sign."""
        return np.asarray(self.errors / (self.values + damping / self.values))


@dataclass(frozen=True, eq=False)
class _Step:
    """A step ``scaled`` h (n,) of some ``length`` and ``damping``, with ``fall``, the squared length of J h, and
    ``damped``, the damping times that of h, both as shares of the sum of squares."""

    scaled: Array
    length: float
    damping: float
    fall: float
    damped: float

    @property
    def promised(self) -> float:
        """The fall of the sum of squares if the errors were linear, as a share of it."""
        return self.fall + 2.0 * self.damped

    def next_radius(self, gain: float, radius: float) -> float:
        """Return the trust radius after this step within ``radius`` made the sum of squares fall by the share ``gain``.

        Where it rose, the parabola through both sums, with the slope at the step's beginning, has its minimum at that
        share of the step to which the radius shrinks.
        """
        ratio = gain / self.promised
        if ratio <= 0.25:
            slope = self.fall + self.damped
            return self.length * (0.5 if gain >= 0.0 else max(0.1, 0.5 * slope / (slope - 0.5 * gain)))
        if self.damping == 0.0 or ratio >= 0.75:
            return self.length * (10.0 if self.damping > 0.0 and abs(ratio - 1.0) <= 0.01 else 2.0)
        return radius


def _finite(errors: Array, jacobian: Array) -> bool:
    return bool(np.isfinite(errors).all() and np.isfinite(jacobian).all())


def _length(vector: Array) -> np.float64:
    """Euclidean length, without overflow on the way to a finite one; a number that gives inf where floats raise."""
    return np.float64(_lengths(vector[:, None])[0])


def _lengths(columns: Array) -> Array:
    """The Euclidean lengths (n,) of the columns of an array (m, n)."""
    largest = np.abs(columns).max(axis=0, initial=0.0)
    return np.asarray(largest * np.sqrt(np.sum((columns / _units(largest)) ** 2, axis=0)))


def _units(lengths: Array) -> Array:
    """What to divide by: the lengths, and 1 for a column of zeros, which stays one."""
    return np.where(lengths > 0.0, lengths, 1.0)
