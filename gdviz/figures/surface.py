"""The landscape in three dimensions, with the path on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.figures.base import MOVING, PLACE, Sheet, Trace, hover_rows, moving
from gdviz.figures.beside import FULL_BATCH
from gdviz.figures.contour import contour_aspect, hover_values
from gdviz.figures.labels import symbol, symbols
from gdviz.figures.marks import MOST_POINTS, epoch_marker, leaving, leaving_words, pixels_of, seen_from_above
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import Landscape
from gdviz.landscapes.relief import Draped, Relief, height_ticks
from gdviz.landscapes.thinning import thin_path

_AWAY, _ABOVE = 1.72, 1.65  # of the eye, where the window's wider side is about 1
_ON_TOP = 9  # times the lift of lines: half a mark would sink into the surface
_NOT_TO_SCALE = "f, signed log"
_LONG = 12  # letters of a title that fits along the upright axis
_ROUGH = 45  # level lines across: more of them are a thicket on the floor
_SIZE = 1.02  # of the wider side: larger, and the upright axis with its title would be cut
_HEIGHT = 0.55  # of the wider side of the window
_LIGHT = {"ambient": 0.82, "diffuse": 0.45, "specular": 0.04, "roughness": 0.9, "fresnel": 0.05}


def surface_figure(
    landscape: Landscape,
    trajectory: Trajectory,
    axes: tuple[int, int] | None = None,
    minima: Iterable[ArrayLike] = (),
    palette: Palette = LIGHT,
    beside: Trajectory | None = None,
) -> go.Figure:
    """Draw ``trajectory`` on the surface of ``landscape``.

    ``axes`` are the two places in theta that are drawn (the landscape's by default), ``minima`` known minimizers (n,).
    Colors are those of the contour. Heights are true, or to a scale that spans decades; then the axis says so, and is
    labeled with the values (:mod:`gdviz.landscapes.relief`). The path lies on the surface: of more than two parameters
    it is projected, as on the contour.
    Unlike there its drawing ends at the window, for nothing clips a line in space; a note says at which epoch it
    leaves.
    ``beside`` is a second run, drawn as a thin line called “full batch”.
    Traces, in this order: landscape, rim, minima, and the moving ones: the second run if any, outline, path, epochs,
    start, end, note.
    """
    axes = landscape.axes if axes is None else axes
    relief = Relief(landscape)
    stars = seen_from_above(minima, axes)
    sheet = Sheet(palette, f"surface {landscape.names}", showlegend=False, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    for name in ("xaxis", "yaxis"):
        del sheet.layout[name]  # or flat axes would be drawn behind the scene
    sheet.layout["scene"] = _scene(landscape, relief, palette)
    sheet.add(_ground(landscape, relief, palette), _rim(relief, palette), _minima(relief, stars, palette))
    if beside is not None:
        sheet.add(_beside(relief, beside, axes, palette))
    sheet.add(*_path(relief, trajectory, axes, palette))
    return sheet.figure()


def _ground(landscape: Landscape, relief: Relief, palette: Palette) -> Trace:
    """The surface, with holes where the objective has no value, and its level lines."""
    rough = relief.crossings() > _ROUGH
    levels, shades = len(relief.scale.values), len(landscape.levels.values)
    lines = {
        "show": levels > 0,
        "start": 0,
        "end": max(levels - 1, 0),
        "size": 2 if rough else 1,
        "color": palette.level_line,
        "width": 1.5,
        "highlight": False,
        "project": {"z": levels > 0 and not rough},
    }
    return {
        "type": "surface",
        "name": "landscape",
        "meta": relief.laying(),
        "x": landscape.x,
        "y": landscape.y,
        "z": relief.z.astype(np.float32),
        "surfacecolor": landscape.shade.astype(np.float32),  # the same colors as from above
        "cmin": -1.0,
        "cmax": float(max(shades, 1)),
        "colorscale": palette.colorscale,
        "showscale": False,
        "lighting": _LIGHT,
        "lightposition": {"x": -1000, "y": -4000, "z": 9000},
        "contours": {"x": {"highlight": False}, "y": {"highlight": False}, "z": lines},
        **hover_values(landscape),
    }


def _rim(relief: Relief, palette: Palette) -> Trace:
    """The surface's edge: where it is palest it is nearly the paper's color."""
    x, y, z = relief.rim().T
    z = z + relief.lift / 2  # or half of the line would be within the surface
    return _in_space(
        name="rim", x=x, y=y, z=z, mode="lines", line={"color": palette.axis, "width": 2}, hoverinfo="skip"
    )


def _scene(landscape: Landscape, relief: Relief, palette: Palette) -> dict[str, Any]:
    deep = contour_aspect(landscape.window)
    size = max(1.0, deep)
    across, along = relief.view()
    return {
        "bgcolor": "rgba(0,0,0,0)",
        "xaxis": _axis(symbol(landscape.names[0]), palette, range=list(landscape.window[0])),
        "yaxis": _axis(symbol(landscape.names[1]), palette, range=list(landscape.window[1])),
        "zaxis": _upright_axis(f"f({symbols(landscape.names)})", relief, palette),
        "aspectmode": "manual",
        "aspectratio": {"x": _SIZE / size, "y": _SIZE * deep / size, "z": _SIZE * _HEIGHT},
        "camera": {
            "eye": {"x": _AWAY * across, "y": _AWAY * along, "z": _ABOVE},
            "center": {"x": 0, "y": 0, "z": -0.08},
            "up": {"x": 0, "y": 0, "z": 1},
        },
    }


def _upright_axis(value: str, relief: Relief, palette: Palette) -> dict[str, Any]:
    """The axis of heights, called ``value`` where there is room and they are true."""
    title = _NOT_TO_SCALE if relief.scale.kind != "linear" else value if len(value) <= _LONG else "f"
    ticks, labels = height_ticks(relief.scale)
    ends = [relief.bottom, relief.top]
    return _axis(title, palette, range=ends, tickmode="array", tickvals=ticks, ticktext=labels)


def _axis(title: str, palette: Palette, **own: Any) -> dict[str, Any]:
    return {
        "color": palette.text,
        "gridcolor": palette.grid,
        "linecolor": palette.axis,
        "showbackground": False,
        "showspikes": False,
        "zeroline": False,
        "tickfont": {"color": palette.muted, "size": palette.type_size(12)},
        "nticks": 6,
        "exponentformat": "power",
        "minexponent": 4,
        "title": {"text": title, "font": {"color": palette.text, "size": palette.type_size(15)}},
        **own,
    }


# -- what lies on it --


def _path(relief: Relief, run: Trajectory, axes: tuple[int, int], palette: Palette) -> list[Trace]:
    path = run.thetas[:, list(axes)]
    columns = (f"theta {axes[0]}", f"theta {axes[1]}")
    few = len(path) <= MOST_POINTS + 1
    rows = np.arange(len(path)) if few else _thinned(path, relief)
    first, last = ({**moving(*columns, part), "lift": _ON_TOP * relief.lift} for part in ("first", "last"))
    end = relief.stand(path[-1:], _ON_TOP)
    return [
        *_line(relief, relief.drape(path, rows), run, columns, palette),
        _epochs(relief, path, run, palette, moving(*columns, "points")) if few else _empty("epochs"),
        _mark("start", "start", relief.stand(path[:1], _ON_TOP), "circle", palette.accent, "#ffffff", first),
        _mark("end", f"end, epoch {run.epochs:,}", end, "diamond", palette.path, palette.outline, last),
        _note(relief, path, palette),
    ]


def _line(
    relief: Relief, draped: Draped, run: Trajectory, columns: tuple[str, str], palette: Palette
) -> tuple[Trace, Trace]:
    """The path's outline, and the path."""
    line = {"x": draped.x, "y": draped.y, "mode": "lines"}
    outline = _in_space(
        **line,
        z=draped.z - relief.lift * 0.8,  # behind the path, seen from above
        name="outline",
        meta=moving(*columns, "halo"),
        line={"color": palette.outline, "width": 10},
        customdata=draped.moments[:, None],
        hoverinfo="skip",
    )
    path = _in_space(
        **line,
        z=draped.z,
        name="path",
        meta=moving(*columns),
        line={"color": palette.path, "width": 5},
        **_hover(draped, run),
    )
    return outline, path


def _beside(relief: Relief, run: Trajectory, axes: tuple[int, int], palette: Palette) -> Trace:
    path = run.thetas[:, list(axes)]
    draped = relief.drape(path, _thinned(path, relief))
    return _in_space(
        name=FULL_BATCH,
        x=draped.x,
        y=draped.y,
        z=draped.z,
        mode="lines",
        line={"color": palette.muted, "width": 3},
        meta=MOVING,
        **_hover(draped, run, FULL_BATCH),
    )


def _thinned(path: Array, relief: Relief) -> NDArray[np.intp]:
    return thin_path(*pixels_of(path, relief.window))


def _hover(draped: Draped, run: Trajectory, whose: str = "") -> dict[str, Any]:
    """What is said of each point, with its moment beside the data."""
    told = hover_rows(np.floor(draped.moments).astype(int), run, whose)
    return {**told, "customdata": np.column_stack([told["customdata"], draped.moments])}


def _epochs(relief: Relief, path: Array, run: Trajectory, palette: Palette, meta: dict[str, Any]) -> Trace:
    shares = relief.shares(path)
    rows = np.flatnonzero(((shares >= 0) & (shares <= 1)).all(axis=1))
    z = relief.heights(shares[rows]) + 1.5 * relief.lift
    return _in_space(
        name="epochs",
        x=path[rows, 0],
        y=path[rows, 1],
        z=z,
        mode="markers",
        meta=meta,
        marker=epoch_marker(rows, len(path) - 1, 4.5 if len(rows) <= 60 else 3.5, palette),
        **hover_rows(rows, run),
    )


def _minima(relief: Relief, points: Array, palette: Palette) -> Trace:
    """Stars as letters: the symbols of a scene have none."""
    places = relief.stand(points, _ON_TOP)
    return _in_space(
        name="minima",
        x=places[:, 0],
        y=places[:, 1],
        z=places[:, 2],
        mode="text",
        text=["★"] * len(places),
        textposition="middle center",
        textfont={"color": palette.minimum, "size": 24},
        hovertemplate=f"minimum {PLACE}",
    )


def _mark(name: str, words: str, places: Array, shape: str, fill: str, edge: str, meta: dict[str, Any]) -> Trace:
    return _in_space(
        name=name,
        x=places[:, 0],
        y=places[:, 1],
        z=places[:, 2],
        mode="markers",
        meta=meta,
        marker={
            "symbol": shape,
            "size": 8 if shape == "circle" else 6,
            "color": fill,
            "line": {"color": edge, "width": 3 if shape == "circle" else 2},
        },
        hovertemplate=f"{words}<br>{PLACE}",
    )


def _note(relief: Relief, path: Array, palette: Palette) -> Trace:
    """Where the path leaves the window."""
    found = leaving(path, relief.window)
    places = np.empty((0, 3)) if found is None else relief.stand(found[1][None, :])
    words = "" if found is None else leaving_words(found[0])
    return _in_space(
        name="note",
        x=places[:, 0],
        y=places[:, 1],
        z=places[:, 2],
        text=[words] * len(places),
        mode="markers+text",
        textposition="top center",
        textfont={"color": palette.text, "size": palette.type_size(13)},
        marker={"symbol": "x", "size": 4, "color": palette.path},
        hoverinfo="skip",
        meta=MOVING,
    )


def _empty(name: str) -> Trace:
    return _in_space(name=name, x=np.empty(0), y=np.empty(0), z=np.empty(0), mode="markers", meta=MOVING)


def _in_space(**properties: Any) -> Trace:
    return {"type": "scatter3d", **properties}
