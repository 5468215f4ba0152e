"""A second run behind the first one: thin, muted, and out of the way."""

from __future__ import annotations

from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.figures.base import MOVING, Trace, hover_rows, scatter
from gdviz.figures.epochs import curve, log_axis, placed
from gdviz.figures.labels import symbol
from gdviz.figures.marks import drawn_path
from gdviz.figures.palette import Palette
from gdviz.landscapes import Window
from gdviz.landscapes.scales import oscillates
from gdviz.landscapes.signed_log import SignedLog

FULL_BATCH = "full batch"
_RANK = 1500  # the legend names the run itself first
_DECADES = 3.0  # how far a second curve may stretch a log axis, or as far as the first one spans if that is more


def beside_path(run: Trajectory, path: Array, window: Window, name: str, palette: Palette, dots: bool = False) -> Trace:
    """Return ``path`` (k + 1, 2), the drawn coordinates of ``run``'s rows, as a thin line, with dots on request."""
    drawn = drawn_path(path, window, whole=dots)
    return scatter(
        **drawn.line,
        name=name,
        mode="lines+markers" if dots and drawn.near.all() else "lines",
        line={"color": palette.muted, "width": 1.5},
        marker={"size": 5, "color": palette.muted},
        legendrank=_RANK,
        meta=MOVING,
        **hover_rows(drawn.rows, run, name),
    )


def beside_thetas(run: Trajectory, scale: SignedLog | None, name: str, palette: Palette) -> list[Trace]:
    """Return a thin line for each parameter, in the dash of its own curve; all but the first without a legend entry."""
    curves = []
    for i, variable in enumerate(run.variables):
        theta = run.thetas[:, i]
        dash = "solid" if oscillates(theta) else palette.look(i).dash
        curves.append(_curve(name, placed(theta, scale), theta, symbol(variable), dash, palette, legend=i == 0))
    return curves


def beside_curve(heights: Array, true: Array, quantity: str, name: str, palette: Palette, number: int = 1) -> Trace:
    """Return ``heights`` (k + 1,) of ``true`` values, drawn against the epoch on axes ``number``, as a thin line."""
    axes = {} if number == 1 else {"xaxis": f"x{number}", "yaxis": f"y{number}"}
    return {**_curve(name, heights, true, quantity, "solid", palette, legend=number == 1), **axes}


def _curve(name: str, heights: Array, true: Array, quantity: str, dash: str, palette: Palette, legend: bool) -> Trace:
    return curve(
        heights,
        true,
        f"{name}<br>epoch %{{x:,d}}<br>{quantity}",
        name=name,
        mode="lines",
        line={"color": palette.muted, "width": 1.5, "dash": dash},
        legendgroup="beside",
        legendrank=_RANK,
        showlegend=legend,
        meta=MOVING,
    )


def shared_log_axis(first: Array, second: Array, ticks: int) -> dict[str, Any]:
    """Return the settings of a log axis for both, on which ``first`` (k,) stays large where ``second`` (l,) is wild."""
    ends = _decades_range(first, second)
    if ends is None:
        return log_axis(np.concatenate([first, second]), ticks)
    return {**log_axis(10.0 ** np.clip(ends, -300, 300), ticks), "range": ends}


def _decades_range(first: Array, second: Array) -> list[float] | None:
    """Return the ends of a log axis, as exponents, where it must not follow ``second`` all the way."""
    low, high = _decades(first)
    lowest, highest = _decades(second)
    room = max(_DECADES, high - low)
    if not np.isfinite([low, high, lowest, highest]).all() or (lowest >= low - room and highest <= high + room):
        return None
    bottom, top = min(low, max(lowest, low - room)), max(high, min(highest, high + room))
    pad = 0.05 * (top - bottom)
    return [bottom - pad, top + pad]


def _decades(values: Array) -> tuple[float, float]:
    """Return log10 of the least and of the largest positive number in ``values``, inf and -inf if there is none."""
    positive = values[np.isfinite(values) & (values > 0)]
    if not len(positive):
        return np.inf, -np.inf
    return float(np.log10(positive.min())), float(np.log10(positive.max()))
