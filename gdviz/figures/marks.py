"""The moving part of a picture: a path with its outline, its epochs, both its ends, and a note where it leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.figures.base import MOVING, Trace, flag, moving, row_data, row_hover, scatter
from gdviz.figures.labels import symbol
from gdviz.figures.palette import Palette
from gdviz.landscapes import Window
from gdviz.landscapes.thinning import HEIGHT, WIDTH, draw_path, thin_path, to_pixels

Array = NDArray[np.float64]
Leaving = tuple[int, Array, int, int]

MOST_POINTS = 200  # epochs of a path that are still marked one by one
_FAR = 1e5  # pixels: no zoom gets there, and browsers choke on markers at 1e150


def path_marks(
    trajectory: Trajectory,
    path: Array,
    window: Window,
    palette: Palette,
    width: float = 2.5,
    columns: tuple[str, str] = ("theta 0", "theta 1"),
) -> list[Trace]:
    """Return the moving traces of ``path`` (k + 1, 2), the ``columns`` of ``trajectory``'s rows.

    In this order: outline, path, epochs, start, end, note.
    """
    few = len(path) <= MOST_POINTS + 1
    pixels = [to_pixels(path[:, i], *window[i], size) for i, size in ((0, WIDTH), (1, HEIGHT))]
    rows = np.arange(len(path)) if few else thin_path(pixels[0], pixels[1])
    vertices, rows = draw_path(path, rows, pixels[0], pixels[1])
    names = [symbol(name) for name in trajectory.variables]
    line = {"x": vertices[:, 0], "y": vertices[:, 1], "mode": "lines"}
    near = np.flatnonzero((np.abs(pixels) <= _FAR).all(axis=0))
    first = path[:1]
    return [
        scatter(
            **line,
            name="outline",
            meta=moving(*columns, "halo"),
            line={"color": palette.outline, "width": width + 3},
            customdata=rows,
            hoverinfo="skip",
        ),
        scatter(
            **line,
            name="path",
            meta=moving(*columns),
            line={"color": palette.path, "width": width},
            customdata=row_data(rows, trajectory.thetas, trajectory.values),
            hovertemplate=row_hover(names),
        ),
        _epochs(path, near if few else near[:0], palette, columns),
        _mark(
            "start",
            "start",
            first,
            "circle",
            palette.outline,
            {"color": palette.path, "width": 3},
            moving(*columns, "first"),
        ),
        _mark(
            "end",
            f"end, epoch {len(path) - 1:,}",
            path[-1:] if len(path) - 1 in near[-1:] else path[:0],
            "diamond",
            palette.path,
            {"color": palette.outline, "width": 2},
            moving(*columns, "last"),
        ),
        _note(leaving(path, window), window, palette),
    ]


def minima_marks(points: Array, palette: Palette) -> Trace:
    """Return the stars at ``points`` (q, 2)."""
    return scatter(
        name="minima",
        x=points[:, 0],
        y=points[:, 1],
        mode="markers",
        marker={
            "symbol": "star",
            "size": 21,
            "color": palette.minimum,
            "line": {"color": palette.outline, "width": 1.5},
        },
        zorder=1,  # seen above a path that goes over it
        hovertemplate="minimum (%{x:.6~g}, %{y:.6~g})<extra></extra>",
    )


def leaving(path: Array, window: Window) -> Leaving | None:
    """Return where the path (k, 2) first leaves the window, or None if it does not.

    The epoch that is outside, the place on the border (2,), the axis whose border it is, and -1 (low) or 1 (high).
    A path that begins outside is taken to leave at epoch 0, at the border nearest to its start.
    """
    low, high = np.array(window, dtype=float).T
    outside = np.flatnonzero(((path < low) | (path > high)).any(axis=1))
    if not len(outside):
        return None
    epoch = int(outside[0])
    target = path[epoch]
    if not np.isfinite(target).all():  # a start without a value
        return None
    inside = np.clip(target, low, high) if epoch == 0 else path[epoch - 1]
    way = target / 2 - inside / 2
    border = np.where(way > 0, high, low)
    beyond = (target > high) | (target < low)
    shares = np.full(2, np.inf)
    np.divide(border / 2 - inside / 2, way, out=shares, where=beyond)
    axis = int(np.argmin(shares))
    spot = np.clip(inside + 2 * shares[axis] * way, low, high)
    spot[axis] = border[axis]
    return epoch, spot, axis, 1 if way[axis] > 0 else -1


def epoch_marker(rows: NDArray[np.intp], last: int, size: float, palette: Palette) -> dict[str, Any]:
    """Return the marker of the epochs ``rows`` of a run of ``last`` epochs, shaded by epoch."""
    return {
        "size": size,
        "color": rows,
        "cmin": 0,
        "cmax": max(1, last),
        "colorscale": [[0, palette.early], [0.5, palette.path], [1, palette.late]],
        "showscale": False,
        "line": {"color": palette.path, "width": 1},
    }


def _epochs(path: Array, rows: NDArray[np.intp], palette: Palette, columns: tuple[str, str]) -> Trace:
    return scatter(
        name="epochs",
        x=path[rows, 0],
        y=path[rows, 1],
        mode="markers",
        meta=moving(*columns, "points"),
        marker=epoch_marker(rows, len(path) - 1, 7.0 if len(rows) <= 60 else 5.5, palette),
        hoverinfo="skip",
    )


def _mark(
    name: str, words: str, place: Array, shape: str, fill: str, edge: dict[str, Any], meta: dict[str, Any]
) -> Trace:
    return scatter(
        name=name,
        x=place[:, 0],
        y=place[:, 1],
        mode="markers",
        meta=meta,
        marker={"symbol": shape, "size": 13, "color": fill, "line": edge},
        zorder=2,
        hovertemplate=words + "<br>(%{x:.6~g}, %{y:.6~g})<extra></extra>",
    )


def _note(note: Leaving | None, window: Window, palette: Palette) -> Trace:
    """A trace and not an annotation, so that it moves with the path and leaves the layout alone."""
    spot, text, side, turn = (np.empty(0), "", "middle left", "right") if note is None else _placed(note, window)
    return scatter(
        name="note",
        x=spot[:1],
        y=spot[1:],
        text=[text] if text else [],
        mode="markers+text",
        textposition=side,
        textfont=flag(palette, palette.outline),
        marker={
            "symbol": f"triangle-{turn}",
            "size": 11,
            "color": palette.path,
            "line": {"color": palette.outline, "width": 1},
        },
        zorder=2,
        hoverinfo="skip",
        cliponaxis=False,
        meta=MOVING,
    )


def _placed(note: Leaving, window: Window) -> tuple[Array, str, str, str]:
    """Return spot, text, text position and direction of a note, with the text inside the window."""
    epoch, spot, axis, sign = note
    share = [(at / 2 - low / 2) / (high / 2 - low / 2) for at, (low, high) in zip(spot, window, strict=True)]
    turn = (("left", "right") if axis == 0 else ("down", "up"))[sign > 0]
    if axis == 0:
        vertical = "bottom" if share[1] > 0.9 else "top"
        side = f"{vertical} {'left' if sign > 0 else 'right'}"
    else:
        horizontal = "left" if share[0] > 0.6 else "right" if share[0] < 0.4 else "center"
        side = f"{'bottom' if sign > 0 else 'top'} {horizontal}"
    arrow = {"left": "←", "right": "→", "down": "↓", "up": "↑"}[turn]
    words = leaving_words(epoch)
    return spot, f"{arrow} {words}" if turn == "left" else f"{words} {arrow}", side, turn


def leaving_words(epoch: int) -> str:
    """Say that a path leaves the window at ``epoch``: in two short lines, for there may be little room."""
    return f"path leaves<br>at epoch {epoch:,}" if epoch else "path starts<br>outside"
