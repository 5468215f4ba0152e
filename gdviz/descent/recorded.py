"""The record of one descent, row by row, as Python code or machine code makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gdviz.codes import python
from gdviz.codes.step_graph import StepGraph
from gdviz.descent.stopping import first_end, tests
from gdviz.descent.trajectory import StopReason

Array = NDArray[np.float64]
Ended = tuple[Array, StopReason]

_CHUNK = 256  # epochs between two looks at the clock, and at whether the run has ended


@dataclass(frozen=True, eq=False)
class Course:
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


def python_path(course: Course) -> Ended:
    """Return the record, rows of theta, value and gradient (k + 1, 2n + 1), and why the run ended."""
    steps = PythonSteps(course.step, course.theta)
    n, epochs = len(course.theta), course.epochs
    # One more than there are epochs: of the last iterate value and gradient are recorded, and its step is not taken.
    rates = [*course.rates.tolist(), 0.0]
    sequences = [[*sequence, 0.0] for sequence in course.sequences.tolist()]
    table = np.empty((epochs + 1, 2 * n + 1))
    until = monotonic() + course.deadline
    first, was_small = 0, False
    while True:
        stop = min(first + _CHUNK, epochs + 1)
        rows = steps.advance(rates[first:stop], [sequence[first:stop] for sequence in sequences])
        table[first:stop] = rows
        following = np.concatenate([rows[1:, :n], np.array([steps.theta])])
        with np.errstate(all="ignore"):
            found = tests(rows[:, n], list(rows[:, n + 1 :].T), list(following.T), course.tolerance)
        small, *fine = (flags.astype(bool) for flags in found)
        end = first_end(small, fine, first, epochs, was_small)
        if end is not None:
            return table[: end[0]].copy(), end[1]
        if monotonic() > until:
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


Engine = Literal["python", "native"] | None


def recorded(course: Course, engine: Engine = None) -> Ended:
    """Run the course by the ``engine``, or by what is sooner done; both give the same bits.

    Raises ValueError for an engine that is not there.
    """
    if engine not in (None, "python", "native"):
        raise ValueError(f"engine is {engine!r}; it must be None, 'python' or 'native'.")
    return python_path(course)
