"""The rate that a run shows: the factor per epoch by which its errors fall, fitted to the second half of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array

_ROUNDING = 1e-13  # of the largest error: below, a curve is rounding


@dataclass(frozen=True, eq=False)
class FittedRate:
    """The ``rate`` fitted from the epoch ``first`` to the epoch ``last``, and the fitted ``errors`` (2,) at both."""

    rate: float
    first: int
    last: int
    errors: Array


def fitted_rate(errors: ArrayLike) -> FittedRate | None:
    """Return the rate of ``errors`` (k + 1,) on a log axis; None for fewer than three that are above rounding."""
    given = np.asarray(errors, dtype=float)
    usable = np.isfinite(given) & (given > _ROUNDING * np.max(given[np.isfinite(given)], initial=0.0))
    epochs = np.flatnonzero(usable)
    epochs = epochs[epochs >= epochs[-1] / 2] if len(epochs) else epochs
    if len(epochs) < 3:
        return None
    slope, height = np.polyfit(epochs - epochs[0], np.log(given[epochs]), 1)
    first, last = int(epochs[0]), int(epochs[-1])
    with np.errstate(all="ignore"):
        ends = np.exp(height + slope * np.array([0.0, last - first]))
    return FittedRate(float(np.exp(slope)), first, last, ends)
