"""The paths of several runs in one picture, from above or on a curve.

Every contender has one color, dash and marker in all of the pictures, so color is never the only cue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.comparisons import Result
from gdviz.figures.base import Sheet, Trace, hover_rows, moving, scatter
from gdviz.figures.contenders import LEGEND, name_of
from gdviz.figures.contour import landscape_trace, set_axes
from gdviz.figures.curve import curve_trace, minima_on, steps_on
from gdviz.figures.labels import symbol
from gdviz.figures.marks import drawn_path, end_mark, leaving, minima_marks, seen_from_above, turned
from gdviz.figures.palette import LIGHT, Look, Palette
from gdviz.landscapes import Curve, Landscape, Window

_FEW = 60  # epochs whose iterates are still marked one by one
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
    sheet = Sheet(
        palette, f"comparison {landscape.names} {window}", showlegend=True, legend=LEGEND, plot_bgcolor=palette.hole
    )
    stars = minima_marks(seen_from_above(minima, axes), palette)
    sheet.add(landscape_trace(landscape, palette), {**stars, "showlegend": False})
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
    paths = [steps_on(curve, r.run) for r in results]
    sheet = Sheet(palette, f"comparison curve {curve.name} {window}", showlegend=True, legend=LEGEND)
    columns = (f"theta {curve.axis}", "value")
    ground, stars = curve_trace(curve, palette), minima_marks(minima_on(curve, minima), palette)
    sheet.add({**ground, "line": {"color": palette.axis, "width": 3}, "showlegend": False})
    sheet.add({**stars, "showlegend": False}, *_paths(results, paths, window, palette, columns, 1.5))
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
    mark = end_mark(
        "start", "start", start, moving(*columns, "first", run=0), symbol="circle", color=palette.outline,
        line={"color": palette.text, "width": 3},
    )  # fmt: skip
    return [*traces, {**mark, "showlegend": False}]


def _path(
    place: int,
    result: Result,
    path: Array,
    window: Window,
    palette: Palette,
    width: float,
    columns: tuple[str, str],
) -> tuple[Trace, Trace, Trace]:
    look = palette.look(result.contender.color)
    name = name_of(result)
    few = len(path) <= _FEW + 1
    drawn = drawn_path(path, window, whole=few, limit=_MOST_VERTICES)
    outline = scatter(
        **drawn.line,
        legendgroup=name,
        name=f"{name}, outline",
        meta=moving(*columns, "halo", run=place),
        mode="lines",
        line={"color": palette.outline, "width": width + 2.5},
        opacity=0.8,
        showlegend=False,
        hoverinfo="skip",
    )
    line = scatter(
        **drawn.line,
        legendgroup=name,
        name=name,
        meta=moving(*columns, run=place),
        mode="lines+markers" if few and drawn.near.all() else "lines",
        line=look.line(width),
        marker={"symbol": "circle", "size": 5, "color": look.color},
        **hover_rows(drawn.rows, result.run, name),
    )
    end = _end(name, path, bool(drawn.near[-1]), window, look, palette, moving(*columns, "last", run=place))
    return outline, line, end


def _end(
    name: str,
    path: Array,
    near: bool,
    window: Window,
    look: Look,
    palette: Palette,
    meta: dict[str, Any],
) -> Trace:
    """The contender's own marker where its path ends, or a triangle where it leaves the window for good."""
    place, shape, size, words = path[-1:], look.shape, 12.0, f"end, epoch {len(path) - 1:,}"
    low, high = np.array(window, dtype=float).T
    if ((path[-1] < low) | (path[-1] > high)).any() or not near:
        left = leaving(path, window)
        assert left is not None
        place, shape, size = left[1][None, :], f"triangle-{turned(left)}", 13.0
        words = f"leaves at epoch {left[0]:,}"
    marker = {**look.marker(size, palette.outline), "symbol": shape}
    mark = end_mark(f"{name}, end", f"{name}: {words}", place, meta, **marker)
    return {**mark, "legendgroup": name, "showlegend": False, "cliponaxis": False}
