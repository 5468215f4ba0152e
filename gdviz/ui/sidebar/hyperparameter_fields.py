"""Widgets for the hyper-parameters of an optimizer or a schedule: they follow from the class's fields."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf, nextafter
from typing import Any

import streamlit as st

from gdviz.ui.session import widgets
from gdviz.ui.sidebar.number_field import in_range, number_field

LEAST = nextafter(0.0, inf)  # what a field that must be above 0 can hold: a link may


def hyperparameter_field(f: Any, **options: Any) -> Any:
    """Draw the widget of one field and return what it holds; ``options`` are its key and its callback."""
    label, help = f.name.replace("_", " "), f.metadata["help"]
    if f.metadata.get("text"):
        return st.text_input(label, help=help, **options)
    return number_field(label, *_limits(f.metadata), step=_step(f), format="%.10g", help=help, **options)


def held_hyperparameter(f: Any, key: str, default: Any) -> Any:
    """Return what the widget of one field holds, which is not drawn."""
    return widgets.kept(key, default) if f.metadata.get("text") else in_range(key, *_limits(f.metadata), default)


def _limits(metadata: Mapping[str, Any]) -> tuple[float, float]:
    """The widget's range: where an end is left out, the number next to it."""
    low, high = float(metadata["low"]), float(metadata["high"])
    return (nextafter(low, inf) if metadata["open_low"] else low), (
        nextafter(high, -inf) if metadata["open_high"] else high
    )


def _step(f: Any) -> float:
    if f.metadata["whole"]:
        return 1.0
    return 0.01 if f.default == 0 or abs(f.default) >= 0.1 else abs(f.default) / 10
