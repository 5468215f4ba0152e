"""The ladder of learning rates: what an experiment would do at each of many rates, all run in one batch.

A hand that drags the learning rate picks rungs of it, so every path it sees was computed here and none is interpolated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from time import thread_time

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.descent import DEADLINE_SECONDS, StopReason, Trajectory, descend_at
from gdviz.experiments import Experiment, Task
from gdviz.learning_rates import Schedule
from gdviz.numerals import format_count, format_number
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer
from gdviz.verdict import Kind

Array = NDArray[np.float64]

SECONDS = 0.6  # of processor time, for all of it
RUNGS = 256  # about one for each pixel of the slider
FEWEST_RUNGS = 32  # below, a drag would jump from one run to a quite different one

_SHARE = 0.5  # of the time, for the runs; the rest is for what is said about them


@dataclass(frozen=True, eq=False)
class Rung:
    """The run at one ``rate``; if not ``complete``, only its first epochs. ``sentence`` is true of what is shown."""

    rate: float
    run: Trajectory
    complete: bool
    kind: Kind | None  # of the verdict, None where none was reached
    sentence: str


@dataclass(frozen=True, eq=False)
class Ladder:
    """Runs of one experiment at many learning rates, the lowest first.

    ``horizon`` is the number of epochs that were run at most: the experiment's, or fewer where those take too long.
    """

    experiment: Experiment
    rungs: tuple[Rung, ...]
    horizon: int


def ladder_rates(low: float, high: float, count: int = RUNGS) -> Array:
    """Return up to ``count`` rates from low to high, evenly spaced in their logarithm, of three significant digits."""
    spaced = np.geomspace(low, high, count)
    return np.unique([float(f"{rate:.2e}") for rate in spaced.tolist()])


def ladder(task: Task, rates: ArrayLike, *, seconds: float = SECONDS) -> Ladder | None:
    """Run ``task`` at each of ``rates`` (r,) instead of its own, in about ``seconds`` of processor time.

    Where that is too much, the later epochs go, or where steps cannot be cut short every second rate, and again; None
    if too few rungs are left. Raises ValueError for a rate that makes no sense.
    """
    begin = thread_time()
    members = [task.at_rate(float(rate)) for rate in np.asarray(rates, dtype=float)]
    until = begin + _SHARE * seconds
    experiment = task.experiment
    steady = isinstance(experiment.optimizer, ElementwiseOptimizer) and isinstance(experiment.learning_rate, Schedule)
    if steady and task.problem.standardized is None and not experiment.batch_size:
        runs = _first_epochs(members, task.descended, until)
    else:
        runs = _one_by_one(members, until)
    if len(runs) < FEWEST_RUNGS:
        return None
    horizon = max([run.epochs for run, complete in runs.values() if not complete], default=experiment.epochs)
    return Ladder(experiment, tuple(_judged(runs, begin + seconds)), horizon)


Runs = dict[Task, tuple[Trajectory, bool]]


def _coarse_first(count: int) -> list[int]:
    """The numbers 0 … count - 1, so that any first part of them is spread over all."""
    order: dict[int, None] = {}
    step = 1 << max(0, count - 1).bit_length()
    while step:
        order.update(dict.fromkeys(range(0, count, step)))
        step //= 2
    return list(order)


def _one_by_one(members: Sequence[Task], until: float) -> Runs:
    """Runs of as many members as the time allows."""
    runs: dict[int, Trajectory] = {}
    for i in _coarse_first(len(members)):
        if thread_time() > until:
            break
        with suppress(ValueError):  # a formula for the rate may not be positive at every rate
            runs[i] = members[i].run()
    return {members[i]: (runs[i], True) for i in sorted(runs)}


def _first_epochs(members: Sequence[Task], objective: Objective, until: float) -> Runs:
    """Runs of all members, of as many of the first epochs as the time allows."""
    begin, epochs = thread_time(), members[0].experiment.epochs
    pilot = _cut_run(members[len(members) // 2], objective, epochs, deadline=max(0.0, until - begin))
    if pilot is not None:
        each = (thread_time() - begin) / len(pilot.thetas)
        epochs = min(epochs, int(max(0.0, until - thread_time()) / max(each * len(members), 1e-12)))
    runs: Runs = {}
    if epochs == 0:
        return runs
    for member in members:
        run = _cut_run(member, objective, epochs)
        if run is not None:
            runs[member] = run, run.stop_reason is not StopReason.EPOCHS or run.epochs == member.experiment.epochs
    return runs


def _cut_run(member: Task, objective: Objective, epochs: int, deadline: float = DEADLINE_SECONDS) -> Trajectory | None:
    """The first ``epochs`` of a member's run; None where its rates make no sense."""
    e = member.experiment
    assert isinstance(e.learning_rate, Schedule)
    assert isinstance(e.optimizer, ElementwiseOptimizer)
    rates = np.broadcast_to(e.learning_rate.at(np.arange(epochs, dtype=float), e.epochs), epochs)
    if not np.all(np.isfinite(rates) & (rates > 0)):  # a formula for the rate may not be positive at every rate
        return None
    run = descend_at(objective, e.start, rates, e.optimizer, tolerance=e.tolerance, deadline=deadline)
    return replace(run, experiment=e)


def _judged(runs: Runs, until: float) -> Iterator[Rung]:
    """Rungs with a verdict each, and with plain facts once the time is over."""
    members = list(runs)
    said: dict[int, tuple[Kind | None, str]] = {}
    for i in _coarse_first(len(members)):
        run, complete = runs[members[i]]
        if not complete:
            said[i] = None, first_epochs(run, members[i].experiment.epochs)
        elif thread_time() > until:
            said[i] = None, _facts(run)
        else:
            verdict = members[i].verdict(run)
            said[i] = verdict.kind, verdict.sentence
    for i, member in enumerate(members):
        run, complete = runs[member]
        yield Rung(member.experiment.eta, run, complete, *said[i])


def first_epochs(run: Trajectory, total: int) -> str:
    """Say that ``run`` shows only the beginning of ``total`` epochs while a hand moves."""
    return f"The first {run.epochs:,} of {format_count(total, 'epoch')}; let go to see them all."


def _facts(run: Trajectory) -> str:
    count = format_count(run.epochs, "epoch")
    if run.stop_reason is StopReason.DIVERGED:
        return f"Ends after {count}: the next point is not finite."
    return f"After {count} the value is {format_number(float(run.values[-1]), 4)}."
