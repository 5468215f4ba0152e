"""``descend_batch``: many descents at once, of which only the ends are kept."""

from __future__ import annotations

from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.descent.checks import check_epochs, check_objective, check_own, check_rates, check_together, check_tolerance
from gdviz.descent.path import DEFAULT_TOLERANCE
from gdviz.descent.plans import STOP_REASONS, RunOptions, plan
from gdviz.descent.recorded import Engine
from gdviz.descent.trajectory import BatchResult
from gdviz.learning_rates import Constant, LearningRate
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, make_optimizer
from gdviz.pacing import Limit


def descend_batch(
    objective: Objective,
    starts: ArrayLike,
    learning_rate: ArrayLike | LearningRate = 0.01,
    epochs: int = 1000,
    optimizer: str | Optimizer = "gd",
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    deadline: float = inf,
    engine: Engine = None,
    **hyperparameters: ArrayLike,
) -> BatchResult:
    """Descend from many starts, at many learning rates, with many hyper-parameters at once; keep the last iterates.

    ``starts`` has shape (*batch, n); ``learning_rate`` and each of the ``hyperparameters`` a shape that broadcasts with
    (*batch,): one start and many rates, or many starts and one rate. A schedule may stand for the rates: it is every
    member's. Each member ends where :func:`gdviz.descend` would end it, to the bit, whatever the engine. Line searches
    and optimizers that look at whole vectors go one member at a time, thousands of times slower; Newton's method in one
    or two parameters does not.
    Those that are still on their way after ``deadline`` seconds end as DEADLINE. Raises ValueError as :func:`descend`
    does.
    """
    limit = Limit(deadline)
    points = _points(objective, starts)
    epochs = check_epochs(epochs)
    check_tolerance(tolerance)
    common, own = _split(hyperparameters)
    method = make_optimizer(optimizer, **common)
    check_own(method, own)
    rates, length = _rates_and_length(learning_rate)
    check_together(objective, method, length)
    check_rates(rates)
    shape = _common_shape(points.shape[:-1], rates, own)
    ready = plan(objective, length, epochs, method, tolerance, tuple(own))
    ends = ready.ends(
        np.ascontiguousarray(np.broadcast_to(points, (*shape, points.shape[-1])).reshape(-1, points.shape[-1]).T),
        np.broadcast_to(rates, shape).reshape(-1),
        np.array([np.broadcast_to(values, shape).reshape(-1) for values in own.values()]).reshape(
            len(own), prod(shape)
        ),
        RunOptions(engine, go_on=lambda: not limit.passed(), deadline=limit.left),
    )
    return BatchResult(
        ends.thetas.T.reshape(*shape, points.shape[-1]),
        ends.values.reshape(shape),
        ends.epochs.reshape(shape),
        STOP_REASONS[ends.reasons].reshape(shape),
    )


def _points(objective: Objective, starts: ArrayLike) -> Array:
    """Return the starts (…, n). Raises ValueError where they are of another objective, or it is none."""
    check_objective(objective)
    points, variables = np.asarray(starts, dtype=float), objective.variables
    if points.ndim == 0 or points.shape[-1] != len(variables):
        raise ValueError(f"starts needs shape (…, {len(variables)}) for {', '.join(variables)}; it is {points.shape}.")
    return points


def _rates_and_length(learning_rate: ArrayLike | LearningRate) -> tuple[Array, LearningRate]:
    """Return the members' own rates, and the learning rate that they multiply."""
    if isinstance(learning_rate, LearningRate):
        return np.ones(()), learning_rate
    return np.asarray(learning_rate, dtype=float), Constant(1.0)


def _split(hyperparameters: dict[str, ArrayLike]) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the hyper-parameters that all members share, and those that they have of their own."""
    own = {name: np.asarray(values, dtype=float) for name, values in hyperparameters.items() if np.ndim(values)}
    return {name: value for name, value in hyperparameters.items() if name not in own}, own


def _common_shape(starts: tuple[int, ...], rates: Array, own: dict[str, Array]) -> tuple[int, ...]:
    try:
        shape = np.broadcast_shapes(starts, rates.shape, *[values.shape for values in own.values()])
    except ValueError:
        others = "".join(f", {name} {values.shape}" for name, values in own.items())
        raise ValueError(f"Starts {starts} and learning rates {rates.shape}{others} do not go together.") from None
    if 0 in shape:
        raise ValueError("There is no start to descend from.")
    return shape
