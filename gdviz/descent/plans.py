"""Descents that differ in their starts, their rates and some hyper-parameters alone: made ready once, and run a part at
a time, here or in another process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from math import inf
from typing import Any, Protocol

import numpy as np

from gdviz.arrays import Array
from gdviz.codes.llvm import Reason
from gdviz.codes.native import epoch_seconds
from gdviz.codes.native_batch import Ends, Members
from gdviz.codes.step_graph import StepGraph
from gdviz.descent.ends import ends_of
from gdviz.descent.path import descend
from gdviz.descent.recorded import Engine
from gdviz.descent.step import can_trace, sequences_of, step_graph, trace_step
from gdviz.descent.stopping import REASONS
from gdviz.descent.trajectory import StopReason
from gdviz.learning_rates import LearningRate, Schedule, scheduled_rates
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer
from gdviz.pacing import Limit

GoOn = Callable[[], bool]

# Members are told why they ended by numbers: those of the codes, the first of which says that they were stopped, and
# behind them those that only single runs have.
STOP_REASONS = np.array([StopReason.DEADLINE, *[REASONS[Reason(k)] for k in (1, 2, 3)], StopReason.STALLED])
_NUMBERS = {reason: number for number, reason in enumerate(STOP_REASONS.tolist())}

_SEARCHED_EPOCH = 5e-5  # seconds for an epoch of a method that stays in Python, about


@dataclass(frozen=True, eq=False)
class RunOptions:
    """How members are run: on which ``engine``, on how many ``threads`` (one for each processor if None), for how long.

    ``go_on`` is asked every 20 ms or so; once it says no, all stop. Those that go one at a time need a ``deadline`` in
    seconds besides.
    """

    engine: Engine = None
    threads: int | None = None
    go_on: GoOn = lambda: True
    deadline: float = inf


class Plan(Protocol):
    """Descents that are ready to run. It can be pickled."""

    @property
    def epoch_seconds(self) -> float:
        """About how long an epoch of one member takes."""
        ...

    def ends(self, starts: Array, rates: Array, own: Array, options: RunOptions) -> Ends:
        """Descend from ``starts`` (n, M) at ``rates`` (M,), which multiply the learning rate, with the members' ``own``
        hyper-parameters (p, M). The reasons are places in STOP_REASONS, 0 for members that were stopped on their
        way."""
        ...


def plan(
    objective: Objective, learning_rate: LearningRate, epochs: int, method: Optimizer, tolerance: float,
    own: tuple[str, ...] = (),
) -> Plan:  # fmt: skip
    """Make descents ready; ``own`` names the hyper-parameters that differ between the members."""
    n = len(objective.variables)
    if not isinstance(learning_rate, Schedule) or not can_trace(objective, method):
        return _OneByOne(fresh(objective), learning_rate, epochs, method, tolerance, own)
    sequences = sequences_of(method, n, epochs)
    if own and len(sequences):  # which are made from the hyper-parameters
        return _Grouped(fresh(objective), learning_rate, epochs, method, tolerance, own)
    step = trace_step(objective, method, own) if own else step_graph(objective, method)
    return _Lanes(step, scheduled_rates(learning_rate, epochs), sequences, tolerance)


@dataclass(frozen=True, eq=False)
class _Lanes:
    """Descents of one traced step."""

    step: StepGraph
    pace: Array
    sequences: Array
    tolerance: float

    @property
    def epoch_seconds(self) -> float:
        return epoch_seconds(self.step)

    def ends(self, starts: Array, rates: Array, own: Array, options: RunOptions) -> Ends:
        members = Members(self.step, starts, rates, own, self.pace, self.sequences, self.tolerance)
        return ends_of(members, options.engine, options.threads, options.go_on)


@dataclass(frozen=True, eq=False)
class _Untraced:
    """Descents that need the objective itself."""

    objective: Objective
    learning_rate: LearningRate
    epochs: int
    method: Optimizer
    tolerance: float
    own: tuple[str, ...]

    @property
    def epoch_seconds(self) -> float:
        return _SEARCHED_EPOCH

    def method_with(self, numbers: Array) -> Optimizer:
        return replace(self.method, **dict(zip(self.own, numbers.tolist(), strict=True)))


class _Grouped(_Untraced):
    """Descents whose epochs' numbers depend on their hyper-parameters: those that share these go together."""

    def ends(self, starts: Array, rates: Array, own: Array, options: RunOptions) -> Ends:
        ends = Ends.empty(*starts.shape)
        kinds, kind_of = np.unique(own, axis=1, return_inverse=True)
        for k, numbers in enumerate(kinds.T):
            some = np.flatnonzero(kind_of.reshape(-1) == k)
            method = self.method_with(numbers)
            part = plan(self.objective, self.learning_rate, self.epochs, method, self.tolerance)
            alike = np.ascontiguousarray(starts[:, some])
            ends.put(some, part.ends(alike, rates[some], np.empty((0, len(some))), options))
        return ends


class _OneByOne(_Untraced):
    """Descents that search, or look at whole vectors."""

    def ends(self, starts: Array, rates: Array, own: Array, options: RunOptions) -> Ends:
        ends = Ends.empty(*starts.shape)
        ends.thetas[:] = starts
        limit = Limit(options.deadline)
        for i in range(starts.shape[1]):
            if not options.go_on():
                break
            length = replace(self.learning_rate, learning_rate=float(rates[i]) * self.learning_rate.learning_rate)
            run = descend(
                self.objective, starts[:, i].tolist(), length, self.epochs, self.method_with(own[:, i]),
                tolerance=self.tolerance, deadline=limit.left,
            )  # fmt: skip
            ends.thetas[:, i], ends.values[i] = run.thetas[-1], run.values[-1]
            ends.epochs[i], ends.reasons[i] = run.epochs, _NUMBERS[run.stop_reason]
        return ends


def fresh(objective: Any) -> Any:
    """Return the objective without what it has kept since it was made, which need not travel and may not be able to."""
    if not hasattr(objective, "kept_steps") or not is_dataclass(objective):
        return objective
    made: Any = type(objective)
    return made(**{f.name: fresh(getattr(objective, f.name)) for f in fields(objective) if f.init})
