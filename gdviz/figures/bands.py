"""The predicted envelope as a band behind the curves of theta and of the value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.figures.base import MOVING, Trace, scatter
from gdviz.figures.palette import Palette
from gdviz.landscapes.signed_log import SignedLog
from gdviz.landscapes.thinning import WIDTH, thin_curve
from gdviz.theory.envelope import Envelope

_MARGIN = 0.5  # of the curves' height: how far beyond them the axis follows a band that is wider


def theta_bands(envelope: Envelope, scale: SignedLog | None, palette: Palette) -> list[Trace]:
    """Return a band around the center for each parameter, in its color; all but the first without a legend entry."""
    return [_theta_band(envelope, i, scale, palette) for i in range(len(envelope.center))]


def _theta_band(envelope: Envelope, i: int, scale: SignedLog | None, palette: Palette) -> Trace:
    with np.errstate(all="ignore"):
        upper = envelope.center[i] + envelope.half_width[:, i]
        lower = envelope.center[i] - envelope.half_width[:, i]
    rows = _drawn_rows(upper, lower)
    top, bottom = (edge[rows] if scale is None else scale.place(edge[rows]) for edge in (upper, lower))
    return _band(envelope.epochs[rows], top, bottom, palette.series[i % len(palette.series)], legend=i == 0)


def loss_band(envelope: Envelope, heights: Array, minimum: float, logarithmic: bool, color: str) -> list[Trace]:
    """Return the band below the bound on the value and its upper edge, less ``minimum`` and down to ``heights``."""
    with np.errstate(all="ignore"):
        upper = envelope.loss - minimum
    shown = heights[np.isfinite(heights) & (heights > 0)] if logarithmic else heights[np.isfinite(heights)]
    floor = float(shown.min(initial=np.inf)) if len(shown) else 0.0
    if not logarithmic:
        floor = min(floor, envelope.floor - minimum)
    rows = _drawn_rows(upper, upper)
    top = np.maximum(upper[rows], floor)
    epochs = envelope.epochs[rows]
    fill = _band(epochs, top, np.full(len(rows), floor), color, legend=True)
    fill["line"] = {"color": translucent(color, 0.0), "width": 0}  # its lower edge means nothing
    edge = scatter(
        name="predicted bound",
        x=epochs.astype(float),
        y=top,
        mode="lines",
        line=_edge(color),
        legendgroup="predicted",
        showlegend=False,
        hoverinfo="skip",
        meta=MOVING,
    )
    return [fill, edge]


def band_range(bands: list[Trace], curves: Array) -> dict[str, Any]:
    """Return the range of an axis on which ``curves`` (any shape) stay large where the bands are much wider."""
    shown = curves[np.isfinite(curves)]
    ends = np.concatenate([band["y"] for band in bands]) if bands else np.empty(0)
    if not len(shown) or not len(ends):
        return {}
    low, high = float(shown.min()), float(shown.max())
    room = _MARGIN * (high - low)
    bottom, top = min(low, float(ends.min())), max(high, float(ends.max()))
    if not high > low or (bottom >= low - 2 * room and top <= high + 2 * room):
        return {}
    pad = 0.05 * (high - low)
    return {"range": [max(bottom, low - room) - pad, min(top, high + room) + pad]}


def _drawn_rows(upper: Array, lower: Array) -> NDArray[np.intp]:
    """Return the rows that draw the band: few, and none beyond the first that is not finite."""
    broken = np.flatnonzero(~(np.isfinite(upper) & np.isfinite(lower)))
    return thin_curve(upper[: broken[0]] if len(broken) else upper, WIDTH // 2)


def _band(epochs: NDArray[np.intp], upper: Array, lower: Array, color: str, legend: bool) -> Trace:
    return scatter(
        name="predicted",
        x=np.concatenate([epochs, epochs[::-1]]).astype(float),
        y=np.concatenate([upper, lower[::-1]]),
        mode="lines",
        fill="toself",
        fillcolor=translucent(color, 0.16),
        line=_edge(color),
        legendgroup="predicted",
        legendrank=2000,  # behind the curves
        showlegend=legend,
        hoverinfo="skip",
        meta=MOVING,
    )


def _edge(color: str) -> dict[str, Any]:
    return {"color": translucent(color, 0.45), "width": 1}


def translucent(color: str, opacity: float) -> str:
    """Return a color given as #rrggbb with an opacity.

    >>> translucent("#0072b2", 0.5)
    'rgba(0, 114, 178, 0.5)'
    """
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"
