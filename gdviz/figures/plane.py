"""A path of many parameters on the plane in which it moves most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.descent import StopReason, Trajectory
from gdviz.figures.base import Sheet, parts, scatter
from gdviz.figures.contour import contour_figure
from gdviz.figures.marks import MOST_POINTS
from gdviz.figures.palette import Palette
from gdviz.landscapes import Landscape
from gdviz.training import Plane


def plane_figure(plane: Plane, palette: Palette) -> go.Figure:
    """Draw a path on the plane of its first two principal components, with the share of its variance at each axis.

    Traces: path, start, end.
    """
    x, y = plane.points.T
    epochs = np.arange(len(x))
    last = max(0, len(x) - 1 - int(np.argmax(np.isfinite(x[::-1]))))
    sheet = Sheet(palette, "plane", showlegend=False)
    sheet.add(
        scatter(
            name="path", x=x, y=y, customdata=epochs, mode="lines+markers" if len(x) <= MOST_POINTS + 1 else "lines",
            line={"color": palette.path, "width": 2.2}, marker={"size": 4.5, "color": palette.path},
            hovertemplate="row %{customdata:,d}<br>(%{x:.5~g}, %{y:.5~g})<extra></extra>",
        ),
        _mark("start", x[:1], y[:1], "circle", palette.surface, palette.path),
        _mark("end", x[last : last + 1], y[last : last + 1], "diamond", palette.path, palette.surface),
    )  # fmt: skip
    for setting, title in zip((sheet.x, sheet.y), _titles(plane), strict=True):
        setting(title)
    return sheet.figure()


def surface_plane_figure(
    plane: Plane,
    ground: Landscape,
    palette: Palette,
    beside: Array | None,
    beside_name: str,
    minima: Sequence[ArrayLike],
) -> go.Figure:
    """Draw the same over ``ground``, the objective's values on that plane; ``beside`` (l, 2) is a second path on it,
    ``minima`` are known minimizers (2,) there.

    Traces: as those of :func:`gdviz.figures.contour_figure`.
    """
    path = _path(plane.points)
    other = None if beside is None else _path(beside)
    named = replace(ground, names=("first component", "second component"))
    drawn = contour_figure(named, path, (0, 1), minima, palette=palette, beside=other, beside_name=beside_name)
    traces, layout = parts(drawn)
    for axis, title in zip(("xaxis", "yaxis"), _titles(plane), strict=True):
        layout[axis] = {**layout[axis], "title": {"text": title}}
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def _titles(plane: Plane) -> tuple[str, str]:
    first, second = (100 * share for share in plane.shares)
    return f"first component ({first:.1f} % of the variance)", f"second component ({second:.1f} %)"


def _path(points: Array) -> Trajectory:
    """Points of the plane as a run of two parameters, as far as they have a place on it."""
    fine = np.asarray(np.isfinite(points).all(axis=1))
    rows = points[: len(fine) if fine.all() else max(1, int(np.argmin(fine)))]
    unknown = np.full(len(rows), np.nan)
    names = ("first component", "second component")
    return Trajectory(names, rows, unknown, np.full_like(rows, np.nan), unknown[1:], 0, StopReason.EPOCHS)


def _mark(name: str, x: object, y: object, shape: str, fill: str, edge: str) -> dict[str, object]:
    marker = {"symbol": shape, "size": 12, "color": fill, "line": {"color": edge, "width": 2.5}}
    return scatter(name=name, x=x, y=y, mode="markers", marker=marker, hovertemplate=f"{name}<extra></extra>")
