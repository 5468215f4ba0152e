"""A field for a number that is checked here: what is out of range stays as it was typed, and it is said what to type.

Streamlit's own limits put the last value back without a word.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from gdviz.numerals import format_number
from gdviz.ui.notices import say_mistake
from gdviz.ui.session import widgets

_LAST = "_last_in_range"  # the last value in range of each field, by its key


def number_field(label: str, low: float, high: float, *, key: str, where: Any = None, **options: Any) -> float:
    """Draw a field for a number from ``low`` to ``high``; return what it holds, or the last value in range.

    Where the number is out of range, that is said below the field, or in the container ``where``.
    """
    last = st.session_state.setdefault(_LAST, {})
    typed: float | None = st.number_input(label, key=key, **options)
    if typed is not None and low <= typed <= high:
        last[key] = typed
        return typed
    good: float = last.get(key, min(max(typed or 0, low), high))
    said = f"{refusal(label, typed, low, high)} Until then {shown(good)} is used."
    say_mistake(said, where or st)
    return good


def refusal(label: str, typed: float | None, low: float, high: float) -> str:
    """Return what is wrong with a number that is not from ``low`` to ``high``, and what to type."""
    label = label.partition(",")[0]
    if typed is None:
        return f"{label} is empty: type a number."
    bound = f"at least {shown(low)}" if typed < low else f"at most {shown(high)}"
    if typed < low and 0 < low < 1e-300:
        bound = "above 0"
    return f"{label} {shown(typed)} is out of range: type a number {bound}."


def shown(value: float) -> str:
    """Return a number as a sentence has it, with up to 12 digits."""
    return format_number(value, 12)


def in_range(key: str, low: float, high: float, default: float) -> float:
    """Return the value in use of a field that is drawn later in the run."""
    held = widgets.kept(key, default)
    if held is not None and low <= held <= high:
        return float(held)
    return float(st.session_state.get(_LAST, {}).get(key, default))
