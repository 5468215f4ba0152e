"""What the pages compute, remembered for a while so that a rerun that changed nothing costs nothing.

Every cache is bounded in entries and time and keyed on the text of :attr:`Task.key`. Streamlit's own hashing would not
do: it only samples large arrays, so two tables that differ in one cell would count as equal, and it leaves out the
class of a dataclass within another, so Adam would count as NAdam.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from gdviz.comparisons import Contender, FairTerms, Sweep, sweep_of
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Task
from gdviz.fits import Conditioning, conditioning
from gdviz.landscapes import Curve, Landscape, Window
from gdviz.numerals import format_count
from gdviz.scenes import Sources
from gdviz.scenes import window as window
from gdviz.theory import Envelope, SharpnessRecord
from gdviz.ui.live import tables
from gdviz.ui.live.experiments import lowest
from gdviz.verdict import Kind, Verdict

Looks = Callable[[Kind | None], str]  # of a verdict: success, info, warning or error


class Remembered(Sources):
    """What the pages' pictures are computed from: all of it kept for a while."""

    def run(self, task: Task) -> Trajectory:
        return run(task)

    def predicted(self, task: Task) -> Envelope | None:
        return predicted(task)

    def sharpness(self, task: Task) -> SharpnessRecord | None:
        return sharpness(task)

    def scores(self, task: Task) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        return scores(task)

    def slice_of(self, task: Task, box: Window, axes: tuple[int, int], at: tuple[float, ...]) -> Landscape:
        return slice_of(task, box, axes, at)

    def curve_of(self, task: Task, box: Window, axis: int = 0) -> Curve:
        return curve_of(task, box, axis)


class _OfKeptRuns(Sources):
    """What is computed from a run, from the run that is kept."""

    def run(self, task: Task) -> Trajectory:
        return run(task)


_OF_KEPT_RUNS = _OfKeptRuns()
_HOUR = 3600
_GLANCE = 0.3  # seconds for what a hand sees in passing


def run(task: Task) -> Trajectory:
    """Return the run of ``task``; its arrays are shared and must not be written to."""
    return _run(task.key, task)


def verdict(task: Task) -> Verdict:
    """Return the verdict on the task's run."""
    return _verdict(task.key, task)


def swept(task: Task, contender: Contender, terms: FairTerms) -> Sweep:
    """Return the contender at every rate of the terms. Raises ValueError where it cannot run, or not in time."""
    same = replace(contender.at_rate(1.0), name="", color=0)  # none of these makes a difference
    ground = replace(task, experiment=Contender().of(replace(task.experiment, epochs=1)))
    return _swept(f"{ground.key} {same!r}", terms, ground, same)


def predicted(task: Task) -> Envelope | None:
    """Return the envelope that theory predicts for the task's run, None where it predicts none."""
    return _predicted(task.key, task)


def sharpness(task: Task) -> SharpnessRecord | None:
    """Return the sharpness along the task's run, None where second derivatives are too long."""
    return _sharpness(task.key, task)


def scores(task: Task) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return up to 120 epochs of a fit's run and R² at each."""
    return _scores(task.key, task)


def conditions(task: Task) -> Conditioning:
    """Return a fit's curvatures at the end of the run, as it is and standardized."""
    return _conditions(task.key, task)


def slice_of(task: Task, box: Window, axes: tuple[int, int], at: tuple[float, ...]) -> Landscape:
    """Return the landscape over two parameters, the others held at ``at``."""
    return _slice(task.ground_key, box, axes, at if len(at) > 2 else (0.0, 0.0), task)


def curve_of(task: Task, box: Window, axis: int = 0) -> Curve:
    """Return the objective along one parameter, the others held at the start."""
    return _curve(task.ground_key, box, axis, task.experiment.start, task)


def every_epoch(task: Task, box: Window) -> bytes:
    """Return the table of the task's run, for the player."""
    return _every_epoch(task.key, box, task)


def steered(task: Task, box: Window) -> bytes:
    """Return the table of a run that a hand steers. Not kept: the next turn makes another."""
    return tables.every_epoch(task.run(), box, lowest(task))


def glimpses(tasks: Sequence[Task], box: Window) -> bytes:
    """Return the tables of several runs of one problem, thinned; of long ones, their first epochs.

    Not kept: a hand passes by hundreds of them.
    """
    done = [task.run(deadline=_GLANCE / len(tasks)) for task in tasks]
    facts = [{"complete": run.stop_reason is not StopReason.DEADLINE} for run in done]
    return tables.thinned(done, facts, box, lowest(tasks[0]))


def glimpsed_verdict(task: Task, looks: Looks) -> dict[str, Any]:
    """Return the look and the sentence of what a hand sees in passing. Not kept either."""
    done = task.run(deadline=_GLANCE)
    if done.stop_reason is StopReason.DEADLINE:
        total = format_count(task.experiment.epochs, "epoch")
        return {"look": looks(None), "sentence": f"The first {done.epochs:,} of {total}; let go to see them all."}
    judged = task.verdict(done)
    return {"look": looks(judged.kind), "sentence": judged.sentence}


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _run(key: str, _task: Task) -> Trajectory:
    return _task.run()


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _verdict(key: str, _task: Task) -> Verdict:
    return _task.verdict(_run(key, _task))


@st.cache_resource(max_entries=16, ttl=_HOUR, show_spinner=False)
def _every_epoch(key: str, box: Window, _task: Task) -> bytes:
    return tables.every_epoch(_run(key, _task), box, lowest(_task))


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _swept(key: str, terms: FairTerms, _ground: Task, _contender: Contender) -> Sweep:
    return sweep_of(_ground, _contender, terms)


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _slice(key: str, box: Window, axes: tuple[int, int], at: tuple[float, ...], _task: Task) -> Landscape:
    return Sources().slice_of(_task, box, axes, at)


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _curve(key: str, box: Window, axis: int, at: tuple[float, ...], _task: Task) -> Curve:
    return Sources().curve_of(_task, box, axis)


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _predicted(key: str, _task: Task) -> Envelope | None:
    return _OF_KEPT_RUNS.predicted(_task)


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _sharpness(key: str, _task: Task) -> SharpnessRecord | None:
    return _OF_KEPT_RUNS.sharpness(_task)


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _scores(key: str, _task: Task) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    return _OF_KEPT_RUNS.scores(_task)


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _conditions(key: str, _task: Task) -> Conditioning:
    return conditioning(_task.problem.objective, _run(key, _task).thetas[-1])
