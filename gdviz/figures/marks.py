"""The moving part of a picture: a path with its outline, its epochs, both its ends, and a note where it leaves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.figures.base import MOVING, PLACE, Trace, flag, hover_rows, moving, scatter
from gdviz.figures.palette import Palette
from gdviz.landscapes import Window
from gdviz.landscapes.thinning import HEIGHT, MOST_VERTICES, WIDTH, draw_path, thin_path, to_pixels

Leaving = tuple[int, Array, int, int]

MOST_POINTS = 200  # epochs of a path that are still marked one by one
_FAR = 1e5  # pixels: no zoom gets there


def path_marks(
    trajectory: Trajectory,
    path: Array,
    window: Window,
    palette: Palette,
    width: float = 2.5,
    *,
    columns: tuple[str, str],
) -> list[Trace]:
    """Return the moving traces of ``path`` (k + 1, 2), the ``columns`` of ``trajectory``'s rows.

    In this order: outline, path, epochs, start, end, note.
    """
    few = len(path) <= MOST_POINTS + 1
    drawn = drawn_path(path, window, whole=few)
    last = path[-1:] if drawn.near[-1] else path[:0]
    return [
        scatter(
            **drawn.line,
            name="outline",
            mode="lines",
            meta=moving(*columns, "halo"),
            line={"color": palette.outline, "width": width + 3},
            customdata=drawn.rows,
            hoverinfo="skip",
        ),
        scatter(
            **drawn.line,
            name="path",
            mode="lines",
            meta=moving(*columns),
            line={"color": palette.path, "width": width},
            **hover_rows(drawn.rows, trajectory),
        ),
        _epochs(path, np.flatnonzero(drawn.near & few), palette, columns),
        end_mark(
            "start", "start", path[:1], moving(*columns, "first"), symbol="circle", color=palette.outline,
            line={"color": palette.path, "width": 3},
        ),
        end_mark(
            "end", f"end, epoch {len(path) - 1:,}", last, moving(*columns, "last"), symbol="diamond",
            color=palette.path, line={"color": palette.outline, "width": 2},
        ),
        _note(leaving(path, window), window, palette),
    ]  # fmt: skip


@dataclass(frozen=True)
class DrawnPath:
    """A path as it is drawn: its ``vertices`` (q, 2), the row of each, and which of all rows are ``near`` (k + 1,):
    browsers choke on markers much further out."""

    vertices: Array
    rows: NDArray[np.intp]
    near: NDArray[np.bool_]

    @property
    def line(self) -> dict[str, Array]:
        """The places of a trace that draws it."""
        return {"x": self.vertices[:, 0], "y": self.vertices[:, 1]}


def drawn_path(path: Array, window: Window, whole: bool, limit: int = MOST_VERTICES) -> DrawnPath:
    """Return ``path`` (k + 1, 2) as it is drawn in a window: ``whole``, or by about ``limit`` vertices at most."""
    x, y = pixels_of(path, window)
    rows = np.arange(len(path)) if whole else thin_path(x, y, limit=limit)
    return DrawnPath(*draw_path(path, rows, x, y), near=(np.abs(x) <= _FAR) & (np.abs(y) <= _FAR))


def pixels_of(path: Array, window: Window) -> tuple[Array, Array]:
    """Return where ``path`` (k + 1, 2) lies on a chart of a usual size, in pixels."""
    return to_pixels(path[:, 0], *window[0], WIDTH), to_pixels(path[:, 1], *window[1], HEIGHT)


def seen_from_above(points: Iterable[ArrayLike], axes: tuple[int, int]) -> Array:
    """Return the two coordinates (q, 2) of each of ``points`` (n,) that are drawn."""
    return np.array([np.asarray(point, dtype=float)[list(axes)] for point in points]).reshape(-1, 2)


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
        hovertemplate=f"minimum {PLACE}",
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


def end_mark(name: str, words: str, place: Array, meta: dict[str, Any], **marker: Any) -> Trace:
    """Return the marker of an end of a path, at ``place`` (1, 2) or nowhere (0, 2), which says ``words``."""
    return scatter(
        name=name,
        x=place[:, 0],
        y=place[:, 1],
        mode="markers",
        meta=meta,
        marker={"size": 13, **marker},
        zorder=2,
        hovertemplate=f"{words}<br>{PLACE}",
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
    turn = turned(note)
    if axis == 0:
        vertical = "bottom" if share[1] > 0.9 else "top"
        side = f"{vertical} {'left' if sign > 0 else 'right'}"
    else:
        horizontal = "left" if share[0] > 0.6 else "right" if share[0] < 0.4 else "center"
        side = f"{'bottom' if sign > 0 else 'top'} {horizontal}"
    arrow = {"left": "←", "right": "→", "down": "↓", "up": "↑"}[turn]
    words = leaving_words(epoch)
    return spot, f"{arrow} {words}" if turn == "left" else f"{words} {arrow}", side, turn


def turned(left: Leaving) -> str:
    """Return in which direction a path leaves the window."""
    _, _, axis, sign = left
    return (("left", "right") if axis == 0 else ("down", "up"))[sign > 0]


def leaving_words(epoch: int) -> str:
    """Say that a path leaves the window at ``epoch``: in two short lines, for there may be little room."""
    return f"path leaves<br>at epoch {epoch:,}" if epoch else "path starts<br>outside"
