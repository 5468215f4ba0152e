"""Two classes as points, over the probability that a fit gives to one of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.figures.base import Sheet, Trace, scatter
from gdviz.figures.labels import symbol
from gdviz.figures.palette import LIGHT, SYMBOLS, Palette
from gdviz.figures.points import point_marker
from gdviz.fits import Boundary
from gdviz.landscapes.thinning import thin_cloud

_TINT = 0.3  # share of a class's color in the background where its probability is 1
_MOST = 1_500  # points drawn of each class
_SHAPES = SYMBOLS[0], SYMBOLS[2]


def boundary_figure(
    columns: Mapping[str, ArrayLike],
    boundary: Boundary,
    x_name: str,
    y_name: str,
    target_name: str,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw column ``y_name`` against ``x_name`` for rows whose ``target_name`` is 0 and 1, over ``boundary``.

    The background is tinted with a class's color where that class is likelier; a line is at the probability one half.
    Traces: probability, boundary, class 0, class 1.
    """
    x, y, target = (np.asarray(columns[name], dtype=float) for name in (x_name, y_name, target_name))
    names = symbol(x_name), symbol(y_name), symbol(target_name)
    sheet = Sheet(palette, f"boundary {x_name} {y_name} {target_name}", showlegend=True, plot_bgcolor=palette.hole)
    sheet.add(*_background(boundary, names, palette))
    for kind in (0, 1):
        members = np.flatnonzero((target == 1) == bool(kind))
        rows = members[thin_cloud(x[members], y[members], _MOST)]
        marker = point_marker(len(rows), palette.series[kind])
        edge = {"color": palette.outline, "width": 1 if marker["size"] > 4 else 0}
        sheet.add(
            scatter(
                name=f"{names[2]} = {kind}",
                x=x[rows],
                y=y[rows],
                mode="markers",
                marker={**marker, "symbol": _SHAPES[kind], "opacity": 0.9, "line": edge},
                hovertemplate=(
                    f"{names[0]} = %{{x:.5~g}}<br>{names[1]} = %{{y:.5~g}}<br>{names[2]} = {kind}<extra></extra>"
                ),
            )
        )
    sheet.x(names[0], range=[float(boundary.x[0]), float(boundary.x[-1])], showgrid=False, mirror=True)
    sheet.y(names[1], range=[float(boundary.y[0]), float(boundary.y[-1])], showgrid=False, mirror=True)
    return sheet.figure()


def _background(boundary: Boundary, names: tuple[str, str, str], palette: Palette) -> list[Trace]:
    grid = {
        "type": "contour",
        "x": boundary.x,
        "y": boundary.y,
        "z": boundary.probability.astype(np.float32),
        "autocontour": False,
        "showscale": False,
        "connectgaps": False,
    }
    tints = [_mixed(palette.surface, color, _TINT) for color in palette.series[:2]]
    return [
        {
            **grid,
            "name": "probability",
            "zmin": 0.0,
            "zmax": 1.0,
            "contours": {"start": 0.1, "end": 0.9, "size": 0.1, "coloring": "fill", "showlines": False},
            "colorscale": [[0, tints[0]], [0.5, palette.surface], [1, tints[1]]],
            "line": {"color": palette.level_line, "width": 0},
            "showlegend": False,
            "hovertemplate": (
                f"{names[0]} = %{{x:.4~g}}<br>{names[1]} = %{{y:.4~g}}<br>"
                f"probability of {names[2]} = 1: %{{z:.3~g}}<extra></extra>"
            ),
        },
        {
            **grid,
            "name": "probability ½",
            "contours": {"start": 0.5, "end": 0.5, "size": 1, "coloring": "none", "showlines": True},
            "line": {"color": palette.text, "width": 2.5},
            "showlegend": True,
            "hoverinfo": "skip",
        },
    ]


def _mixed(one: str, other: str, share: float) -> str:
    """Return the color between two, all as #rrggbb.

    >>> _mixed("#000000", "#ff8000", 0.5)
    '#804000'
    """
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round((1 - share) * a + share * b):02x}" for a, b in pairs)
