"""What a fit leaves of each row."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.figures.base import MOVING, Sheet, scatter
from gdviz.figures.labels import symbol
from gdviz.figures.palette import LIGHT, Palette
from gdviz.figures.points import point_marker
from gdviz.landscapes.thinning import thin_cloud


def residuals_figure(
    x: ArrayLike, residuals: ArrayLike, x_name: str, target_name: str, palette: Palette = LIGHT
) -> go.Figure:
    """Draw ``residuals`` (m,), observed less predicted, against ``x`` (m,), with a line at zero.

    ``x`` is the model's input, or the prediction where there are several inputs. Rows that are not finite are left
    out. One trace.
    """
    x, residuals = np.asarray(x, dtype=float), np.asarray(residuals, dtype=float)
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(residuals))
    rows = finite[thin_cloud(x[finite], residuals[finite])]
    names = symbol(x_name), symbol(target_name)
    sheet = Sheet(palette, f"residuals {x_name} {target_name}", showlegend=False)
    sheet.add(
        scatter(
            name="residuals",
            x=x[rows],
            y=residuals[rows],
            mode="markers",
            marker=point_marker(len(rows), palette.series[0]),
            meta=MOVING,
            hovertemplate=f"{names[0]} = %{{x:.5~g}}<br>{names[1]} − predicted = %{{y:.5~g}}<extra></extra>",
        )
    )
    sheet.x(names[0])
    sheet.y(
        f"{names[1]} − predicted", nticks=6, rangemode="tozero",
        zeroline=True, zerolinecolor=palette.muted, zerolinewidth=2,
    )  # fmt: skip
    return sheet.figure()
