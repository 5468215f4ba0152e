"""A function of one variable as a curve, with the steps of a descent on it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.descent import Trajectory
from gdviz.figures.base import empty_figure
from gdviz.figures.labels import symbol
from gdviz.figures.marks import minima_marks, path_marks
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import Curve, Window


def curve_figure(
    curve: Curve,
    trajectory: Trajectory,
    minima: Iterable[tuple[ArrayLike, float]] = (),
    palette: Palette = LIGHT,
    value_window: tuple[float, float] | None = None,
) -> go.Figure:
    """Draw the points and steps of ``trajectory`` on ``curve``.

    ``minima`` are pairs (minimizer (n,), value). ``value_window`` is the drawn range of values (the curve's by
    default). Traces, in this order: landscape, minima, and the moving ones: outline, path, epochs, start, end, note.
    """
    window: Window = (curve.window, value_window or curve.value_window)
    stars = np.array([(np.atleast_1d(point)[curve.axis], value) for point, value in minima]).reshape(-1, 2)
    steps = np.column_stack([trajectory.thetas[:, curve.axis], trajectory.values])
    name = symbol(curve.name)
    figure = empty_figure(palette, f"curve {curve.name} {window}", showlegend=False)
    figure.add_traces([curve_trace(curve, palette), minima_marks(stars, palette)])
    figure.add_traces(path_marks(trajectory, steps, window, palette, width=1.5))
    figure.update_xaxes(title_text=name, range=list(window[0]))
    figure.update_yaxes(title_text=f"f({name})", range=list(window[1]))
    return figure


def curve_trace(curve: Curve, palette: Palette) -> go.Scatter:
    """Return the curve itself, with gaps where the objective has no value."""
    name = symbol(curve.name)
    return go.Scatter(
        name="landscape",
        x=curve.x,
        y=np.where(np.isfinite(curve.y), curve.y, np.nan),
        mode="lines",
        line={"color": palette.series[0], "width": 2.5},
        hovertemplate=f"{name} = %{{x:.5~g}}<br>f = %{{y:.5~g}}<extra></extra>",
    )
