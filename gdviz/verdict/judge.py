"""The verdict: what happened in a descent and why, in one sentence that a beginner understands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import DEFAULT_TOLERANCE, StopReason, Trajectory
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, make_optimizer
from gdviz.pacing import give_way
from gdviz.verdict.at_rest import of_stationary_point
from gdviz.verdict.boundless import of_separation
from gdviz.verdict.case import Case, Minima, Verdict
from gdviz.verdict.divergence import of_divergence
from gdviz.verdict.hovering import of_batches
from gdviz.verdict.unfinished import of_stall, of_unfinished


@np.errstate(all="ignore")  # numbers near the end of the floats are what some verdicts are about
def judge(
    objective: Objective,
    run: Trajectory,
    learning_rate: float,
    optimizer: Optimizer | str = "gd",
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    minima: Minima = (),
    shown: NDArray[np.float64] | None = None,
    batch_size: int = 0,
    h: float | None = None,
) -> Verdict:
    """Return the verdict on a ``run`` of ``optimizer``, which may be a name, at ``learning_rate``.

    ``tolerance`` is the run's: it has converged where the gradient's norm is at most that. ``minima`` are known global
    minima as (point, value): with them the verdict tells a local minimum from the lowest. ``shown`` (n,) is the run's
    end as the reader knows it, where the run itself was in other units. ``batch_size`` is how many rows of a fit each
    step saw, 0 for all of them. ``h`` is the spacing of the difference quotients where the run followed those instead
    of the gradient of ``objective``.
    """
    give_way()
    method = make_optimizer(optimizer) if isinstance(optimizer, str) else optimizer
    case = Case(objective, run, method, learning_rate, tolerance, minima, shown, batch_size, h)
    separated = of_separation(case)
    if separated is not None:
        return separated
    if batch_size:
        return of_batches(case)
    if run.stop_reason is StopReason.DIVERGED:
        return of_divergence(case)
    if run.stop_reason is StopReason.CONVERGED:
        return of_stationary_point(case)
    if run.stop_reason is StopReason.STALLED:
        return of_stall(case)
    return of_unfinished(case)
