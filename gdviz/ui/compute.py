"""What the pages compute, remembered for a while so that a rerun that changed nothing costs nothing.

Every cache is bounded in entries and time and keyed on the experiment itself and the digest of the visitor's own data:
Streamlit only samples large arrays when it hashes them, so two tables that differ in one cell would count as equal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from gdviz.comparisons import Contender, FairTerms, Sweep, sweep_of
from gdviz.datasets import Table
from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Experiment, Problem
from gdviz.experiments.fitting import FITTED_FIELDS
from gdviz.fits import Conditioning, conditioning, summarize
from gdviz.ladder import first_epochs, ladder, ladder_rates
from gdviz.landscapes import Curve, Landscape, Window, choose_window, curve, landscape
from gdviz.theory import Envelope, SharpnessRecord, envelope, sharpness_along
from gdviz.ui.player.reel import film, strip
from gdviz.verdict import Kind, Verdict

Looks = Callable[[Kind | None], str]  # of a verdict: success, info, warning or error

_HOUR = 3600
_GLANCE = 0.3  # seconds for what a hand sees in passing


def run(experiment: Experiment, table: Table | None) -> Trajectory:
    """Return the run of ``experiment``; its arrays are shared and must not be written to."""
    return _run(experiment, _digest(experiment, table), table)


def verdict(experiment: Experiment, table: Table | None) -> Verdict:
    """Return the verdict on the experiment's run."""
    return _verdict(experiment, _digest(experiment, table), table)


def swept(problem: Problem, experiment: Experiment, contender: Contender, terms: FairTerms) -> Sweep:
    """Return the contender at every rate of the terms. Raises ValueError where it cannot run, or not in time."""
    same = replace(contender, learning_rate=1.0, name="", color=0)  # none of these makes a difference
    ground = Contender().of(replace(experiment, epochs=1))
    return _swept(ground, _digest(experiment, problem.table), same, terms, problem.table)


def predicted(experiment: Experiment, problem: Problem, table: Table | None) -> Envelope | None:
    """Return the envelope that theory predicts for the experiment's run, None where it predicts none."""
    return _predicted(experiment, _digest(experiment, table), problem, table)


def sharpness(experiment: Experiment, problem: Problem, table: Table | None) -> SharpnessRecord | None:
    """Return the sharpness along the experiment's run, None where second derivatives are too long."""
    return _sharpness(experiment, _digest(experiment, table), problem, table)


def scores(
    experiment: Experiment, problem: Problem, table: Table | None
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return up to 120 epochs of a fit's run and R² at each."""
    return _scores(experiment, _digest(experiment, table), problem, table)


def conditions(experiment: Experiment, problem: Problem, table: Table | None) -> Conditioning:
    """Return a fit's curvatures at the end of the run, as it is and standardized."""
    return _conditions(experiment, _digest(experiment, table), problem, table)


def window(problem: Problem, experiment: Experiment, table: Table | None) -> Window:
    """Return the drawn box: the problem's own, or a wider one where the start lies outside of it.

    It does not depend on the learning rate, so the landscape stands still while the rate is dragged.
    """
    inside = all(low <= x <= high for x, (low, high) in zip(experiment.start, problem.window, strict=True))
    if inside:
        return problem.window
    wide = choose_window(problem.objective, experiment.start, [point for point, _ in problem.minima])
    return tuple((min(low, a), max(high, b)) for (low, high), (a, b) in zip(problem.window, wide, strict=True))


def slice_of(
    problem: Problem,
    experiment: Experiment,
    table: Table | None,
    box: Window,
    axes: tuple[int, int],
    at: tuple[float, ...],
) -> Landscape:
    """Return the landscape over two parameters, the others held at ``at``."""
    return _slice(_key(experiment, table), box, axes, at if len(at) > 2 else (0.0, 0.0), problem)


def curve_of(problem: Problem, experiment: Experiment, table: Table | None, box: Window, axis: int = 0) -> Curve:
    """Return the objective along one parameter, the others held at the start."""
    return _curve(_key(experiment, table), box[axis], axis, experiment.start, problem)


def film_of(experiment: Experiment, problem: Problem, box: Window) -> bytes:
    """Return the reel of the experiment's run, for the player."""
    return _film(experiment, _digest(experiment, problem.table), box, problem)


def drive_of(experiment: Experiment, problem: Problem, box: Window) -> bytes:
    """Return the reel of a run that a hand steers. Not kept: the next turn makes another."""
    return film(experiment.run(problem.table), box, _minimum(problem))


def ladder_of(experiment: Experiment, problem: Problem, box: Window, ends: tuple[float, float], looks: Looks) -> Any:
    """Return the reel of the experiment at the rates between ``ends``, None where there is none."""
    anywhere = replace(experiment, learning_rate=1.0)
    return _ladder(anywhere, _digest(experiment, problem.table), box, ends, problem, looks)


def rung_of(experiment: Experiment, problem: Problem, box: Window, looks: Looks) -> bytes:
    """Return the reel of one run, thinned, with its verdict; of a long one, its first epochs.

    Not kept: a hand passes by hundreds of them.
    """
    done = experiment.run(problem.table, deadline=_GLANCE)
    complete = done.stop_reason is not StopReason.DEADLINE
    if complete:
        judged = experiment.verdict(done, problem.table)
        look, sentence = looks(judged.kind), judged.sentence
    else:
        look, sentence = looks(None), first_epochs(done, experiment.epochs)
    words = {"rate": experiment.learning_rate, "complete": complete, "look": look, "sentence": sentence}
    return strip([done], [words], box, _minimum(problem))


def rungs_of(experiments: Sequence[Experiment], problem: Problem, box: Window) -> bytes:
    """Return the reel of several runs, thinned, without words. Not kept either."""
    done = [experiment.run(problem.table, deadline=_GLANCE / len(experiments)) for experiment in experiments]
    words = [{"complete": run.stop_reason is not StopReason.DEADLINE} for run in done]
    return strip(done, words, box, _minimum(problem))


def _digest(experiment: Experiment, table: Table | None) -> str:
    return table.digest if table is not None and experiment.data == "upload" else ""


def _key(experiment: Experiment, table: Table | None) -> tuple[Any, ...]:
    """What determines the objective."""
    named = ("objective", "formula", *FITTED_FIELDS)
    return (*(getattr(experiment, name) for name in named), _digest(experiment, table))


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _run(experiment: Experiment, digest: str, _table: Table | None) -> Trajectory:
    return experiment.run(_table)


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _verdict(experiment: Experiment, digest: str, _table: Table | None) -> Verdict:
    return experiment.verdict(_run(experiment, digest, _table), _table)


@st.cache_resource(max_entries=16, ttl=_HOUR, show_spinner=False)
def _film(experiment: Experiment, digest: str, box: Window, _problem: Problem) -> bytes:
    return film(_run(experiment, digest, _problem.table), box, _minimum(_problem))


@st.cache_resource(max_entries=16, ttl=_HOUR, show_spinner=False)
def _ladder(
    experiment: Experiment, digest: str, box: Window, ends: tuple[float, float], _problem: Problem, _looks: Looks
) -> bytes | None:
    found = ladder(experiment, ladder_rates(*ends), _problem.table)
    if found is None:
        return None
    words = [
        {"rate": r.rate, "epochs": r.run.epochs, "complete": r.complete, "look": _looks(r.kind), "sentence": r.sentence}
        for r in found.rungs
    ]
    return strip([r.run for r in found.rungs], words, box, _minimum(_problem))


def _minimum(problem: Problem) -> float | None:
    """The least known value."""
    return min((value for _, value in problem.minima), default=None)


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _swept(ground: Experiment, digest: str, contender: Contender, terms: FairTerms, _table: Table | None) -> Sweep:
    return sweep_of(ground, contender, terms, _table)


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _slice(key: tuple[Any, ...], box: Window, axes: tuple[int, int], at: tuple[float, ...], _problem: Any) -> Landscape:
    return landscape(_problem.objective, tuple(box[i] for i in axes), axes, at if len(_problem.variables) > 2 else None)


@st.cache_resource(max_entries=64, ttl=_HOUR, show_spinner=False)
def _curve(key: tuple[Any, ...], box: Any, axis: int, at: tuple[float, ...], _problem: Any) -> Curve:
    return curve(_problem.objective, box, axis, at if len(_problem.variables) > 1 else None)


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _predicted(experiment: Experiment, digest: str, _problem: Problem, _table: Table | None) -> Envelope | None:
    done = _run(experiment, digest, _table)
    return envelope(_problem.objective, done, experiment.method(), experiment.learning_rate)


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _sharpness(experiment: Experiment, digest: str, _problem: Problem, _table: Table | None) -> SharpnessRecord | None:
    done = _run(experiment, digest, _table)
    return sharpness_along(_problem.objective, done, experiment.method(), experiment.learning_rate)


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _scores(
    experiment: Experiment, digest: str, _problem: Problem, _table: Table | None
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    done = _run(experiment, digest, _table)
    # Close together at the start, where a fit improves fastest.
    epochs = np.unique(np.append(0, np.geomspace(1, max(1, done.epochs), 120).astype(int)))
    epochs = epochs[epochs <= done.epochs]
    return epochs, np.array([summarize(_problem.objective, theta).r_squared for theta in done.thetas[epochs]])


@st.cache_resource(max_entries=32, ttl=_HOUR, show_spinner=False)
def _conditions(experiment: Experiment, digest: str, _problem: Problem, _table: Table | None) -> Conditioning:
    return conditioning(_problem.objective, _run(experiment, digest, _table).thetas[-1])
