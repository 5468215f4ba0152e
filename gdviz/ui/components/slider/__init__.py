"""A slider that shows what comes of its value while it moves; ``st.slider`` sends it on release only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from gdviz.numerals import decades, format_power
from gdviz.ui.components import component, received
from gdviz.ui.server.questions import finite, packed

__all__ = ["Scale", "is_held", "live_slider"]

Scale = Literal["decades", "counts", "shares", "even", "whole"]
"""Where values lie along the track (scales.js)."""

_MEMORIES = "_sliders"

_component = component("slider")


def live_slider(
    label: str,
    key: str,
    *,
    value: float,
    minimum: float,
    maximum: float,
    scale: Scale = "decades",
    near: tuple[float, float] | None = None,
    nearby: str = "",
    ticks: Sequence[float] | None = None,
    marks: Sequence[tuple[float, str]] = (),
    bare: bool = False,
    setting: str | None = None,
    on_change: Callable[[float], None],
) -> float:
    """Draw the slider and return its value: the one moved to in this rerun, else ``value``.

    It is a controlled widget: ``value`` is the truth, kept by the caller, and the thumb follows it; only while a hand
    is on the slider does the browser's value count. Values from the slider have few digits.

    Parameters
    ----------
    near, nearby : the part of the track that is shown first, if the value is in it, and what it is called.
    ticks : values to label, by default the decades (every second one if more than six are seen).
    marks : values to point out above the track, with a short text each, such as ``(0.2, "limit")``.
    bare : whether it is drawn below a field that has its name: the track alone.
    setting : the number of the page's experiment that it sets: the browser then shows what comes of it
        (:mod:`gdviz.ui.components.live`), and the value comes on release.
    on_change : called with the new value before the script runs, so that it may set the state of other widgets.

    Raises
    ------
    ValueError
        If ``minimum`` is not below ``maximum``, or not above 0 on a track of decades.
    """
    logarithmic = scale in ("decades", "counts")
    if not ((0 if logarithmic else -math.inf) < minimum < maximum < math.inf):
        raise ValueError(f"a slider over {scale} cannot go from {minimum!r} to {maximum!r}")
    memory = _memories().setdefault(key, {"answered": None, "moved": None, "held": False})
    moved, memory["moved"] = memory["moved"], None
    current = float(value) if moved is None else moved
    if ticks is None:
        ticks = decades(minimum, maximum) if logarithmic else ()
    told = {
        "label": label, "bare": bare, "setting": setting, "answered": memory["answered"],
        "value": min(maximum, max(minimum, current)) if math.isfinite(current) else minimum,
        "minimum": minimum, "maximum": maximum, "scale": scale, "near": near, "nearby": nearby,
        "ticks": [{"value": tick, "label": format_power(tick)} for tick in ticks],
        "marks": [{"value": at, "label": text} for at, text in marks if math.isfinite(at) and at > 0],
    }  # fmt: skip
    _component(
        key=key, data=packed(told), on_message_change=lambda: _receive(key, minimum, maximum, on_change),
    )  # fmt: skip
    return current


def is_held() -> bool:
    """Whether a hand is on a slider at the moment: more values are about to come."""
    return any(memory["held"] for memory in _memories().values())


def _memories() -> dict[str, dict[str, Any]]:
    """What is noted of each slider, by its key."""
    found: dict[str, dict[str, Any]] = st.session_state.setdefault(_MEMORIES, {})
    return found


def _receive(key: str, minimum: float, maximum: float, on_change: Callable[[float], None]) -> None:
    memory = _memories()[key]
    message = received(key, memory) or {}
    try:
        sent = finite(message.get("value"))
    except ValueError:
        return
    if minimum <= sent <= maximum:
        memory["moved"], memory["held"] = sent, message.get("held") is True
        on_change(sent)
