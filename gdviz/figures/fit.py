"""Data as points, with the fitted curve at the end and at the start of a run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.figures.base import MOVING, Sheet, scatter
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
    start_curve_y: ArrayLike | None = None,
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
    sheet = Sheet(palette, f"fit {x_name} {y_name}", showlegend=True)
    curve_x, curve_y = np.asarray(curve_x, dtype=float), np.asarray(curve_y, dtype=float)
    sheet.add(
        scatter(
            name="data",
            x=x[rows],
            y=y[rows],
            mode="markers",
            marker=point_marker(len(rows), palette.series[0]),
            hovertemplate=hover,
        )
    )
    if start_curve_y is not None:
        sheet.add(
            scatter(
                name="at the start",
                x=curve_x,
                y=np.asarray(start_curve_y, dtype=float),
                mode="lines",
                line={"color": palette.muted, "width": 2, "dash": "dash"},
                meta=MOVING,
                hovertemplate="at the start<br>" + hover,
            )
        )
    sheet.add(
        scatter(
            name="fit at the end" if epoch is None else f"fit at epoch {epoch:,}",
            x=curve_x,
            y=curve_y,
            mode="lines",
            line={"color": palette.path, "width": 3},
            meta=MOVING,
            hovertemplate="fit<br>" + hover,
        )
    )
    sheet.x(names[0])
    sheet.y(names[1], range=_range(y))
    return sheet.figure()


def _range(y: np.ndarray) -> list[float] | None:
    finite = y[np.isfinite(y)]
    if not len(finite) or finite.min() == finite.max():
        return None
    pad = 0.08 * (finite.max() - finite.min())
    return [float(finite.min() - pad), float(finite.max() + pad)]
