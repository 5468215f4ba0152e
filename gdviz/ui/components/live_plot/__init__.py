"""A Plotly chart that is redrawn in place, and tells where it was clicked and where its start point was dragged.

Streamlit's own chart is mounted anew whenever its figure changes: zoom and camera are lost and a blank frame
flashes. This component keeps plotly.js on the page and hands it the next figure (``Plotly.react``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gdviz.figures.base import plain_of
from gdviz.figures.palette import print_colors
from gdviz.pacing import give_way
from gdviz.ui.components import component, received
from gdviz.ui.components.live_plot.message import KEPT_PIECES, decode_event, encode_figure
from gdviz.ui.session.tables import MOST_POINTS

__all__ = ["live_plot"]

_component = component("live_plot")


def live_plot(
    figure: go.Figure | Mapping[str, Any],
    key: str,
    *,
    alt: str,
    heading: str = "",
    height: int | None,
    start_handle: tuple[float, float] | None = None,
    clicks: bool = False,
    drags: bool = False,
    probes: bool = False,
    on_event: Callable[[dict[str, Any]], None] | None = None,
    file_name: str | None = None,
) -> None:
    """Draw ``figure``, and hear what a hand does there.

    A new figure under the same ``key`` is drawn in place: zoom, camera and legend choices stay until
    ``layout.uirevision`` changes. Traces that did not change are not sent again. Scatter traces with
    ``meta={"moving": True}`` are drawn the fast way while a hand drags, if nothing else of the figure changes.

    Parameters
    ----------
    figure : a figure with explicit template and colors, or its dict (NumPy arrays may stay arrays in it).
    key : the chart's name, unique on the page.
    alt : what the picture shows, in words, for those who do not see it.
    heading : for those who listen only, of a chart whose axes say what is drawn.
    height : pixels; None for what the page's style sheet says.
    start_handle : data coordinates of a point that can be dragged, or None. It lies on the first x and y axes.
    clicks : whether clicks in the plot area are reported.
    drags : whether a hand that presses anywhere in the plot area and moves is reported, as a start that is dragged is;
        it does not zoom then.
    probes : whether the page follows what the hand points at (:mod:`gdviz.ui.components.live`): the run from a start
        that is dragged is then drawn by the browser, and only where the start is put down is an event.
    on_event : called with an event before the script runs, so that it may set the state of widgets:
        ``{"kind": "click", "x": …, "y": …}`` with the pointer's place in data coordinates, or
        ``{"kind": "start", "x": …, "y": …, "phase": "move" | "end"}`` while the start handle is dragged, or a hand
        ``drags``. All numbers are finite.
    file_name : of downloaded images, without ending; ``key`` by default.
    """
    give_way()
    widget = f"{key}_plot"  # containers and widgets share one name space, and the page names its containers `key`
    memory = st.session_state.setdefault(f"_live_plot_{key}", {"held": {}, "answered": None})
    head = {
        "key": key,
        "alt": alt,
        "heading": heading,
        "answered": memory["answered"],
        "clicks": clicks,
        "drags": drags,
        "fileName": file_name or key,
        "probes": probes,
        "handle": _finite_pair(start_handle),
        "limits": {"keptParts": KEPT_PIECES, "dots": MOST_POINTS},
        "print": print_colors("dark" if st.context.theme.type == "dark" else "light"),
        "height": height,
    }
    _component(
        key=widget,
        # Bytes: Streamlit would otherwise write the same JSON twice more, for an identity that the key already gives.
        data=encode_figure(plain_of(figure) if isinstance(figure, go.Figure) else figure, memory["held"], head),
        height="content" if height is None else height,
        on_message_change=lambda: _receive(key, on_event),
    )


def _finite_pair(point: tuple[float, float] | None) -> list[float] | None:
    pair = None if point is None else [float(value) for value in point]
    return pair if pair is not None and all(map(math.isfinite, pair)) else None


def _receive(key: str, on_event: Callable[[dict[str, Any]], None] | None) -> None:
    memory = st.session_state[f"_live_plot_{key}"]
    message = received(f"{key}_plot", memory)
    if message is not None and message.get("kind") == "missing":
        memory["held"].clear()
    event = decode_event(message)
    if event is not None and on_event is not None:
        on_event(event)
