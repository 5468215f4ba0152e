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

from gdviz.datasets import Table
from gdviz.descent import StopReason, Trajectory, end_at_last_finite, ending
from gdviz.experiments import Experiment
from gdviz.learning_rates import Schedule
from gdviz.numerals import format_count, format_number
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer
from gdviz.theory import Kind

Array = NDArray[np.float64]

SECONDS = 0.6  # of processor time, for all of it
RUNGS = 256  # about one for each pixel of the slider
FEWEST_RUNGS = 32  # below, a drag would jump from one run to a quite different one

_MOST_NUMBERS = 8_000_000  # recorded at once, points and gradients together: 64 MB
_BLOCK = 64  # epochs between two looks at whether all is over
_FEWEST_EPOCHS = 16  # that every second rate goes for
_FEW = 8  # members
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


def ladder(
    experiment: Experiment, rates: ArrayLike, table: Table | None = None, *, seconds: float = SECONDS
) -> Ladder | None:
    """Run ``experiment`` at each of ``rates`` (r,) instead of its own, in about ``seconds`` of
    processor time.

    Where that is too much, every second rate goes, and again, and then the later epochs; None if too few rungs, or no
    epochs, are left. Optimizers that treat each component alone go through the loop together, as in
    :func:`gdviz.descend_batch`; others one by one. Each run ends where :func:`gdviz.descend` would end it. Raises
    ProblemError or ValueError for fields that make no sense.
    """
    begin = thread_time()
    problem = experiment.problem(table)
    members = [replace(experiment, learning_rate=float(rate)) for rate in np.asarray(rates, dtype=float)]
    until = begin + _SHARE * seconds
    elementwise = isinstance(experiment.method(), ElementwiseOptimizer) and isinstance(experiment.rate(), Schedule)
    if elementwise and problem.standardized is None and not experiment.batch_size:
        runs = _together(members, experiment.descended(problem), until)
    else:
        runs = _one_by_one(members, table, until)
    horizon = max([run.epochs for run, complete in runs.values() if not complete], default=experiment.epochs)
    if len(runs) < FEWEST_RUNGS or horizon == 0:
        return None
    return Ladder(experiment, tuple(_judged(runs, table, begin + seconds)), horizon)


Runs = dict[Experiment, tuple[Trajectory, bool]]


def _coarse_first(count: int) -> list[int]:
    """The numbers 0 … count - 1, so that any first part of them is spread over all."""
    order: dict[int, None] = {}
    step = 1 << max(0, count - 1).bit_length()
    while step:
        order.update(dict.fromkeys(range(0, count, step)))
        step //= 2
    return list(order)


def _one_by_one(members: Sequence[Experiment], table: Table | None, until: float) -> Runs:
    """Runs of as many members as the time allows."""
    runs: dict[int, Trajectory] = {}
    for i in _coarse_first(len(members)):
        if thread_time() > until:
            break
        with suppress(ValueError):  # a formula for the rate may not be positive at every rate
            runs[i] = members[i].run(table)
    return {members[i]: (runs[i], True) for i in sorted(runs)}


def _together(members: Sequence[Experiment], objective: Objective, until: float) -> Runs:
    """Runs of all members at once, of every second, fourth … one where epochs or parameters are many."""
    first = members[0]
    n, epochs = len(first.start), first.epochs
    each = _seconds(objective, first) * min(epochs, _FEWEST_EPOCHS)
    while len(members) > 2 * FEWEST_RUNGS and (
        len(members) * (epochs + 1) * n * 2 > _MOST_NUMBERS or len(members) * each > until - thread_time()
    ):
        members = members[::2]
    epochs = min(epochs, _MOST_NUMBERS // (len(members) * n * 2))
    paces = [_pace(m, epochs) for m in members]
    legal = [i for i, pace in enumerate(paces) if np.all(np.isfinite(pace) & (pace > 0))]
    members, pace = [members[i] for i in legal], np.stack([paces[i] for i in legal], axis=1)
    with np.errstate(all="ignore"):
        points, slopes = _record(objective, first, pace, until)
        values = np.asarray(objective.value(points))
    runs = {}
    for i, member in enumerate(members):
        run, ended = _cut(objective, points[:, i], slopes[:, i], values[:, i], pace[:, i], member.tolerance)
        complete = ended or run.epochs == member.epochs
        runs[member] = (replace(run, experiment=member), complete)
    return runs


def _seconds(objective: Objective, first: Experiment) -> float:
    """Return what one member's epoch takes, measured on a few: a fit of many rows has epochs of a tenth of a second."""
    begin = thread_time()
    with np.errstate(all="ignore"):
        objective.gradient(np.tile(np.array(first.start, dtype=float), (_FEW, 1)))
    return (thread_time() - begin) / _FEW


def _pace(member: Experiment, epochs: int) -> Array:
    """Return the rates (epochs,) of a member whose learning rate is a schedule."""
    schedule = member.rate()
    assert isinstance(schedule, Schedule)
    return np.broadcast_to(schedule.at(np.arange(epochs, dtype=float), member.epochs), epochs)


def _record(objective: Objective, first: Experiment, pace: Array, until: float) -> tuple[Array, Array]:
    """Take steps of lengths ``pace`` (epochs, b); return points and gradients (rows, b, n) as far as the time goes."""
    epochs, b = pace.shape
    n = len(first.start)
    method = first.method()
    call = method.direction  # type: ignore[attr-defined]
    entries = zip(*method.initial_states(n), strict=True)  # type: ignore[attr-defined]
    state = tuple(entry[0] if len(set(entry)) == 1 else np.array(entry) for entry in entries)
    points, slopes = np.empty((epochs + 1, b, n)), np.empty((epochs + 1, b, n))
    theta = np.tile(np.array(first.start, dtype=float), (b, 1))
    for epoch in range(epochs + 1):
        points[epoch] = theta
        slopes[epoch] = gradient = objective.gradient(theta)
        looks = epoch % _BLOCK == _BLOCK - 1
        if thread_time() > until or (looks and _all_over(points, slopes, epoch, first.tolerance)):
            return points[: epoch + 1], slopes[: epoch + 1]
        if epoch < epochs:
            uses_theta = method.uses_theta  # type: ignore[attr-defined]
            direction, state = call(gradient, state, theta) if uses_theta else call(gradient, state)
            theta = theta + pace[epoch][:, None] * direction
    return points, slopes


def _all_over(points: Array, slopes: Array, epoch: int, tolerance: float) -> bool:
    """Say whether every member has left the finite numbers, or stands still by its last two gradients."""
    size = np.abs(slopes[epoch - 1 : epoch + 1]).max(axis=(0, 2))
    gone = ~np.isfinite(points[epoch]).all(axis=1) | ~np.isfinite(size)
    return bool(np.all(gone | (size * slopes.shape[2] ** 0.5 <= tolerance)))


def _cut(
    objective: Objective, points: Array, slopes: Array, values: Array, rates: Array, tolerance: float
) -> tuple[Trajectory, bool]:
    """Return the run in the recorded rows of one member, and whether it ended of itself."""
    end = ending(slopes, points, tolerance, True)
    rows, reason = (len(points), StopReason.EPOCHS) if end is None else (end[0] + 1, end[1])
    cut = end_at_last_finite(points[:rows], values[:rows], slopes[:rows], reason)
    thetas, values, gradients, reason = cut
    k = len(thetas) - 1
    run = Trajectory(objective.variables, thetas, values, gradients, rates[:k], len(gradients), reason)
    return run, reason is not StopReason.EPOCHS


def _judged(runs: Runs, table: Table | None, until: float) -> Iterator[Rung]:
    """Rungs with a verdict each, and with plain facts once the time is over."""
    members = list(runs)
    said: dict[int, tuple[Kind | None, str]] = {}
    for i in _coarse_first(len(members)):
        run, complete = runs[members[i]]
        if not complete:
            said[i] = None, first_epochs(run, members[i].epochs)
        elif thread_time() > until:
            said[i] = None, _facts(run)
        else:
            verdict = members[i].verdict(run, table)
            said[i] = verdict.kind, verdict.sentence
    for i, member in enumerate(members):
        run, complete = runs[member]
        yield Rung(member.learning_rate, run, complete, *said[i])


def first_epochs(run: Trajectory, total: int) -> str:
    """Say that ``run`` shows only the beginning of ``total`` epochs while a hand moves."""
    return f"The first {run.epochs:,} of {format_count(total, 'epoch')}; let go to see them all."


def _facts(run: Trajectory) -> str:
    count = format_count(run.epochs, "epoch")
    if run.stop_reason is StopReason.DIVERGED:
        return f"Ends after {count}: the next point is not finite."
    return f"After {count} the value is {format_number(float(run.values[-1]), 4)}."
