"""The theta-convergence chart: every parameter against the epoch."""

from __future__ import annotations

from collections.abc import Iterable

import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.descent import Trajectory
from gdviz.figures.bands import band_range, theta_bands
from gdviz.figures.base import OWN, Sheet, Trace, moving
from gdviz.figures.beside import FULL_BATCH, beside_thetas
from gdviz.figures.epochs import SIGNED, curve, curve_mode, epoch_axis, level, placed, scaled_axis, visible_range
from gdviz.figures.labels import symbol
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import nearest
from gdviz.landscapes.scales import exploding_scale, oscillates
from gdviz.landscapes.signed_log import SignedLog
from gdviz.theory.envelope import Envelope


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
    for i, value in enumerate(() if goal is None else goal):  # of this run: another may end at another minimum
        sheet.add(level(names[i], value, max(1, last), scale, palette.look(i).color, meta=OWN))
    heights = placed(trajectory.thetas, scale)
    sheet.x("epoch k", **epoch_axis(last))
    sheet.y(**(visible_range(heights) | band_range([*bands, *behind], heights)))
    title = "parameters θ" if len(names) > 1 else f"parameter {names[0]}"
    sheet.y(title)
    if scale is not None:
        sheet.y(f"{title}{SIGNED}", **scaled_axis(scale, trajectory.thetas))
    return sheet.figure()


def _curve(trajectory: Trajectory, i: int, name: str, scale: SignedLog | None, palette: Palette) -> Trace:
    theta, look = trajectory.thetas[:, i], palette.look(i)
    return curve(
        placed(theta, scale),
        theta,
        f"epoch %{{x:,d}}<br>{name}",
        name=name,
        mode=curve_mode(len(theta)),
        line=look.line(busy=oscillates(theta)),
        marker={"symbol": look.shape, "size": 6, "color": look.color},
        meta=moving("epoch", f"theta {i}", unit=None if scale is None else scale.unit),
    )
