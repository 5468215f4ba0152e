"""Mini-batch and stochastic gradient descent on a fit: many small steps an epoch, each on a few rows.

The rows are shuffled anew for every epoch and cut into batches; an epoch is one pass over all of them. The learning
rate is the epoch's. Shuffles come from NumPy's ``RandomState``, whose stream is frozen (NEP 19), so a seed in a link
gives the same path to the last bit, run after run.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdviz.arrays import Array
from gdviz.descent import DEADLINE_SECONDS, StopReason, Trajectory, check_epochs, check_start, descend
from gdviz.descent.passes import PassInputs, recorded_passes
from gdviz.descent.recorded import Engine
from gdviz.descent.step import sequences_of, step_graph
from gdviz.fits.fit import Fit
from gdviz.learning_rates import LearningRate, Schedule, make_learning_rate, scheduled_rates
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, make_optimizer

MAX_SEED = 2**32 - 1


def descend_minibatch(
    fit: Fit,
    start: Sequence[float],
    learning_rate: float | LearningRate = 0.01,
    epochs: int = 100,
    optimizer: str | Optimizer = "gd",
    *,
    batch_size: int = 32,
    seed: int = 0,
    deadline: float = DEADLINE_SECONDS,
    engine: Engine = None,
    **hyperparameters: float,
) -> Trajectory:
    """Descend from ``start`` (n,) on batches of ``batch_size`` rows; record theta once an epoch.

    ``values`` and ``gradients`` are those of all rows, so that the path can be laid beside a full-batch one;
    ``evaluations`` counts passes over the rows, one an epoch (those for the record are not counted). The last batch of
    an epoch may be smaller, and its gradient is the mean over its own rows, as PyTorch's DataLoader has it; a ridge
    pulls at every step. Such a run hovers and is not stopped as converged. With all rows in one batch there is nothing
    to shuffle: that is :func:`gdviz.descend`.

    Ends as DIVERGED at the last epoch with finite numbers, as DEADLINE after ``deadline`` seconds, otherwise as
    EPOCHS. Raises ValueError for arguments that make no sense, naming them; line searches and optimizers that look at
    whole vectors (Newton, BFGS, …) need the full gradient.
    """
    method = make_optimizer(optimizer, **hyperparameters)
    length = make_learning_rate(learning_rate)
    check_batches(fit, method, length, batch_size, seed)
    if batch_size >= fit.rows:
        return descend(fit, start, length, epochs, method, deadline=deadline)
    assert isinstance(method, ElementwiseOptimizer)
    assert isinstance(length, Schedule)
    rates = scheduled_rates(length, check_epochs(epochs))
    theta = check_start(fit, start)
    sequences = sequences_of(method, len(theta), len(rates))
    passes = PassInputs(step_graph(fit.by_rows, method), theta, rates, sequences, int(batch_size), int(seed), deadline)
    thetas, reason = recorded_passes(passes, engine)
    return _recorded(fit, thetas, rates, reason)


def check_batches(fit: Fit, optimizer: Optimizer, learning_rate: LearningRate, batch_size: int, seed: int) -> None:
    """Raise ValueError, in words, where a descent in batches would be refused."""
    if int(batch_size) != batch_size or batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be a whole number, at least 1.")
    if int(seed) != seed or not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed is {seed}; it must be a whole number from 0 to {MAX_SEED:,}.")
    elementwise = isinstance(optimizer, ElementwiseOptimizer)
    if batch_size < fit.rows and not (elementwise and isinstance(learning_rate, Schedule)):
        wrong = learning_rate.title if elementwise else optimizer.title
        raise ValueError(f"{wrong} needs the gradient of all rows: take them in one batch, or choose another.")


def in_own_units(fit: Fit, run: Trajectory) -> Trajectory:
    """Return a ``run`` on a standardized fit with thetas and gradients in the data's own units, values as they are;
    ``moved`` is ``run``."""
    return Trajectory(
        run.variables, fit.own_units(run.thetas), run.values, fit.scaling.own_gradients(run.gradients),
        run.learning_rates, run.evaluations, run.stop_reason, run.experiment,
        value_evaluations=run.value_evaluations, hessian_evaluations=run.hessian_evaluations,
        paid=run.paid, moved=run,
    )  # fmt: skip


def _recorded(fit: Fit, thetas: Array, rates: Array, reason: StopReason) -> Trajectory:
    """Measure the path on all rows, and end it at its last row of finite numbers."""
    values, gradients = np.atleast_1d(fit.value(thetas)), fit.gradient(thetas)
    broken = np.flatnonzero(~(np.isfinite(values) & np.isfinite(gradients).all(axis=1)))
    if broken.size:
        rows, reason = max(1, int(broken[0])), StopReason.DIVERGED
        thetas, values, gradients = thetas[:rows], values[:rows], gradients[:rows]
    k = len(thetas) - 1
    return Trajectory(fit.variables, thetas, values, gradients, rates[:k], k, reason)
