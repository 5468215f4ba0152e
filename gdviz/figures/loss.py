"""How the value and the gradient fall: both against the epoch, on log axes where they can be."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gdviz.descent import Trajectory
from gdviz.figures.bands import band_range, loss_band
from gdviz.figures.base import Sheet, Trace, moving, scatter
from gdviz.figures.beside import FULL_BATCH, beside_curve, shared_log_axis
from gdviz.figures.epochs import curve_mode, epoch_axis, visible_range
from gdviz.figures.labels import symbols
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes.scales import loss_heights, shifted
from gdviz.landscapes.thinning import WIDTH, thin_curve
from gdviz.theory.envelope import Envelope

Array = NDArray[np.float64]

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
    revision = f"loss {trajectory.variables} {title} {logarithmic}"
    sheet = Sheet(palette, revision, showlegend=False)
    shift = minimum if minimum is not None and title != name else 0.0
    last = max(run.epochs for run in (trajectory, beside) if run is not None)
    others = heights if beside is None else shifted(beside.values, shift, logarithmic)
    behind: list[Trace] = []
    if not logarithmic:
        sheet.y(**visible_range(heights))
    if envelope is not None:
        behind += loss_band(envelope, heights, shift, logarithmic, palette.series[0])
    if beside is not None:
        behind.append(beside_curve(others, beside.values, name, beside_name, palette))
    if behind:
        sheet.add(*behind)
        sheet.y(**({} if logarithmic else band_range(behind, heights)))
        sheet.layout["showlegend"] = True
    sheet.add(
        _curve("value", heights, trajectory.values, name, palette.series[0], 2.5, "gap" if title != name else "value")
    )
    sheet.x(None if gradient else "epoch k", **epoch_axis(last))
    sheet.y(title, nticks=6, **(shared_log_axis(heights, others, 4) if logarithmic else {}))
    if gradient:
        norms = others = trajectory.gradient_norms
        if beside is not None:
            others = shifted(beside.gradient_norms, 0.0, True)
            sheet.add(beside_curve(others, beside.gradient_norms, "‖∇f‖", beside_name, palette, 2))
        sheet.add(
            _curve(
                "slope",
                np.where(norms > 0, norms, np.nan),
                norms,
                "‖∇f‖",
                palette.series[1],
                1.8,
                "norm",
                "x2",
                "y2",
            )
        )
        sheet.x(matches="x2", showticklabels=False, anchor="y")
        sheet.y(domain=_UPPER)
        sheet.x("epoch k", 2, **epoch_axis(last), anchor="y2")
        scale = shared_log_axis(norms, others, 3) if (norms > 0).any() else {}
        sheet.y("slope ‖∇f‖", 2, nticks=5, domain=_LOWER, anchor="x2", **scale)
    return sheet.figure()


def _curve(
    label: str,
    heights: Array,
    true: Array,
    name: str,
    color: str,
    width: float,
    column: str,
    xaxis: str = "x",
    yaxis: str = "y",
) -> Trace:
    rows = thin_curve(heights, WIDTH)
    return scatter(
        name=label,
        x=rows,
        y=heights[rows],
        customdata=true[rows],
        mode=curve_mode(len(heights)),
        line={"color": color, "width": width},
        marker={"size": 5, "color": color},
        xaxis=xaxis,
        yaxis=yaxis,
        meta=moving("epoch", column),
        hovertemplate=f"epoch %{{x:,d}}<br>{name} = %{{customdata:.6~g}}<extra></extra>",
    )
