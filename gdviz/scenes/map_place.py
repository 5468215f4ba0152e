"""A place of a map: the task whose run it stands for, and what there is to say and to draw of that run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Task
from gdviz.maps.axes import RATE
from gdviz.numerals import format_count, format_number

_GLANCE = 0.2  # seconds for the run
_SHOWN = 160  # points of its curve and its path
_FARTHEST = 1e12  # coordinates that a browser can still draw
_ENDS = {
    StopReason.EPOCHS: "runs out of epochs", StopReason.CONVERGED: "comes to rest", StopReason.DIVERGED: "diverges",
    StopReason.STALLED: "finds no step", StopReason.DEADLINE: "goes on",
}  # fmt: skip


def task_at(task: Task, names: tuple[str, str], x: float, y: float) -> Task:
    """Return the task at x, y of the axes ``names``. Raises ValueError where there is none."""
    start, own, rate = list(task.experiment.start), {}, task.experiment.eta
    for name, number in zip(names, (x, y), strict=True):
        if name == RATE:
            rate = number
        elif name in task.problem.variables:
            start[task.problem.variables.index(name)] = number
        else:
            own[name] = number
    if not (np.isfinite(start).all() and np.isfinite(rate) and rate > 0):
        raise ValueError("no run is there")
    e = task.experiment
    return task.changed(start=tuple(start), optimizer=replace(e.optimizer, **own)).at_rate(rate)


def description_at(task: Task, kind: str, names: tuple[str, str], x: float, y: float) -> dict[str, Any]:
    """Say how the run from a place ends, with its path where both axes are coordinates of it."""
    run = task_at(task, names, x, y).run(deadline=_GLANCE)
    place = ", ".join(f"{n.replace('_', ' ')} = {format_number(v, 4)}" for n, v in zip(names, (x, y), strict=True))
    rows = np.unique(np.linspace(0, run.epochs, _SHOWN).astype(int))
    path = _path(run, rows, [task.problem.variables.index(name) for name in names]) if kind == "basins" else None
    return {"lines": [place, _ending(run)], "curve": _curve(task, run, rows), "path": path}


def _curve(task: Task, run: Trajectory, rows: NDArray[np.intp]) -> list[float]:
    """How far above the lowest value the run is at ``rows``, in decades."""
    lowest = min([float(np.nanmin(run.values, initial=np.inf)), *[value for _, value in task.problem.minima]])
    size = max(abs(lowest), 1.0) * 1e-12
    with np.errstate(all="ignore"):
        curve = np.log10(np.maximum(run.values[rows] - lowest, 0) + size)
    return list(curve[np.isfinite(curve)].tolist())


def _path(run: Trajectory, rows: NDArray[np.intp], places: list[int]) -> list[list[float]]:
    """Where the run goes: its first epochs, and ``rows``."""
    first = np.unique(np.append(np.arange(min(run.epochs + 1, _SHOWN)), rows))
    thetas = np.clip(run.thetas[first][:, places], -_FARTHEST, _FARTHEST)
    return [thetas[:, 0].tolist(), thetas[:, 1].tolist()]


def _ending(run: Trajectory) -> str:
    where = ", ".join(format_number(float(x), 4) for x in run.thetas[-1])
    value = format_number(float(run.values[-1]), 4)
    return f"{_ENDS[run.stop_reason]} after {format_count(run.epochs, 'epoch')} at ({where}), f = {value}"
