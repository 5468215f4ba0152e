"""Perfect separation: classes that the terms of a model tell apart without an error, so that log loss has no minimum.

If some parameters give every row log-odds on its own side, twice those parameters lose less, and so on without end
(Albert & Anderson, Biometrika 71 (1984)). The same holds where some rows lie on the boundary and the others on their
sides of it, quasi-complete separation. A ridge makes the minimum finite again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdviz.arrays import Array
from gdviz.fits.losses import probability
from gdviz.fits.scaling import scaling_of
from gdviz.pacing import pause

_STEPS = 30  # of Newton's method, each of which adds about 1 to the log-odds of classes that can be separated
_MOST_NUMBERS = 2_000_000  # rows times terms squared that one step may cost
_ON_THE_BOUNDARY = 1e-6  # log-odds this small against the largest are zero


@dataclass(frozen=True)
class Separation:
    """``complete``: every row is on its own side; else some lie on the boundary."""

    complete: bool


def separation(design: Array, offset: Array | None, sides: Array) -> Separation | None:
    """Return how log-odds ``design`` (m, n) @ theta + ``offset`` (m,) can tell the rows of ``sides`` 1 and -1 apart.

    None where they cannot, and where there are too many numbers to find it out.
    """
    if design.size * design.shape[1] > _MOST_NUMBERS:
        return None
    return _between(scaling_of(design).design(design), offset, sides)


def grows_without_end(score: Array, jacobian: Array, sides: Array) -> bool:
    """Whether every row is on its side by its ``score`` (m,), and the parameters can make all scores larger alike.

    ``jacobian`` (m, n) is the score's.
    """
    if not (np.isfinite(score).all() and np.isfinite(jacobian).all() and (sides * score > 0).all()):
        return False
    more = np.linalg.lstsq(jacobian, score, rcond=None)[0]
    return bool(np.abs(jacobian @ more - score).max() <= 1e-6 * np.abs(score).max())


def _between(design: Array, offset: Array | None, sides: Array) -> Separation | None:
    """Follow Newton's steps, and look whether the way they go tells the rows apart: that is a proof.

    A row may be near the boundary of one step by chance; those that are on it are on that of the next one too.
    """
    before: Separation | None = None
    given = np.zeros(len(sides)) if offset is None else offset
    theta = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        pause()
        chance = probability(-sides * (design @ theta + given))  # of what did not happen
        weights = np.sqrt(chance * (1.0 - chance))
        step = np.linalg.lstsq(weights[:, None] * design, sides * chance / np.maximum(weights, 1e-150), rcond=1e-12)[0]
        if not np.isfinite(step).all():
            return None
        length = float(np.abs(design @ step).max())
        if length < 1e-8:
            return None  # there is a finite minimum
        theta = theta + step * min(1.0, 4.0 / length)
        reached, found = (_told_apart(sides * (design @ way)) for way in (theta, step))
        if reached is not None and reached.complete:
            return reached
        if found is not None and (found.complete or before is not None):
            return found
        before = found
    return before


def _told_apart(margins: Array) -> Separation | None:
    largest = float(np.abs(margins).max())
    margins = np.where(np.abs(margins) <= _ON_THE_BOUNDARY * largest, 0.0, margins)
    if not largest > 0 or margins.min() < 0:
        return None
    return Separation(bool(margins.min() > 0))
