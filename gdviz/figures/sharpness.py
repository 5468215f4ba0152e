"""Sharpness against the epoch, with the limit above which steps grow."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gdviz.arrays import Array
from gdviz.figures.base import MOVING, Sheet, Trace, scatter
from gdviz.figures.epochs import curve_mode, epoch_axis, log_axis
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes.scales import wants_log_axis
from gdviz.numerals import format_number
from gdviz.theory.sharpness import SharpnessRecord


def sharpness_figure(record: SharpnessRecord, palette: Palette = LIGHT) -> go.Figure:
    """Draw the sharpness that the limit applies to, and the limit, against the epoch.

    The axis is logarithmic where they span decades and are positive. Traces: sharpness, and, where the method has one,
    its limit.
    """
    sharpness, limit = record.relevant, record.limit
    limited = bool(np.isfinite(limit).any())
    logarithmic = wants_log_axis(np.concatenate([sharpness, limit]))
    scaled = record.preconditioned_largest is not None
    sheet = Sheet(palette, f"sharpness {scaled} {logarithmic} {limited}", showlegend=True)
    sheet.add(_curve(record, sharpness, logarithmic, palette))
    if limited:
        sheet.add(_limit(record, palette))
    sheet.x("epoch k", **epoch_axis(int(record.epochs[-1])))
    title = "sharpness of the scaled Hessian" if scaled else "sharpness"
    if logarithmic:
        drawn = np.concatenate([sharpness, limit])
        sheet.y(title, nticks=6, **log_axis(drawn, 4))
    else:
        sheet.y(title, nticks=6, rangemode="tozero")
    return sheet.figure()


def _curve(record: SharpnessRecord, sharpness: Array, logarithmic: bool, palette: Palette) -> Trace:
    hover = "epoch %{x:,d}<br>largest curvature %{customdata[0]:.4~g}<br>smallest %{customdata[1]:.4~g}%{text}"
    columns = [record.largest, record.smallest]
    if record.preconditioned_largest is not None:
        hover += "<br>scaled by the method %{customdata[2]:.4~g}"
        columns.append(record.preconditioned_largest)
    return scatter(
        name="sharpness",
        x=record.epochs,
        y=np.where(sharpness > 0, sharpness, np.nan) if logarithmic else sharpness,
        customdata=np.column_stack(columns),
        # Where a curvature is not positive there is no such number.
        text=[f"<br>condition number {format_number(c, 4)}" if c == c else "" for c in record.condition_numbers],
        mode=curve_mode(len(record.epochs)),
        line={"color": palette.series[0], "width": 2.5},
        marker={"size": 5, "color": palette.series[0]},
        meta=MOVING,
        hovertemplate=hover + "<extra></extra>",
    )


def _limit(record: SharpnessRecord, palette: Palette) -> Trace:
    return scatter(
        name=f"limit {record.limit_text}",
        x=record.epochs,
        y=record.limit,
        mode="lines",
        line={"color": palette.path, "width": 2, "dash": "dash"},
        meta=MOVING,
        hovertemplate=f"above {record.limit_text} = %{{y:.4~g}} steps grow<extra></extra>",
    )
