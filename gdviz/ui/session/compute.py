"""What the pages compute, remembered for a while so that a rerun that changed nothing costs nothing.

All sessions share one memory, bounded in bytes and keyed on the text of :attr:`Task.key`. Streamlit's own hashing
would not do: it only samples large arrays, so two tables that differ in one cell would count as equal, and it leaves
out the class of a dataclass within another, so Adam would count as NAdam.

What is made here takes a part of the processor time that a change has left (:mod:`gdviz.pacing`). A refusal is
remembered as well, and so is what was cut short, until there is twice as much time for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import inf
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from gdviz import scenes
from gdviz.cache import SHARES, Recent, bytes_of
from gdviz.comparisons import Contender, FairTerms, Sweep, sweep_of
from gdviz.comparisons.sweeps import SWEEP_SECONDS
from gdviz.descent import DEADLINE_SECONDS, StopReason, Trajectory
from gdviz.experiments import Task
from gdviz.fits import Conditioning, conditioning
from gdviz.landscapes import Curve, Landscape, Window, affordable_points, curve, landscape
from gdviz.maps import LearningRateSweep, MapCanceled, learning_rate_sweep
from gdviz.numerals import format_count, format_number
from gdviz.pacing import Limit, OutOfTime, share
from gdviz.scenes import sources
from gdviz.theory import Envelope, SharpnessRecord
from gdviz.ui.session import tables
from gdviz.verdict import Kind, Verdict

_GLANCE = 0.3  # seconds for what a hand sees in passing
_OF_THE_TIME = 1.4  # parts: a run may take five sevenths of what is left, the rest is for what is said and drawn of it
_RATES = 2000  # of a sweep on the Maps page
_ALL_RATES_SECONDS = 1.0
_DRAWN = 0.4  # seconds for the values of one picture

T = TypeVar("T")


@dataclass(frozen=True)
class _Kept:
    """What was made, or why it was refused, and in how many seconds at most: infinite if it took no more."""

    value: Any
    refusal: ValueError | None
    seconds: float


@cache
def _memory() -> Recent:
    return Recent(SHARES["results"], bytes_of)


def _remembered(
    key: tuple[Any, ...], make: Callable[[float], T], seconds: float, is_cut: Callable[[T], bool] = lambda _: False
) -> T:
    """Return what ``make`` makes within so many ``seconds``, or raise its ValueError; now, or as remembered."""
    found: _Kept | None = _memory().find(key)
    if found is None or seconds > 2 * found.seconds:
        try:
            made = make(seconds)
            found = _Kept(made, None, seconds if is_cut(made) else inf)
        except ValueError as error:
            found = _Kept(None, error, seconds)
        _memory().keep(key, found)
    if found.refusal is not None:
        raise found.refusal.with_traceback(None)
    value: T = found.value
    return value


def run(task: Task, parts: float = _OF_THE_TIME) -> Trajectory:
    """Return the run of ``task`` in one of so many ``parts`` of the time; its arrays are shared, not to be written to.

    Raises ValueError for settings that do not go together.
    """
    return _run(task.key, task, parts)


def verdict(task: Task) -> Verdict:
    """Return the verdict on the task's run."""
    try:
        return _of_run("verdict", task, task.verdict)
    except OutOfTime as error:
        done = _done(task)
        came = f"After {format_count(done.epochs, 'epoch')} f = {format_number(float(done.values[-1]))}."
        return Verdict(Kind.RAN_OUT, f"{came} {error}")


def swept(task: Task, contender: Contender, terms: FairTerms, parts: float = 2.0) -> Sweep:
    """Return the contender at every rate of the terms, in one of so many ``parts`` of the time.

    Raises ValueError where it cannot run, or not in time.
    """
    same = replace(contender.at_rate(1.0), name="", color=0)  # none of these makes a difference
    ground = replace(task, experiment=Contender().of(replace(task.experiment, epochs=1)))
    return _remembered(
        ("sweep", ground.key, repr(same), terms),
        lambda seconds: sweep_of(ground, same, terms, seconds),
        share(SWEEP_SECONDS, parts),
    )


def all_rates(task: Task) -> LearningRateSweep:
    """Return the task's start at 2,000 learning rates around the one that is offered.

    Raises ValueError where it cannot run, or not in time.
    """
    e, center = task.experiment, task.problem.learning_rate

    def make(seconds: float) -> LearningRateSweep:
        limit = Limit(seconds)
        try:
            return learning_rate_sweep(
                task.descended, task.start, np.geomspace(center * 1e-4, center * 1e3, _RATES), e.epochs, e.optimizer,
                tolerance=e.tolerance, go_on=lambda: not limit.passed(),
            )  # fmt: skip
        except MapCanceled:
            raise ValueError("This sweep takes too long: choose fewer epochs.") from None

    found: LearningRateSweep = _remembered(("all rates", task.at_rate(1.0).key), make, share(_ALL_RATES_SECONDS))
    return found


def conditions(task: Task) -> Conditioning:
    """Return a fit's curvatures at the end of the run, as it is and standardized."""
    return _of_run("conditions", task, lambda done: conditioning(task.problem.objective, done.thetas[-1]))


def window(task: Task) -> Window:
    """Return the drawn box: see :func:`gdviz.scenes.window`."""
    start = task.experiment.start
    if all(low <= x <= high for x, (low, high) in zip(start, task.problem.window, strict=True)):
        return task.problem.window
    found: Window = _remembered(("window", task.ground_key, start), lambda _: scenes.window(task), share(inf))
    return found


def points_of(task: Task, axes: int) -> int:
    """Return from how many points along each of one or two ``axes`` a picture of the objective is drawn."""
    return affordable_points(task.problem.objective, _DRAWN, axes)


def at_start(what: str, task: Task, axis: int, make: Callable[[], T]) -> T:
    """Return ``what`` is made of the objective along one parameter at the start: no rate and no epoch is in it."""
    return _remembered((what, task.ground_key, task.experiment.start, axis), lambda _: make(), share(inf))


def every_epoch(task: Task, box: Window) -> bytes:
    """Return the table of the task's run, for the player."""
    return _of_run(f"table {box}", task, lambda done: tables.every_epoch(done, box, task.problem.lowest))


def steered(task: Task, box: Window) -> bytes:
    """Return the table of a run that a hand steers. Not kept: the next turn makes another."""
    return tables.every_epoch(task.run(), box, task.problem.lowest)


def quick_runs(tasks: Sequence[Task], box: Window) -> bytes:
    """Return the tables of several runs of one problem, thinned; of long ones, their first epochs.

    Not kept: a hand passes by hundreds of them.
    """
    done = [task.run(deadline=_GLANCE / len(tasks)) for task in tasks]
    facts = [{"complete": run.stop_reason is not StopReason.DEADLINE} for run in done]
    return tables.thinned(done, facts, box, tasks[0].problem.lowest)


def quick_verdict(task: Task) -> dict[str, Any]:
    """Return the look and the sentence of what a hand sees in passing. Not kept either."""
    done = task.run(deadline=_GLANCE)
    if done.stop_reason is StopReason.DEADLINE:
        total = format_count(task.experiment.epochs, "epoch")
        return {"look": "info", "sentence": f"The first {done.epochs:,} of {total}; let go to see them all."}
    judged = task.verdict(done)
    return {"look": judged.kind.look, "sentence": judged.sentence}


class Remembered(scenes.Sources):
    """What the pages' pictures are computed from: all of it kept for a while, of a run as far as it has come."""

    def run(self, task: Task) -> Trajectory:
        return run(task)

    def predicted(self, task: Task) -> Envelope | None:
        return _of_run("envelope", task, lambda done: sources.predicted(task, done))

    def sharpness(self, task: Task) -> SharpnessRecord | None:
        return _of_run("sharpness", task, lambda done: sources.sharpness(task, done))

    def scores(self, task: Task) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        return _of_run("scores", task, lambda done: sources.scores(task, done))

    def slice_of(self, task: Task, box: Window, axes: tuple[int, int], at: tuple[float, ...]) -> Landscape:
        """Coarser where many rows make it dear."""
        objective, through = task.problem.objective, at if len(at) > 2 else None
        points = points_of(task, 2)
        found: Landscape = _remembered(
            ("slice", task.ground_key, box, axes, through),
            lambda _: landscape(objective, tuple(box[i] for i in axes), axes, through, points),
            share(inf),
        )
        return found

    def curve_of(self, task: Task, box: Window, axis: int = 0) -> Curve:
        """Coarser where many rows make it dear."""
        objective, start = task.problem.objective, task.experiment.start
        points = points_of(task, 1)
        found: Curve = _remembered(
            ("curve", task.ground_key, box[axis], axis, start),
            lambda _: curve(objective, box[axis], axis, start if len(start) > 1 else None, points),
            share(inf),
        )
        return found


def _run(key: str, task: Task, parts: float = _OF_THE_TIME) -> Trajectory:
    found: Trajectory = _remembered(
        ("run", key),
        lambda seconds: task.run(deadline=seconds),
        share(DEADLINE_SECONDS, parts),
        lambda run: run.stop_reason is StopReason.DEADLINE,
    )
    return found


def _of_run(what: str, task: Task, make: Callable[[Trajectory], T]) -> T:
    """Return what is made of the task's run, as far as it has come."""
    done = _done(task)
    return _remembered((what, task.key, done.epochs), lambda _: make(done), share(inf))


def _done(task: Task) -> Trajectory:
    """Return the run as it is remembered, cut short or not."""
    found: _Kept | None = _memory().find(("run", task.key))
    return run(task) if found is None or found.refusal is not None else found.value
