"""The predicted envelope: how far from its end a descent can still be at each epoch, without its swings.

On a quadratic it is an upper bound, known before the run. Near a minimum of anything else the function is nearly a
quadratic, and the envelope is that quadratic's, from the epoch on at which the run has come near enough for it to hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer
from gdviz.pacing import give_way
from gdviz.theory.curvature import curvature
from gdviz.theory.laws import Law, bound, law_of
from gdviz.theory.prediction import Frame, frame_at, quadratic_frame

_LOOSEST = 1.3  # by which a local envelope may have to be widened to hold the run
_LEAST = 10  # epochs that a local envelope must cover to be worth drawing
_TRIES = 24  # epochs at which it is tried to begin
_LOOKED_AT = 400  # epochs of the run that each try looks at
_ROWS = 4_000  # epochs between two moments of giving way


@dataclass(frozen=True, eq=False)
class Envelope:
    """A bound on a run of k epochs in n parameters: |theta - center| ≤ half_width and value ≤ loss.

    ``center`` (n,); ``half_width`` (k + 1 - first, n) and ``loss`` (k + 1 - first,) hold for the epochs ``first`` to
    k. ``floor`` is the value at the center. ``exact`` says that it was known before the run (a quadratic); else it is
    that of the quadratic at the end point, widened by up to 30 % to hold the run.
    """

    center: Array
    half_width: Array
    loss: Array
    floor: float
    first: int = 0
    exact: bool = True

    @property
    def epochs(self) -> NDArray[np.intp]:
        """The epochs at which it holds, shape (k + 1 - first,)."""
        return self.first + np.arange(len(self.loss))


def envelope(objective: Objective, run: Trajectory, optimizer: Optimizer, learning_rate: float) -> Envelope | None:
    """Return the envelope of ``run``, or None where theory has none.

    It needs gradient descent, heavy ball or Nesterov's momentum at a constant rate; and, where the objective is not a
    quadratic, a run that settles at a minimum with curvature every way.
    """
    law = law_of(optimizer)
    if law is None or not np.all(run.learning_rates == learning_rate):
        return None
    frame = quadratic_frame(objective, run.thetas[0])
    if frame is not None:
        return _bounded(frame, law, learning_rate, np.arange(run.epochs + 1))
    return _local(objective, run, law, learning_rate)


def _bounded(
    frame: Frame, law: Law, learning_rate: float, epochs: NDArray[np.intp], first: int = 0, scale: float = 1.0
) -> Envelope:
    """The envelope of a start with the frame's errors: along each eigenvector its own bound, and their sum."""
    bounds = np.empty((len(epochs), len(frame.eigenvalues)))
    for begin in range(0, len(epochs), _ROWS):
        rows = slice(begin, begin + _ROWS)
        bounds[rows] = bound(law, learning_rate * frame.eigenvalues, epochs[rows])
        give_way()
    with np.errstate(all="ignore"):
        sizes = np.abs(frame.errors) * bounds
        sizes = scale * np.where(frame.errors == 0, 0.0, sizes)
        half_width = sizes @ np.abs(frame.eigenvectors).T
        loss = frame.value + 0.5 * (sizes * sizes) @ np.maximum(frame.eigenvalues, 0.0)
    return Envelope(frame.center, half_width, loss, frame.value, first)


def _local(objective: Objective, run: Trajectory, law: Law, learning_rate: float) -> Envelope | None:
    """The envelope of the quadratic at the end, from the earliest of some epochs on from which it holds the run."""
    last = run.epochs - _LEAST
    hill = minimum_ahead(objective, run) if last >= 0 else None
    if hill is None:
        return None
    hessian, center, value = hill
    for first in np.unique(np.append(0, np.geomspace(1, last + 1, _TRIES)).astype(int)):
        if first > last:
            break
        frame = frame_at(hessian, center, value, run.thetas[first])
        moving = replace(law, first=_speed(frame, run.thetas[first + 1]))
        rows = np.unique(np.linspace(0, run.epochs - first, _LOOKED_AT).astype(int))
        scale = _needed(_bounded(frame, moving, learning_rate, rows), run, first + rows)
        if scale <= _LOOSEST:
            rows = np.arange(run.epochs - first + 1)
            found = _bounded(frame, moving, learning_rate, rows, int(first), max(1.0, scale))
            return replace(found, exact=False)
    return None


def minimum_ahead(objective: Objective, run: Trajectory) -> tuple[Array, Array, float] | None:
    """Return the Hessian (n, n) at the end of ``run``, the minimum (n,) that it puts a Newton step ahead, and the value
    there; None where it puts none, or the slope there tells that it is none."""
    end, slope = run.thetas[-1], run.gradients[-1]
    found = curvature(objective, end)
    if found is None or not found.mu > 1e-9 * found.L or not np.isfinite(slope).all():
        return None
    center = end + found.newton_step(slope)
    left = float(np.linalg.norm(objective.gradient(center)))
    settled = max(0.1 * float(np.linalg.norm(slope)), 1e-12 * float(run.gradient_norms[0]))
    value = float(objective.value(center))
    if not left <= settled or not np.isfinite(value):
        return None
    return found.hessian, center, value


def _speed(frame: Frame, following: Array) -> Callable[[Array], Array]:
    """The first factor of each error as the run really has it: with momentum it does not come from rest."""
    errors = (following - frame.center) @ frame.eigenvectors
    with np.errstate(all="ignore"):
        factors = np.where(frame.errors == 0, 0.0, errors / frame.errors)
    return lambda s: factors


def _needed(shape: Envelope, run: Trajectory, rows: NDArray[np.intp]) -> float:
    """By what ``shape`` must be multiplied to hold the run at ``rows``, down to rounding."""
    away = np.abs(run.thetas[rows] - shape.center)
    rounding = 1e-9 * (away[0].max() + 1e-6 * np.abs(shape.center).max())
    gaps = np.sqrt(np.maximum(run.values[rows] - shape.floor, 0.0))
    room = np.sqrt(np.maximum(shape.loss - shape.floor, 0.0))
    small = 1e-7 * np.sqrt(abs(shape.floor) + gaps[0] ** 2)
    with np.errstate(all="ignore"):
        ratios = np.concatenate([((away - rounding) / shape.half_width).ravel(), (gaps - small) / room])
    return float(np.max(ratios[~np.isnan(ratios)], initial=0.0))
