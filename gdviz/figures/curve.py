"""A function of one variable as a curve, with the steps of a descent on it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.figures.base import Sheet, Trace, scatter
from gdviz.figures.beside import FULL_BATCH, beside_path
from gdviz.figures.labels import symbol
from gdviz.figures.marks import MOST_POINTS, minima_marks, path_marks
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import Curve, Window


def curve_figure(
    curve: Curve,
    trajectory: Trajectory,
    minima: Iterable[tuple[ArrayLike, float]] = (),
    palette: Palette = LIGHT,
    beside: Trajectory | None = None,
) -> go.Figure:
    """Draw the points and steps of ``trajectory`` on ``curve``.

    ``minima`` are pairs (minimizer (n,), value). ``beside`` is a second run, drawn behind as a thin line: it makes a
    legend.
    Traces, in this order: landscape, minima, and the moving ones: the second run if any, outline, path, epochs, start,
    end, note.
    """
    window: Window = (curve.window, curve.value_window)
    name = symbol(curve.name)
    sheet = Sheet(palette, f"curve {curve.name} {window}", showlegend=False)
    sheet.add(curve_trace(curve, palette), minima_marks(minima_on(curve, minima), palette))
    if beside is not None:
        dots = len(beside.thetas) <= MOST_POINTS
        sheet.add(beside_path(beside, steps_on(curve, beside), window, FULL_BATCH, palette, dots))
    columns = (f"theta {curve.axis}", "value")
    sheet.add(*path_marks(trajectory, steps_on(curve, trajectory), window, palette, width=1.5, columns=columns))
    if beside is not None:
        sheet.show_legend("path", FULL_BATCH)
    sheet.x(name, range=list(window[0]))
    sheet.y(f"f({name})", range=list(window[1]))
    return sheet.figure()


def steps_on(curve: Curve, run: Trajectory) -> Array:
    """Return where the iterates of a run lie in the picture of a curve (k + 1, 2)."""
    return np.column_stack([run.thetas[:, curve.axis], run.values])


def minima_on(curve: Curve, minima: Iterable[tuple[ArrayLike, float]]) -> Array:
    """Return where known minima, pairs (minimizer (n,), value), lie there (q, 2)."""
    return np.array([(np.atleast_1d(point)[curve.axis], value) for point, value in minima]).reshape(-1, 2)


def curve_trace(curve: Curve, palette: Palette) -> Trace:
    """Return the curve itself, with gaps where the objective has no value."""
    name = symbol(curve.name)
    return scatter(
        name="landscape",
        x=curve.x,
        y=np.where(np.isfinite(curve.y), curve.y, np.nan),
        mode="lines",
        line={"color": palette.series[0], "width": 2.5},
        hovertemplate=f"{name} = %{{x:.5~g}}<br>f = %{{y:.5~g}}<extra></extra>",
    )
