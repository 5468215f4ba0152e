"""What every code is made from: one step of a descent as straight-line arithmetic.

A :class:`StepGraph` says what is computed at each epoch. What varies from run to run without changing that arithmetic
(the start, the numbers in a formula, an optimizer's hyper-parameters, the data) is not part of its ``shape``, so that a
kernel made for one run serves all runs of the shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gdviz.arrays import Array
from gdviz.cache import cached_property
from gdviz.formulas.lines import Lines

SUMS = 8
"""A sum over rows is made of this many: row r is added to sum r % 8. Rows can then go eight at a time, to the same
bits."""


@dataclass(frozen=True)
class StepShape:
    """One step in ``parameters`` (n) numbers theta, ``states`` (s) numbers that the optimizer remembers and
    ``sequences`` (q) numbers that belong to the epoch.

    ``step`` reads the variables ``theta0`` …, ``state0`` …, ``rate``, ``sequence0`` …, ``tolerance``, ``member0`` …
    (``members`` numbers that differ between the members of a batch) and, of a fit, ``total0`` … (sums over the rows)
    and ``count`` (how many rows). Its roots are, in this order: the value at theta, its gradient (n), the next theta
    (n), the next state (s), and four tests, 1.0 where they hold: the gradient is small (at most the tolerance); the
    value is finite; the gradient is; the next theta is. See :mod:`gdviz.descent.stopping` for what follows from them.

    ``rows``, of a fit, reads ``theta0`` …, ``column0`` … (``columns`` numbers of one row) and ``own_theta`` (in row r
    parameter r, for sums over the parameters); the sums of its roots over the rows are the totals. A sum over rows is
    :data:`SUMS` sums, row r of the pass being added to sum r % 8, each from 0.0 on; they are added up as
    ((s0+s4)+(s2+s6))+((s1+s5)+(s3+s7)).
    """

    parameters: int
    states: int
    sequences: int
    members: int
    step: Lines
    rows: Lines | None = None
    columns: int = 0

    @cached_property
    def _hash(self) -> int:
        return hash((self.parameters, self.states, self.sequences, self.members, self.step, self.rows, self.columns))

    def __hash__(self) -> int:  # kept: kernels are looked up by their shape at every run
        return self._hash

    @property
    def totals(self) -> int:
        """How many sums over the rows there are."""
        return len(self.rows.roots) if self.rows else 0

    @property
    def value(self) -> int:
        return self.step.roots[0]

    @property
    def gradient(self) -> tuple[int, ...]:
        return self.step.roots[1 : 1 + self.parameters]

    @property
    def next_theta(self) -> tuple[int, ...]:
        return self.step.roots[1 + self.parameters : 1 + 2 * self.parameters]

    @property
    def next_state(self) -> tuple[int, ...]:
        return self.step.roots[1 + 2 * self.parameters : 1 + 2 * self.parameters + self.states]

    @property
    def tests(self) -> tuple[int, int, int, int]:
        """Small gradient, finite value, finite gradient, finite next theta."""
        return self.step.roots[-4:]  # type: ignore[return-value]

    @property
    def size(self) -> int:
        """How many operations there are: what a code costs to make, and a step to take."""
        return len(self.step.nodes) + (len(self.rows.nodes) if self.rows else 0)


@dataclass(frozen=True, eq=False)
class StepGraph:
    """A ``shape`` with what belongs to one objective and one optimizer.

    ``numbers`` and ``row_numbers`` are those of ``shape.step`` and ``shape.rows``; ``data`` (columns, m) are the rows
    of a fit, each column in one piece, (0, 0) for none. ``initial`` (s,) is the state at epoch 0.
    """

    shape: StepShape
    numbers: tuple[float, ...]
    row_numbers: tuple[float, ...]
    data: Array
    initial: tuple[float, ...]

    @property
    def rows(self) -> int:
        """How many rows the data have, m."""
        return int(self.data.shape[1])


def order_of_sums(values: Sequence[Any]) -> Any:
    """Return the eight sums over rows added up, in the one order that all codes keep."""
    s0, s1, s2, s3, s4, s5, s6, s7 = values
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
