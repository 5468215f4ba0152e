"""The visitor's own training run: it stays in the session, and is in no link."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from gdviz import pacing
from gdviz.comparisons import Result
from gdviz.experiments import Task
from gdviz.scenes import TrainingScene, Unmatched, beside_contenders
from gdviz.training import ReadingLimits, TrainingError, TrainingRun, read_training
from gdviz.ui.server.change import FILE_SECONDS
from gdviz.ui.session import compute

PAGE = "training"  # the last part of its page's address

_RUN = "_training"
_WRONG = "_training_wrong"
_SCENE = "_training_scene"
_LIMITS = ReadingLimits(5 * 2**20, 16 * 2**20, 2e10)  # of what one visitor may bring to a server of many


@dataclass(frozen=True, eq=False)
class Brought:
    """A training run and the name of its file."""

    name: str
    run: TrainingRun


def bring(name: str, data: bytes) -> bool:
    """Read a file and keep its run; return whether it is one, else :func:`mistake` says why not."""
    st.session_state[_WRONG] = ""
    try:
        with pacing.extra(FILE_SECONDS):
            st.session_state[_RUN] = Brought(name, read_training(data, _LIMITS))
    except TrainingError as error:
        st.session_state[_WRONG] = f"{name}: {error}"
    except pacing.OutOfTime:
        st.session_state[_WRONG] = f"{name}: it takes too long to read: save fewer epochs or parameters."
    return not st.session_state[_WRONG]


def mistake() -> str:
    """What was wrong with the last file, empty if nothing."""
    return str(st.session_state.get(_WRONG) or "")


def brought() -> Brought | None:
    """The run that the visitor brought, if any."""
    found: Brought | None = st.session_state.get(_RUN)
    return found


def forget() -> None:
    """Let the run go."""
    for key in (_RUN, _WRONG, _SCENE):
        st.session_state.pop(key, None)


def scene_of(found: Brought, task: Task, beside: bool) -> TrainingScene:
    """Return the run's pictures: over the page's function where that has as many parameters, with the page's own run
    ``beside`` it if that is wanted."""
    key = (id(found), task.key, beside)
    kept = st.session_state.get(_SCENE)
    if kept is None or kept[0] != key:
        try:
            scene = TrainingScene(found.run, task, compute.run(task) if beside else None)
        except Unmatched:
            scene = TrainingScene(found.run)
        st.session_state[_SCENE] = kept = (key, scene)
    found_scene: TrainingScene = kept[1]
    return found_scene


def result_beside(task: Task, color: int) -> Result | None:
    """The visitor's run as one more result of a comparison; None where there is none on this function."""
    found = brought()
    if found is None or found.run.in_order(task.problem.variables) is None:
        return None
    return beside_contenders(found.run, task, color)
