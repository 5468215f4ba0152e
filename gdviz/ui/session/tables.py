"""Runs as tables for the browser: float32, of few rows. For those runs that it cannot make itself.

Each row is an epoch with all that a picture can show of it, so all pictures move together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.landscapes import Window
from gdviz.landscapes.thinning import HEIGHT, WIDTH, thin_rows
from gdviz.ui.server.questions import packed

MOST_FRAMES = 5_000
"""Epochs of a run at rest that are sent one by one; of a longer one, those that draw it and others evenly spread."""

MOST_ROWS = 200
"""Rows of a run that a hand sees in passing."""

MOST_POINTS = 60
"""Rows that are all sent, because each is drawn as a dot; more dots than that say nothing while they move."""

TOLERANCE = 0.5
"""Pixels: half of one is not seen while it moves."""

_LARGEST = 1e37  # float32 ends at 3.4e38, and arithmetic on pixels needs room
_DECADE = 150.0  # pixels
_DEEPEST = 1e-18  # of the first gap: below, float64 shows rounding


def every_epoch(run: Trajectory, window: Window, minimum: float | None) -> bytes:
    """Return one run with all its epochs, or about ``MOST_FRAMES`` of them."""
    rows = np.arange(run.epochs + 1)
    if len(rows) > MOST_FRAMES + 1:
        drawn = thin_rows(_pixels(run, window, _lowest([run], minimum)), np.zeros(1, dtype=int), limit=MOST_FRAMES // 2)
        rows = np.union1d(drawn, np.linspace(0, run.epochs, MOST_FRAMES - len(drawn)).astype(int))
    return pack([_table(run, rows, minimum)], [{}], run.epochs, len(run.variables))


def thinned(
    runs: Sequence[Trajectory], facts: Sequence[Mapping[str, Any]], window: Window, minimum: float | None
) -> bytes:
    """Return several ``runs``, each with the few rows that draw it and with its ``facts``."""
    lowest = _lowest(runs, minimum)
    tables = []
    for run in runs:
        kept = thin_rows(_pixels(run, window, lowest), np.zeros(1, dtype=int), TOLERANCE, MOST_ROWS)
        few = run.epochs < MOST_POINTS
        drawn = np.arange(run.epochs + 1) if few else _coarsest(kept, MOST_ROWS)
        tables.append(_table(run, drawn, minimum))
    return pack(tables, facts, max(run.epochs for run in runs), len(runs[0].variables))


def pack(tables: Sequence[Array], facts: Sequence[Mapping[str, Any]], epochs: int, n: int) -> bytes:
    """Return tables (rows, columns) as bytes: the length of a head, the head in JSON, all rows as float32.

    The columns are epoch, theta 0 …, value, gap, norm. What float32 cannot hold is nan: a gap in what is drawn.
    """
    head = {
        "columns": ["epoch", *(f"theta {i}" for i in range(n)), "value", "gap", "norm"],
        "epochs": epochs,
        "runs": [{"rows": len(table), **told} for table, told in zip(tables, facts, strict=True)],
    }
    numbers = np.concatenate(tables)
    return packed(head, np.where(np.abs(numbers) <= _LARGEST, numbers, np.nan).astype("<f4").tobytes())


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


def _coarsest(rows: NDArray[np.intp], limit: int) -> NDArray[np.intp]:
    """At most ``limit`` of ``rows``, both ends among them. (The thinning may pass its limit in its last round.)"""
    return rows if len(rows) <= limit else rows[np.linspace(0, len(rows) - 1, limit).astype(int)]
