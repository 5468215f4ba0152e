"""A map a band of rows at a time, as zooming needs it: for the browser in bounded time, and for films of a dive.

Nothing is kept of a band. Who asks has all of them, colors them and counts them; so an answer is a byte and a number
for each pixel, and a question that is overtaken costs one band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.codes.llvm import Reason
from gdviz.experiments import Task
from gdviz.figures.map_colors import (
    ASIDE,
    DIVERGED_HUE,
    FATE_HUES,
    FATE_MARKS,
    FATE_WORDS,
    FATES,
    RAN_OUT_HUE,
    letter,
    main_hue,
)
from gdviz.maps.axes import Axis
from gdviz.maps.basins import DIVERGED, BasinsJob, basins, basins_job
from gdviz.maps.descents import Common, Job
from gdviz.maps.end_points import Cells, Limits, Measure, limits_of
from gdviz.maps.folder import Tile
from gdviz.maps.saved import Map
from gdviz.maps.trainability import trainability, trainability_job
from gdviz.numerals import format_number

Kinds = NDArray[np.uint8]
Measures = NDArray[np.uint16]

SIDES = (64, 128, 256, 512)  # from coarse to fine
_BAND_SECONDS = 0.08
_ROW_SECONDS = 0.6  # a row that takes longer is refused: it could not be overtaken
_MAP_SECONDS = 90.0
_MOST_LIMITS = 250
_FLAT = "flat"

RAN_OUT_KIND, DIVERGED_KIND, FIRST_LIMIT = 1, 2, 3  # of a basin's pixel; 0 is not known yet


@dataclass(frozen=True)
class Met:
    """A limit that a map has met, and its color."""

    point: tuple[float, ...]
    kind: str
    hue: str

    @property
    def words(self) -> str:
        if self.kind == _FLAT:
            return "flat ground"
        return f"{self.kind} ({', '.join(format_number(x, 4) for x in self.point)})"

    def is_at(self, point: tuple[float, ...], kind: str, near: Measure) -> bool:
        """All flat ground is one limit."""
        if kind != self.kind or kind == _FLAT:
            return kind == self.kind
        return bool((np.abs(np.subtract(point, self.point)) <= 1e-4 * np.maximum(near.scale, np.abs(point))).all())


class Known:
    """The limits that a visitor's map has met, in the order in which it did: their places and colors stay the same from
    view to view and while the learning rate is dragged."""

    def __init__(self) -> None:
        self.met: list[Met] = []
        self._meeting = Lock()  # the page's script and its questions come from two threads

    def place(self, point: tuple[float, ...], kind: str, near: Measure) -> int:
        """Return the place of a limit, a new one if it was not met before."""
        with self._meeting:
            for k, one in enumerate(self.met):
                if one.is_at(point, kind, near):
                    return k
            if len(self.met) >= _MOST_LIMITS:
                return _MOST_LIMITS - 1
            strong = kind in ("minimum", _FLAT) or all(one.kind != "minimum" for one in self.met)
            count = sum((one.hue in ASIDE) != strong for one in self.met)
            self.met.append(Met(point, kind, main_hue(count) if strong else ASIDE[count % len(ASIDE)]))
            return len(self.met) - 1

    def marks(self, places: tuple[int, int]) -> list[dict[str, Any]]:
        """Return what the browser draws of each, ``places`` being those of the axes among the parameters."""
        return [
            {"letter": letter(k), "kind": one.kind, "at": [one.point[place] for place in places]}
            for k, one in enumerate(tuple(self.met))
        ]


@dataclass(frozen=True)
class TaskMap:
    """The map of a ``task`` over two axes, ``kind`` being ``"basins"`` or ``"trainability"``."""

    kind: str
    task: Task
    axes: tuple[Axis, Axis]

    def over(self, axes: tuple[Axis, Axis], w: int, h: int) -> Job:
        """Return the job of this map over other ends of its axes. Raises ValueError for what makes no map."""
        e, objective = self.task.experiment, self.task.descended
        common = Common(objective, self.task.start, e.learning_rate, e.epochs, e.optimizer, e.tolerance)
        if self.kind == "basins":
            window = ((axes[0].low, axes[0].high), (axes[1].low, axes[1].high))
            return basins_job(common, window, (h, w), (axes[0].name, axes[1].name))
        return trainability_job(common, axes, (h, w))

    def whole(self, shape: tuple[int, int], **how: Any) -> Map:
        """Return the map of ``shape`` (h, w); ``how`` it is computed is said as to :func:`gdviz.basins`."""
        e, objective = self.task.experiment, self.task.descended
        how |= {
            "shape": shape, "start": self.task.start, "learning_rate": e.learning_rate, "epochs": e.epochs,
            "optimizer": e.optimizer, "tolerance": e.tolerance,
        }  # fmt: skip
        x, y = self.axes
        if self.kind == "trainability":
            return trainability(objective, x=x, y=y, **how)
        window = ((x.low, x.high), (y.low, y.high))
        return basins(objective, window, variables=(x.name, y.name), minima=self.task.problem.minima, **how)

    def known(self, whole: tuple[Axis, Axis]) -> Known:
        """Return the limits that are known before anything is computed: the problem's minima."""
        found, job = Known(), self.over(whole, 2, 2)
        if isinstance(job, BasinsJob):
            for point, _ in self.task.problem.minima:
                found.place(tuple(point), "minimum", job.near)
        return found

    def finest(self) -> int:
        """Return the most pixels of a side that can be had in bounded time. Raises ValueError if there are none."""
        seconds = self.over(self.axes, 2, 2).seconds
        fine = [side for side in SIDES if seconds * side**2 <= _MAP_SECONDS and seconds * side <= _ROW_SECONDS]
        if not fine:
            raise ValueError(
                "A map of these runs would take too long: choose fewer epochs, or an optimizer that is not a search."
            )
        return fine[-1]

    def band(self, axes: tuple[Axis, Axis], side: int, first: int, known: Known) -> tuple[dict[str, Any], bytes]:
        """Return what a band of rows from ``first`` on shows, as many as the time allows: a byte of its kind for each
        pixel, then two of how long it took, in ranks' order."""
        job = self.over(axes, side, side)
        if job.seconds * side > _ROW_SECONDS:
            raise ValueError("too long")
        rows = max(1, int(_BAND_SECONDS / max(job.seconds * side, 1e-9)))  # if none of them ends early
        begun, stop, parts = perf_counter(), first, []
        while rows:
            begin, stop = stop, min(stop + rows, side)
            parts.append(self.rows(job, begin, stop, known))
            taken = perf_counter() - begun
            rows = int((stop - first) * (_BAND_SECONDS / taken - 1)) if taken < _BAND_SECONDS / 2 and stop < side else 0
        kinds, measures = (np.concatenate(some) for some in zip(*parts, strict=True))
        return {"side": side, "first": first, "stop": stop}, kinds.tobytes() + measures.tobytes()

    def rows(self, job: Job, first: int, stop: int, known: Known) -> tuple[Kinds, Measures]:
        """Return the kinds and the measures (rows, w) of rows of a map made by :meth:`over`: a kind's color is that of
        ``hues``, and its shade follows the measure."""
        w = job.descents.grid.shape[1]
        tile = job.tile(first * w, stop * w, None, lambda: True)
        assert tile is not None
        kinds, measures = _of_basins(job, tile, known) if isinstance(job, BasinsJob) else _of_trainability(job, tile)
        return kinds.reshape(stop - first, w), measures.reshape(stop - first, w)


def _of_basins(job: BasinsJob, tile: Tile, known: Known) -> tuple[Kinds, Measures]:
    cells = Cells(tile["centers"], tile["firsts"], tile["ends"], tile["level"])
    limits: Limits = limits_of(job.objective, cells, job.near)
    places = [
        known.place(tuple(point), str(kind), job.near)
        for point, kind in zip(limits.points.tolist(), limits.kinds, strict=True)
    ]
    table = np.array([FIRST_LIMIT + place for place in places] or [0], dtype=np.uint8)
    cell = tile["cell"]
    of_cell = table[limits.of_cell[np.maximum(cell, 0)]] if len(limits.of_cell) else np.zeros(len(cell), np.uint8)
    lost = np.where(cell == DIVERGED, DIVERGED_KIND, RAN_OUT_KIND).astype(np.uint8)
    return np.where(cell >= 0, of_cell, lost), np.minimum(tile["epochs"], 65_535).astype(np.uint16)


def _of_trainability(job: Any, tile: Tile) -> tuple[Kinds, Measures]:
    values, reasons = tile["values"], tile["reasons"]
    with np.errstate(invalid="ignore"):
        fate = np.where(values <= job.ceiling, 2, 3).astype(np.uint8)
    fate[reasons == Reason.CONVERGED] = 1
    fate[reasons == Reason.DIVERGED] = 4
    by_value = (fate == 2) | (fate == 3)
    measure = np.where(by_value, _in_order(values), np.minimum(tile["epochs"], 65_535))
    return fate, measure.astype(np.uint16)


def _in_order(values: NDArray[np.float64]) -> NDArray[np.uint16]:
    """Return the leading 16 bits of float32s, in the order of their numbers; nan is above all."""
    with np.errstate(over="ignore"):
        bits = np.where(np.isnan(values), np.inf, values).astype(np.float32).view(np.uint32)
    return (np.where(bits >> 31, ~bits, bits | 0x80000000) >> 16).astype(np.uint16)


def hues(kind: str, known: Known) -> list[str]:
    """Return the color of each kind of pixel from 1 on."""
    if kind == "basins":
        return [RAN_OUT_HUE, DIVERGED_HUE, *(one.hue for one in tuple(known.met))]
    return [FATE_HUES[name] for name in FATES]


def words(kind: str, known: Known) -> Sequence[str]:
    """Return what each kind of pixel means, from 1 on."""
    if kind == "basins":
        limits = [f"{letter(k)}: {one.words}" for k, one in enumerate(tuple(known.met))]
        return ["did not come to rest", "diverged", *limits]
    return [FATE_WORDS[name] for name in FATES]


def marked_kinds(kind: str) -> dict[str, int]:
    """Return which places in :func:`hues` are dotted and hatched, for those who see no hues."""
    return {"dotted": RAN_OUT_KIND - 1, "hatched": DIVERGED_KIND - 1} if kind == "basins" else FATE_MARKS
