"""Where descents came to rest: end points gathered into limits, and what kind of stationary point each limit is.

Two descents that go to the same minimum end a little apart, by the tolerance divided by the curvature. So end points
are rounded to cells, each occupied cell is followed to the stationary point it lies at, and points nearer than a few
cells are one limit. All of this depends on which cells are occupied and never on the order in which members come.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array, Flags
from gdviz.formulas import FormulaError
from gdviz.objectives import Objective

Indices = NDArray[np.int64]

_CELL = 2.0**-20  # of the scale of a parameter, or of the point itself where that is larger
_NEAR = 4.0  # cells between neighbors of one limit
_FEW = 12  # cells that are looked for one after the other; beyond them a sort is quicker
_MANY = 64  # cells in a tile beyond which those on level ground are made larger
_NEWTON = 60  # steps to a stationary point, which is many only where the ground is level
_SETTLED = 0.02  # of the scale: a stationary point that far from the end point is another one
_LEVEL = 1e-13  # of the largest curvature
_FADED = 0.1  # of the curvature at the end point


@dataclass(frozen=True, eq=False)
class Measure:
    """What counts as near: the ``scale`` (n,) of each parameter, and ``reach`` (n,), the size of a cell on level
    ground, where every descent rests where it is."""

    scale: Array
    reach: Array


def measure(start: Array, edges: Sequence[tuple[int, float, float, float]]) -> Measure:
    """Return what is near on a map: ``edges`` are the place, low, high and pitch of each parameter on an axis.

    No parameter counts as a thousand times smaller than the largest, nor as below 0.001: a map of a tiny corner is of
    the same landscape.
    """
    size, pitches = np.abs(start), np.zeros(len(start))
    for place, low, high, pitch in edges:
        size[place], pitches[place] = max(abs(low), abs(high)), pitch
    scale = np.maximum(size, 1e-3 * max(1.0, float(size.max())))
    return Measure(scale, np.maximum(scale / 256, 2 * pitches))


@dataclass(frozen=True, eq=False)
class Cells:
    """The occupied cells of some end points: ``centers`` (k, n), ``firsts`` (k,) the number of the first member in
    each, ``ends`` (k, n) where that one came to rest, and whether the ground is ``level`` there (k,)."""

    centers: Array
    firsts: Indices
    ends: Array
    level: Flags

    @staticmethod
    def joined(parts: list[Cells]) -> tuple[Cells, Indices]:
        """Return the cells of all parts, each once, and which one each cell of the parts is."""
        centers = np.concatenate([part.centers for part in parts])
        firsts = np.concatenate([part.firsts for part in parts])
        unique, first, inverse = _unique_rows(centers, firsts)
        ends = np.concatenate([part.ends for part in parts])[first]
        return Cells(unique, firsts[first], ends, np.concatenate([part.level for part in parts])[first]), inverse


@dataclass(frozen=True, eq=False)
class Limits:
    """``points`` (m, n), ``kinds`` (m,) and the limit ``of_cell`` (k,) of each cell."""

    points: Array
    kinds: NDArray[np.str_]
    of_cell: Indices


def cells_of(objective: Objective, ends: Array, numbers: Indices, near: Measure) -> tuple[Cells, Indices]:
    """Return the cells of end points (n, m), and the cell of each; ``numbers`` (m,) are those of the members."""
    centers = np.array([_rounded(*pair) for pair in zip(ends, near.scale.tolist(), strict=True)])
    cell, places = _gathered(centers)
    found = Cells(centers[:, places].T, numbers[places], ends[:, places].T, np.zeros(len(places), dtype=bool))
    if len(places) <= _MANY:
        return found, cell
    settled = settle(objective, found.centers, near.scale)
    merged, again, of = _unique_rows(_where(settled.level, found.centers, near.reach, found.centers), found.firsts)
    return Cells(merged, found.firsts[again], found.ends[again], settled.level[again]), of[cell]


def limits_of(objective: Objective, cells: Cells, near: Measure) -> Limits:
    """Gather cells into limits: those that share a stationary point, and neighbors on level ground."""
    settled = settle(objective, cells.centers, near.scale)
    level = settled.level | cells.level
    size = _NEAR * _CELL * np.maximum(near.scale, np.abs(settled.points))
    labels = _components(
        _where(level, cells.centers, near.reach, settled.points), np.where(level[:, None], 1.5 * near.reach, size),
        level.astype(np.int64),
    )  # fmt: skip
    order = np.argsort(cells.firsts, kind="stable")
    _, first = np.unique(labels[order], return_index=True)
    rest = settle(objective, cells.ends[order[first]], near.scale)  # of the first member at each limit
    rounded = np.column_stack(
        [_rounded(*pair) for pair in zip(rest.points.T, near.scale.tolist(), strict=True)]
    ).tolist()
    ranked = sorted(range(len(first)), key=lambda i: (_RANKS[str(rest.kinds[i])], *rounded[i]))
    place = np.empty(len(first), dtype=np.int64)
    place[ranked] = np.arange(len(first))
    return Limits(rest.points[ranked], rest.kinds[ranked], place[labels])


_RANKS = {"minimum": 0, "flat": 1, "saddle": 2, "maximum": 3}


@dataclass(frozen=True, eq=False)
class Settled:
    """The stationary ``points`` (k, n) at which some points lie, themselves where there is none near by; ``kinds``
    (k,); and where the ground is ``level`` (k,), so that descents rest side by side."""

    points: Array
    kinds: NDArray[np.str_]
    level: Flags


def settle(objective: Objective, points: Array, scale: Array) -> Settled:
    """Follow Newton's steps from points (k, n) to the stationary points they lie at, and say of what kind these are."""
    at = points.copy()
    moving = np.ones(len(points), dtype=bool)
    with np.errstate(all="ignore"):
        slope = np.asarray(objective.gradient(points), dtype=float)
        begin = _hessians(objective, points)
        size, limit = _norms(slope), _SETTLED * np.maximum(scale, np.abs(points))
        for _ in range(_NEWTON):
            which = np.flatnonzero(moving)
            if not which.size:
                break
            step = _newton_steps(_hessians(objective, at[which]), slope[which])
            ahead = at[which] + step
            new = np.asarray(objective.gradient(ahead), dtype=float)
            length = _norms(new)
            better = _every(np.abs(ahead - points[which]) <= limit[which]) & (length < size[which])
            to = which[better]
            at[to], slope[to], size[to] = ahead[better], new[better], length[better]
            moving[which] = better & (np.abs(step) > 1e-16 * np.abs(ahead)).any(axis=1)
        # What is left of the way to go says whether this is a stationary point at all.
        end = _hessians(objective, at)
        way = np.abs(at - points) + np.abs(_newton_steps(end, slope))
        lost = np.logical_not(_every(way <= limit))
    kinds, flat = _kinds(end, begin)
    kinds[lost] = "flat"
    return Settled(np.where(lost[:, None], points, at), kinds, lost | flat)


def _kinds(hessians: Array, around: Array) -> tuple[NDArray[np.str_], Flags]:
    """Return what the Hessians (k, n, n) say, and where some curvature is zero.

    Zero is what is lost in rounding beside the largest, and what has gone most of the way to zero since the point
    beside, whose Hessians are ``around``: at a minimum like that of x⁴ the last bits of theta decide its sign.
    """
    curvatures, beside = _curvatures(hessians), _curvatures(around)
    largest = np.maximum(np.abs(curvatures).max(axis=1, initial=0.0), np.abs(beside).max(axis=1, initial=0.0))
    small = np.maximum(_LEVEL * largest[:, None], _FADED * np.abs(beside))
    up, down = curvatures > small, curvatures < -small
    kinds = np.full(len(hessians), "flat", dtype="<U7")
    kinds[_every(up)] = "minimum"
    kinds[_every(down)] = "maximum"
    kinds[up.any(axis=1) & down.any(axis=1)] = "saddle"
    return kinds, np.logical_not(_every(up | down))


def _curvatures(hessians: Array) -> Array:
    fine = _finite(hessians)
    return np.asarray(np.linalg.eigvalsh(np.where(fine[:, None, None], hessians, 0.0)))


def _every(conditions: Flags) -> Flags:
    """Return the rows in which all conditions hold."""
    return np.asarray(conditions.all(axis=1))


def _finite(arrays: Array) -> Flags:
    return _every(np.isfinite(arrays).reshape(len(arrays), math.prod(arrays.shape[1:])))


def _norms(vectors: Array) -> Array:
    return np.asarray(np.linalg.norm(vectors, axis=1))


def _newton_steps(hessians: Array, slopes: Array) -> Array:
    """Newton's steps (k, n), none along directions without curvature: these are valleys, and every point is at rest."""
    fine = _finite(hessians) & _finite(slopes)
    curvatures, axes = np.linalg.eigh(np.where(fine[:, None, None], hessians, 0.0))
    along = np.einsum("kji,kj->ki", axes, np.where(fine[:, None], slopes, np.nan))
    flat = np.abs(curvatures) <= _LEVEL * np.abs(curvatures).max(axis=1, initial=0.0)[:, None]
    return np.asarray(-np.einsum("kij,kj->ki", axes, np.where(flat, 0.0 * along, along / curvatures)))


def _hessians(objective: Objective, points: Array) -> Array:
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(objective.hessian(points), dtype=float)
    except FormulaError:
        found = np.full((*points.shape, points.shape[1]), np.nan)
    return np.asarray((found + found.swapaxes(1, 2)) / 2)


# -- cells --


def _rounded(along: Array, scale: float) -> Array:
    """Return the centers of the cells of numbers (m,) along one parameter."""
    _, exponent = np.frexp(scale)
    unit: Any = np.ldexp(_CELL, exponent)
    if np.abs(along).max(initial=0.0) >= np.ldexp(1.0, exponent):
        unit = np.ldexp(_CELL, np.frexp(np.maximum(np.abs(along), scale))[1])
    return np.asarray(np.rint(along / unit) * unit + 0.0)  # no -0.0


def _where(level: Flags, centers: Array, reach: Array, otherwise: Array) -> Array:
    """Return the centers of larger cells on level ground, and elsewhere the other points (k, n)."""
    return np.where(level[:, None], np.rint(centers / reach) * reach + 0.0, otherwise)


def _gathered(columns: Array) -> tuple[Indices, Indices]:
    """Return which different point each of ``columns`` (n, m) is, and where each of them stands first, in their
    order."""
    of = np.full(columns.shape[1], -1)
    places: list[int] = []
    left = np.arange(columns.shape[1])
    while left.size and len(places) < _FEW:
        same = np.logical_and.reduce([line == line[0] for line in columns])
        of[left[same]] = len(places)
        places.append(int(left[0]))
        left, columns = left[~same], columns[:, ~same]
    if left.size:
        _, first, inverse = _unique_rows(columns.T, left)
        of[left] = len(places) + inverse
        places += left[first].tolist()
    return of, np.array(places, dtype=np.int64)


def _unique_rows(rows: Array, numbers: Indices) -> tuple[Array, Indices, Indices]:
    """Return the different rows, where each has its smallest number, and which one each row is."""
    order = np.lexsort((numbers, *rows.T))
    there = rows[order]
    begins = np.append(True, (there[1:] != there[:-1]).any(axis=1))[: len(rows)]
    inverse = np.empty(len(rows), dtype=np.int64)
    inverse[order] = np.cumsum(begins) - 1
    first = order[begins]
    return rows[first], first, inverse


def _components(points: Array, size: Array, labels: Indices) -> Indices:
    """Split labels (k,) of points (k, n) wherever the gap to the next point along some axis is above its ``size``."""
    count = -1
    while len(points) and labels.max() > count:
        count = labels.max()
        for along, near in zip(points.T, size.T, strict=True):
            order = np.lexsort((along, labels))
            gaps = np.diff(along[order]) > np.maximum(near[order][1:], near[order][:-1])
            begins = np.append(True, gaps | (np.diff(labels[order]) != 0))
            labels = labels.copy()
            labels[order] = np.cumsum(begins) - 1
    return labels
