"""The landscape from above, with the path on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.descent import Trajectory
from gdviz.figures.base import Sheet, Trace
from gdviz.figures.beside import FULL_BATCH, beside_path
from gdviz.figures.labels import symbol
from gdviz.figures.marks import minima_marks, path_marks, seen_from_above
from gdviz.figures.palette import LIGHT, Palette
from gdviz.figures.still import Still
from gdviz.landscapes import Landscape, Window

_MOST_UNEQUAL = 2.5  # windows longer than this are not drawn with equal axes
_FLOAT32_MAX = 1e37


def contour_figure(
    landscape: Landscape,
    trajectory: Trajectory,
    axes: tuple[int, int] | None = None,
    minima: Iterable[ArrayLike] = (),
    palette: Palette = LIGHT,
    beside: Trajectory | None = None,
    beside_name: str = FULL_BATCH,
) -> go.Figure:
    """Draw ``trajectory`` over ``landscape``.

    ``axes`` are the two places in theta that are drawn (the landscape's by default), ``minima`` known minimizers (n,).
    The path is never cut: only the drawing ends at the window, and a note says at which epoch the path leaves it.
    ``beside`` is a second run, drawn behind as a thin line called ``beside_name``, and makes a legend.
    Traces, in this order: landscape, minima, and the moving ones: the second run if any, outline, path, epochs, start,
    end, note.
    """
    axes = landscape.axes if axes is None else axes
    window = landscape.window
    sheet = Sheet(palette, f"contour {landscape.names} {window}", showlegend=False, plot_bgcolor=palette.hole)
    sheet.add(landscape_trace(landscape, palette), minima_marks(seen_from_above(minima, axes), palette))
    columns = (f"theta {axes[0]}", f"theta {axes[1]}")
    if beside is not None:
        sheet.add(beside_path(beside, beside.thetas[:, list(axes)], window, beside_name, palette))
    sheet.add(*path_marks(trajectory, trajectory.thetas[:, list(axes)], window, palette, columns=columns))
    if beside is not None:
        sheet.show_legend("path", beside_name)
    set_axes(sheet, landscape)
    return sheet.figure()


def set_axes(sheet: Sheet, landscape: Landscape) -> None:
    """Give a picture of ``landscape`` its two axes: its window, to one scale where that can be."""
    window = landscape.window
    sheet.x(symbol(landscape.names[0]), range=list(window[0]), showgrid=False, mirror=True)
    sheet.y(symbol(landscape.names[1]), range=list(window[1]), showgrid=False, mirror=True)
    if has_equal_axes(window):
        sheet.x(constrain="domain")
        sheet.y(constrain="domain", scaleanchor="x", scaleratio=1)


def has_equal_axes(window: Window) -> bool:
    """Say whether the window is drawn with one scale for both axes, so that steps cross level lines at right angles."""
    width, height = (high / 2 - low / 2 for low, high in window)
    return 1 / _MOST_UNEQUAL <= height / width <= _MOST_UNEQUAL


def contour_aspect(window: Window) -> float:
    """Return the height of the drawn box divided by its width, between 2/5 and 5/2; 0.8 where the axes are unequal."""
    width, height = (high / 2 - low / 2 for low, high in window)
    return height / width if has_equal_axes(window) else 0.8


def landscape_trace(landscape: Landscape, palette: Palette) -> Trace:
    """Return the landscape itself, with holes where the objective has no value; made once, and not to be written to."""
    made: Trace = landscape.kept.get(palette, lambda: Still(_landscape_trace(landscape, palette)))
    return made


def _landscape_trace(landscape: Landscape, palette: Palette) -> Trace:
    levels = len(landscape.levels.values)
    return {
        "type": "contour",
        "name": "landscape",
        "x": landscape.x,
        "y": landscape.y,
        "z": landscape.shade.astype(np.float32),
        "zmin": -1.0,
        "zmax": float(max(levels, 1)),
        "autocontour": False,
        "contours": {"start": 0, "end": max(levels - 1, 0), "size": 1, "coloring": "fill", "showlines": levels > 0},
        "line": {"color": palette.level_line, "width": 0.8, "smoothing": 1},
        "colorscale": palette.colorscale,
        "showscale": False,
        "connectgaps": False,
        **hover_values(landscape),
    }


def hover_values(landscape: Landscape) -> dict[str, Any]:
    """Return the properties of a trace of ``landscape`` that says the place and the value under the pointer."""
    z = np.where(np.isfinite(landscape.z), landscape.z, np.nan)
    small = not (np.abs(z) > _FLOAT32_MAX).any()
    x, y = (symbol(name) for name in landscape.names)
    return {
        "customdata": z.astype(np.float32) if small else z,
        "hovertemplate": f"{x} = %{{x:.4~g}}<br>{y} = %{{y:.4~g}}<br>f = %{{customdata:.5~g}}<extra></extra>",
    }
