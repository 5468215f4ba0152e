"""A path of many parameters on the plane in which it moves most."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gdviz.figures.base import Sheet, scatter
from gdviz.figures.palette import LIGHT, Palette
from gdviz.training import Plane


def plane_figure(plane: Plane, palette: Palette = LIGHT) -> go.Figure:
    """Draw a path on the plane of its first two principal components, with the share of its variance at each axis.

    Traces: path, start, end.
    """
    x, y = plane.points.T
    epochs = np.arange(len(x))
    sheet = Sheet(palette, "plane", showlegend=False)
    sheet.add(
        scatter(
            name="path", x=x, y=y, customdata=epochs, mode="lines+markers" if len(x) <= 201 else "lines",
            line={"color": palette.path, "width": 2.2}, marker={"size": 4.5, "color": palette.path},
            hovertemplate="row %{customdata:,d}<br>(%{x:.5~g}, %{y:.5~g})<extra></extra>",
        ),
        _mark("start", x[:1], y[:1], "circle", palette.surface, palette.path),
        _mark("end", x[-1:], y[-1:], "diamond", palette.path, palette.surface),
    )  # fmt: skip
    sheet.x(f"first component ({100 * plane.shares[0]:.1f} % of the variance)")
    sheet.y(f"second component ({100 * plane.shares[1]:.1f} %)")
    return sheet.figure()


def _mark(name: str, x: object, y: object, shape: str, fill: str, edge: str) -> dict[str, object]:
    marker = {"symbol": shape, "size": 12, "color": fill, "line": {"color": edge, "width": 2.5}}
    return scatter(name=name, x=x, y=y, mode="markers", marker=marker, hovertemplate=f"{name}<extra></extra>")
