"""The paths of several runs in one picture, from above or on a curve.

Every contender has one color, dash and marker in all of the pictures, so color is never the only cue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from gdviz.comparisons import Result
from gdviz.figures.base import Sheet, Trace, moving, row_data, row_hover, scatter
from gdviz.figures.contenders import LEGEND, Look, look_of, name_of
from gdviz.figures.contour import landscape_trace, set_axes
from gdviz.figures.curve import curve_trace
from gdviz.figures.labels import symbol
from gdviz.figures.marks import leaving, minima_marks
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import Curve, Landscape, Window
from gdviz.landscapes.thinning import HEIGHT, WIDTH, draw_path, thin_path, to_pixels

Array = NDArray[np.float64]

_FEW = 60  # epochs whose iterates are still marked one by one
_FAR = 1e5  # pixels
_MOST_VERTICES = 1_000  # of one path: eight noisy ones must not take longer to draw than one


def comparison_contour_figure(
    landscape: Landscape,
    results: Sequence[Result],
    axes: tuple[int, int] | None = None,
    minima: Iterable[ArrayLike] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the path of every result over ``landscape``; arguments as in :func:`gdviz.figures.contour_figure`.

    Paths are never cut: the drawing ends at the window, and a triangle marks where a path leaves it. Traces, in this
    order: landscape, minima, and for each result its outline, its path (named by its label) and its end; start last.
    """
    axes = landscape.axes if axes is None else axes
    window = landscape.window
    stars = np.array([np.asarray(point, dtype=float)[list(axes)] for point in minima]).reshape(-1, 2)
    sheet = Sheet(
        palette, f"comparison {landscape.names} {window}", showlegend=True, legend=LEGEND, plot_bgcolor=palette.hole
    )
    sheet.add(landscape_trace(landscape, palette), {**minima_marks(stars, palette), "showlegend": False})
    columns = (f"theta {axes[0]}", f"theta {axes[1]}")
    sheet.add(*_paths(results, [r.run.thetas[:, list(axes)] for r in results], window, palette, columns))
    set_axes(sheet, landscape)
    return sheet.figure()


def comparison_curve_figure(
    curve: Curve,
    results: Sequence[Result],
    minima: Iterable[tuple[ArrayLike, float]] = (),
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw the steps of every result on the ``curve`` of a function of one variable; traces as on the contour."""
    window: Window = (curve.window, curve.value_window)
    stars = np.array([(np.atleast_1d(point)[curve.axis], value) for point, value in minima]).reshape(-1, 2)
    paths = [np.column_stack([r.run.thetas[:, curve.axis], r.run.values]) for r in results]
    sheet = Sheet(palette, f"comparison curve {curve.name} {window}", showlegend=True, legend=LEGEND)
    columns = (f"theta {curve.axis}", "value")
    ground = curve_trace(curve, palette)
    sheet.add({**ground, "line": {"color": palette.axis, "width": 3}, "showlegend": False})
    sheet.add(
        {**minima_marks(stars, palette), "showlegend": False}, *_paths(results, paths, window, palette, columns, 1.5)
    )
    sheet.x(symbol(curve.name), range=list(window[0]))
    sheet.y(f"f({symbol(curve.name)})", range=list(window[1]))
    return sheet.figure()


def _paths(
    results: Sequence[Result],
    paths: Sequence[Array],
    window: Window,
    palette: Palette,
    columns: tuple[str, str],
    width: float = 2.5,
) -> list[Trace]:
    """Return outline, path and end of each result, all outlines below all paths, then the common start.

    ``columns`` are those of a run that ``paths`` hold.
    """
    triples = [
        _path(i, r, path, window, palette, width, columns)
        for i, (r, path) in enumerate(zip(results, paths, strict=True))
    ]
    traces = [trace for column in zip(*triples, strict=True) for trace in column]
    start = paths[0][:1] if paths else np.empty((0, 2))
    return [*traces, _start(start, palette, columns)]


def _path(
    place: int,
    result: Result,
    path: Array,
    window: Window,
    palette: Palette,
    width: float,
    columns: tuple[str, str],
) -> tuple[Trace, Trace, Trace]:
    look = look_of(result.contender.color, palette)
    pixels = [to_pixels(path[:, i], *window[i], size) for i, size in ((0, WIDTH), (1, HEIGHT))]
    few = len(path) <= _FEW + 1
    rows = np.arange(len(path)) if few else thin_path(pixels[0], pixels[1], limit=_MOST_VERTICES)
    near = np.asarray((np.abs(pixels) <= _FAR).all(axis=0))
    vertices, rows = draw_path(path, rows, pixels[0], pixels[1])
    drawn = {"x": vertices[:, 0], "y": vertices[:, 1], "legendgroup": name_of(result)}
    outline = scatter(
        **drawn,
        name=f"{name_of(result)}, outline",
        meta=moving(*columns, "halo", run=place),
        mode="lines",
        line={"color": palette.outline, "width": width + 2.5},
        opacity=0.8,
        showlegend=False,
        hoverinfo="skip",
    )
    line = scatter(
        **drawn,
        name=name_of(result),
        meta=moving(*columns, run=place),
        mode="lines+markers" if few and near.all() else "lines",
        line=look.line(width),
        marker={"symbol": "circle", "size": 5, "color": look.color},
        customdata=row_data(rows, result.run.thetas, result.run.values),
        hovertemplate=f"{name_of(result)}<br>{row_hover([symbol(v) for v in result.run.variables])}",
    )
    return outline, line, _end(result, path, near, window, look, palette, moving(*columns, "last", run=place))


def _end(
    result: Result,
    path: Array,
    near: NDArray[np.bool_],
    window: Window,
    look: Look,
    palette: Palette,
    meta: dict[str, Any],
) -> Trace:
    """The contender's own marker where its path ends, or a triangle where it leaves the window for good."""
    place, shape, size, words = path[-1:], look.shape, 12.0, f"end, epoch {len(path) - 1:,}"
    low, high = np.array(window, dtype=float).T
    if ((path[-1] < low) | (path[-1] > high)).any() or not near[-1]:
        left = leaving(path, window)
        assert left is not None
        epoch, spot, axis, sign = left
        turn = (("left", "right") if axis == 0 else ("down", "up"))[sign > 0]
        place, shape, size, words = spot[None, :], f"triangle-{turn}", 13.0, f"leaves at epoch {epoch:,}"
    return scatter(
        name=f"{name_of(result)}, end",
        x=place[:, 0],
        y=place[:, 1],
        mode="markers",
        meta=meta,
        legendgroup=name_of(result),
        showlegend=False,
        marker={"symbol": shape, "size": size, "color": look.color, "line": {"color": palette.outline, "width": 1.5}},
        zorder=2,
        cliponaxis=False,
        hovertemplate=f"{name_of(result)}: {words}<br>(%{{x:.6~g}}, %{{y:.6~g}})<extra></extra>",
    )


def _start(place: Array, palette: Palette, columns: tuple[str, str]) -> Trace:
    return scatter(
        name="start",
        x=place[:, 0],
        y=place[:, 1],
        mode="markers",
        meta=moving(*columns, "first", run=0),
        showlegend=False,
        marker={"symbol": "circle", "size": 13, "color": palette.outline, "line": {"color": palette.text, "width": 3}},
        zorder=2,
        hovertemplate="start<br>(%{x:.6~g}, %{y:.6~g})<extra></extra>",
    )
