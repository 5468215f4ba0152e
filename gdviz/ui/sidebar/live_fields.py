"""Sliders below number fields, for numbers that a run follows while a hand is on them: hyper-parameters and epochs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gdviz.descent import MAX_EPOCHS
from gdviz.ui.components.slider import Scale, live_slider

_DECADES = 1_000  # times the default, and a part of it, are the ends of a slider over decades
_NEXT_TO_ONE = 0.9999
_SMALLEST_SHARE = 0.01
_SEEDS = 100.0  # to try one after the other

Track = tuple[Scale, float, float]


def track_of(f: Any) -> Track | None:
    """Return scale and ends of a slider for a hyper-parameter's field; None where a slider would be of no use."""
    about, default = f.metadata, f.default
    if about.get("text"):
        return None
    low, high = float(about["low"]), float(about["high"])
    if "seed" in f.name:
        return "whole", low, _SEEDS
    least = _SMALLEST_SHARE if about["open_low"] else low
    if about["whole"]:
        return "counts", max(1.0, low), min(high, 100 * default)
    if high == 1 and about["open_high"] and default > 0.5:
        return "shares", least, _NEXT_TO_ONE
    if high == 1 and not 0 < default < _SMALLEST_SHARE:
        return (
            "even",
            _SMALLEST_SHARE if about["open_low"] else low,
            1 - _SMALLEST_SHARE if about["open_high"] else high,
        )
    if default <= 0:
        return None
    return "decades", max(low, default / _DECADES), min(high, default * _DECADES)


def slider_below(f: Any, value: float, on_change: Callable[[float], None]) -> None:
    """Draw a slider below the field of a hyper-parameter, if one is of use."""
    track = track_of(f)
    if track is not None:
        _below(f.name, f.name.replace("_", " "), value, track, on_change)


def epochs_slider(value: float, on_change: Callable[[float], None]) -> None:
    """Draw the slider below the field of the epochs."""
    _below("epochs", "Epochs", value, ("counts", 1.0, float(MAX_EPOCHS)), on_change)


def _below(name: str, label: str, value: float, track: Track, on_change: Callable[[float], None]) -> None:
    scale, low, high = track
    live_slider(
        label, f"{name}_slider", value=value, minimum=low, maximum=high, scale=scale, ticks=(), bare=True,
        setting=name, on_change=on_change,
    )  # fmt: skip
