"""Fewer points for the same picture. Every function takes pixels or plain columns and returns indices to keep."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array, Flags
from gdviz.pacing import give_way

Indices = NDArray[np.intp]

WIDTH, HEIGHT = 900, 500  # pixels of a chart on a usual page
TOLERANCE = 0.2  # pixels: half of one shows as corners where the picture is zoomed or printed at twice the size
MOST_VERTICES = 4_000
_FAR = 1e5  # pixels: beyond, only the direction of a line matters
_LOST = 1e12  # pixels: where both ends of a line are farther off, rounding decides where it crosses the picture


def thin_path(x: Array, y: Array, limit: int = MOST_VERTICES) -> Indices:
    """Return the indices of the vertices that draw the path x, y (k,), in pixels, to within TOLERANCE.

    Ramer–Douglas–Peucker, all segments of one depth at a time. First and last always stay. A noisy path that needs more
    than ``limit`` vertices keeps its coarsest ones, about as many as that. Points that are not finite count as very far
    away. (Ramer 1972; Douglas & Peucker 1973.)
    """
    give_way()
    x, y = (np.nan_to_num(values, nan=_FAR, posinf=_FAR, neginf=-_FAR) for values in (x, y))
    far = (np.abs(x) > _FAR) | (np.abs(y) > _FAR)
    x, y = np.clip(x, -_FAR, _FAR), np.clip(y, -_FAR, _FAR)
    kept = np.zeros(len(x), dtype=bool)
    kept[[0, -1]] = True
    # The direction in which a line leaves for afar must be the true one, so both its ends stay.
    leaving = np.flatnonzero(far[1:] != far[:-1])
    kept[leaving] = kept[leaving + 1] = True
    # Steps too short to see go first: that is cheap, and a third of the tolerance pays for it.
    inner = np.flatnonzero(_moves(x, y, 0.25 * TOLERANCE) & ~kept)
    tolerance = (1 - 0.25 * 2**0.5) * TOLERANCE
    ends = np.flatnonzero(kept)
    while len(inner) and len(ends) < limit:
        segment = np.searchsorted(ends, inner) - 1
        away = _distances(x, y, inner, ends[segment], ends[segment + 1])
        still_open, farthest = _farthest(segment, away, tolerance)
        kept[inner[farthest]] = True
        ends = np.flatnonzero(kept)
        inner = inner[still_open]
        inner = inner[~kept[inner]]
    return np.flatnonzero(kept)


def thin_rows(columns: Array, firsts: Indices, tolerance: float = TOLERANCE, limit: int = MOST_VERTICES) -> Indices:
    """Return the rows that draw ``columns`` (k, m), in pixels, over the row's number to within ``tolerance`` pixels.

    The table holds runs one below the other, which begin at the rows ``firsts``. All columns share their rows, so
    any two of them draw a path as well. As in :func:`thin_path`, but distances are vertical, so the rows' numbers may
    be drawn to any scale; a run that needs more than about ``limit`` rows keeps its coarsest ones.
    """
    give_way()
    count = len(columns)
    values = np.clip(np.nan_to_num(columns, nan=_FAR, posinf=_FAR, neginf=-_FAR), -_FAR, _FAR).astype(np.float32)
    table = np.ascontiguousarray(values.T)
    lasts = np.append(firsts[1:], count) - 1
    kept = np.zeros(count, dtype=bool)
    kept[firsts] = kept[lasts] = True
    # Runs move most at their beginning: rows 1, 2, 4, … split them so that most parts are straight at the first look.
    for row in 1 << np.arange(20):
        kept[firsts[firsts + row < lasts] + row] = True
    run = np.repeat(np.arange(len(firsts)), lasts - firsts + 1)
    inner = np.flatnonzero(~kept)
    while len(inner):
        ends = np.flatnonzero(kept)
        segment = np.searchsorted(ends, inner) - 1
        low, high = ends[segment], ends[segment + 1]
        share = ((inner - low) / (high - low)).astype(np.float32)
        away = np.zeros(len(inner), dtype=np.float32)
        for column in table:
            begin = column[low]
            np.maximum(away, np.abs(column[inner] - begin - share * (column[high] - begin)), out=away)
        still_open, farthest = _farthest(segment, away, tolerance)
        kept[inner[farthest]] = True
        room = np.bincount(run[kept], minlength=len(firsts)) < limit
        inner = inner[still_open]
        inner = inner[~kept[inner] & room[run[inner]]]
    return np.flatnonzero(kept)


def _farthest(segment: Indices, away: NDArray[np.floating[Any]], tolerance: float) -> tuple[Flags, Indices]:
    """Return which points (m,) lie in a segment with one ``away`` by more than ``tolerance``, and the farthest of each
    such segment; the points of a ``segment`` (m,) follow each other."""
    firsts = np.flatnonzero(np.diff(segment, prepend=-1))
    sizes = np.diff(firsts, append=len(away))
    peaks = np.maximum.reduceat(away, firsts)
    still_open = np.repeat(peaks > tolerance, sizes)
    at_peak = np.flatnonzero(still_open & (away == np.repeat(peaks, sizes)))
    return still_open, at_peak[np.unique(segment[at_peak], return_index=True)[1]]


def _moves(x: Array, y: Array, cell: float) -> Flags:
    """Say for each point (k,) whether it lies in another cell of a grid than the point before it."""
    columns, rows = np.floor(x / cell), np.floor(y / cell)
    return np.append(True, (np.diff(columns) != 0) | (np.diff(rows) != 0))


def _distances(x: Array, y: Array, points: Indices, starts: Indices, ends: Indices) -> Array:
    """Return the distance of each of ``points`` (m,) from the segment between the points ``starts`` and ``ends``."""
    from_x, from_y = x[starts], y[starts]
    along_x, along_y = x[ends] - from_x, y[ends] - from_y
    offset_x, offset_y = x[points] - from_x, y[points] - from_y
    length = along_x * along_x + along_y * along_y
    share = (offset_x * along_x + offset_y * along_y) / np.where(length > 0, length, 1.0)
    np.clip(share, 0.0, 1.0, out=share)
    offset_x -= share * along_x
    offset_y -= share * along_y
    return np.asarray(np.sqrt(offset_x * offset_x + offset_y * offset_y))


def thin_curve(y: Array, columns: int = WIDTH) -> Indices:
    """Return the indices of the lowest and the highest of y (k,) in each of ``columns`` columns, and of both ends.

    Peaks survive however narrow they are. Values that are not finite are kept only where nothing else is.
    """
    give_way()
    count = len(y)
    if count <= 2 * columns:
        return np.arange(count)
    size = -(-count // columns)
    rows = -(-count // size)
    padded = np.full(rows * size, np.nan)
    padded[:count] = y
    table = np.where(np.isfinite(padded), padded, np.nan).reshape(rows, size)
    firsts = np.arange(rows) * size
    lowest = np.argmin(np.where(np.isnan(table), np.inf, table), axis=1) + firsts
    highest = np.argmax(np.where(np.isnan(table), -np.inf, table), axis=1) + firsts
    return np.unique(np.concatenate([[0, count - 1], lowest, highest]))


def thin_cloud(x: Array, y: Array, limit: int = 3_000) -> Indices:
    """Return one index for each occupied cell of a grid over the points x, y (m,) with about ``limit`` cells."""
    if len(x) <= limit:
        return np.arange(len(x))
    side = int(np.sqrt(limit) * 1.4)
    cells = np.zeros(len(x), dtype=np.int64)
    for values in (x, y):
        low, high = np.nanmin(values), np.nanmax(values)
        share = (values - low) / (high - low) if high > low else np.zeros(len(values))
        cells = cells * (side + 1) + np.nan_to_num(share * side).astype(np.int64)
    _, first = np.unique(cells, return_index=True)
    return np.sort(first)


def draw_path(path: Array, rows: Indices, x: Array, y: Array) -> tuple[Array, Indices]:
    """Return the vertices (q, 2) that draw ``rows`` of ``path`` (k, 2), and the row of each.

    ``x``, ``y`` are the path in pixels. Lines whose ends are both lost far away become gaps (nan): where they would
    cross the picture nobody can tell, and a browser cannot read such coordinates. The path's ends stay.
    """
    lost = ~((np.abs(x[rows]) <= _LOST) & (np.abs(y[rows]) <= _LOST))
    blind = lost[1:] & lost[:-1]
    kept = np.flatnonzero(~(np.append(False, blind) & np.append(blind, False)) | np.isin(rows, (0, len(path) - 1)))
    gaps = np.flatnonzero(np.append(False, blind)[kept])
    drawn = rows[kept]
    return np.insert(path[drawn], gaps, np.nan, axis=0), np.insert(drawn, gaps, drawn[gaps])


def to_pixels(values: Array, low: float, high: float, pixels: float) -> Array:
    """Return where ``values`` lie on an axis from low to high that is ``pixels`` long."""
    with np.errstate(all="ignore"):
        return np.asarray((values / 2 - low / 2) / (high / 2 - low / 2) * pixels)
