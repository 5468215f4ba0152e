"""``descend_batch``: many descents at once, of which only the ends are kept."""

from __future__ import annotations

from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.codes.llvm import Reason
from gdviz.codes.native_batch import Ends, Members
from gdviz.descent.checks import check_epochs, check_together, check_tolerance
from gdviz.descent.ends import ends_of
from gdviz.descent.path import DEFAULT_TOLERANCE, descend
from gdviz.descent.recorded import Engine
from gdviz.descent.step import can_trace, sequences_of, step_graph, trace_step
from gdviz.descent.stopping import REASONS
from gdviz.descent.trajectory import BatchResult, StopReason
from gdviz.hyperparameters import make
from gdviz.learning_rates import Constant, LearningRate, Schedule, scheduled_rates
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, make_optimizer
from gdviz.pacing import Limit

Array = NDArray[np.float64]

# Members are told why they ended by numbers: those of the codes, the first of which says that time was up, and behind
# them those that only single runs have.
_STOP_REASONS = np.array([StopReason.DEADLINE, *[REASONS[Reason(k)] for k in (1, 2, 3)], StopReason.STALLED])
_NUMBERS = {reason: number for number, reason in enumerate(_STOP_REASONS.tolist())}


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
    member's. Each member ends where :func:`gdviz.descend` would end it, with machine code to the bit; NumPy's code
    (``engine="python"``, or where llvmlite is missing) may differ in the last digit of each step's exp, sin and their
    like. Line searches and optimizers that look at whole vectors go one member at a time, thousands of times slower.
    Those that are still on their way after ``deadline`` seconds end as DEADLINE. Raises ValueError as :func:`descend`
    does.
    """
    limit = Limit(deadline)
    points = np.asarray(starts, dtype=float)
    n = len(objective.variables)
    if points.ndim == 0 or points.shape[-1] != n:
        raise ValueError(f"starts needs shape (…, {n}) for {', '.join(objective.variables)}; it is {points.shape}.")
    epochs = check_epochs(epochs)
    check_tolerance(tolerance)
    common, own = _split(hyperparameters)
    method = make_optimizer(optimizer, **common)
    _check_own(method, own)
    if isinstance(learning_rate, LearningRate):
        rates, length = np.ones(()), learning_rate
    else:
        rates, length = np.asarray(learning_rate, dtype=float), Constant(1.0)
    check_together(objective, method, length)
    if not (np.isfinite(rates).all() and (rates > 0).all()):
        raise ValueError("Every learning rate must be a finite number above 0.")
    shape = _common_shape(points.shape[:-1], rates, own)
    flat = np.broadcast_to(points, (*shape, n)).reshape(-1, n)
    flat_rates = np.broadcast_to(rates, shape).reshape(-1)
    flat_own = {name: np.broadcast_to(values, shape).reshape(-1) for name, values in own.items()}
    fixed = bool(own) and isinstance(method, ElementwiseOptimizer) and bool(method.sequences(1, n))
    if (
        not isinstance(method, ElementwiseOptimizer)
        or not isinstance(length, Schedule)
        or fixed
        or not can_trace(objective)
    ):
        lengths = [replace(length, learning_rate=rate * length.learning_rate) for rate in flat_rates.tolist()]
        methods = [replace(method, **{k: float(v[i]) for k, v in flat_own.items()}) for i in range(len(flat))]
        ends = _one_by_one(objective, flat, lengths, methods, epochs, tolerance, limit)
    else:
        step = trace_step(objective, method, tuple(own)) if own else step_graph(objective, method)
        own_numbers = np.array([*flat_own.values()]).reshape(len(own), len(flat))
        pace, sequences = scheduled_rates(length, epochs), sequences_of(method, n, epochs)
        starts = np.ascontiguousarray(flat.T)
        members = Members(step, starts, flat_rates, own_numbers, pace, sequences, tolerance)
        ends = ends_of(members, engine, go_on=lambda: not limit.passed())
    return BatchResult(
        ends.thetas.T.reshape(*shape, n),
        ends.values.reshape(shape),
        ends.epochs.reshape(shape),
        _STOP_REASONS[ends.reasons].reshape(shape),
    )


def _split(hyperparameters: dict[str, ArrayLike]) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return the hyper-parameters that all members share, and those that they have of their own."""
    own = {name: np.asarray(values, dtype=float) for name, values in hyperparameters.items() if np.ndim(values)}
    return {name: value for name, value in hyperparameters.items() if name not in own}, own


def _check_own(method: Optimizer, own: dict[str, Array]) -> None:
    """Raise ValueError for a hyper-parameter that the method has not, or a value out of range, naming it."""
    for name, values in own.items():
        if values.size:
            odd = values.reshape(-1)[~np.isfinite(values.reshape(-1))][:1]
            for value in (values.min(), values.max(), *odd):
                make(type(method), {name: float(value)}, "hyper-parameter")


def _common_shape(starts: tuple[int, ...], rates: Array, own: dict[str, Array]) -> tuple[int, ...]:
    try:
        shape = np.broadcast_shapes(starts, rates.shape, *[values.shape for values in own.values()])
    except ValueError:
        others = "".join(f", {name} {values.shape}" for name, values in own.items())
        raise ValueError(f"Starts {starts} and learning rates {rates.shape}{others} do not go together.") from None
    if 0 in shape:
        raise ValueError("There is no start to descend from.")
    return shape


def _one_by_one(
    objective: Objective, starts: Array, lengths: list[LearningRate], methods: list[Optimizer], epochs: int,
    tolerance: float, limit: Limit,
) -> Ends:  # fmt: skip
    """Descend from each of ``starts`` (M, n) alone."""
    runs = [
        descend(objective, theta, length, epochs, method, tolerance=tolerance, deadline=limit.left)
        for theta, length, method in zip(starts.tolist(), lengths, methods, strict=True)
    ]
    return Ends(
        np.array([run.thetas[-1] for run in runs]).T,
        np.array([run.values[-1] for run in runs]),
        np.array([run.epochs for run in runs]),
        np.array([_NUMBERS[run.stop_reason] for run in runs]),
    )
