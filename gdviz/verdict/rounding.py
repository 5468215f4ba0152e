"""How much of what f does is rounding: far from 0 a run at rest jitters by more than the last digit of f."""

from __future__ import annotations

import numpy as np

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.fits import Fit
from gdviz.formulas import FormulaError
from gdviz.objectives import Objective
from gdviz.verdict.case import TAIL

_DIGITS = 16 * float(np.finfo(float).eps)  # relative error of a value that is a mean over rows
_FEW = 4.0  # last digits that the terms of a model lose
_PROMISED = 1000.0  # times rounding: a slope that is rounding itself may promise as much
_LIKE = 0.01  # a change of f this small may be rounding, relatively; a larger one is not looked at


def rounding(objective: Objective, run: Trajectory) -> float:
    """Return about by how much rounding moves f at the end of ``run``.

    It is what f changes by when each parameter moves by its last digit. Each row of a fit is rounded for itself, so
    there slopes count that would cancel in the sum: for squared errors, the mean of their products with the model's
    slopes is at most sqrt(2 f) times the root of the curvature.
    """
    theta, value = run.thetas[-1], abs(float(run.values[-1]))
    apart = np.spacing(np.abs(theta))
    bends = _bends(objective, theta)
    fits = isinstance(objective, Fit)
    slopes = np.sqrt(2 * value * bends) if fits else np.abs(run.gradients[-1])
    moved = _FEW * float(np.sum(slopes * apart + bends * apart**2))
    return _DIGITS * value + (moved if np.isfinite(moved) else 0.0) + _of_the_form(objective, theta)


def _of_the_form(objective: Objective, theta: Array) -> float:
    """What rounding makes of a quadratic form: its terms may be far larger than their sum."""
    form = objective.form if isinstance(objective, Fit) else None
    if form is None:
        return 0.0
    return float(np.finfo(float).eps * np.sum(np.abs(np.diag(form.matrix)) * (theta - form.center) ** 2))


def _bends(objective: Objective, theta: Array) -> Array:
    """The curvature along each parameter (n,), 0 where it is not known."""
    try:
        return np.nan_to_num(np.abs(np.diag(np.asarray(objective.hessian(theta), dtype=float))), posinf=0.0)
    except FormulaError:
        return np.zeros(len(theta))


def rose(objective: Objective, run: Trajectory) -> bool:
    """Whether f ended above the start, by more than rounding."""
    above = float(run.values[-1] - run.values[0])
    return above > 0 and above > rounding(objective, run)


def is_still(objective: Objective, run: Trajectory) -> bool:
    """Whether f changed by no more than rounding over the last steps.

    Nor by how much the slopes and the steps along them promise: a jump from one side of a valley to the other, which
    may end at the same height, is no rounding.
    """
    change = float(np.ptp(run.values[-TAIL:])) if run.epochs >= TAIL else np.inf
    if not change <= _LIKE * abs(float(run.values[-1])):
        return False
    noise = rounding(objective, run)
    promised = np.abs(np.sum(run.gradients[-TAIL:-1] * np.diff(run.thetas[-TAIL:], axis=0), axis=1))
    return bool(change <= noise and promised.max() <= _PROMISED * noise)
