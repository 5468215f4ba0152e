"""Passes over the rows of a fit in batches, theta recorded once a pass: the loop of mini-batch descent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.codes import native, python
from gdviz.codes.step_graph import StepGraph
from gdviz.descent.recorded import PATIENCE, Engine, takes_native
from gdviz.descent.trajectory import StopReason
from gdviz.pacing import Limit, pause

Order = NDArray[np.int64]

_MOST_PLACES = 250_000  # of rows in their shuffled order, made at a time


@dataclass(frozen=True, eq=False)
class PassInputs:
    """What a step is run with: ``theta`` (n,) at epoch 0, ``rates`` (epochs,) and the optimizer's ``sequences``
    (q, epochs), ``batch_size`` rows a step, the ``seed`` of the rows' order, and the ``deadline`` in seconds."""

    step: StepGraph
    theta: tuple[float, ...]
    rates: Array
    sequences: Array
    batch_size: int
    seed: int
    deadline: float

    def orders(self) -> Iterator[tuple[int, Order]]:
        """Yield the first epoch and the rows' order (k, m) in k epochs at a time, as the seed gives it."""
        random = np.random.RandomState(self.seed)
        rows, epochs = self.step.rows, len(self.rates)
        size = max(1, min(_MOST_PLACES // rows, int(PATIENCE / native.pass_seconds(self.step, self.batch_size))))
        for first in range(0, epochs, size):
            yield first, np.array([random.permutation(rows) for _ in range(min(size, epochs - first))], dtype=np.int64)


def recorded_passes(passes: PassInputs, engine: Engine = None) -> tuple[Array, StopReason]:
    """Return theta at the start and after every epoch, (k + 1, n), and why the passes ended."""
    steps = -(-passes.step.rows // passes.batch_size)
    if takes_native("passes", passes.step, len(passes.rates) * steps, engine):
        return _native_passes(passes)
    return _python_passes(passes)


def _native_passes(passes: PassInputs) -> tuple[Array, StopReason]:
    """Run the passes as machine code, a few milliseconds at a time."""
    steps = native.Passes(passes.step, passes.theta, passes.rates, passes.sequences, passes.batch_size)
    limit = Limit(passes.deadline)
    rows = 1
    for first, orders in passes.orders():
        rows, ended = steps.advance(first, orders)
        if ended:
            return steps.table[:rows], StopReason.DIVERGED
        if limit.passed() and rows <= len(passes.rates):
            return steps.table[:rows], StopReason.DEADLINE
    return steps.table[:rows], StopReason.EPOCHS


def _python_passes(passes: PassInputs) -> tuple[Array, StopReason]:
    """The same as Python code."""
    theta, state = passes.theta, passes.step.initial
    thetas = [theta]
    limit = Limit(passes.deadline)
    for first, orders in passes.orders():
        for epoch, order in enumerate(orders, first):
            theta, state = _one_pass(passes, epoch, order, theta, state)
            if not np.isfinite(theta).all():
                return np.array(thetas), StopReason.DIVERGED
            thetas.append(theta)
            if limit.passed() and len(thetas) <= len(passes.rates):
                return np.array(thetas), StopReason.DEADLINE
    return np.array(thetas), StopReason.EPOCHS


def _one_pass(
    passes: PassInputs, epoch: int, order: NDArray[np.int64], theta: tuple[float, ...], state: tuple[float, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Take a step for each batch of the rows in this order."""
    step, size = passes.step, passes.batch_size
    rows = step.data[:, order]
    rates, sequences = [float(passes.rates[epoch])], [[float(x)] for x in passes.sequences[:, epoch]]
    for start in range(0, len(order), size):
        pause()
        part = rows[:, start : start + size]
        totals = python.row_totals(step.shape, step.row_numbers, part)
        for careful in (False, True):
            try:
                loop = python.float_loop(step.shape, careful)
                theta, state = loop(theta, state, rates, sequences, step.numbers, totals, float(part.shape[1]), _forget)
                break
            except (ArithmeticError, ValueError):
                continue
    return theta, state


def _forget(record: tuple[float, ...]) -> None:
    """Let a record go: between the epochs nothing is kept."""
