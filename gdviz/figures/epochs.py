"""Curves over epochs: their axes, and how they are drawn."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.figures.base import Trace, scatter
from gdviz.landscapes.scales import log_step, signed_log_ticks
from gdviz.landscapes.signed_log import SignedLog
from gdviz.landscapes.thinning import WIDTH, thin_curve

MOST_ON_CURVE = 40  # epochs that are still marked one by one
BESIDE = 0.015  # of the epochs, before the first and after the last
COUNTED = 6  # up to so many epochs each has its number on the axis
SIGNED = " (signed log)"  # behind the title of such an axis
_SMALLEST_SPAN = 1e-290  # of an axis that a browser can still draw
_ROOM = 0.1  # decades around values that have less than one


def epoch_axis(epochs: int) -> dict[str, Any]:
    """Return the settings of an axis of epochs, 0 to ``epochs``."""
    last = max(1, epochs)
    # Between whole epochs there is nothing, and half ones would be labeled as whole.
    ticks = {"nticks": COUNTED + 1} if last > COUNTED else {"dtick": 1}
    return {"range": [-BESIDE * last, (1 + BESIDE) * last], "tickformat": ",d", **ticks}


def curve_mode(rows: int) -> str:
    """Return how Plotly is to draw a curve of so many ``rows``: with a mark at each where they are few."""
    return "lines+markers" if rows <= MOST_ON_CURVE + 1 else "lines"


def curve(heights: Array, true: Array, said: str, places: Array | None = None, **look: Any) -> Trace:
    """Return the curve of ``heights`` (k + 1,) over rows, or over their ``places``, with no more points than are seen.

    Under the pointer ``said`` stands before what is ``true`` (k + 1,) there.
    """
    rows = thin_curve(heights, WIDTH)
    return scatter(
        x=rows if places is None else places[rows],
        y=heights[rows],
        customdata=true[rows],
        hovertemplate=f"{said} = %{{customdata:.6~g}}<extra></extra>",
        **look,
    )


def level(name: str, value: float, last: float, scale: SignedLog | None, color: str, **more: Any) -> Trace:
    """Return a dotted line at the ``value`` of the parameter ``name`` at the minimum, up to the ``last`` epoch."""
    return scatter(
        name=f"{name} at the minimum",
        x=np.array([0.0, last]),
        y=np.full(2, float(placed(np.array(value), scale))),
        customdata=np.full(2, value),
        mode="lines",
        line={"color": color, "width": 1.5, "dash": "dot"},
        showlegend=False,
        hovertemplate=f"{name} at the minimum: %{{customdata:.6~g}}<extra></extra>",
        **more,
    )


def placed(values: Array, scale: SignedLog | None) -> Array:
    """Return where ``values`` (any shape) lie on an axis that has a ``scale`` of its own, or none."""
    return values if scale is None else scale.place(values)


def scaled_axis(scale: SignedLog, values: Array) -> dict[str, Any]:
    """Return the settings of an axis with a ``scale`` of its own, labeled with ``values`` (any shape)."""
    places, labels = signed_log_ticks(scale, values)
    return {"tickvals": places, "ticktext": labels, "zeroline": True}


def visible_range(values: Array) -> dict[str, Any]:
    """Return the range of a linear axis for ``values`` (any shape).

    Plotly finds one itself, but not where they differ by so little that its scale would overflow.
    """
    finite = values[np.isfinite(values)]
    low, high = finite.min(initial=np.inf), finite.max(initial=-np.inf)
    return {"range": [-1.0, 1.0]} if low < high < low + _SMALLEST_SPAN else {}


def log_axis(values: Array, ticks: int = 5) -> dict[str, Any]:
    """Return the settings of a log axis for ``values`` (any shape): ticks at round places, few and level."""
    positive = values[np.isfinite(values) & (values > 0)]
    # Plotly writes powers of ten a quarter larger than the tick font says.
    axis: dict[str, Any] = {"type": "log", "tickfont": {"size": 11}, "tickangle": 0}
    if len(positive):
        low, high = float(positive.min()), float(positive.max())
        axis["dtick"] = log_step(low, high, ticks)
        if high / 10 < low:
            axis["range"] = [float(np.log10(low)) - _ROOM, float(np.log10(high)) + _ROOM]
    return axis
