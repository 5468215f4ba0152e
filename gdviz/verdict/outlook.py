"""What lies ahead of a run that has not arrived: a minimum in so many epochs.

A forecast must come true for whoever follows it. So there is one only where the rest of the run is known: near a
minimum that is a parabola every way, for methods that are a linear recurrence there, and if the last steps were as that
recurrence has them. Everything else is on its way, and nobody knows for how long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.theory.curvature import Curvature, curvature, stability_limit
from gdviz.theory.laws import Form, Law, following, form_of, radius
from gdviz.theory.prediction import Frame, frame_at, quadratic_frame
from gdviz.verdict.case import TAIL, Case

_LOOKED_AT = 400  # epochs of the future that are looked at, and again between two of them
_COUNTED = 2_000  # epochs ahead that are looked at one by one
_MOST = 1e12  # epochs: nobody waits for more
_PURSUED = 12  # Newton steps to a minimum
_NEARER = 0.5  # each of them must be shorter than the one before by this
_SAME_GROUND = 2.0  # how much curvatures may change on the way to the minimum
_BACK = (2, TAIL // 2, TAIL)  # steps back from which the end is foretold
_SWING = 40  # epochs ahead in which a swing is at its widest
_AS_FORESEEN = 2.0  # by how much the last steps may differ from what the recurrence says


@dataclass(frozen=True, eq=False)
class Outlook:
    """``epochs`` until the gradient's norm stays within the tolerance, ``factor``: by what the error is multiplied each
    epoch in the end, ``frame``: the minimum that the run goes to. ``exact``: the objective is that quadratic."""

    epochs: float
    factor: float
    frame: Frame
    exact: bool


def outlook(case: Case) -> Outlook | None:
    """Return what lies ahead of a run at a constant rate; None where that is not known, or it never gets there."""
    law = case.law
    if law is None or not case.constant or case.run.epochs < 2 or not case.tolerance > 0 or case.h is not None:
        return None
    frame = quadratic_frame(case.objective, case.end)
    exact = frame is not None
    frame = frame if exact else _minimum_ahead(case)
    if frame is None or frame.eigenvalues[0] < 0 or not frame.eigenvalues[-1] > 0:
        return None
    steps = case.learning_rate * frame.eigenvalues
    moving = frame.eigenvalues > 0
    if steps[-1] >= law.largest or _lost_in_rounding(case, law, frame) or not _foreseen(case, law, frame, exact):
        return None
    epochs = _arrival(case, law, frame)
    return None if epochs is None else Outlook(epochs, float(radius(law, steps[moving]).max()), frame, exact)


def _minimum_ahead(case: Case) -> Frame | None:
    """The minimum that Newton's steps go to, each much shorter than the one before, over ground of one curvature."""
    point, last = case.end, np.inf
    here = found = case.curvature
    for _ in range(_PURSUED):
        if found is None or not found.mu > 1e-9 * found.L:
            return None
        step = found.newton_step(case.objective.gradient(point))
        size = float(np.linalg.norm(step))
        if size <= 1e-12 * float(np.linalg.norm(point)) or size <= 1e-9 * float(np.linalg.norm(point - case.end)):
            break
        if not size < _NEARER * last:
            return None
        point, last = point + step, size
        found = curvature(case.objective, point)
    else:
        return None
    frame = frame_at(found.hessian, point, float(case.objective.value(point)), case.end)
    stable = here is not None and case.learning_rate < stability_limit(case.optimizer, here.L)
    return frame if stable and _is_alike(here, frame) else None


def _lost_in_rounding(case: Case, law: Law, frame: Frame) -> bool:
    """Whether steps, or slopes, are rounded away before the gradient is within the tolerance."""
    apart = float(np.spacing(np.abs(frame.center).max()))
    still = apart / (case.learning_rate * _gain(law))
    return bool(4 * max(still, apart * frame.eigenvalues[-1]) > case.tolerance)


def _gain(law: Law) -> float:
    """By how much a step is longer than the gradient once that has stayed what it is, as by momentum's 1/(1 - beta)."""
    little = np.array([0.0, 1e-6])
    trace, determinant = law.trace(little), law.determinant(little)
    return float((1 - trace[1] + determinant[1]) / (little[1] * (2 - trace[0])))


def _foreseen(case: Case, law: Law, frame: Frame, exact: bool) -> bool:
    """Whether the last steps were as the recurrence has them, and the next ones stay on ground of that curvature."""
    if exact:
        return True
    norms = case.run.gradient_norms
    if form_of(case.optimizer) is not Form.PLAIN and case.run.epochs < TAIL // 2:
        return False  # what velocity it has is not seen yet
    for back in {min(steps, case.run.epochs - 1) for steps in _BACK}:
        before = float(_slopes(case, law, frame, case.run.epochs - back, np.array([back]))[0])
        if not norms[-1] / _AS_FORESEEN <= before <= norms[-1] * _AS_FORESEEN:
            return False
    errors = _errors(case, law, frame, case.run.epochs, np.arange(_SWING))
    away = frame.eigenvectors @ errors[np.argmax(np.linalg.norm(errors, axis=1))]
    return all(_is_alike(curvature(case.objective, frame.center + side * away), frame) for side in (1, -1))


def _is_alike(found: Curvature | None, frame: Frame) -> bool:
    """Whether all curvatures are about those of the minimum."""
    if found is None or not found.mu > 0:
        return False
    ratios = found.eigenvalues / frame.eigenvalues
    return bool(ratios.min() > 1 / _SAME_GROUND and ratios.max() < _SAME_GROUND)


def _errors(case: Case, law: Law, frame: Frame, row: int, epochs: NDArray[Any]) -> Array:
    """The errors (m, n) along the frame's eigenvectors so many ``epochs`` (m,) after ``row``, which is not the
    first."""
    now, before = ((case.run.thetas[i] - frame.center) @ frame.eigenvectors for i in (row, row - 1))
    return following(law, case.learning_rate * frame.eigenvalues, before, now, epochs)


def _slopes(case: Case, law: Law, frame: Frame, row: int, epochs: NDArray[Any]) -> Array:
    """The gradient's norms at the same times."""
    return np.asarray(np.linalg.norm(_errors(case, law, frame, row, epochs) * frame.eigenvalues, axis=1))


def _arrival(case: Case, law: Law, frame: Frame) -> float | None:
    """After how many more epochs the run ends, at the first of two slopes in a row that are within the tolerance."""
    end, low, high = case.run.epochs, 0.0, 0.0
    for looked in (np.geomspace(1, _MOST, _LOOKED_AT), None):
        epochs = np.unique(np.ceil(np.linspace(low, high, _LOOKED_AT) if looked is None else looked))
        above = np.flatnonzero(~(_slopes(case, law, frame, end, epochs) <= case.tolerance))
        if above.size and above[-1] + 1 == len(epochs):
            return None
        low, high = (float(epochs[above[-1]]), float(epochs[above[-1] + 1])) if above.size else (0.0, float(epochs[0]))
    if high > _COUNTED:
        return high
    small = _slopes(case, law, frame, end, np.arange(2 * high + TAIL)) <= case.tolerance
    return float(min(np.flatnonzero(small[:-1] & small[1:]), default=high))


def slows_down(run: Trajectory) -> bool:
    """Whether each epoch takes off less than those before, as a power of the epochs does: no factor tells the pace."""
    if run.epochs < 2 * TAIL:
        return False
    norms = run.gradient_norms[[run.epochs // 2, 3 * run.epochs // 4, run.epochs]]
    if not (norms > 0).all():
        return False
    earlier, later = -np.diff(np.log(norms))
    return bool(0 < later < 0.85 * earlier)
