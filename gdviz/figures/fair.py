"""Fair mode's picture: what each contender's runs leave at each learning rate, and the rates that work."""

from __future__ import annotations

from html import escape

import numpy as np
import plotly.graph_objects as go

from gdviz.arrays import Array
from gdviz.comparisons import FairComparison, FairResult, width_in_decades
from gdviz.figures.base import Sheet, Trace, flag, scatter
from gdviz.figures.contenders import FLOOR, name_of, value_axis
from gdviz.figures.epochs import log_axis
from gdviz.figures.palette import LIGHT, Palette
from gdviz.numerals import format_number, power_of_ten


def fair_figure(fair: FairComparison, palette: Palette = LIGHT) -> go.Figure:
    """Draw what each contender's runs leave of f - f* against their learning rate and, below, the rates that work.

    Rates whose runs diverge leave a gap. Traces: for each contender its curve (named by its label), its best rate, and
    its windows; the goal last.
    """
    count = len(fair.results)
    sheet = Sheet(palette, f"fair {fair.terms.low} {fair.terms.high} {count}", showlegend=False)
    split = 40 * count / (270 + 40 * count)  # the lower part's share: 40 of the chart's pixels for each bar
    span = fair.first - fair.lowest
    shares = [_shares(result, fair.lowest, span) for result in fair.results]
    for place, (result, share) in enumerate(zip(fair.results, shares, strict=True)):
        sheet.add(*_fair_traces(result, share, place, palette))
    terms = fair.terms
    sheet.add(_goal_line(terms.low, terms.high, terms.goal, palette))
    decades = [float(np.log10(terms.low)), float(np.log10(terms.high))]
    along = {**log_axis(terms.rates, 10), "range": [decades[0] - 0.1, decades[1] + 0.1]}
    sheet.x(None, **along, matches="x2", showticklabels=False, anchor="y")
    sheet.x("learning rate η", 2, **along, anchor="y2")
    everything = np.concatenate(shares) if shares else np.empty(0)
    sheet.y("share of f − f* left", domain=[split + 0.04, 1.0], nticks=6, **value_axis(everything, [1.0], True))
    names = [f"{escape(_short(r.label), quote=False)}<br><i>{_width_words(r)}</i>" for r in fair.results]
    sheet.y(
        None, 2, domain=[0.0, split - 0.02], anchor="x2", range=[count - 0.45, -0.55], showgrid=False, ticks="",
        tickvals=list(range(count)), ticktext=names,
        tickfont={"color": palette.text, "size": 12},
    )  # fmt: skip
    return sheet.figure()


def _shares(result: FairResult, lowest: float, span: float) -> Array:
    """What is left of f(start) - f* at each rate (trials,), nan where the run diverged."""
    with np.errstate(all="ignore"):
        return np.asarray(np.maximum((result.sweep.values - lowest) / (span or 1.0), FLOOR))


def _fair_traces(result: FairResult, shares: Array, place: int, palette: Palette) -> list[Trace]:
    look, name, sweep = palette.look(result.contender.color), name_of(result), result.sweep
    best = [] if result.best is None else [result.best]
    return [
        scatter(
            name=name,
            x=sweep.rates,
            y=shares,
            customdata=np.column_stack([sweep.values, sweep.epochs]),
            mode="lines+markers",
            line=look.line(2.0),
            marker={"symbol": "circle", "size": 4, "color": look.color},
            hovertemplate=(
                f"{name}<br>η = %{{x:.3~g}}<br>final value %{{customdata[0]:.5~g}}"
                "<br>%{customdata[1]:,d} epochs<extra></extra>"
            ),
        ),
        scatter(
            name=f"{name}, best",
            x=sweep.rates[best],
            y=shares[best],
            mode="markers",
            marker=look.marker(13, palette.outline),
            zorder=2,
            hovertemplate=f"best rate of {name}: %{{x:.3~g}}<extra></extra>",
        ),
        _window_bars(result, place, look.color),
    ]


def _window_bars(result: FairResult, place: int, color: str) -> Trace:
    """The rates that work, as bars on the line ``place`` below."""
    bars = [(low, high, None) for low, high in result.windows]
    return scatter(
        name=f"{name_of(result)}, window",
        x=np.array([x for bar in bars for x in bar], dtype=float),
        y=np.array([y for _ in bars for y in (place, place, np.nan)], dtype=float),
        mode="lines",
        line={"color": color, "width": 14},
        xaxis="x2",
        yaxis="y2",
        hovertemplate=f"{name_of(result)}: {_width_words(result)}<extra></extra>",
    )


def _width_words(result: FairResult) -> str:
    if not result.windows:
        return "every rate diverges" if result.best is None else "no rate works"
    return width_in_decades(result)


def _goal_line(low: float, high: float, goal: float, palette: Palette) -> Trace:
    exponent = np.log10(goal)
    words = power_of_ten(round(exponent)) if abs(exponent - round(exponent)) < 1e-9 else format_number(goal)
    return scatter(
        name="goal",
        x=[low, high],
        y=[goal, goal],
        text=[f"goal: {words} left", ""],
        mode="lines+text",
        textposition="top right",
        textfont=flag(palette, palette.surface, 12),
        line={"color": palette.muted, "width": 1.5, "dash": "dot"},
        hovertemplate=f"a rate works if at most {words} of f(start) − f* is left<extra></extra>",
    )


def _short(label: str) -> str:
    return label if len(label) <= 18 else label[:17] + "…"
