"""Several runs in one picture: their paths, their theta and loss curves, and how well each rate of theirs does.

Every contender has one colour, dash and marker in all of the pictures, so colour is never the only cue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from gdviz.comparisons import Result
from gdviz.descent import StopReason, Trajectory
from gdviz.figures.base import MOVING, OWN, Sheet, Trace, moving, row_data, row_hover, scatter
from gdviz.figures.contenders import Look, look_of, name_of, value_axis
from gdviz.figures.contour import has_equal_axes, landscape_trace
from gdviz.figures.curve import curve_trace
from gdviz.figures.epochs import epoch_axis, visible_range
from gdviz.figures.labels import symbol, symbols
from gdviz.figures.marks import leaving, minima_marks
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import Curve, Landscape, Window, nearest
from gdviz.landscapes.scales import exploding_scale, oscillates, signed_log_ticks
from gdviz.landscapes.signed_log import SignedLog
from gdviz.landscapes.thinning import HEIGHT, WIDTH, draw_path, thin_curve, thin_path, to_pixels

Array = NDArray[np.float64]

EPOCHS, EVALUATIONS = "epochs", "evaluations"
AXES = {EPOCHS: "epoch k", EVALUATIONS: "gradient evaluations"}

# Below the picture: eight names take several rows, and on a phone those would lie under the chart's own buttons.
_LEGEND = {"yref": "container", "y": 0.0, "yanchor": "bottom"}
_FEW = 60  # epochs whose iterates are still marked one by one
_FAR = 1e5  # pixels
_MOST_VERTICES = 1_000  # of one path: eight noisy ones must not take longer to draw than one


# -- paths --


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
        palette, f"comparison {landscape.names} {window}", showlegend=True, legend=_LEGEND, plot_bgcolor=palette.hole
    )
    sheet.add(landscape_trace(landscape, palette), {**minima_marks(stars, palette), "showlegend": False})
    columns = (f"theta {axes[0]}", f"theta {axes[1]}")
    sheet.add(*_paths(results, [r.run.thetas[:, list(axes)] for r in results], window, palette, columns))
    sheet.x(symbol(landscape.names[0]), range=list(window[0]), showgrid=False, mirror=True)
    sheet.y(symbol(landscape.names[1]), range=list(window[1]), showgrid=False, mirror=True)
    if has_equal_axes(window):
        sheet.x(constrain="domain")
        sheet.y(constrain="domain", scaleanchor="x", scaleratio=1)
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
    sheet = Sheet(palette, f"comparison curve {curve.name} {window}", showlegend=True, legend=_LEGEND)
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


# -- curves --


def comparison_theta_figure(
    results: Sequence[Result],
    against: str = EPOCHS,
    minima: Iterable[ArrayLike] = (),
    parameters: Sequence[int] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw each of ``parameters`` (places in theta, all by default) of every result, one panel above the other.

    ``against`` is ``"epochs"`` or ``"evaluations"``. A dotted line shows where the parameter lies at the known
    minimizer nearest to the lowest end. Runs that explode leave the picture; if all do, the scale is a signed log.
    """
    names = results[0].run.variables if results else ()
    shown = tuple(range(len(names))) if parameters is None else tuple(parameters)
    sheet = Sheet(palette, f"comparison theta {names} {shown} {against}", showlegend=True, legend=_LEGEND)
    goal = _goal(results, minima)
    last = _last(results, against)
    for row, i in enumerate(shown, start=1):
        quiet = [r for r in results if exploding_scale(r.run.thetas[:, [i]]) is None]
        scale = None if quiet else exploding_scale(results[0].run.thetas[:, [i]])
        for place, result in enumerate(results):
            sheet.add(_theta_curve(place, result, i, row, against, scale, palette))
        _theta_axes(sheet, row, len(shown), symbol(names[i]), last, against, scale)
        if scale is None:
            sheet.y(number=row, range=_theta_range(quiet, i, goal))
        else:
            heights, texts = signed_log_ticks(scale, np.concatenate([r.run.thetas[:, i] for r in results]))
            sheet.y(number=row, tickvals=heights, ticktext=texts, nticks=None)
        if goal is not None:
            sheet.add(_level(goal[i], row, last, symbol(names[i]), scale, palette))
    return sheet.figure()


def _theta_axes(
    sheet: Sheet, row: int, rows: int, name: str, last: float, against: str, scale: SignedLog | None
) -> None:
    gap = 0.09 if rows > 1 else 0.0
    height = (1 - gap * (rows - 1)) / rows
    top = 1 - (row - 1) * (height + gap)
    low = max(0.0, top - height)
    bottom = row == rows
    sheet.x(AXES[against] if bottom else None, row, **epoch_axis(round(last)), anchor=_axis("y", row))
    if not bottom:
        sheet.x(number=row, matches=_axis("x", rows), showticklabels=False)
    title = name if scale is None else f"{name} (signed log)"
    sheet.y(title, row, domain=[low, top], anchor=_axis("x", row), nticks=6 if rows < 3 else 4)


def _theta_range(quiet: Sequence[Result], i: int, goal: Array | None) -> list[float]:
    values = np.concatenate([r.run.thetas[:, i] for r in quiet] + ([goal[i : i + 1]] if goal is not None else []))
    low, high = float(values.min()), float(values.max())
    room = 0.06 * (high - low) or 0.5 * max(1.0, abs(high))
    return visible_range(values).get("range") or [low - room, high + room]


def _theta_curve(
    place: int, result: Result, i: int, row: int, against: str, scale: SignedLog | None, palette: Palette
) -> Trace:
    theta, look = result.run.thetas[:, i], look_of(result.contender.color, palette)
    rows = thin_curve(theta, WIDTH)
    name = symbol(result.run.variables[i])
    return scatter(
        name=name_of(result),
        legendgroup=name_of(result),
        showlegend=row == 1,
        x=_places(result, against)[rows],
        y=theta[rows] if scale is None else scale.place(theta[rows]),
        customdata=theta[rows],
        mode="lines",
        line=look.line(2.2, busy=oscillates(theta)),
        meta=_meta(place, f"theta {i}", against, None if scale is None else scale.unit),
        xaxis=_axis("x", row),
        yaxis=_axis("y", row),
        hovertemplate=(
            f"{name_of(result)}<br>{_unit(against)} %{{x:,d}}<br>{name} = %{{customdata:.6~g}}<extra></extra>"
        ),
    )


def _level(value: float, row: int, last: float, name: str, scale: SignedLog | None, palette: Palette) -> Trace:
    return scatter(
        name=f"{name} at the minimum",
        x=np.array([0.0, last]),
        y=np.full(2, value if scale is None else float(scale.place(np.array(value)))),
        customdata=np.full(2, value),
        mode="lines",
        line={"color": palette.muted, "width": 1.5, "dash": "dot"},
        showlegend=False,
        xaxis=_axis("x", row),
        yaxis=_axis("y", row),
        meta=MOVING,
        hovertemplate=f"{name} at the minimum: %{{customdata:.6~g}}<extra></extra>",
    )


def comparison_loss_figure(
    results: Sequence[Result],
    against: str = EPOCHS,
    minimum: float | None = None,
    palette: Palette = LIGHT,
    value_name: str | None = None,
) -> go.Figure:
    """Draw the value of every result's iterates, on a log axis where it can be, with a marker where each ends.

    With a known ``minimum`` (the least value) it is the distance f - f*; else the value itself, on a log axis where all
    are positive, or a signed one where a run falls without end. A run that rises more than a thousandfold above the
    start leaves the picture.
    """
    name = value_name or f"f({symbols(results[0].run.variables)})" if results else "f"
    heights, logarithmic, title = _heights(results, minimum, name)
    column = "value" if minimum is None or title == name else "gap"
    scale = None if logarithmic else _falling_scale(heights)
    sheet = Sheet(palette, f"comparison loss {title} {logarithmic} {scale} {against}", showlegend=True, legend=_LEGEND)
    everything = np.concatenate(heights) if heights else np.empty(0)
    for place, (result, height) in enumerate(zip(results, heights, strict=True)):
        rows = thin_curve(height, WIDTH)
        look = look_of(result.contender.color, palette)
        sheet.add(
            scatter(
                name=name_of(result),
                legendgroup=name_of(result),
                x=_places(result, against)[rows],
                y=height[rows] if scale is None else scale.place(height[rows]),
                customdata=result.run.values[rows],
                mode="lines",
                line=look.line(2.5, busy=oscillates(height)),
                meta=_meta(place, column, against, None if scale is None else scale.unit),
                hovertemplate=(
                    f"{name_of(result)}<br>{_unit(against)} %{{x:,d}}<br>{name} = %{{customdata:.6~g}}<extra></extra>"
                ),
            )
        )
    sheet.add(*(_last_value(r, h, everything, against, scale, palette) for r, h in zip(results, heights, strict=True)))
    sheet.x(AXES[against], **epoch_axis(round(_last(results, against))))
    if scale is None:
        sheet.y(title, nticks=6, **value_axis(everything, [h[0] for h in heights], logarithmic))
    else:
        places, labels = signed_log_ticks(scale, everything)
        sheet.y(f"{title} (signed log)", tickvals=places, ticktext=labels, zeroline=True)
    return sheet.figure()


def _falling_scale(heights: Sequence[Array]) -> SignedLog | None:
    """The scale for values of which some fall without end, None where a linear one shows them."""
    falling = [h for h in heights if np.nanmin(h) < 0]
    found = [scale for scale in (exploding_scale(h[:, None]) for h in falling) if scale is not None]
    return min(found, key=lambda scale: scale.unit, default=None)


def _last_value(
    result: Result, height: Array, everything: Array, against: str, scale: SignedLog | None, palette: Palette
) -> Trace:
    """A marker where the curve ends, so that a run of one epoch is seen; at the bottom where it hits the minimum."""
    look = look_of(result.contender.color, palette)
    hits = not np.isfinite(height[-1])
    value = np.nanmin(everything) if hits and np.isfinite(everything).any() else height[-1]
    words = "at the minimum itself, below this axis" if hits else "%{customdata:.6~g}"
    return scatter(
        name=f"{name_of(result)}, end",
        legendgroup=name_of(result),
        showlegend=False,
        x=_places(result, against)[-1:],
        y=np.array([value]) if scale is None else scale.place(np.array([value])),
        customdata=result.run.values[-1:],
        mode="markers",
        marker={"symbol": look.shape, "size": 11, "color": look.color,
                "line": {"color": palette.outline, "width": 1.5}},
        meta=OWN,
        zorder=2,
        cliponaxis=False,
        hovertemplate=f"{name_of(result)}: end, {_unit(against)} %{{x:,d}}<br>{words}<extra></extra>",
    )  # fmt: skip


def _heights(results: Sequence[Result], minimum: float | None, name: str) -> tuple[list[Array], bool, str]:
    """Return what is drawn for each result, whether on a log axis, and the axis title."""
    values = [r.run.values for r in results]
    if minimum is not None:
        gaps = [v - minimum for v in values]
        if any((gap > 0).any() for gap in gaps):
            short = name.split("(")[0]
            return [np.where(gap > 0, gap, np.nan) for gap in gaps], True, f"{short} − {short}*"
    return values, bool(values) and all((v > 0).all() for v in values), name


# -- what the curves share --


def _meta(place: int, column: str, against: str, unit: float | None = None) -> dict[str, Any]:
    """A run that is drawn anew in the browser comes without its count of evaluations."""
    return moving("epoch", column, unit=unit, run=place) if against == EPOCHS else MOVING


def _places(result: Result, against: str) -> Array:
    """Where on the x axis each iterate lies, shape (k + 1,)."""
    return np.round(result.costs) if against == EVALUATIONS else result.epochs


def _last(results: Sequence[Result], against: str) -> float:
    return max((float(_places(r, against)[-1]) for r in results), default=1.0)


def _unit(against: str) -> str:
    return "epoch" if against == EPOCHS else "evaluations"


def _axis(letter: str, number: int) -> str:
    return letter if number == 1 else f"{letter}{number}"


def _goal(results: Sequence[Result], minima: Iterable[ArrayLike]) -> Array | None:
    """The known minimizer (n,) that is nearest to the lowest end."""
    ends: list[Trajectory] = [r.run for r in results if r.run.stop_reason is not StopReason.DIVERGED]
    return nearest(minima, min(ends, key=lambda run: float(run.values[-1])).thetas[-1]) if ends else None
