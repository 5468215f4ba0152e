"""Mini-batch and stochastic gradient descent on a fit: many small steps an epoch, each on a few rows.

The rows are shuffled anew for every epoch and cut into batches; an epoch is one pass over all of them. The learning
rate is the epoch's. Shuffles come from NumPy's ``RandomState``, whose stream is frozen (NEP 19), so a seed in a link
gives the same path to the last bit, run after run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from time import monotonic
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import (
    DEADLINE_SECONDS,
    StopReason,
    Trajectory,
    check_epochs,
    check_start,
    descend,
    step_loop,
)
from gdviz.fits.fit import Fit
from gdviz.learning_rates import LearningRate, Schedule, make_learning_rate, scheduled_rates
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, make_optimizer

Array = NDArray[np.float64]
Order = NDArray[np.int64]
Gradient = Callable[..., tuple[float, ...]]

MAX_SEED = 2**32 - 1
_MOST_SUMMED = 8  # parameters; beyond them the products of a batch are more than its rows


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
    if int(batch_size) != batch_size or batch_size < 1:
        raise ValueError(f"batch_size is {batch_size}; it must be a whole number, at least 1.")
    if int(seed) != seed or not 0 <= seed <= MAX_SEED:
        raise ValueError(f"seed is {seed}; it must be a whole number from 0 to {MAX_SEED:,}.")
    method = make_optimizer(optimizer, **hyperparameters)
    length = make_learning_rate(learning_rate)
    if batch_size >= fit.rows:
        return descend(fit, start, length, epochs, method, deadline=deadline)
    if not isinstance(method, ElementwiseOptimizer) or not isinstance(length, Schedule):
        wrong = length.title if isinstance(method, ElementwiseOptimizer) else method.title
        raise ValueError(f"{wrong} needs the gradient of all rows: take them in one batch, or choose another.")
    rates = scheduled_rates(length, check_epochs(epochs))
    batches = _batches(fit, int(batch_size))
    thetas, reason = _passes(check_start(fit, start), batches, method, rates, int(seed), deadline)
    return _recorded(fit, thetas, rates, reason)


def in_own_units(fit: Fit, run: Trajectory) -> Trajectory:
    """Return a ``run`` on a standardized fit with thetas and gradients in the data's own units, values as they are;
    ``moved`` is ``run``."""
    return Trajectory(
        run.variables, fit.own_units(run.thetas), run.values, fit.scaling.own_gradients(run.gradients),
        run.learning_rates, run.evaluations, run.stop_reason, run.experiment,
        value_evaluations=run.value_evaluations, hessian_evaluations=run.hessian_evaluations,
        paid=run.paid, moved=run,
    )  # fmt: skip


# -- the passes --


class _Batches(Protocol):
    """The batches of a fit; ``count`` is how many there are in an epoch."""

    rows: int
    count: int

    def gradients(self, order: Order) -> Gradient:
        """Return a function that gives the gradient of one batch after another, of the rows in this order."""
        ...


def _passes(
    theta: tuple[float, ...], batches: _Batches, method: ElementwiseOptimizer, rates: Array, seed: int, deadline: float
) -> tuple[list[tuple[float, ...]], StopReason]:
    """Return theta at the start and after every epoch, and why the passes ended."""
    random = np.random.RandomState(seed)
    advance = step_loop(len(theta), method.uses_theta)
    states = method.initial_states(len(theta))
    thetas = [theta]
    until = monotonic() + deadline
    for rate in rates.tolist():
        order = random.permutation(batches.rows)
        pace = [rate] * batches.count
        try:
            theta, states = advance(batches.gradients(order), method.direction, theta, states, pace, [], [])
        except (
            ArithmeticError,
            ValueError,
        ):  # floats raise where IEEE arithmetic goes on: the same pass again, in that
            theta, states = _careful_pass(advance, batches.gradients(order), method, theta, states, pace)
        if not all(map(isfinite, theta)):
            return thetas, StopReason.DIVERGED
        thetas.append(theta)
        if monotonic() > until:
            return thetas, StopReason.DEADLINE if len(thetas) <= len(rates) else StopReason.EPOCHS
    return thetas, StopReason.EPOCHS


def _careful_pass(
    advance: Callable[..., Any], gradient: Gradient, method: ElementwiseOptimizer, theta: Any, states: Any, pace: Any
) -> tuple[Any, Any]:
    with np.errstate(all="ignore"):
        theta, states = advance(
            lambda *point: tuple(map(np.float64, gradient(*point))),
            method.direction, tuple(map(np.float64, theta)), states, pace, [], [],
        )  # fmt: skip
    return tuple(map(float, theta)), tuple(tuple(map(float, state)) for state in states)


def _recorded(fit: Fit, path: list[tuple[float, ...]], rates: Array, reason: StopReason) -> Trajectory:
    """Measure the path on all rows, and end it at its last row of finite numbers."""
    thetas = np.array(path, dtype=float)
    values, gradients = np.atleast_1d(fit.value(thetas)), fit.gradient(thetas)
    broken = np.flatnonzero(~(np.isfinite(values) & np.isfinite(gradients).all(axis=1)))
    if broken.size:
        rows, reason = max(1, int(broken[0])), StopReason.DIVERGED
        thetas, values, gradients = thetas[:rows], values[:rows], gradients[:rows]
    k = len(thetas) - 1
    return Trajectory(fit.variables, thetas, values, gradients, rates[:k], k, reason)


# -- two ways to a batch's gradient --


def _batches(fit: Fit, size: int) -> _Batches:
    if fit.quadratic is not None and len(fit.variables) <= _MOST_SUMMED:
        return _SummedBatches(fit, size)
    return _RowBatches(fit, size)


class _RowBatches:
    """Any model and loss: each batch is evaluated on its rows."""

    def __init__(self, fit: Fit, size: int) -> None:
        self.fit, self.size, self.rows = fit, size, fit.rows
        self.count = -(-fit.rows // size)

    def gradients(self, order: Order) -> Gradient:
        rows = self.fit.lean_rows.taken(order)
        parts = (
            self.fit.float_gradient_of(rows.part(start, start + self.size)) for start in range(0, self.rows, self.size)
        )

        def gradient(*theta: float) -> tuple[float, ...]:
            return next(parts)(*theta)

        return gradient


class _SummedBatches:
    """A linear model with the squared error: each batch is a quadratic form, all of an epoch are summed at once.

    A batch's gradient is A·(theta - c) - b with c the fit's minimum, A = 2/k ΣφφT and b = 2/k Σφ·(error at c) over its
    k rows φ of the design. Around the minimum nothing cancels, and a step costs the same for 1 row and for 1,000.
    """

    def __init__(self, fit: Fit, size: int) -> None:
        assert fit.quadratic is not None
        assert fit.design is not None
        self.size, self.rows, self.count = size, fit.rows, -(-fit.rows // size)
        self.center = tuple(fit.quadratic.center.tolist())
        design, offset = fit.design
        n = design.shape[1]
        errors = fit.columns[fit.target] - design @ fit.quadratic.center - (0.0 if offset is None else offset)
        pairs = [(i, j) for i in range(n) for j in range(i, n)]
        self.products = np.stack(
            [*(design[:, i] * design[:, j] for i, j in pairs), *(design[:, i] * errors for i in range(n))], axis=1
        )
        pull = 2 * fit.ridge * fit.penalized
        own = [pull[i] if i == j else 0.0 for i, j in pairs]
        self.added = np.array([*own, *(-pull * fit.quadratic.center)])
        self.answer = _answer(n)

    def gradients(self, order: Order) -> Gradient:
        shuffled = self.products[order]
        whole = self.rows // self.size * self.size
        sums = shuffled[:whole].reshape(-1, self.size, shuffled.shape[1]).sum(axis=1) * (2 / self.size)
        if whole < self.rows:
            sums = np.concatenate([sums, shuffled[whole:].sum(axis=0, keepdims=True) * (2 / (self.rows - whole))])
        return self.answer(iter((sums + self.added).tolist()), self.center)


def _answer(n: int) -> Callable[[Iterator[list[float]], tuple[float, ...]], Gradient]:
    """Return a function (forms, center) → gradient that uses up one of the ``forms`` at each call.

    Written out for n components, as the descent loop is; the text depends on n alone.
    """
    entry = {}
    for i in range(n):
        for j in range(i, n):
            entry[i, j] = entry[j, i] = f"a{i}_{j}"
    names = [*dict.fromkeys(entry[i, j] for i in range(n) for j in range(i, n)), *(f"b{i}" for i in range(n))]
    thetas = ", ".join(f"t{i}" for i in range(n))
    away = "; ".join(f"d{i} = t{i} - c{i}" for i in range(n))
    rows = ", ".join(" + ".join(f"{entry[i, j]}*d{j}" for j in range(n)) + f" - b{i}" for i in range(n))
    source = (
        "def answer(forms, center):\n"
        f"    {', '.join(f'c{i}' for i in range(n))}, = center\n"
        "    form = forms.__next__\n"
        f"    def gradient({thetas}):\n"
        f"        {', '.join(names)} = form()\n"
        f"        {away}\n"
        f"        return ({rows},)\n"
        "    return gradient\n"
    )
    scope: dict[str, Any] = {}
    exec(compile(source, "<batch gradient>", "exec"), scope)  # noqa: S102 - no word of a user's is in it
    made: Callable[[Iterator[list[float]], tuple[float, ...]], Gradient] = scope["answer"]
    return made
