"""The learning rate that each epoch really used: a schedule's, or what a line search found."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from gdviz.descent import Trajectory
from gdviz.figures.base import MOVING, Sheet
from gdviz.figures.epochs import curve, curve_mode, epoch_axis, log_axis
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes.scales import wants_log_axis


def rates_figure(trajectory: Trajectory, palette: Palette = LIGHT) -> go.Figure:
    """Draw the learning rates (k,) of ``trajectory`` against the epoch that each of them leaves. One trace.

    The axis is logarithmic where most rates are positive and they span decades.
    """
    rates = trajectory.learning_rates
    wide = wants_log_axis(rates)
    sheet = Sheet(palette, f"rates {wide}", showlegend=False)
    sheet.add(
        curve(
            np.where(rates > 0, rates, np.nan) if wide else rates,
            rates,
            "epoch %{x:,d}<br>η",
            name="learning rate",
            mode=curve_mode(len(rates)),
            line={"color": palette.series[3], "width": 2.2, "shape": "hv"},
            marker={"size": 5, "color": palette.series[3]},
            meta=MOVING,
        )
    )
    sheet.x("epoch k", **epoch_axis(trajectory.epochs))
    sheet.y("learning rate η", **(log_axis(rates, 4) if wide else {"rangemode": "tozero"}))
    return sheet.figure()
