"""Charts of maps: their pixels with axes, letters and a legend that says what the colors mean."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import numpy as np
import plotly.graph_objects as go

from gdviz.descent import StopReason
from gdviz.figures.base import Sheet, flag, scatter
from gdviz.figures.epochs import log_axis
from gdviz.figures.map_colors import (
    DIVERGED_HUE,
    FATE_HUES,
    FATE_WORDS,
    FATES,
    RAN_OUT_HUE,
    basins_pixels,
    fates,
    letter,
    limit_hues,
    trainability_pixels,
)
from gdviz.figures.palette import DASHES, LIGHT, Palette
from gdviz.figures.png import Pixels
from gdviz.landscapes.scales import log_step
from gdviz.maps import Axis, Basins, BoxCounts, LearningRateSweep, Trainability
from gdviz.numerals import format_number

_MOST_IN_LEGEND = 12
_ROUNDING = 1e-13  # of what the start is above the lowest: so little below zero is zero
_BESIDE, _FIT = (
    (0.0, 0.74),
    ((0.82, 1.0), (0.0, 0.24)),
)  # of a picture: the map, and the fit of its boundary's dimension


def map_figure(found: Basins | LearningRateSweep | Trainability, optimizer: str, palette: Palette = LIGHT) -> go.Figure:
    """Draw a map of whatever kind; a sweep with the title of its ``optimizer``."""
    if isinstance(found, Basins):
        return basins_figure(found, palette)
    if isinstance(found, LearningRateSweep):
        return sweep_figure({optimizer: found}, palette)
    return trainability_figure(found, palette)


def basins_figure(found: Basins, palette: Palette = LIGHT) -> go.Figure:
    """Draw basins of attraction: a pixel for each start, and each limit inside the window with its letter."""
    sheet = Sheet(palette, "basins", showlegend=True)
    names = found.variables
    axes = Axis(names[0], found.x[0], found.x[-1]), Axis(names[1], found.y[0], found.y[-1])
    _picture(sheet, basins_pixels(found), axes)
    hues = limit_hues(found)
    order = np.argsort(-found.shares, kind="stable")
    for k in sorted(order[:_MOST_IN_LEGEND].tolist()):
        sheet.add(_key(f"{letter(k)} {limit_words(found, k)}", hues[k]))
    sheet.add(_letters(found, axes, palette))
    if len(order) > _MOST_IN_LEGEND:
        rest = format_number(100 * float(found.shares[order[_MOST_IN_LEGEND:]].sum()), 3)
        sheet.add(_key(f"{len(order) - _MOST_IN_LEGEND} more limits, {rest} %", palette.muted))
    for share, name, hue in (
        (found.diverged, "diverged", DIVERGED_HUE),
        (found.ran_out, "did not come to rest", RAN_OUT_HUE),
    ):
        if share:
            sheet.add(_key(f"{name}, {format_number(100 * share, 3)} %", hue))
    return sheet.figure()


def limit_words(found: Basins, k: int) -> str:
    """Say what limit k is, and how many of the starts reach it, in percent with the counting error."""
    place = ", ".join(format_number(float(x), 4) for x in found.points[k])
    share, error = 100 * float(found.shares[k]), 100 * float(found.share_errors[k])
    kind = {"flat": "flat ground"}.get(str(found.kinds[k]), str(found.kinds[k]))
    return f"{kind} ({place}): {share:.2f} ± {error:.2f} %"


def trainability_figure(found: Trainability, palette: Palette = LIGHT) -> go.Figure:
    """Draw how descents end over two settings."""
    sheet = Sheet(palette, "trainability", showlegend=True)
    _picture(sheet, trainability_pixels(found), found.axes)
    fate = fates(found)
    for k, name in enumerate(FATES):
        share = float(np.mean(fate == k))
        if share:
            sheet.add(_key(f"{FATE_WORDS[name]}, {format_number(100 * share, 3)} %", FATE_HUES[name]))
    if np.isfinite(found.dimension):
        _fit(sheet, found.boxes)
    return sheet.figure()


def _fit(sheet: Sheet, boxes: BoxCounts) -> None:
    """Draw beside the map how many boxes a boundary enters, and the line whose slope is its dimension."""
    (left, right), (low, high) = _FIT
    palette = sheet.palette
    sheet.layout["annotations"] = [
        {
            "x": right, "xanchor": "right", "y": high + 0.02, "xref": "paper", "yref": "paper", "yanchor": "bottom",
            "text": f"boundary: dimension {boxes.dimension:.2f}", "showarrow": False, "font": {"size": 12},
        }
    ]  # fmt: skip
    on = {"x": boxes.sizes, "xaxis": "x2", "yaxis": "y2", "showlegend": False}
    sheet.add(
        scatter(name="fit", y=boxes.fitted, mode="lines", line={"color": palette.accent, "width": 2}, **on),
        scatter(
            name="boxes", y=boxes.counts, mode="markers", marker={"size": 6, "color": palette.text},
            hovertemplate="%{y:,d} boxes of %{x} pixels<extra></extra>", **on,
        ),
    )  # fmt: skip
    small = {"type": "log", "tickfont": {"size": 10}, "dtick": 1}
    sheet.x(domain=list(_BESIDE))
    sheet.x("box, pixels", 2, domain=[left, right], anchor="y2", **small)
    sheet.y("boxes", 2, domain=[low, high], anchor="x2", **small)


def sweep_figure(swept: dict[str, LearningRateSweep], palette: Palette = LIGHT, now: float | None = None) -> go.Figure:
    """Draw the value at the end against the learning rate, for each optimizer by its name; the first one's window is
    shaded, its limit, best predicted and fastest rate are marked, and the rate ``now``."""
    sheet = Sheet(palette, "sweep", showlegend=len(swept) > 1, shapes=[], annotations=[])
    first = next(iter(swept.values()))
    lowest = min(float(np.nanmin(s.values[np.isfinite(s.values)], initial=np.inf)) for s in swept.values())
    floor = lowest if np.isfinite(lowest) else 0.0
    ceiling = max(10 * abs(first.start_value - floor), 1e-12)
    for k, (name, one) in enumerate(swept.items()):
        order = np.argsort(one.rates)
        ended = one.stop_reasons[order] != StopReason.DIVERGED
        above = np.where(ended & np.isfinite(one.values[order]), one.values[order] - min(floor, 0.0), np.nan)
        above = np.where(ended, np.clip(above, 1e-16, 1e4 * ceiling), np.nan)
        sheet.add(
            scatter(
                name=name, x=one.rates[order], y=above, mode="lines", connectgaps=False,
                line={"color": palette.series[k % len(palette.series)], "width": 2, "dash": DASHES[k % len(DASHES)]},
                customdata=np.column_stack([one.epochs[order], one.values[order]]),
                hovertemplate="η = %{x:.4~g}<br>ends at %{customdata[1]:.5~g} after %{customdata[0]:,d} epochs"
                "<extra></extra>",
            )
        )  # fmt: skip
    _marks(sheet, first, palette, now)
    sheet.x("learning rate η", **log_axis(first.rates, 10))
    below_zero = floor < -_ROUNDING * abs(first.start_value - floor)
    sheet.y(
        f"value at the end, above {format_number(floor, 4)}" if below_zero else "value at the end",
        **log_axis(np.concatenate([trace["y"] for trace in sheet.traces[: len(swept)]])),
    )
    return sheet.figure()


def _marks(sheet: Sheet, swept: LearningRateSweep, palette: Palette, now: float | None) -> None:
    low, high = swept.window
    if np.isfinite([low, high]).all():
        sheet.layout["shapes"].append(
            {
                "type": "rect", "xref": "x", "yref": "paper", "x0": low, "x1": high, "y0": 0, "y1": 1,
                "fillcolor": palette.accent, "opacity": 0.08, "line": {"width": 0}, "layer": "below",
            }
        )  # fmt: skip
    named = (("limit", swept.limit, "dash"), ("best by theory", swept.best, "dot"), ("fastest", swept.fastest, "solid"))
    marks = named if now is None else (*named, ("now", now, "longdash"))
    for k, (name, rate, dash) in enumerate(marks):
        if not np.isfinite(rate):
            continue
        line = {"color": palette.muted, "width": 1.2, "dash": dash}
        sheet.layout["shapes"].append(
            {"type": "line", "xref": "x", "yref": "paper", "x0": rate, "x1": rate, "y0": 0, "y1": 1, "line": line}
        )
        sheet.layout["annotations"].append(
            {
                "x": np.log10(rate), "y": 1 - 0.07 * k, "xref": "x", "yref": "paper",
                "text": f"{name} {format_number(rate)}", "showarrow": False, "xanchor": "right",
                "font": {"size": 12, "color": palette.muted}, "xshift": -4, "bgcolor": palette.surface,
            }
        )  # fmt: skip


def _picture(sheet: Sheet, pixels: Pixels, axes: tuple[Axis, Axis]) -> None:
    """Lay the pixels under axes."""
    source = "data:image/png;base64," + b64encode(pixels.png()).decode()
    places = {}
    for axis, count, name in zip(axes, pixels.index.shape[::-1], "xy", strict=True):
        log = axis.spacing == "log"
        low, high = np.log10([axis.low, axis.high]) if log else (axis.low, axis.high)
        half = (high - low) / max(1, count - 1) / 2
        places[name] = low - half, high + half
        settings: dict[str, Any] = {"range": [low - half, high + half], "showgrid": False, "constrain": "domain"}
        if log:
            settings |= {"type": "log", "dtick": log_step(axis.low, axis.high, 6)}
        (sheet.x if name == "x" else sheet.y)(axis.name.replace("_", " "), **settings)
    (x0, x1), (y0, y1) = places["x"], places["y"]
    sheet.layout["images"] = [
        {
            "source": source, "xref": "x", "yref": "y", "x": x0, "y": y1, "sizex": x1 - x0, "sizey": y1 - y0,
            "sizing": "stretch", "layer": "below", "xanchor": "left", "yanchor": "top",
        }
    ]  # fmt: skip


def _letters(found: Basins, axes: tuple[Axis, Axis], palette: Palette) -> dict[str, Any]:
    """Return the letters of the limits that lie inside the picture."""
    names = list(found.variables)
    places = found.points[:, :2] if found.points.shape[1] == 2 else np.empty((0, 2))
    inside = [
        k for k, place in enumerate(places)
        if all(axis.low <= at <= axis.high for axis, at in zip(axes, place, strict=True)) and len(names) == 2
    ]  # fmt: skip
    return scatter(
        name="limits", x=places[inside, 0], y=places[inside, 1], mode="markers+text", showlegend=False,
        text=[letter(k) for k in inside], textposition="top right", textfont=flag(palette, palette.surface, 15),
        marker={"symbol": "star", "size": 11, "color": palette.surface, "line": {"color": palette.text, "width": 1.5}},
        customdata=[limit_words(found, k) for k in inside], hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _key(name: str, color: str) -> dict[str, Any]:
    """Return an entry of the legend."""
    marker = {"symbol": "square", "size": 11, "color": color}
    return scatter(name=name, x=[None], y=[None], mode="markers", marker=marker, hoverinfo="skip")
