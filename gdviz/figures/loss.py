"""How the value and the gradient fall: both against the epoch, on log axes where they can be."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gdviz.arrays import Array
from gdviz.descent import Trajectory
from gdviz.figures.bands import band_range, loss_band
from gdviz.figures.base import Sheet, Trace, moving
from gdviz.figures.beside import FULL_BATCH, beside_curve, shared_log_axis
from gdviz.figures.epochs import curve, curve_mode, epoch_axis, visible_range
from gdviz.figures.labels import symbols
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes.scales import loss_heights, shifted
from gdviz.theory.envelope import Envelope

_UPPER, _LOWER = [0.4234, 1.0], [0.0, 0.3534]  # of the height: the value's part and the gradient norm's


def loss_figure(
    trajectory: Trajectory,
    minimum: float | None = None,
    palette: Palette = LIGHT,
    gradient: bool = True,
    value_name: str | None = None,
    envelope: Envelope | None = None,
    beside: Trajectory | None = None,
    beside_name: str = FULL_BATCH,
) -> go.Figure:
    """Draw the value of each iterate against the epoch and, below, the gradient's norm.

    The value's axis is logarithmic where all values are positive and span more than two decades; else, with a known
    ``minimum`` (the least value), the distance f - f* on a log axis; else it is linear. ``envelope``, the predicted
    one, is drawn as a band up to its bound on the value. ``beside`` is a second run, drawn behind as a thin line
    called ``beside_name`` on the same scale. Traces: band and its edge, the second run's value, value, the second run's
    slope, slope.
    """
    name = value_name or f"f({symbols(trajectory.variables)})"
    heights, logarithmic, title = loss_heights(trajectory.values, minimum, name)
    sheet = Sheet(palette, f"loss {trajectory.variables} {title} {logarithmic}", showlegend=False)
    shift = minimum if minimum is not None and title != name else 0.0
    others = heights if beside is None else shifted(beside.values, shift, logarithmic)
    behind: list[Trace] = []
    if envelope is not None:
        behind += loss_band(envelope, heights, shift, logarithmic, palette.series[0])
    if beside is not None:
        behind.append(beside_curve(others, beside.values, name, beside_name, palette))
    sheet.add(*behind)
    sheet.layout["showlegend"] = bool(behind)
    column = "gap" if title != name else "value"
    sheet.add(_curve("value", heights, trajectory.values, name, palette.series[0], 2.5, column))
    last = max(run.epochs for run in (trajectory, beside) if run is not None)
    sheet.x(None if gradient else "epoch k", **epoch_axis(last))
    if logarithmic:
        sheet.y(title, nticks=6, **shared_log_axis(heights, others, 4))
    else:
        sheet.y(title, nticks=6, **(visible_range(heights) | band_range(behind, heights)))
    if gradient:
        _add_slope(sheet, trajectory, beside, beside_name, last)
    return sheet.figure()


def _add_slope(sheet: Sheet, run: Trajectory, beside: Trajectory | None, beside_name: str, last: int) -> None:
    """Draw the gradient's norm below the value, over the same epochs."""
    norms = others = run.gradient_norms
    if beside is not None:
        others = shifted(beside.gradient_norms, 0.0, True)
        sheet.add(beside_curve(others, beside.gradient_norms, "‖∇f‖", beside_name, sheet.palette, 2))
    heights = np.where(norms > 0, norms, np.nan)
    slope = _curve("slope", heights, norms, "‖∇f‖", sheet.palette.series[1], 1.8, "norm")
    sheet.add({**slope, "xaxis": "x2", "yaxis": "y2"})
    sheet.x(matches="x2", showticklabels=False, anchor="y")
    sheet.y(domain=_UPPER)
    sheet.x("epoch k", 2, **epoch_axis(last), anchor="y2")
    scale = shared_log_axis(norms, others, 3) if (norms > 0).any() else {}
    sheet.y("slope ‖∇f‖", 2, nticks=5, domain=_LOWER, anchor="x2", **scale)


def _curve(label: str, heights: Array, true: Array, name: str, color: str, width: float, column: str) -> Trace:
    return curve(
        heights,
        true,
        f"epoch %{{x:,d}}<br>{name}",
        name=label,
        mode=curve_mode(len(heights)),
        line={"color": color, "width": width},
        marker={"size": 5, "color": color},
        meta=moving("epoch", column),
    )
