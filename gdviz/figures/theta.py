"""The theta-convergence chart: every parameter against the epoch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike, NDArray

from gdviz.descent import Trajectory
from gdviz.figures.bands import band_range, theta_bands
from gdviz.figures.base import OWN, Sheet, Trace, moving, scatter
from gdviz.figures.beside import FULL_BATCH, beside_thetas
from gdviz.figures.epochs import curve_mode, epoch_axis, visible_range
from gdviz.figures.labels import symbol
from gdviz.figures.palette import DASHES, LIGHT, SYMBOLS, Palette
from gdviz.landscapes import nearest
from gdviz.landscapes.scales import exploding_scale, oscillates, signed_log_ticks
from gdviz.landscapes.signed_log import SignedLog
from gdviz.landscapes.thinning import WIDTH, thin_curve
from gdviz.theory.envelope import Envelope

Array = NDArray[np.float64]


def theta_figure(
    trajectory: Trajectory,
    minima: Iterable[ArrayLike] | None = None,
    palette: Palette = LIGHT,
    envelope: Envelope | None = None,
    beside: Trajectory | None = None,
    beside_name: str = FULL_BATCH,
) -> go.Figure:
    """Draw each parameter of ``trajectory`` against the epoch, with a dotted line where it should end.

    ``minima`` are known minimizers (n,); the one nearest to the last iterate counts. A run that explodes is drawn on
    a signed log scale, and the axis says so. ``envelope``, the predicted one, is drawn as a band behind each curve.
    ``beside`` is a second run, drawn behind as a thin line called ``beside_name`` for each parameter.
    Traces: one per band, one per parameter of the second run, one per parameter, named by it, then one per dotted line.
    """
    scale = exploding_scale(trajectory.thetas)
    last = max(run.epochs for run in (trajectory, beside) if run is not None)
    goal = nearest(() if minima is None else minima, trajectory.thetas[-1])
    names = [symbol(name) for name in trajectory.variables]
    sheet = Sheet(palette, f"theta {trajectory.variables} {scale}", showlegend=True)
    bands = [] if envelope is None else theta_bands(envelope, scale, palette)
    behind = [] if beside is None else beside_thetas(beside, scale, beside_name, palette)
    sheet.add(*bands, *behind)
    sheet.add(*(_curve(trajectory, i, name, scale, palette) for i, name in enumerate(names)))
    if goal is not None:
        sheet.add(*(_goal(last, i, name, goal, scale, palette) for i, name in enumerate(names)))
    heights = trajectory.thetas if scale is None else scale.place(trajectory.thetas)
    sheet.x("epoch k", **epoch_axis(last))
    sheet.y(**(visible_range(heights) | band_range([*bands, *behind], heights)))
    title = "parameters θ" if len(names) > 1 else f"parameter {names[0]}"
    sheet.y(title)
    if scale is not None:
        places, labels = signed_log_ticks(scale, trajectory.thetas)
        sheet.y(f"{title} (signed log)", tickvals=places, ticktext=labels, zeroline=True)
    return sheet.figure()


def _curve(trajectory: Trajectory, i: int, name: str, scale: SignedLog | None, palette: Palette) -> Trace:
    theta = trajectory.thetas[:, i]
    rows = thin_curve(theta, WIDTH)
    color = palette.series[i % len(palette.series)]
    busy = oscillates(theta)
    return scatter(
        name=name,
        x=rows,
        y=theta[rows] if scale is None else scale.place(theta[rows]),
        customdata=theta[rows],
        mode=curve_mode(len(theta)),
        line={"color": color, "width": 1 if busy else 2.5, "dash": "solid" if busy else DASHES[i % len(DASHES)]},
        marker={"symbol": SYMBOLS[i % len(SYMBOLS)], "size": 6, "color": color},
        meta=moving("epoch", f"theta {i}", unit=None if scale is None else scale.unit),
        hovertemplate=f"epoch %{{x:,d}}<br>{name} = %{{customdata:.6~g}}<extra></extra>",
    )


def _goal(last: int, i: int, name: str, goal: Array, scale: SignedLog | None, palette: Palette) -> Trace:
    height = goal[i] if scale is None else float(scale.place(goal[i]))
    return scatter(
        name=f"{name} at the minimum",
        x=np.array([0.0, max(1, last)]),
        y=np.full(2, height),
        customdata=np.full(2, goal[i]),
        mode="lines",
        line={"color": palette.series[i % len(palette.series)], "width": 1.5, "dash": "dot"},
        showlegend=False,
        meta=OWN,  # another run may end at another minimum
        hovertemplate=f"{name} at the minimum: %{{customdata:.6~g}}<extra></extra>",
    )
