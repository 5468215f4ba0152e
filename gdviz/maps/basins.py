"""Basins of attraction: which limit a descent goes to from each point of a grid of starts."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array
from gdviz.codes.llvm import Reason
from gdviz.codes.native_batch import Ends
from gdviz.descent import DEFAULT_TOLERANCE
from gdviz.descent.checks import check_objective
from gdviz.descent.plans import GoOn, fresh
from gdviz.descent.recorded import Engine
from gdviz.learning_rates import LearningRate
from gdviz.maps.axes import Axis, read_shape
from gdviz.maps.descents import Common, Job, descents
from gdviz.maps.end_points import Cells, Limits, Measure, cells_of, limits_of, measure
from gdviz.maps.folder import Tile
from gdviz.maps.tiles import Progress, tiles_of
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer

DIVERGED, RAN_OUT = -1, -2
_MATCHED = 1e-3  # of the parameters' scale: published minima have six digits or so


@dataclass(frozen=True, eq=False)
class Basins:
    """Where descents from a grid of starts came to rest.

    ``x`` (w,) and ``y`` (h,) are the starts' coordinates in the parameters ``variables``. ``reached`` (h, w), int32:
    the place in ``points`` of the limit reached from (x[i], y[j]); -1 where the descent diverged, -2 where it ran out
    of epochs or found no step. ``epochs`` (h, w), int32: how many it took. ``points`` (m, n): the limits, minima first,
    ``kinds`` (m,): minimum, saddle or maximum, as the Hessian says, and flat where a curvature is zero or the gradient
    fades away without a stationary point near by; such a valley or plateau is one limit. ``shares`` (m,): the part of
    all starts that reached each, from 0 to 1. ``known`` (m,): which of the minima that were given it is, -1 for none.
    """

    x: Array
    y: Array
    reached: NDArray[np.int32]
    epochs: NDArray[np.int32]
    points: Array
    kinds: NDArray[np.str_]
    shares: Array
    known: NDArray[np.int64]
    variables: tuple[str, str]

    @property
    def share_errors(self) -> Array:
        """The counting error of each share (m,): the square root of share·(1 - share) over the number of starts."""
        return share_errors(self.shares, self.reached.size)

    @property
    def diverged(self) -> float:
        """The part of all starts that diverged."""
        return float(np.mean(self.reached == DIVERGED))

    @property
    def ran_out(self) -> float:
        """The part of all starts that ran out of epochs, or found no step."""
        return float(np.mean(self.reached == RAN_OUT))


def share_errors(shares: ArrayLike, count: int) -> Array:
    """Return the standard error of a share counted among ``count`` members (binomial)."""
    p = np.asarray(shares, dtype=float)
    return np.asarray(np.sqrt(p * (1 - p) / count))


def basins(
    objective: Objective,
    window: Sequence[Sequence[float]],
    shape: tuple[int, int] = (512, 512),
    learning_rate: float | LearningRate = 0.01,
    epochs: int = 1000,
    optimizer: str | Optimizer = "gd",
    executor: Executor | None = None,
    folder: str | PathLike[str] | None = None,
    *,
    variables: Sequence[str] | None = None,
    start: ArrayLike | None = None,
    minima: Sequence[tuple[Sequence[float], float]] = (),
    tolerance: float = DEFAULT_TOLERANCE,
    engine: Engine = None,
    progress: Progress | None = None,
    go_on: GoOn | None = None,
    **hyperparameters: float,
) -> Basins:
    """Descend from each point of a grid of starts and say which limit each reaches.

    ``window`` is ((x0, x1), (y0, y1)), both ends included, ``shape`` (h, w). ``variables`` are the two parameters on
    the axes, the first two if None; the others begin at ``start`` (n,). ``minima`` are known (point, value) pairs that
    the limits are matched with. ``executor`` is any of :mod:`concurrent.futures`, or Dask's
    ``Client.get_executor(pure=False)``; without one all processors of this computer are used. With ``folder`` each tile
    is kept in a file, and a map that was interrupted goes on from there. The result is the same to the bit in every
    case. ``progress(done, count)`` is called after each tile, ``go_on()`` every 20 ms or so: once it says no,
    :class:`gdviz.maps.MapCanceled` is raised.

    Each descent is that of :func:`gdviz.descend`, and converged as there, so a limit is where the gradient stays at
    most ``tolerance``. Descents that hover about a minimum without settling, as at a kink, have run out. Raises
    ValueError, in words, for arguments that make no sense and for a ``folder`` of another map.
    """
    common = Common(objective, start, learning_rate, epochs, optimizer, tolerance, engine, hyperparameters)
    job = basins_job(common, window, shape, variables)
    grid = job.descents.grid
    reached, taken = np.empty(grid.count, dtype=np.int32), np.empty(grid.count, dtype=np.int32)
    parts: list[tuple[slice, Cells]] = []
    for span, tile in tiles_of(job, executor, folder, progress, go_on):
        reached[span], taken[span] = tile["cell"], tile["epochs"]
        parts.append((span, Cells(tile["centers"], tile["firsts"], tile["ends"], tile["level"])))
    limits = _gather(job, reached, parts)
    counts = np.bincount(reached[reached >= 0], minlength=len(limits.points))
    known = _matched(limits.points, minima, job.near.scale)
    named = (objective.variables[grid.x_place], objective.variables[grid.y_place])
    return Basins(
        grid.x, grid.y, reached.reshape(grid.shape), taken.reshape(grid.shape),
        limits.points.reshape(-1, len(objective.variables)), limits.kinds, counts / grid.count, known, named,
    )  # fmt: skip


def _gather(job: BasinsJob, reached: NDArray[np.int32], parts: list[tuple[slice, Cells]]) -> Limits:
    """Return the limits that the cells of all tiles lie at, and put them in the places of the cells in ``reached``."""
    parts = sorted(parts, key=lambda part: part[0].start)
    cells, which = Cells.joined([part for _, part in parts])
    limits = limits_of(job.objective, cells, job.near)
    begin = 0
    for span, part in parts:
        end = begin + len(part.centers)
        limit = np.append(limits.of_cell[which[begin:end]], [RAN_OUT, DIVERGED]).astype(np.int32)
        reached[span] = limit[reached[span]]  # from behind, RAN_OUT and DIVERGED are themselves
        begin = end
    return limits


def basins_job(common: Common, window: Any, shape: Any, variables: Any) -> BasinsJob:
    """Return what the tiles of :func:`basins` are computed from; raises as that does."""
    axes = _window_axes(window, _two(common.objective, variables))
    h, w = read_shape(shape)
    ready = descents(common, axes, (h, w))
    places = (ready.grid.x_place, ready.grid.y_place)
    edges = [
        (place, axis.low, axis.high, (axis.high - axis.low) / max(1, count - 1))
        for place, axis, count in zip(places, axes, (w, h), strict=True)
    ]
    return BasinsJob(ready, fresh(common.objective), measure(ready.grid.base[: ready.grid.n], edges))


def _two(objective: Objective, variables: Any) -> tuple[str, str]:
    check_objective(objective)
    there = tuple(objective.variables)
    if variables is None and len(there) < 2:
        raise ValueError(
            f"Basins are a map of two parameters, and this function has only {', '.join(there) or 'none'}: a map of "
            "learning rate and start is gdviz.trainability."
        )
    names = tuple(there[:2] if variables is None else variables)
    unknown = [name for name in names if name not in there]
    if len(names) != 2 or len(set(names)) != 2 or unknown:
        raise ValueError(f"variables is {variables!r}; it must be two different ones of {', '.join(there)}.")
    return names[0], names[1]


def _window_axes(window: Any, names: tuple[str, str]) -> tuple[Axis, Axis]:
    try:
        (x0, x1), (y0, y1) = window
        x0, x1, y0, y1 = map(float, (x0, x1, y0, y1))
    except (TypeError, ValueError):
        raise ValueError(f"window is {window!r}; it must be ((x0, x1), (y0, y1)).") from None
    return Axis(names[0], x0, x1), Axis(names[1], y0, y1)


def _matched(points: Array, minima: Any, scale: Array) -> NDArray[np.int64]:
    """Return which of the known minima each point is, -1 for none."""
    known = np.full(len(points), -1, dtype=np.int64)
    for k, (place, _) in enumerate(minima):
        near = _MATCHED * np.maximum(scale, np.abs(np.asarray(place, dtype=float)))
        known[(np.abs(points - np.asarray(place, dtype=float)) <= near).all(axis=1)] = k
    return known


@dataclass(frozen=True, eq=False)
class BasinsJob(Job):
    """What a tile of basins is computed from."""

    objective: Objective
    near: Measure

    kind = "basins"

    def kept_of(self, ends: Ends, first: int) -> Tile:
        """Return the ``cell`` of each member (M,), its ``epochs`` (M,), and the cells as :class:`Cells` has them."""
        rested = np.flatnonzero(ends.reasons == Reason.CONVERGED)
        cell = np.where(ends.reasons == Reason.DIVERGED, DIVERGED, RAN_OUT).astype(np.int32)
        places = ends.thetas[:, rested] if len(rested) < len(cell) else ends.thetas
        cells, cell[rested] = cells_of(self.objective, places, rested + first, self.near)
        return {
            "cell": cell, "epochs": ends.epochs.astype(np.int32), "centers": cells.centers, "firsts": cells.firsts,
            "ends": cells.ends, "level": cells.level,
        }  # fmt: skip
