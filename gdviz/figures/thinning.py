"""Fewer points for the same picture. Every function takes pixels or plain columns and returns indices to keep."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Indices = NDArray[np.intp]

WIDTH, HEIGHT = 900, 500  # pixels of a chart on a usual page
TOLERANCE = 0.2  # pixels: half of one shows as corners where the picture is zoomed or printed at twice the size
MOST_VERTICES = 4_000
_FAR = 1e5  # pixels: beyond, only the direction of a line matters


def thin_path(
    x: Array,
    y: Array,
    keep: Iterable[int] = (),
    tolerance: float = TOLERANCE,
    limit: int = MOST_VERTICES,
) -> Indices:
    """Return the indices of the vertices that draw the path x, y (k,), in pixels, to within ``tolerance`` pixels.

    Ramer–Douglas–Peucker, all segments of one depth at a time. First, last and ``keep`` always stay. A noisy path
    that needs more than ``limit`` vertices keeps its coarsest ones, about as many as that. Points that are not finite
    count as very far away. (Ramer 1972; Douglas & Peucker 1973.)
    """
    count = len(x)
    points = np.nan_to_num(np.column_stack([x, y]), nan=_FAR, posinf=_FAR, neginf=-_FAR)
    far = np.any(np.abs(points) > _FAR, axis=1)
    points = np.clip(points, -_FAR, _FAR)
    kept = np.zeros(count, dtype=bool)
    kept[[0, -1]] = True
    kept[list(keep)] = True
    # The direction in which a line leaves for afar must be the true one, so both its ends stay.
    leaving = np.flatnonzero(np.diff(far))
    kept[leaving] = kept[leaving + 1] = True
    inner = np.arange(count)
    while True:
        ends = np.flatnonzero(kept)
        if len(ends) >= limit:
            break
        inner = inner[~kept[inner]]
        segment = np.searchsorted(ends, inner) - 1
        away = _distances(points[inner], points[ends[segment]], points[ends[segment + 1]])
        firsts = np.flatnonzero(np.diff(segment, prepend=-1))
        if not len(firsts):
            break
        sizes = np.diff(firsts, append=len(inner))
        peaks = np.maximum.reduceat(away, firsts)
        over = peaks > tolerance
        if not over.any():
            break
        open_points = np.repeat(over, sizes)
        at_peak = np.flatnonzero(open_points & (away == np.repeat(peaks, sizes)))
        _, first_of_peak = np.unique(segment[at_peak], return_index=True)
        kept[inner[at_peak[first_of_peak]]] = True
        inner = inner[open_points]
    return np.flatnonzero(kept)


def _distances(points: Array, starts: Array, ends: Array) -> Array:
    """Return the distance of each point (m, 2) from its segment, from starts (m, 2) to ends (m, 2)."""
    along = ends - starts
    offset = points - starts
    length = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", offset, along) / np.where(length > 0, length, 1.0)
    nearest = offset - np.clip(share, 0.0, 1.0)[:, None] * along
    return np.asarray(np.hypot(nearest[:, 0], nearest[:, 1]))


def thin_curve(y: Array, columns: int = WIDTH) -> Indices:
    """Return the indices of the lowest and the highest of y (k,) in each of ``columns`` columns, and of both ends.

    Peaks survive however narrow they are. Values that are not finite are kept only where nothing else is.
    """
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


def to_pixels(values: Array, low: float, high: float, pixels: float) -> Array:
    """Return where ``values`` lie on an axis from low to high that is ``pixels`` long."""
    with np.errstate(all="ignore"):
        return np.asarray((values / 2 - low / 2) / (high / 2 - low / 2) * pixels)
