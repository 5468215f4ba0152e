"""``descend``: one start, a learning rate, epochs and an optimizer → every iterate, and why it stopped.

Failure is a value, never an exception and never a clipped path: a run that overflows ends as DIVERGED at its last
finite point. Epoch 0 is the start, so a run of k epochs has k + 1 rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gdviz.arrays import Array
from gdviz.descent.checks import check_epochs, check_second_derivatives, check_start, check_together, check_tolerance
from gdviz.descent.recorded import Engine, PathInputs, recorded
from gdviz.descent.searched import searched_path
from gdviz.descent.step import can_trace, sequences_of, step_graph
from gdviz.descent.trajectory import StopReason, Trajectory
from gdviz.learning_rates import LearningRate, LineSearch, Schedule, make_learning_rate, scheduled_rates
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, VectorOptimizer, make_optimizer
from gdviz.pacing import give_way

DEFAULT_TOLERANCE = 1e-8
DEADLINE_SECONDS = 10.0


def gradient_step(v: Sequence[float], gradient: Sequence[float], step_size: float) -> list[float]:
    """Return v moved step_size in the gradient's direction, so descent passes a negative one (as in the notebook).

    ``v`` and ``gradient`` have shape (n,). Raises ValueError if their lengths differ.
    """
    if len(v) != len(gradient):
        raise ValueError(f"The point has {len(v)} elements and the gradient {len(gradient)}; they must be as many.")
    return [v_i + step_size * g_i for v_i, g_i in zip(v, gradient, strict=True)]


def descend(
    objective: Objective,
    start: Sequence[float],
    learning_rate: float | LearningRate = 0.01,
    epochs: int = 1000,
    optimizer: str | Optimizer = "gd",
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    deadline: float = DEADLINE_SECONDS,
    engine: Engine = None,
    **hyperparameters: float,
) -> Trajectory:
    """Descend from ``start`` (n,) and record every iterate.

    ``learning_rate`` is a number, a schedule or a line search. Stops as CONVERGED at the first of two iterates in a row
    whose gradient's norm is at most ``tolerance`` (absolute; one alone may be momentum flying past a flat spot), as
    DIVERGED at the last finite point, as STALLED where a method finds no step, as DEADLINE after ``deadline`` seconds,
    otherwise as EPOCHS (:mod:`gdviz.descent.stopping`).

    ``engine`` says what runs it: ``"python"``, ``"native"`` (machine code, by way of llvmlite), or None for what is
    sooner done. Both give the same bits. Methods that look at whole vectors and line searches have only Python. Raises
    ValueError for arguments that make no sense, alone or together, naming them.
    """
    theta = check_start(objective, start)
    epochs = check_epochs(epochs)
    check_tolerance(tolerance)
    method = make_optimizer(optimizer, **hyperparameters)
    length = make_learning_rate(learning_rate)
    check_together(objective, method, length)
    rates = scheduled_rates(length, epochs) if isinstance(length, Schedule) else np.empty(0)
    if isinstance(length, Schedule) and can_trace(objective, method):
        run = descend_at(objective, theta, rates, method, tolerance=tolerance, deadline=deadline, engine=engine)
        return replace(run, source=(objective, method, length, epochs, tolerance))
    check_second_derivatives(objective, method, theta)
    search = length if isinstance(length, LineSearch) else None
    found = searched_path(objective, theta, method, search, rates, epochs, tolerance, deadline)
    return _trajectory(
        objective, found.table, np.array(found.rates, dtype=float), found.spent.gradients, found.reason,
        value_evaluations=found.spent.values, hessian_evaluations=found.spent.hessians,
        paid=np.array([(s.gradients, s.hessians) for s in found.paid], dtype=np.int64),
        source=(objective, method, length, epochs, tolerance),
    )  # fmt: skip


def descend_at(
    objective: Objective,
    start: Sequence[float],
    rates: Array,
    method: Optimizer,
    *,
    tolerance: float = DEFAULT_TOLERANCE,
    deadline: float = DEADLINE_SECONDS,
    engine: Engine = None,
) -> Trajectory:
    """Descend with the given learning ``rates`` (epochs,), all finite and above 0, as :func:`descend` does."""
    theta = check_start(objective, start)
    step, sequences = step_graph(objective, method), sequences_of(method, len(theta), len(rates))
    table, reason = recorded(PathInputs(step, theta, rates, sequences, tolerance, deadline), engine)
    if not isinstance(method, VectorOptimizer):
        return _trajectory(objective, table, rates, len(table), reason)
    # One Hessian for each step taken; none is asked for where the descent ends.
    steps = np.arange(len(table))
    paid = np.column_stack([steps + 1, steps])
    return _trajectory(objective, table, rates, len(table), reason, hessian_evaluations=len(table) - 1, paid=paid)


def _trajectory(
    objective: Objective, table: Array, rates: Array, evaluations: int, reason: StopReason, **more: object
) -> Trajectory:
    """Return the run in a record, rows of theta, value and gradient (k + 1, 2n + 1)."""
    give_way()  # many short runs are long work too
    n, k = len(objective.variables), len(table) - 1
    thetas, values, gradients = (np.ascontiguousarray(part) for part in np.split(table, [n, n + 1], axis=1))
    run = Trajectory(objective.variables, thetas, values.reshape(-1), gradients, rates[:k], evaluations, reason, **more)  # type: ignore[arg-type]
    return run
