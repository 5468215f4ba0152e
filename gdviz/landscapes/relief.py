"""A landscape as a relief: heights over its grid, a path laid upon them, and honest numbers along the upright axis.

A landscape that spans decades is drawn on a log-like scale, as from above, but a milder one: on the shades' own scale
every minimum would be a funnel whose floor nobody sees. A path lies on the surface that is drawn, not on the true
function between its grid points: it would dive below the drawn one there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array, Flags
from gdviz.landscapes.landscape import Landscape, Levels, Window
from gdviz.landscapes.signed_log import SignedLog
from gdviz.numerals import format_number

_CELLS = 120  # parts of the window: a draped line has a point at least every one of them
MOST_VERTICES = 3_000  # of a draped path; beyond, its points stand farther apart
LIFT = 0.012  # of the whole height: a line within the surface would be half hidden by it
_LOST = 1e9  # windows: where both ends are farther off, rounding decides where a line crosses the window
_TICKS = 4
_TO_SCALE = 0.25
_ANGLES = (-65.0, -25.0, -115.0, -155.0)  # from the x axis; the first unless another is clearly better


@dataclass(frozen=True, eq=False)
class Draped:
    """Points of a path on a surface: ``x``, ``y``, ``z`` (m,), nan where it is interrupted; ``moments`` (m,) epochs.

    Between two epochs moments are fractions, as far as the point is on the way.
    """

    x: Array
    y: Array
    z: Array
    moments: Array


class Relief:
    """A surface of heights over the window of ``landscape``."""

    def __init__(self, landscape: Landscape) -> None:
        self.x, self.y = landscape.x, landscape.y
        self.scale = height_scale(landscape.z, landscape.levels)
        self.z = self.scale.shade(landscape.z)
        self.bottom, self.top = -1.0, float(max(len(self.scale.values), 1))
        self.lift = LIFT * (self.top - self.bottom)

    @property
    def window(self) -> Window:
        """The box over which it lies."""
        return (self.x[0], self.x[-1]), (self.y[0], self.y[-1])

    def heights(self, shares: Array) -> Array:
        """Return the surface's heights at ``shares`` (m, 2) of its window, nan where there is no surface."""
        rows, columns = self.z.shape
        across, up = shares[:, 0] * (columns - 1), shares[:, 1] * (rows - 1)
        i = np.clip(up.astype(int), 0, rows - 2)
        j = np.clip(across.astype(int), 0, columns - 2)
        v, u = up - i, across - j
        corners = np.stack([self.z[i, j], self.z[i, j + 1], self.z[i + 1, j], self.z[i + 1, j + 1]])
        weights = np.stack([(1 - v) * (1 - u), (1 - v) * u, v * (1 - u), v * u])
        there = np.isfinite(corners)
        total = np.where(there, weights, 0.0).sum(axis=0)  # at the edge of a hole: the corners that are there
        heights = np.where(there, weights * corners, 0.0).sum(axis=0)
        return np.asarray(np.divide(heights, total, out=np.full(len(shares), np.nan), where=total > 1e-9))

    def stand(self, points: Array, lift: float = 1.0) -> Array:
        """Return x, y, z (m, 3) of ``points`` (m, 2), ``lift`` lifts above the surface, without those beside it."""
        shares = self.shares(points)
        with np.errstate(invalid="ignore"):
            inside = ((shares >= 0) & (shares <= 1)).all(axis=1)
        places = np.column_stack([points[inside], self.heights(shares[inside]) + lift * self.lift])
        return places[np.isfinite(places).all(axis=1)]

    def rim(self) -> Array:
        """Return x, y, z (m, 3) of the surface's edge."""
        x, y, z = self.x, self.y, self.z
        low, high = np.full(len(y), x[0]), np.full(len(y), x[-1])
        near, far = np.full(len(x), y[0]), np.full(len(x), y[-1])
        sides = [(x, near, z[0]), (high, y, z[:, -1]), (x[::-1], far, z[-1, ::-1]), (low, y[::-1], z[::-1, 0])]
        return np.concatenate([np.column_stack(side) for side in sides])

    def crossings(self) -> float:
        """Return how many level lines a straight way across the window crosses on average."""
        levels = np.floor(self.z)
        counts = [np.nansum(np.abs(np.diff(levels, axis=axis))) / levels.shape[1 - axis] for axis in (0, 1)]
        return float(np.mean(counts))

    def view(self) -> tuple[float, float]:
        """Return the direction (x, y) of length 1 from which the fewest walls hide what lies behind them.

        It is one of four with y away from us or to our right, so that the picture is not upside down.
        """
        sides = {(1, 0): self.z[:, -1], (-1, 0): self.z[:, 0], (0, -1): self.z[0]}
        walls = {side: float(np.nanmedian(z)) if np.isfinite(z).any() else self.bottom for side, z in sides.items()}

        def hidden(angle: float) -> float:
            way = np.cos(angle), np.sin(angle)
            facing = {side: max(0.0, way[0] * side[0] + way[1] * side[1]) ** 2 for side in walls}
            return float(sum(share * (walls[side] - self.bottom) for side, share in facing.items()))

        angles = [np.radians(a) for a in _ANGLES]
        best = min(angles, key=lambda a: hidden(a) + (0 if a == angles[0] else 0.12 * (self.top - self.bottom)))
        return float(np.cos(best)), float(np.sin(best))

    def laying(self) -> dict[str, float]:
        """Return the numbers with which a browser lays lines on it as :meth:`drape` does (``live_plot/relief.js``)."""
        return {"lift": self.lift, "cells": _CELLS, "vertices": MOST_VERTICES, "lost": _LOST}

    def shares(self, points: Array) -> Array:
        """Return where ``points`` (m, 2) lie in the window: 0 to 1 inside of it."""
        low = np.array([self.x[0], self.y[0]])
        high = np.array([self.x[-1], self.y[-1]])
        with np.errstate(all="ignore"):
            return np.asarray((points / 2 - low / 2) / (high / 2 - low / 2))

    def drape(self, path: Array, rows: NDArray[np.intp]) -> Draped:
        """Lay the vertices ``rows`` of ``path`` (k, 2) and the lines between them on the surface, cut at the window."""
        shares = self.shares(path[rows])
        begins, ends, kept = _cut(shares)
        steps = np.diff(shares, axis=0)[kept]
        begins, ends = begins[kept], ends[kept]
        moments = rows[:-1][kept] + np.column_stack([begins, ends]).T * np.diff(rows)[kept]
        with np.errstate(all="ignore"):
            first = np.clip(shares[:-1][kept] + begins[:, None] * steps, 0, 1)
            last = np.clip(shares[:-1][kept] + ends[:, None] * steps, 0, 1)
        joined = (begins == 0) & np.append(False, (ends[:-1] == 1) & (np.diff(np.flatnonzero(kept)) == 1))[: len(ends)]
        index, along = (part[1:] for part in _divided(np.abs(last - first).max(axis=1, initial=0.0), joined))
        spots = first[index] + along[:, None] * (last - first)[index]
        times = moments[0][index] + along * (moments[1] - moments[0])[index]
        x = self.x[0] + spots[:, 0] * (self.x[-1] - self.x[0])
        y = self.y[0] + spots[:, 1] * (self.y[-1] - self.y[0])
        z = np.full(len(spots), np.nan)
        drawn = np.isfinite(along)
        z[drawn] = self.heights(spots[drawn]) + self.lift
        return Draped(x, y, z, np.where(drawn, times, moments[0][index]))


def _cut(shares: Array) -> tuple[Array, Array, Flags]:
    """Return which part of each line between ``shares`` (k, 2) lies in the window, and which lines do (k - 1,).

    (Liang & Barsky 1984.)
    """
    a, b = shares[:-1], shares[1:]
    with np.errstate(all="ignore"):
        step = b - a
        to_low, to_high = -a / step, (1 - a) / step
        enter = np.where(step == 0, -np.inf, np.minimum(to_low, to_high))
        leave = np.where(step == 0, np.inf, np.maximum(to_low, to_high))
        beside = ((step == 0) & ((a < 0) | (a > 1))).any(axis=1)
        begins, ends = np.maximum(enter.max(axis=1), 0), np.minimum(leave.min(axis=1), 1)
        lost = (np.abs(a).max(axis=1) > _LOST) & (np.abs(b).max(axis=1) > _LOST)
        kept = (begins <= ends) & ~beside & ~lost & np.isfinite(step).all(axis=1)
    return begins, ends, np.asarray(kept)


def _divided(lengths: Array, joined: Flags) -> tuple[NDArray[np.intp], Array]:
    """Return for each point of the divided lines the line it is on, and how far along (nan: a gap before the line).

    ``lengths`` (k,) are those of the lines in windows, ``joined`` says which begin where the one before ends.
    """
    cells = _CELLS * min(1.0, MOST_VERTICES / max(1.0, float(lengths.sum()) * _CELLS))
    parts = np.maximum(1, np.ceil(lengths * cells)).astype(int)
    counts = np.where(joined, parts, parts + 2)  # a line that is not joined has a gap and its own first point
    index = np.repeat(np.arange(len(lengths)), counts)
    place = np.arange(len(index)) - np.repeat(np.cumsum(counts) - counts, counts)
    number = np.where(joined[index], place + 1, place - 1)
    return index, np.where(number < 0, np.nan, number / parts[index])


# -- the upright axis --


def height_scale(z: Array, levels: Levels) -> Levels:
    """Return levels for values ``z`` (any shape) that are evenly spaced in height.

    They reach as far as ``levels``, those from above; where these are logarithmic, the quarter of the values that is
    nearest to their center is drawn nearly to scale.
    """
    count = len(levels.values)
    if levels.kind == "linear" or not count:
        return levels
    away = np.abs(z[np.isfinite(z)] - levels.center)
    unit = max(levels.unit, float(np.quantile(away, _TO_SCALE)))
    scale = SignedLog(unit, levels.center)
    low, high = scale.place(levels.value([-1.0, float(count)]))
    return Levels(scale.value(np.linspace(low, high, count + 2)[1:-1]), levels.kind, levels.center, unit)


def height_ticks(levels: Levels) -> tuple[list[float], list[str]]:
    """Return heights and labels for the upright axis: short numbers, each at the height that it has."""
    if not len(levels.values):
        return [0.0], [format_number(levels.center)]
    top = float(len(levels.values))
    if levels.kind == "linear":
        values = _round_values(*(float(v) for v in levels.value(np.array([-1.0, top]))))
    else:
        edges = (top + 1) / _TICKS * (np.arange(_TICKS)[:, None] + [0.25, 0.75]) - 1
        values = [shortest_between(float(low), float(high)) for low, high in levels.value(edges)]
    return levels.shade(values).tolist(), _labels(values)


def shortest_between(low: float, high: float) -> float:
    """Return the number from ``low`` to ``high`` with the fewest digits; a power of ten or 5 before others."""
    if low <= 0 <= high:
        return 0.0
    if high < 0:
        return -shortest_between(-high, -low)
    exponent = int(np.floor(np.log10(high)))
    for digits in range(17):
        scale = float(f"1e{exponent - digits}")
        first, last = int(np.ceil(low / scale)), int(np.floor(high / scale))
        if first <= last:
            fives = [m for m in (10**digits, 5 * 10**digits) if first <= m <= last]
            return float(f"{(fives or [(first + last) // 2])[0]}e{exponent - digits}")
    return low


def _round_values(low: float, high: float) -> list[float]:
    """Return about five multiples of 1, 2 or 5 times a power of ten from ``low`` to ``high``."""
    rough = high / _TICKS - low / _TICKS
    unit = 10.0 ** np.floor(np.log10(rough))
    step = float(next(m for m in (1, 2, 5, 10) if m * unit >= rough * 0.999) * unit)
    return [float(k * step) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _labels(values: Sequence[float]) -> list[str]:
    """Return ``values`` as text, with as many digits as tell them apart, and no fewer than three."""
    for digits in range(3, 16):
        texts = [format_number(value, digits) for value in values]
        if len(set(texts)) == len(set(values)):
            return texts
    return [repr(value) for value in values]
