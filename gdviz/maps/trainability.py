"""Trainability: for which settings a descent gets anywhere, over two axes, and how rough the boundary is.

Sources: Sohl-Dickstein, "The boundary of neural network trainability is fractal", arXiv:2402.06184 (2024); Liu,
"Complex fractal trainability boundary can arise from trivial non-convexity", arXiv:2406.13971 (2024).
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array, Flags
from gdviz.codes.llvm import Reason
from gdviz.codes.native_batch import Ends
from gdviz.descent import DEFAULT_TOLERANCE
from gdviz.descent.plans import STOP_REASONS, GoOn
from gdviz.descent.recorded import Engine
from gdviz.learning_rates import LearningRate
from gdviz.maps.axes import Axis, Grid, changeable, read_axis, read_shape
from gdviz.maps.descents import Common, Job, descents
from gdviz.maps.dimension import BoxCounts, box_counts
from gdviz.maps.folder import Tile
from gdviz.maps.tiles import Progress, everything
from gdviz.maps.usual_axes import setting_axis
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, make_optimizer


@dataclass(frozen=True, eq=False)
class Trainability:
    """How descents ended over a grid of settings.

    ``x`` (w,) and ``y`` (h,) are the settings along the axes ``axes``. ``stop_reasons`` (h, w) of
    :class:`gdviz.StopReason`, ``epochs`` (h, w) int32 and ``values`` (h, w) are those of the descent at (x[i], y[j]).
    ``trained`` (h, w): whether it stayed bounded, ending no higher than ``ceiling``, the highest value at any of the
    map's starts. ``boxes`` counts the boundary between those that did and those that did not.
    """

    x: Array
    y: Array
    stop_reasons: NDArray[Any]
    epochs: NDArray[np.int32]
    values: Array
    trained: Flags
    ceiling: float
    boxes: BoxCounts
    axes: tuple[Axis, Axis]

    @property
    def dimension(self) -> float:
        """The box-counting dimension of the boundary: 1 for a smooth curve, towards 2 the more it fills the map; nan
        where there is no boundary, or too little of it (:class:`BoxCounts`)."""
        return self.boxes.dimension


def trainability(
    objective: Objective,
    start: ArrayLike | None = None,
    x: Any = ("learning_rate", 1e-4, 1.0, "log"),
    y: Any = None,
    shape: tuple[int, int] = (512, 512),
    epochs: int = 500,
    optimizer: str | Optimizer = "momentum",
    executor: Executor | None = None,
    folder: str | PathLike[str] | None = None,
    *,
    learning_rate: float | LearningRate = 0.01,
    tolerance: float = DEFAULT_TOLERANCE,
    engine: Engine = None,
    progress: Progress | None = None,
    go_on: GoOn | None = None,
    **hyperparameters: float,
) -> Trainability:
    """Descend at each point of a grid of settings and say how each descent ended.

    ``x`` and ``y`` are (name, low, high) or (name, low, high, "log"), both ends included; a name is ``learning_rate``,
    a variable of the objective (that coordinate of the start) or a hyper-parameter of the optimizer. ``shape`` is
    (h, w). ``y`` left out is the optimizer's first hyper-parameter, around its default. ``start`` (n,) may be left out
    where both axes together set all of it; ``learning_rate`` counts where it is on no axis. ``executor``, ``folder``,
    ``progress`` and ``go_on`` are as in :func:`gdviz.basins`.

    A descent that diverges slowly need not overflow within the epochs, so trained means bounded, as in the sources: it
    ends no higher than the highest of the map's starts. Raises ValueError, in words, for what makes no sense.
    """
    axes = read_axis(x, "x"), read_axis(_second(optimizer, hyperparameters) if y is None else y, "y")
    common = Common(objective, start, learning_rate, epochs, optimizer, tolerance, engine, hyperparameters)
    job = trainability_job(common, axes, shape)
    grid = job.descents.grid
    found = everything(job, executor=executor, folder=folder, progress=progress, go_on=go_on)
    values, reasons = (found[name].reshape(grid.shape) for name in ("values", "reasons"))
    trained = (reasons != Reason.DIVERGED) & (values <= job.ceiling)
    return Trainability(
        grid.x, grid.y, STOP_REASONS[reasons], found["epochs"].reshape(grid.shape), values, trained, job.ceiling,
        box_counts(trained), axes,
    )  # fmt: skip


def _second(optimizer: str | Optimizer, hyperparameters: Mapping[str, float]) -> Axis:
    """Return the axis upwards where none is named."""
    made = make_optimizer(optimizer, **hyperparameters)
    own = changeable(made)
    if not own:
        raise ValueError(f"{made.title} has no setting to go upwards: name the axis y, such as y=('x', -2, 2).")
    return setting_axis(own[0], made)


def trainability_job(common: Common, axes: tuple[Axis, Axis], shape: Any) -> TrainabilityJob:
    """Return what the tiles of :func:`trainability` are computed from; raises as that does."""
    ready = descents(common, axes, read_shape(shape))
    return TrainabilityJob(ready, highest_start(common.objective, ready.grid))


def highest_start(objective: Objective, grid: Grid) -> float:
    """Return the highest finite value at any start of the grid; inf if there is none."""
    base = grid.base[: grid.n]
    on = [(place, line) for place, line in ((grid.x_place, grid.x), (grid.y_place, grid.y)) if place < grid.n]
    highest = -np.inf
    rows = on[1][1] if len(on) == 2 else base[:1]
    for row in rows:  # a row of the map at a time
        points = np.repeat(base[None], len(on[0][1]) if on else 1, axis=0)
        if len(on) == 2:
            points[:, on[1][0]] = row
        if on:
            points[:, on[0][0]] = on[0][1]
        with np.errstate(all="ignore"):
            values = np.asarray(objective.value(points), dtype=float)
        highest = max(highest, float(np.max(values, where=np.isfinite(values), initial=-np.inf)))
    return highest if np.isfinite(highest) else np.inf


@dataclass(frozen=True, eq=False)
class TrainabilityJob(Job):
    """What a tile is computed from; ``ceiling`` is the highest value at any start."""

    ceiling: float

    kind = "trainability"

    def kept_of(self, ends: Ends, first: int) -> Tile:
        """Return the ``reasons`` (M,), places in STOP_REASONS, ``epochs`` (M,) and ``values`` (M,)."""
        return {"reasons": ends.reasons.astype(np.int8), "epochs": ends.epochs.astype(np.int32), "values": ends.values}
