"""The direction in which a run is nearest to its limit, or furthest beyond it: predicted and measured.

A stop reason does not tell a run just below its limit from one just above it: both run out of epochs. The error along
the one eigenvector that matters does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdviz.arrays import Array, Flags
from gdviz.theory.laws import Form, Law, radius
from gdviz.theory.prediction import Frame, named_direction, quadratic_frame
from gdviz.theory.sharpness import eigenvalues_of
from gdviz.verdict.case import Case

EDGE = 0.02  # a learning rate this close to its limit, relatively, is at the edge
_LOCAL_EDGE = 0.05  # where the curvature changes along the path it is known only so well
_SLOW = 0.95  # a swing that shrinks faster than this each epoch soon ends
_EXACT = 1e-9  # as good as at the limit itself
_MEASURED_ON = 100  # rows at the end of a run, at most
_HOVERED_OVER = 10  # points at the end of a path over which its sharpness is averaged


@dataclass(frozen=True, eq=False)
class Steepest:
    """The eigenvector along which a run is nearest to the limit, or furthest beyond.

    ``curvature`` is its eigenvalue, ``direction`` its name, ``step`` eta times the curvature, ``predicted`` and
    ``measured`` the error's factor per epoch along it (nan where it cannot be measured), ``visible`` whether it is a
    good part of the slope at the end. ``exact`` says that the objective is a quadratic, ``holds_back`` that no
    other error shrinks as slowly: at the best rate for a narrow valley, close to the limit too, another one does.
    """

    law: Law
    curvature: float
    direction: str
    step: float
    predicted: float
    measured: float
    visible: bool
    exact: bool
    holds_back: bool = True

    @property
    def share(self) -> float:
        """The learning rate over its limit."""
        return self.step / self.law.largest

    @property
    def limit(self) -> float:
        """The largest stable learning rate along this direction."""
        return self.law.largest / self.curvature

    @property
    def at_limit(self) -> bool:
        """Whether nothing tells the learning rate from its limit."""
        return abs(self.share - 1) <= _EXACT

    @property
    def unstable(self) -> bool:
        return self.share > 1 and not self.at_limit

    @property
    def at_edge(self) -> bool:
        """Whether the rate is near its limit, and the error indeed slow to shrink."""
        return abs(self.share - 1) <= (EDGE if self.exact else _LOCAL_EDGE) and self.factor > _SLOW

    @property
    def factor(self) -> float:
        """The factor per epoch: exact on a quadratic, measured elsewhere."""
        return self.predicted if self.exact or not np.isfinite(self.measured) else self.measured


def steepest(case: Case) -> Steepest | None:
    """Return the direction that decides over stability on a quadratic, among those that the run moves in at all.

    None on anything but a quadratic without downward curvature, at rates that vary, and for methods without a law.
    """
    if case.law is None or not case.constant or case.run.epochs < 1:
        return None
    frame = quadratic_frame(case.objective, case.run.thetas[0])
    if frame is None or frame.eigenvalues[0] < 0:
        return None
    moved = _moved_in(case, frame)
    if not moved.any():
        return None
    steps = case.learning_rate * frame.eigenvalues
    factors = np.where(moved, radius(case.law, steps), -1.0)
    unstable = moved & (steps > case.law.largest * (1 + _EXACT))
    chosen = int(np.argmax(factors)) if unstable.any() else int(np.flatnonzero(moved)[-1])
    others = float(np.delete(factors, chosen).max(initial=0.0))
    found = _seen(case, case.law, float(frame.eigenvalues[chosen]), frame.eigenvectors[:, chosen], exact=True)
    return replace(found, holds_back=found.predicted > others + 1e-9)


def steepest_near_end(case: Case) -> Steepest | None:
    """Return the steepest direction at the end of a run on any objective, with the sharpness of the last points.

    None where there is none, at rates that vary, and for methods without a law.
    """
    if case.law is None or not case.constant or case.run.epochs < 6:
        return None
    found = case.curvature
    if found is None:
        return None
    hessians = np.asarray(case.objective.hessian(case.run.thetas[-_HOVERED_OVER:]), dtype=float)
    sharpness = float(np.mean(eigenvalues_of(hessians)[:, -1]))
    if not sharpness > 0:
        return None
    return _seen(case, case.law, sharpness, found.eigenvectors[:, -1], exact=False)


def _moved_in(case: Case, frame: Frame) -> Flags:
    """Whether the run has an error along each eigenvector (n,) that is more than rounding."""
    with np.errstate(all="ignore"):
        errors = np.abs((case.run.thetas - frame.center) @ frame.eigenvectors).max(axis=0)
    rounding = 1e-13 * max(float(np.abs(case.run.thetas[0]).max()), float(np.abs(frame.center).max()))
    return np.asarray((frame.eigenvalues > 0) & ~(errors <= rounding))


def _seen(case: Case, law: Law, eigenvalue: float, direction: Array, exact: bool) -> Steepest:
    gradients = case.run.gradients[-_MEASURED_ON:]
    slopes = gradients @ direction
    norms = case.run.gradient_norms[-_MEASURED_ON:]
    step = case.learning_rate * eigenvalue
    return Steepest(
        law,
        eigenvalue,
        named_direction(case.run.variables, direction),
        step,
        float(radius(law, step)),
        fitted_factor(slopes, 1 if law.form is Form.PLAIN else 2),
        bool(np.abs(slopes[-2:]).max() >= 0.1 * norms[-2:].max()),
        exact,
    )


def fitted_factor(slopes: Array, order: int) -> float:
    """Return the factor per epoch of ``slopes`` (m,) by the linear recurrence of ``order`` 1 or 2 that fits them best.

    A swing that shrinks is no steady shrinking, so no line is fitted to logarithms: the recurrence's larger root tells
    the pace even where the slopes change sign (Prony's method). nan where there are too few of them.
    """
    size = float(np.abs(slopes).max(initial=0.0))
    if len(slopes) < order + 2 or not np.isfinite(size) or size == 0:
        return float("nan")
    scaled = slopes / size
    columns = np.stack([scaled[order - 1 - lag : len(scaled) - 1 - lag] for lag in range(order)], axis=1)
    weights = np.linalg.lstsq(columns, scaled[order:], rcond=1e-8)[0]
    return float(np.abs(np.roots([1.0, *(-weights)])).max(initial=0.0))
