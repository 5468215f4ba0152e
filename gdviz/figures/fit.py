"""Data as points, with the fitted curve at the end and at the start of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.figures.base import MOVING, Sheet, Trace, scatter
from gdviz.figures.labels import symbol
from gdviz.figures.palette import LIGHT, Palette
from gdviz.figures.points import point_marker
from gdviz.landscapes.thinning import thin_cloud


def fit_figure(
    columns: Mapping[str, ArrayLike],
    x_name: str,
    y_name: str,
    curve_x: ArrayLike,
    curve_y: ArrayLike,
    start_curve_y: ArrayLike,
    palette: Palette = LIGHT,
    epoch: int | None = None,
) -> go.Figure:
    """Draw column ``y_name`` against ``x_name``, the fitted curve (m,) and, faintly, the curve at the start (m,).

    ``epoch`` is that of the fitted curve, None for the last. Traces: data, start, fit.
    The axes are those of data and fit: a start far off does not squeeze them.
    """
    x, y = (np.asarray(columns[name], dtype=float) for name in (x_name, y_name))
    rows = thin_cloud(x, y)
    names = symbol(x_name), symbol(y_name)
    hover = f"{names[0]} = %{{x:.5~g}}<br>{names[1]} = %{{y:.5~g}}<extra></extra>"
    marker = point_marker(len(rows), palette.series[0])
    sheet = Sheet(palette, f"fit {x_name} {y_name}", showlegend=True)
    sheet.add(scatter(name="data", x=x[rows], y=y[rows], mode="markers", marker=marker, hovertemplate=hover))

    before = {"color": palette.muted, "width": 2, "dash": "dash"}
    sheet.add(_curve("at the start", curve_x, start_curve_y, before, f"at the start<br>{hover}"))
    name = "fit at the end" if epoch is None else f"fit at epoch {epoch:,}"
    sheet.add(_curve(name, curve_x, curve_y, {"color": palette.path, "width": 3}, f"fit<br>{hover}"))
    sheet.x(names[0])
    sheet.y(names[1], range=_range(y))
    return sheet.figure()


def _curve(name: str, x: ArrayLike, y: ArrayLike, line: dict[str, Any], hover: str) -> Trace:
    places = {"x": np.asarray(x, dtype=float), "y": np.asarray(y, dtype=float)}
    return scatter(**places, name=name, mode="lines", line=line, meta=MOVING, hovertemplate=hover)


def _range(y: np.ndarray) -> list[float] | None:
    finite = y[np.isfinite(y)]
    if not len(finite) or finite.min() == finite.max():
        return None
    pad = 0.08 * (finite.max() - finite.min())
    return [float(finite.min() - pad), float(finite.max() + pad)]
