"""R² against the epoch."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array
from gdviz.figures.base import MOVING, Sheet, Trace, flag, scatter
from gdviz.figures.epochs import curve_mode, epoch_axis
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes.thinning import WIDTH, thin_curve
from gdviz.numerals import format_number

_TOP, _BOTTOM = 1.02, -1.0
_LARGEST = 1e300
_FAR = 1e3  # heights of the axis below it: browsers choke on markers much farther down


def score_figure(epochs: ArrayLike, r_squared: ArrayLike, palette: Palette = LIGHT) -> go.Figure:
    """Draw ``r_squared`` (k,) against ``epochs`` (k,), with a dotted line at 1, a perfect fit.

    The axis ends at -1: a start that is far worse does not flatten the end, and a note says at which epochs the curve
    is below. Only where no epoch gets that far does the axis reach further down. Traces: R², perfect, note.
    """
    epochs, scores = np.asarray(epochs), np.asarray(r_squared, dtype=float)
    scores = np.where(np.isfinite(scores), scores, np.nan)
    finite = scores[np.isfinite(scores)]
    floor = _floor(finite)
    low = max(floor, float(finite.min(initial=0.9)))
    near = not (scores < low - _FAR * (_TOP - low)).any()
    last = int(epochs[-1]) if len(epochs) else 0
    rows = thin_curve(scores, WIDTH)
    sheet = Sheet(palette, "score", showlegend=False)
    sheet.add(
        scatter(
            name="R²",
            x=epochs[rows],
            y=scores[rows],
            mode=curve_mode(len(scores)) if near else "lines",
            line={"color": palette.series[0], "width": 2.5},
            marker={"size": 5, "color": palette.series[0]},
            meta=MOVING,
            hovertemplate="epoch %{x:,d}<br>R² = %{y:.6~g}<extra></extra>",
        ),
        scatter(
            name="perfect",
            x=np.array([0.0, max(1, last)]),
            y=np.ones(2),
            mode="lines",
            line={"color": palette.muted, "width": 1.5, "dash": "dot"},
            hoverinfo="skip",
        ),
        _note(epochs, scores, floor, palette),
    )
    sheet.x("epoch k", **epoch_axis(last))
    sheet.y("R²", nticks=6, range=[low - 0.03 * (_TOP - low), _TOP])
    return sheet.figure()


def _floor(finite: Array) -> float:
    """Return how far down the axis may go: -1, or below the best of ``finite`` (k,) if that is worse."""
    best = float(finite.max()) if len(finite) else 1.0
    return _BOTTOM if best >= _BOTTOM else max(3 * best, -_LARGEST)


def _note(epochs: NDArray[np.int_], scores: Array, floor: float, palette: Palette) -> Trace:
    """Return a note at the lower border where the curve comes in or leaves; empty if it stays above."""
    hidden = np.flatnonzero(scores < floor)
    seen = np.flatnonzero(scores >= floor)
    x, text = np.empty(0), []
    if len(hidden) and len(seen):
        level = format_number(floor, 3)
        if hidden[-1] < seen[0]:
            at, words = seen[0], f"below {level}<br>before epoch {epochs[seen[0]]:,}"
        elif hidden[0] > seen[-1]:
            at, words = seen[-1], f"below {level}<br>from epoch {epochs[hidden[0]]:,} on"
        else:
            at, words = 0, f"below {level} at<br>{len(hidden):,} of {len(scores):,} epochs"
        x, text = np.array([float(epochs[at])]), [words]
    left = bool(len(x)) and x[0] > epochs[-1] / 2
    return scatter(
        name="note",
        x=x,
        y=np.full(len(x), floor),
        text=text,
        mode="markers+text",
        textposition="top left" if left else "top right",
        textfont=flag(palette, palette.outline),
        marker={"symbol": "triangle-down", "size": 11, "color": palette.series[0]},
        cliponaxis=False,
        hoverinfo="skip",
        meta=MOVING,
    )
