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
from gdviz.experiments import Problem, Task
from gdviz.fits import Conditioning, conditioning
from gdviz.ladder import first_epochs, ladder, ladder_rates
from gdviz.landscapes import Curve, Landscape, Window
from gdviz.scenes import Sources
from gdviz.scenes import window as window
from gdviz.theory import Envelope, SharpnessRecord
from gdviz.ui.player.reel import film, strip
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


def film_of(task: Task, box: Window) -> bytes:
    """Return the reel of the task's run, for the player."""
    return _film(task.key, box, task)


def drive_of(task: Task, box: Window) -> bytes:
    """Return the reel of a run that a hand steers. Not kept: the next turn makes another."""
    return film(task.run(), box, _minimum(task.problem))


def ladder_of(task: Task, box: Window, ends: tuple[float, float], looks: Looks) -> Any:
    """Return the reel of the task at the rates between ``ends``, None where there is none."""
    anywhere = task.at_rate(1.0)
    return _ladder(anywhere.key, box, ends, anywhere, looks)


def rung_of(task: Task, box: Window, looks: Looks) -> bytes:
    """Return the reel of one run, thinned, with its verdict; of a long one, its first epochs.

    Not kept: a hand passes by hundreds of them.
    """
    done = task.run(deadline=_GLANCE)
    complete = done.stop_reason is not StopReason.DEADLINE
    if complete:
        judged = task.verdict(done)
        look, sentence = looks(judged.kind), judged.sentence
    else:
        look, sentence = looks(None), first_epochs(done, task.experiment.epochs)
    words = {"rate": task.experiment.eta, "complete": complete, "look": look, "sentence": sentence}
    return strip([done], [words], box, _minimum(task.problem))


def rungs_of(tasks: Sequence[Task], box: Window) -> bytes:
    """Return the reel of several runs of one problem, thinned, without words. Not kept either."""
    done = [task.run(deadline=_GLANCE / len(tasks)) for task in tasks]
    words = [{"complete": run.stop_reason is not StopReason.DEADLINE} for run in done]
    return strip(done, words, box, _minimum(tasks[0].problem))


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _run(key: str, _task: Task) -> Trajectory:
    return _task.run()


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _verdict(key: str, _task: Task) -> Verdict:
    return _task.verdict(_run(key, _task))


@st.cache_resource(max_entries=16, ttl=_HOUR, show_spinner=False)
def _film(key: str, box: Window, _task: Task) -> bytes:
    return film(_run(key, _task), box, _minimum(_task.problem))


@st.cache_resource(max_entries=16, ttl=_HOUR, show_spinner=False)
def _ladder(key: str, box: Window, ends: tuple[float, float], _task: Task, _looks: Looks) -> bytes | None:
    found = ladder(_task, ladder_rates(*ends))
    if found is None:
        return None
    words = [
        {"rate": r.rate, "epochs": r.run.epochs, "complete": r.complete, "look": _looks(r.kind), "sentence": r.sentence}
        for r in found.rungs
    ]
    return strip([r.run for r in found.rungs], words, box, _minimum(_task.problem))


def _minimum(problem: Problem) -> float | None:
    """The least known value."""
    return min((value for _, value in problem.minima), default=None)


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
