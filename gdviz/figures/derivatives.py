"""The derivative as a student meets it: secant and tangent, the quotient as h shrinks, and what h costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from gdviz.arrays import Array
from gdviz.figures.base import MOVING, PLACE, Sheet, Trace, flag, scatter
from gdviz.figures.curve import curve_trace
from gdviz.figures.epochs import log_axis
from gdviz.figures.labels import symbol
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import Curve
from gdviz.lessons.secants import QuotientCurve, Secant
from gdviz.numerals import format_number
from gdviz.objectives.differences import SpacingErrors


def secant_figure(curve: Curve, secant: Secant, palette: Palette = LIGHT) -> go.Figure:
    """Draw ``curve`` with the secant through x and x + h and the tangent at x.

    Traces: f, tangent, secant, and the two points.
    """
    name = symbol(curve.name)
    sheet = Sheet(palette, f"secant {curve.name} {curve.window}", showlegend=True)
    sheet.add(*_secant_traces(curve, secant, palette))
    sheet.x(name, range=list(curve.window))
    sheet.y(f"f({name})", range=list(_value_range(curve, secant)))
    return sheet.figure()


def partials_figure(curves: Sequence[Curve], secants: Sequence[Secant], palette: Palette = LIGHT) -> go.Figure:
    """Draw one slice per variable beside each other, each with the secant of its partial difference quotient."""
    count = len(curves)
    sheet = Sheet(palette, f"partials {[(c.name, c.window) for c in curves]}", showlegend=True)
    gap = 0.32 / count
    width = (1 - gap * (count - 1)) / count
    for i, (curve, secant) in enumerate(zip(curves, secants, strict=True), start=1):
        for trace in _secant_traces(curve, secant, palette):
            kind = trace["name"].split(", slope")[0]
            shown = i == 1 and trace.get("showlegend", True)
            axes = {"xaxis": f"x{i}", "yaxis": f"y{i}"} if i > 1 else {}
            sheet.add(trace | axes | {"name": kind, "legendgroup": kind, "showlegend": shown})
        held = ", ".join(f"{symbol(other)} = {format_number(value)}" for other, value in curve.fixed.items())
        title = symbol(curve.name) + (f"   ({held})" if held else "")
        left = (i - 1) * (width + gap)
        sheet.x(title, i, range=list(curve.window), domain=[left, left + width], anchor=f"y{i}" if i > 1 else "y")
        sheet.y("f" if i == 1 else None, i, range=list(_value_range(curve, secant)), anchor=f"x{i}" if i > 1 else "x")
    return sheet.figure()


def quotient_figure(quotients: QuotientCurve, palette: Palette = LIGHT) -> go.Figure:
    """Draw the difference quotients against h on a log axis, with the derivative that they approach.

    The range of values leaves out the round-off at the smallest spacings where it would hide the approach.
    Traces: derivative, quotient.
    """
    name = symbol(quotients.name)
    sheet = Sheet(palette, f"quotient {quotients.name}", showlegend=True)
    ends = np.array([quotients.spacings.min(), quotients.spacings.max()])
    sheet.add(
        scatter(
            name=f"derivative {format_number(quotients.derivative, 6)}",
            x=ends,
            y=np.full(2, quotients.derivative),
            mode="lines",
            line={"color": palette.series[1], "width": 2, "dash": "dash"},
            hovertemplate="derivative %{y:.10~g}<extra></extra>",
        )
    )
    sheet.add(
        scatter(
            name="difference quotient",
            x=quotients.spacings,
            y=quotients.quotients,
            mode="lines+markers",
            line={"color": palette.series[0], "width": 2},
            marker={"size": 5, "color": palette.series[0]},
            meta=MOVING,
            hovertemplate="h = %{x:.4~g}<br>quotient = %{y:.12~g}<extra></extra>",
        )
    )
    sheet.x("step h", **log_axis(quotients.spacings))
    sheet.y(f"slope in {name}", range=_quotient_range(quotients))
    return sheet.figure()


def error_figure(errors: SpacingErrors, palette: Palette = LIGHT) -> go.Figure:
    """Draw the error of forward and central quotients against h, both log, with the best h of each marked.

    Errors of exactly zero have no place on a log axis and are left out. Traces: forward, central, best of each.
    """
    sheet = Sheet(palette, "spacing errors", showlegend=True)
    kinds = (
        ("forward", errors.forward, errors.best_forward, "(f(x+h) − f(x)) / h"),
        ("central", errors.central, errors.best_central, "(f(x+h) − f(x−h)) / 2h"),
    )
    for i, (name, error, _, formula) in enumerate(kinds):
        sheet.add(
            scatter(
                name=f"{name}: {formula}",
                x=errors.spacings,
                y=np.where(error > 0, error, np.nan),
                mode="lines",
                line={"color": palette.series[i], "width": 2.5, "dash": ("solid", "dash")[i]},
                hovertemplate=f"{name}<br>h = %{{x:.4~g}}<br>error = %{{y:.4~g}}<extra></extra>",
            )
        )
    for i, (name, error, best, _) in enumerate(kinds):
        sheet.add(_best_spacing(errors.spacings, error, best, f"best h, {name}", i, palette))
    sheet.x("step h", **log_axis(errors.spacings))
    sheet.y("absolute error", **log_axis(np.append(errors.forward, errors.central), 7))
    return sheet.figure()


def _best_spacing(spacings: Array, error: Array, best: float, name: str, i: int, palette: Palette) -> Trace:
    """A mark at the h that is best for quotient ``i``; at the bottom where its error is zero."""
    at = np.flatnonzero(spacings == best)[:1]
    floor = float(np.min(error[error > 0], initial=np.inf))
    shape, side = (("circle", "bottom left"), ("diamond", "bottom center"))[i]
    edge = {"color": palette.surface, "width": 2}
    return scatter(
        name=name,
        x=spacings[at],
        y=np.where(error[at] > 0, error[at], floor),
        text=[f"best h ≈ {format_number(best, 2)}"] * len(at),
        mode="markers+text",
        textposition=side,
        textfont=flag(palette, palette.surface),
        marker={"symbol": shape, "size": 12, "color": palette.series[i], "line": edge},
        showlegend=False,
        cliponaxis=False,
        hovertemplate=f"{name}: %{{x:.4~g}}<br>error = %{{y:.4~g}}<extra></extra>",
    )


def _secant_traces(curve: Curve, secant: Secant, palette: Palette) -> list[Trace]:
    ends = np.array(curve.window)
    trace = curve_trace(curve, palette) | {"name": "f"}
    xs = np.array([secant.x, secant.x + secant.h])
    ys = np.array([secant.value, secant.value_ahead])
    return [
        trace,
        _line("tangent", secant.derivative, ends, secant, palette.series[2], "dash"),
        _line("secant", secant.quotient, ends, secant, palette.path, "solid"),
        scatter(
            name="points",
            x=xs,
            y=ys,
            mode="markers+text",
            text=["x", "x + h"],
            textposition=["bottom center", "top center"],
            textfont=flag(palette, palette.surface, 14),
            marker={"color": palette.path, "size": 11, "line": {"color": palette.surface, "width": 2}},
            showlegend=False,
            meta=MOVING,
            hovertemplate=PLACE,
        ),
    ]


def _line(name: str, slope: float, ends: Array, secant: Secant, color: str, dash: str) -> Trace:
    return scatter(
        name=f"{name}, slope {format_number(slope, 5)}",
        x=ends,
        y=secant.value + slope * (ends - secant.x),
        mode="lines",
        line={"color": color, "width": 2.2, "dash": dash},
        meta=MOVING,
        hovertemplate=f"{name}, slope {format_number(slope, 8)}<extra></extra>",
    )


def _value_range(curve: Curve, secant: Secant) -> tuple[float, float]:
    low, high = curve.value_window
    points = [value for value in (secant.value, secant.value_ahead) if np.isfinite(value)]
    return min([low, *points]), max([high, *points])


def _quotient_range(quotients: QuotientCurve) -> list[float]:
    """Hold the approach (h above the round-off) and the derivative, with a margin."""
    calm = quotients.quotients[np.isfinite(quotients.quotients) & (quotients.spacings >= 1e-9)]
    values = np.append(calm, quotients.derivative)
    values = values[np.isfinite(values)]
    low, high = float(values.min(initial=0.0 if not len(values) else np.inf)), float(values.max(initial=-np.inf))
    pad = 0.15 * (high - low) or max(1e-6, abs(high)) * 1e-3
    return [low - pad, high + pad]
