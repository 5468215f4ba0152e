"""When a descent ends: one meaning for paths, batches and the browser.

At each iterate, row k of the record, four things are known: whether the gradient is small, whether value and gradient
are finite, and whether the next theta is. From them, in this order:

1. small here and at the row before: CONVERGED there (one alone may be momentum flying past a flat spot);
2. the value is not finite: DIVERGED at the row before, the last finite point;
3. the gradient is not finite: DIVERGED here;
4. no epoch is left: CONVERGED if small, else EPOCHS, here;
5. the next theta is not finite: DIVERGED here.

Every code of a step computes the four from the lines of :func:`tests` and follows this order; :func:`first_end` does so
for rows that are there already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gdviz.arrays import Flags
from gdviz.codes.llvm import Reason
from gdviz.descent.trajectory import StopReason
from gdviz.formulas.graph_numbers import all_of, finite

REASONS = {
    Reason.EPOCHS: StopReason.EPOCHS,
    Reason.CONVERGED: StopReason.CONVERGED,
    Reason.DIVERGED: StopReason.DIVERGED,
}
"""What the codes' reasons mean."""


def tests(value: Any, gradient: Sequence[Any], next_theta: Sequence[Any], tolerance: Any) -> tuple[Any, ...]:
    """Return whether the gradient is small, and whether value, gradient and next theta are finite, as 0 or 1.

    Takes numbers of a graph, or arrays with one element a row; ``gradient`` and ``next_theta`` are n of them. Small
    means that the gradient's norm is at most ``tolerance``; where its square is beyond the floats (tolerances below
    1e-154 or above 1e154), that no component is larger.
    """
    square = gradient[0] * gradient[0]
    for slope in gradient[1:]:
        square = square + slope * slope
    small = all_of([square <= tolerance * tolerance, *[abs(slope) <= tolerance for slope in gradient]])
    return small, finite(value), all_of([finite(g) for g in gradient]), all_of([finite(x) for x in next_theta])


def first_end(
    small: Flags, fine: Sequence[Flags], first: int, epochs: int, was_small: bool
) -> tuple[int, StopReason] | None:
    """Return how many rows of the record stay, and why the run ends; None if it goes on after these rows.

    The rows are ``first``, first + 1, …; ``fine`` says whether value, gradient and next theta are finite, ``was_small``
    tells of the row before them.
    """
    value_finite, gradient_finite, theta_finite = fine
    stays = small & np.append(was_small, small[:-1])
    events = np.flatnonzero(stays | ~value_finite | ~gradient_finite | ~theta_finite)
    last = epochs - first
    at = min(int(events[0]) if events.size else len(small), last)
    if at >= len(small):
        return None
    k = first + at
    if stays[at]:
        return k, StopReason.CONVERGED
    if not value_finite[at]:
        return max(1, k), StopReason.DIVERGED
    if not gradient_finite[at]:
        return k + 1, StopReason.DIVERGED
    if at == last:
        return k + 1, StopReason.CONVERGED if small[at] else StopReason.EPOCHS
    return k + 1, StopReason.DIVERGED
