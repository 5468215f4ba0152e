"""The record of one descent, row by row, as Python code or machine code makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gdviz.arrays import Array
from gdviz.codes import native, python
from gdviz.codes.step_graph import StepGraph
from gdviz.descent.stopping import REASONS, first_end, tests
from gdviz.descent.trajectory import StopReason
from gdviz.pacing import Limit

Ended = tuple[Array, StopReason]
Engine = Literal["python", "native"] | None

_CHUNK = 256  # epochs between two looks at whether the run has ended, at most
_PYTHON_PATIENCE = 0.05  # seconds of Python between two looks at the clock, about
PATIENCE = 0.01  # seconds of machine code between two looks at the clock
_PYTHON_OPERATION = 3e-8  # seconds for one operation of a step, about


@dataclass(frozen=True, eq=False)
class PathInputs:
    """What a step is run with: ``theta`` (n,) at epoch 0, ``rates`` (epochs,) and the optimizer's ``sequences``
    (q, epochs), the ``tolerance``, and the ``deadline`` in seconds."""

    step: StepGraph
    theta: tuple[float, ...]
    rates: Array
    sequences: Array
    tolerance: float
    deadline: float

    @property
    def epochs(self) -> int:
        return len(self.rates)


def recorded(inputs: PathInputs, engine: Engine = None) -> Ended:
    """Return the record, rows of theta, value and gradient (k + 1, 2n + 1), and why the run ended.

    Runs on the ``engine``, or on what is sooner done; both give the same bits. Raises ValueError for an engine that is
    not there.
    """
    return native_path(inputs) if takes_native("path", inputs.step, inputs.epochs, engine) else python_path(inputs)


def takes_native(kind: str, step: StepGraph, epochs: int, engine: Engine, passes: float = 1.0) -> bool:
    """Say whether machine code of this kind runs the step: where it was asked for, is compiled already, or will have
    been compiled sooner than Python would be done. ``passes`` multiplies the price of an epoch."""
    if engine not in (None, "python", "native"):
        raise ValueError(f"engine is {engine!r}; it must be None, 'python' or 'native'.")
    if engine == "native" and not native.available():
        raise ValueError("engine='native' needs llvmlite, which is not installed: pip install llvmlite.")
    if engine is not None or not native.suits(step.shape):
        return engine == "native"
    if native.known(kind, step.shape):
        return True
    return price(step) * epochs * passes * _PYTHON_OPERATION > native.compile_seconds(kind, step.shape)


def price(step: StepGraph) -> int:
    """Return how many operations a step takes, about."""
    shape = step.shape
    return len(shape.step.nodes) + (len(shape.rows.nodes) * step.rows if shape.rows is not None else 0)


def native_path(inputs: PathInputs) -> Ended:
    """Run a descent as machine code, a few milliseconds at a time."""
    steps = native.PathSteps(inputs.step, inputs.theta, inputs.rates, inputs.sequences, inputs.tolerance)
    chunk = max(1, int(PATIENCE / native.epoch_seconds(inputs.step)))
    limit = Limit(inputs.deadline)
    first = 0
    while True:
        rows, ended = steps.advance(first, min(first + chunk, inputs.epochs + 1))
        if ended:
            return steps.table[:rows], REASONS[ended]
        if limit.passed():
            return steps.table[:rows], StopReason.DEADLINE
        first = rows


def python_path(inputs: PathInputs) -> Ended:
    """Run a descent as Python code."""
    steps = PythonSteps(inputs.step, inputs.theta)
    n, epochs = len(inputs.theta), inputs.epochs
    # One more than there are epochs: of the last iterate value and gradient are recorded, and its step is not taken.
    rates = [*inputs.rates.tolist(), 0.0]
    sequences = [[*sequence, 0.0] for sequence in inputs.sequences.tolist()]
    table = np.empty((epochs + 1, 2 * n + 1))
    chunk = max(1, min(_CHUNK, int(_PYTHON_PATIENCE / (price(inputs.step) * _PYTHON_OPERATION))))
    limit = Limit(inputs.deadline)
    first, was_small = 0, False
    while True:
        stop = min(first + chunk, epochs + 1)
        rows = steps.advance(rates[first:stop], [sequence[first:stop] for sequence in sequences])
        table[first:stop] = rows
        following = np.concatenate([rows[1:, :n], np.array([steps.theta])])
        with np.errstate(all="ignore"):
            found = tests(rows[:, n], list(rows[:, n + 1 :].T), list(following.T), inputs.tolerance)
        small, *fine = (flags.astype(bool) for flags in found)
        end = first_end(small, fine, first, epochs, was_small)
        if end is not None:
            return table[: end[0]].copy(), end[1]
        if limit.passed():
            return table[:stop].copy(), StopReason.DEADLINE
        first, was_small = stop, bool(small[-1])


class PythonSteps:
    """Steps on Python floats from ``theta`` on."""

    def __init__(self, step: StepGraph, theta: tuple[float, ...]) -> None:
        self.theta, self.state = theta, step.initial
        self._step = step
        self._totals: Callable[..., Any] | None = None
        if step.shape.rows is not None:
            self._totals = python.row_totals(step.shape, step.row_numbers, step.data)

    def advance(self, rates: Sequence[float], sequences: Sequence[Sequence[float]]) -> Array:
        """Take a step for each rate; return the record of the iterates before each, (steps, 2n + 1).

        Python floats raise where IEEE arithmetic gives inf or nan, and 1/(1 + exp(800)) is a fine 0 although exp(800)
        overflows. Catching that once around many steps costs the others nothing.
        """
        try:
            return self._take(rates, sequences, careful=False)
        except (ArithmeticError, ValueError):
            return self._take(rates, sequences, careful=True)

    def _take(self, rates: Sequence[float], sequences: Sequence[Sequence[float]], careful: bool) -> Array:
        record: list[float] = []
        step = self._step
        loop = python.float_loop(step.shape, careful)
        self.theta, self.state = loop(
            self.theta, self.state, rates, sequences, step.numbers, self._totals, float(step.rows), record.extend
        )
        return np.fromiter(record, dtype=float, count=len(record)).reshape(len(rates), -1)
