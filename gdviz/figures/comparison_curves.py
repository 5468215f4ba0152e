"""The curves of several runs in one picture: theta and the value, against epochs or gradient evaluations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.comparisons import Result
from gdviz.descent import StopReason, Trajectory
from gdviz.figures.base import MOVING, OWN, Sheet, Trace, moving, scatter
from gdviz.figures.contenders import LEGEND, name_of, value_axis
from gdviz.figures.epochs import SIGNED, curve, epoch_axis, level, placed, scaled_axis, visible_range
from gdviz.figures.labels import symbol, symbols
from gdviz.figures.palette import LIGHT, Palette
from gdviz.landscapes import nearest
from gdviz.landscapes.scales import ROOM, exploding_scale, falling_scale, oscillates, several_loss_heights
from gdviz.landscapes.signed_log import SignedLog

EPOCHS, EVALUATIONS = "epochs", "evaluations"
AXES = {EPOCHS: "epoch k", EVALUATIONS: "gradient evaluations"}


def comparison_theta_figure(
    results: Sequence[Result],
    against: str = EPOCHS,
    minima: Iterable[ArrayLike] = (),
    parameters: Sequence[int] | None = None,
    palette: Palette = LIGHT,
) -> go.Figure:
    """Draw each of ``parameters`` (places in theta, all by default) of every result, one panel above the other.

    ``against`` is ``"epochs"`` or ``"evaluations"``. A dotted line shows where the parameter lies at the known
    minimizer nearest to the lowest end. Runs that explode leave the picture; if all do, the scale is a signed log.
    """
    names = results[0].run.variables if results else ()
    shown = tuple(range(len(names))) if parameters is None else tuple(parameters)
    sheet = Sheet(palette, f"comparison theta {names} {shown} {against}", showlegend=True, legend=LEGEND)
    goal = _goal(results, minima)
    last = _last(results, against)
    for row, i in enumerate(shown, start=1):
        quiet = [r for r in results if exploding_scale(r.run.thetas[:, [i]]) is None]
        scale = None if quiet else exploding_scale(results[0].run.thetas[:, [i]])
        for place, result in enumerate(results):
            sheet.add(_theta_curve(place, result, i, row, against, scale, palette))
        _theta_axes(sheet, row, len(shown), symbol(names[i]), last, against, scale)
        if scale is None:
            sheet.y(number=row, range=_theta_range(quiet, i, goal))
        else:
            values = np.concatenate([r.run.thetas[:, i] for r in results])
            sheet.y(number=row, **scaled_axis(scale, values) | {"nticks": None, "zeroline": False})
        if goal is not None:
            sheet.add(level(symbol(names[i]), goal[i], last, scale, palette.muted, meta=MOVING, **_on(row)))
    return sheet.figure()


def _theta_axes(
    sheet: Sheet, row: int, rows: int, name: str, last: float, against: str, scale: SignedLog | None
) -> None:
    gap = 0.09 if rows > 1 else 0.0
    height = (1 - gap * (rows - 1)) / rows
    top = 1 - (row - 1) * (height + gap)
    low = max(0.0, top - height)
    bottom = row == rows
    sheet.x(AXES[against] if bottom else None, row, **epoch_axis(round(last)), anchor=_axis("y", row))
    if not bottom:
        sheet.x(number=row, matches=_axis("x", rows), showticklabels=False)
    title = name if scale is None else f"{name}{SIGNED}"
    sheet.y(title, row, domain=[low, top], anchor=_axis("x", row), nticks=6 if rows < 3 else 4)


def _theta_range(quiet: Sequence[Result], i: int, goal: Array | None) -> list[float]:
    values = np.concatenate([r.run.thetas[:, i] for r in quiet] + ([goal[i : i + 1]] if goal is not None else []))
    low, high = float(values.min()), float(values.max())
    room = ROOM * (high - low) or 0.5 * max(1.0, abs(high))
    return visible_range(values).get("range") or [low - room, high + room]


def _theta_curve(
    place: int, result: Result, i: int, row: int, against: str, scale: SignedLog | None, palette: Palette
) -> Trace:
    theta, look = result.run.thetas[:, i], palette.look(result.contender.color)
    return curve(
        placed(theta, scale),
        theta,
        f"{name_of(result)}<br>{_unit(against)} %{{x:,d}}<br>{symbol(result.run.variables[i])}",
        _places(result, against),
        name=name_of(result),
        legendgroup=name_of(result),
        showlegend=row == 1,
        mode="lines",
        line=look.line(2.2, busy=oscillates(theta)),
        meta=_meta(place, f"theta {i}", against, scale),
        **_on(row),
    )


def comparison_loss_figure(
    results: Sequence[Result],
    against: str = EPOCHS,
    minimum: float | None = None,
    palette: Palette = LIGHT,
    value_name: str | None = None,
) -> go.Figure:
    """Draw the value of every result's iterates, on a log axis where it can be, with a marker where each ends.

    With a known ``minimum`` (the least value) it is the distance f - f*; else the value itself, on a log axis where all
    are positive, or a signed one where a run falls without end. A run that rises more than a thousandfold above the
    start leaves the picture.
    """
    name = value_name or f"f({symbols(results[0].run.variables)})" if results else "f"
    heights, logarithmic, title = several_loss_heights([r.run.values for r in results], minimum, name)
    column = "value" if minimum is None or title == name else "gap"
    scale = None if logarithmic else falling_scale(heights)
    sheet = Sheet(palette, f"comparison loss {title} {logarithmic} {scale} {against}", showlegend=True, legend=LEGEND)
    everything = np.concatenate(heights) if heights else np.empty(0)
    for place, (result, height) in enumerate(zip(results, heights, strict=True)):
        sheet.add(
            curve(
                placed(height, scale),
                result.run.values,
                f"{name_of(result)}<br>{_unit(against)} %{{x:,d}}<br>{name}",
                _places(result, against),
                name=name_of(result),
                legendgroup=name_of(result),
                mode="lines",
                line=palette.look(result.contender.color).line(busy=oscillates(height)),
                meta=_meta(place, column, against, scale),
            )
        )
    sheet.add(*(_last_value(r, h, everything, against, scale, palette) for r, h in zip(results, heights, strict=True)))
    sheet.x(AXES[against], **epoch_axis(round(_last(results, against))))
    if scale is None:
        sheet.y(title, nticks=6, **value_axis(everything, [h[0] for h in heights], logarithmic))
    else:
        sheet.y(f"{title}{SIGNED}", **scaled_axis(scale, everything))
    return sheet.figure()


def _last_value(
    result: Result, height: Array, everything: Array, against: str, scale: SignedLog | None, palette: Palette
) -> Trace:
    """A marker where the curve ends, so that a run of one epoch is seen; at the bottom where it hits the minimum."""
    look = palette.look(result.contender.color)
    hits = not np.isfinite(height[-1])
    value = np.nanmin(everything) if hits and np.isfinite(everything).any() else height[-1]
    words = "at the minimum itself, below this axis" if hits else "%{customdata:.6~g}"
    return scatter(
        name=f"{name_of(result)}, end",
        legendgroup=name_of(result),
        showlegend=False,
        x=_places(result, against)[-1:],
        y=placed(np.array([value]), scale),
        customdata=result.run.values[-1:],
        mode="markers",
        marker=look.marker(11, palette.outline),
        meta=OWN,
        zorder=2,
        cliponaxis=False,
        hovertemplate=f"{name_of(result)}: end, {_unit(against)} %{{x:,d}}<br>{words}<extra></extra>",
    )


# -- what the curves share --


def _meta(place: int, column: str, against: str, scale: SignedLog | None) -> dict[str, Any]:
    """A run that is drawn anew in the browser comes without its count of evaluations."""
    unit = None if scale is None else scale.unit
    return moving("epoch", column, unit=unit, run=place) if against == EPOCHS else MOVING


def _places(result: Result, against: str) -> Array:
    """Where on the x axis each iterate lies, shape (k + 1,)."""
    return np.round(result.costs) if against == EVALUATIONS else result.epochs


def _last(results: Sequence[Result], against: str) -> float:
    return max((float(_places(r, against)[-1]) for r in results), default=1.0)


def _unit(against: str) -> str:
    return "epoch" if against == EPOCHS else "evaluations"


def _on(row: int) -> dict[str, str]:
    """The axes of a panel."""
    return {"xaxis": _axis("x", row), "yaxis": _axis("y", row)}


def _axis(letter: str, number: int) -> str:
    return letter if number == 1 else f"{letter}{number}"


def _goal(results: Sequence[Result], minima: Iterable[ArrayLike]) -> Array | None:
    """The known minimizer (n,) that is nearest to the lowest end."""
    ends: list[Trajectory] = [r.run for r in results if r.run.stop_reason is not StopReason.DIVERGED]
    return nearest(minima, min(ends, key=lambda run: float(run.values[-1])).thetas[-1]) if ends else None
