"""How far each parameter still is from where it should end, and the rate at which a curve on a log axis falls."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.comparisons import Result
from gdviz.descent import Trajectory
from gdviz.descent.trajectory import norms
from gdviz.figures.base import Sheet, Trace, parts, scatter
from gdviz.figures.contenders import name_of
from gdviz.figures.epochs import curve, curve_mode, epoch_axis, log_axis
from gdviz.figures.labels import symbol
from gdviz.figures.palette import Look, Palette
from gdviz.landscapes.scales import oscillates
from gdviz.theory import fitted_rate


def theta_error_figure(trajectory: Trajectory, goal: ArrayLike, palette: Palette, slope: bool) -> go.Figure:
    """Draw |theta - goal| of each parameter against the epoch, on a log axis; ``goal`` (n,) is the minimizer.

    ``slope`` adds the line that fits the second half of each curve, named by the factor per epoch.
    """
    errors = np.abs(trajectory.thetas - np.asarray(goal, dtype=float))
    sheet = Sheet(palette, f"theta error {trajectory.variables}", showlegend=True)
    for i, name in enumerate(trajectory.variables):
        sheet.add(_curve(errors[:, i], f"|{symbol(name)} − {symbol(name)}*|", palette.look(i)))
        if slope:
            sheet.add(*fitted_slope(errors[:, i], symbol(name), palette))
    sheet.x("epoch k", **epoch_axis(trajectory.epochs))
    sheet.y("error |θ − θ*|", **log_axis(errors))
    return sheet.figure()


def distance_figure(results: Sequence[Result], goal: ArrayLike, palette: Palette, slope: bool) -> go.Figure:
    """Draw ‖theta - goal‖ of each run of a comparison against the epoch, on a log axis; ``goal`` (n,) is the minimizer.

    ``slope`` as in :func:`theta_error_figure`.
    """
    away = [norms(r.run.thetas - np.asarray(goal, dtype=float)) for r in results]
    sheet = Sheet(palette, "theta distance", showlegend=True)
    for result, errors in zip(results, away, strict=True):
        sheet.add(_curve(errors, name_of(result), palette.look(result.contender.color), result.epochs))
        if slope:
            sheet.add(*fitted_slope(errors, name_of(result), palette))
    sheet.x("epoch k", **epoch_axis(max(r.last_epoch for r in results)))
    sheet.y("distance ‖θ − θ*‖", **log_axis(np.concatenate(away)))
    return sheet.figure()


def _curve(errors: Array, name: str, look: Look, epochs: Array | None = None) -> Trace:
    return curve(
        np.where(errors > 0, errors, np.nan),
        errors,
        f"epoch %{{x:,d}}<br>{name}",
        epochs,
        name=name,
        mode=curve_mode(len(errors)),
        line=look.line(busy=oscillates(errors)),
        marker={"symbol": look.shape, "size": 6, "color": look.color},
    )


def fitted_slope(errors: Array, name: str, palette: Palette) -> list[Trace]:
    """Return the line that fits the second half of ``errors`` (k + 1,) on a log axis, named by its rate; or nothing."""
    found = fitted_rate(errors)
    if found is None:
        return []
    return [
        scatter(
            name=f"{name}: × {found.rate:.4g} per epoch",
            x=np.array([found.first, found.last]),
            y=found.errors,
            mode="lines",
            line={"color": palette.text, "width": 1.2, "dash": "dot"},
            showlegend=True,
            hoverinfo="skip",
        )
    ]


def on_log_epochs(figure: go.Figure) -> go.Figure:
    """Return a figure of curves over epochs with their axes logarithmic; epoch 0 has no place there."""
    traces, layout = parts(figure)
    last = max((float(np.max(trace["x"])) for trace in traces if len(trace.get("x", ()))), default=1.0)
    scale = {"type": "log", "range": [0.0, float(np.log10(max(10.0, last))) * 1.01], "tickformat": ",d", "dtick": 1}
    for name, axis in layout.items():
        if name.startswith("xaxis"):
            layout[name] = {key: value for key, value in axis.items() if key not in ("nticks", "tickmode")} | scale
    return go.Figure({"data": traces, "layout": layout}, _validate=False)


def shared_axes(upper: go.Figure, lower: go.Figure, palette: Palette) -> go.Figure:
    """Return two figures of one axis each, one above the other, over the same epochs."""
    sheet = Sheet(palette, "shared", showlegend=True)
    (above, top), (below, bottom) = parts(upper), parts(lower)
    sheet.add(*[{**trace, "xaxis": "x", "yaxis": "y"} for trace in above])
    sheet.add(*[{**trace, "xaxis": "x2", "yaxis": "y2", "showlegend": False} for trace in below])
    sheet.layout |= {
        "xaxis": {**top["xaxis"], "matches": "x2", "showticklabels": False, "anchor": "y", "title": None},
        "yaxis": {**top["yaxis"], "domain": [0.54, 1.0]},
        "xaxis2": {**bottom["xaxis"], "anchor": "y2"},
        "yaxis2": {**bottom["yaxis"], "domain": [0.0, 0.46], "anchor": "x2"},
    }
    return sheet.figure()
