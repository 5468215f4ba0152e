"""Runs as the browser draws them while they move: float32 tables of few rows, and words beside them.

A reel holds one run, epoch by epoch (the film of the player), or many, thinned to what the eye resolves (the ladder of
learning rates). Each row is an epoch with all that a picture can show of it, so all pictures move together.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.landscapes import Window
from gdviz.landscapes.thinning import HEIGHT, WIDTH, thin_rows

Array = NDArray[np.float64]

MOST_FRAMES = 5_000
"""Epochs of a run that are sent one by one; of a longer one, those that draw it and others evenly spread."""

MOST_ROWS = 200
"""Rows of one rung."""

MOST_POINTS = 60
"""Rows that are all sent, because each is drawn as a dot; more dots than that say nothing while they move."""

MOST_BYTES = 1_000_000
"""Of a ladder."""

TOLERANCE = 0.5
"""Pixels: half of one is not seen while it moves."""

_LARGEST = 1e37  # float32 ends at 3.4e38, and arithmetic on pixels needs room
_DECADE = 150.0  # pixels
_DEEPEST = 1e-18  # of the first gap: below, float64 shows rounding


def film(run: Trajectory, window: Window, minimum: float | None) -> bytes:
    """Return the reel of one run: all its epochs, or about ``MOST_FRAMES`` of them."""
    rows = np.arange(run.epochs + 1)
    if len(rows) > MOST_FRAMES + 1:
        drawn = thin_rows(_pixels(run, window, _lowest([run], minimum)), np.zeros(1, dtype=int), limit=MOST_FRAMES // 2)
        rows = np.union1d(drawn, np.linspace(0, run.epochs, MOST_FRAMES - len(drawn)).astype(int))
    return pack([_table(run, rows, minimum)], [{}], run.epochs, len(run.variables))


def strip(
    runs: Sequence[Trajectory], words: Sequence[Mapping[str, Any]], window: Window, minimum: float | None
) -> bytes:
    """Return the reel of many ``runs``, each thinned, with ``words`` for each."""
    lowest = _lowest(runs, minimum)
    width = len(runs[0].variables) + 4
    limit = min(MOST_ROWS, MOST_BYTES // (4 * width * len(runs)))
    tables = []
    for part in _parts(runs):
        pixels = np.concatenate([_pixels(run, window, lowest) for run in part])
        firsts = np.cumsum([0, *(len(run.thetas) for run in part[:-1])])
        kept = thin_rows(pixels, firsts, TOLERANCE, limit)
        cuts = np.searchsorted(kept, firsts)
        for run, first, rows in zip(part, firsts.tolist(), np.split(kept, cuts[1:]), strict=True):
            few = run.epochs < min(limit, MOST_POINTS)
            drawn = np.arange(run.epochs + 1) if few else _coarsest(rows - first, limit)
            tables.append(_table(run, drawn, minimum))
    longest = max(run.epochs for run in runs)
    return pack(tables, words, longest, len(runs[0].variables))


def pack(tables: Sequence[Array], words: Sequence[Mapping[str, Any]], epochs: int, n: int) -> bytes:
    """Return tables (rows, columns) as bytes: the length of a head, the head in JSON, all rows as float32.

    The columns are epoch, theta 0 …, value, gap, norm. What float32 cannot hold is nan: a gap in what is drawn.
    """
    head = {
        "columns": ["epoch", *(f"theta {i}" for i in range(n)), "value", "gap", "norm"],
        "epochs": epochs,
        "rungs": [{"rows": len(table), **said} for table, said in zip(tables, words, strict=True)],
    }
    text = json.dumps(head, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 4)
    numbers = np.concatenate(tables)
    numbers = np.where(np.abs(numbers) <= _LARGEST, numbers, np.nan).astype("<f4")
    return struct.pack("<I", len(text)) + text + numbers.tobytes()


def _table(run: Trajectory, rows: NDArray[np.intp], minimum: float | None) -> Array:
    values = run.values[rows]
    gaps = np.full(len(rows), np.nan) if minimum is None else values - minimum
    return np.column_stack([rows, run.thetas[rows], values, gaps, run.gradient_norms[rows]])


def _lowest(runs: Sequence[Trajectory], minimum: float | None) -> float:
    return float(min(run.values.min() for run in runs)) if minimum is None else minimum


def _pixels(run: Trajectory, window: Window, lowest: float) -> Array:
    """Return where a run's columns (k + 1, n + 3) lie in pictures of a usual size."""
    low, high = np.array(window, dtype=float).T
    first = max(float(run.values[0]) - lowest, 1e-300)
    with np.errstate(all="ignore"):
        gaps = run.values - lowest
        norms = run.gradient_norms
        depths = [
            _DECADE * np.log10(np.maximum(column / unit, _DEEPEST))
            for column, unit in ((gaps, first), (norms, max(float(norms[0]), 1e-300)))
        ]
        return np.column_stack([(run.thetas - low) / (high - low) * WIDTH, gaps / first * HEIGHT, *depths])


def _parts(runs: Sequence[Trajectory], most: int = 200_000) -> list[list[Trajectory]]:
    """The runs in groups of at most ``most`` rows (or of one run), so that tables stay small."""
    parts: list[list[Trajectory]] = [[]]
    rows = 0
    for run in runs:
        if parts[-1] and rows + len(run.thetas) > most:
            parts.append([])
            rows = 0
        parts[-1].append(run)
        rows += len(run.thetas)
    return parts


def _coarsest(rows: NDArray[np.intp], limit: int) -> NDArray[np.intp]:
    """At most ``limit`` of ``rows``, both ends among them. (The thinning may pass its limit in its last round.)"""
    return rows if len(rows) <= limit else rows[np.linspace(0, len(rows) - 1, limit).astype(int)]
