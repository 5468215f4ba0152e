"""Which map is shown: its kind, its axes, and what of it is in the link."""

from __future__ import annotations

from dataclasses import fields
from math import log10
from typing import Any

import streamlit as st

from gdviz.experiments import HIGHEST_RATE, Task
from gdviz.maps import Axis
from gdviz.maps.axes import RATE, settings_of
from gdviz.maps.view import KINDS, MapView, read_map_view
from gdviz.ui import state

TITLES = {"basins": "Basins", "sweep": "Learning rates", "trainability": "Two settings"}
_HELP = (
    "Basins: which minimum each start reaches. Learning rates: one start at 2,000 rates. Two settings: any two of "
    "rate, start and the optimizer's numbers."
)
_FAR = 1e4
_DECADES = 2.0  # of learning rates to each side of the problem's own


def map_kind(task: Task) -> str:
    """Draw the choice of a kind of map; return it."""
    kinds = KINDS if len(task.problem.variables) > 1 else KINDS[1:]
    now = shown().kind
    st.session_state["map_kind"] = now if now in kinds else kinds[-1]
    chosen = st.segmented_control(
        "Map", kinds, format_func=TITLES.__getitem__, key="map_kind", required=True, help=_HELP,
        on_change=lambda: state.keep("map", st.session_state["map_kind"]),
    )  # fmt: skip
    return str(chosen)


def shown() -> MapView:
    """Return the view that the link names, basins if it names none."""
    try:
        return read_map_view(state.kept("map") or "basins")
    except ValueError:
        return MapView("basins")


def axis_names(task: Task, kind: str) -> tuple[str, str]:
    """Draw the choice of the two axes where there is one; return them."""
    view, variables = shown(), task.problem.variables
    names = variables if kind == "basins" else (RATE, *variables, *settings_of(task.experiment.optimizer))
    usual = (variables[0], variables[1]) if kind == "basins" else (RATE, _second(task))
    now = [axis.name for axis in (view.x, view.y) if axis is not None and view.kind == kind]
    if len(now) != 2 or not set(now) <= set(names) or now[0] == now[1]:
        now = list(usual)
    if len(names) == 2:
        return now[0], now[1]
    for key, name in zip(("map_x", "map_y"), now, strict=True):
        st.session_state[key] = name
    words = {name: name.replace("_", " ") if name not in variables else f"start {name}" for name in names}
    x = st.selectbox("To the right", names, format_func=words.__getitem__, key="map_x", on_change=_axes_chosen,
                     args=(kind, task), width=150)  # fmt: skip
    y = st.selectbox("Upwards", [name for name in names if name != x], format_func=words.__getitem__, key="map_y",
                     on_change=_axes_chosen, args=(kind, task), width=150)  # fmt: skip
    return x, y


def _axes_chosen(kind: str, task: Task) -> None:
    """Begin with the whole of newly chosen axes."""
    x, y = st.session_state["map_x"], st.session_state["map_y"]
    if x == y:  # the other one changes places with it
        before = shown()
        named = [axis.name for axis in (before.x, before.y) if axis is not None] or [RATE, _second(task)]
        y = next((name for name in named if name != x), _second(task))
    state.keep("map", MapView(kind, usual_axis(task, x), usual_axis(task, y)).text)


def _second(task: Task) -> str:
    """Return what goes upwards unless something is chosen."""
    own = settings_of(task.experiment.optimizer)
    return own[0] if own else task.problem.variables[0]


def usual_axis(task: Task, name: str) -> Axis:
    """Return the whole of an axis: its name's usual ends."""
    problem = task.problem
    if name in problem.variables:
        return Axis(name, *problem.window[problem.variables.index(name)])
    if name == RATE:
        center = task.problem.learning_rate
        return Axis(RATE, center / 10**_DECADES, min(HIGHEST_RATE, center * 10**_DECADES), "log")
    return _setting_axis(next(f for f in fields(task.experiment.optimizer) if f.name == name))


def _setting_axis(f: Any) -> Axis:
    """Return the axis of a hyper-parameter: a range around its default that is allowed."""
    low, high = float(f.metadata["low"]), float(f.metadata["high"])
    if 0 < f.default < 0.01:
        return Axis(f.name, max(low, f.default / 1e3), min(high, f.default * 1e4), "log")
    top = min(high, max(1.0, 10 * f.default))
    return Axis(f.name, low + (top - low) / 1000 if f.metadata["open_low"] else low, _below(top, low, f))


def _below(top: float, low: float, f: Any) -> float:
    return low + 0.999 * (top - low) if f.metadata["open_high"] and top >= f.metadata["high"] else top


def axes_shown(task: Task, kind: str, names: tuple[str, str]) -> tuple[tuple[Axis, Axis], tuple[Axis, Axis]]:
    """Return the axes that are looked at, and the whole of them."""
    view = shown()
    whole = usual_axis(task, names[0]), usual_axis(task, names[1])
    if view.kind != kind or view.x is None or view.y is None or (view.x.name, view.y.name) != names:
        return whole, whole
    seen = view.x, view.y
    pairs = list(zip(seen, whole, strict=True))
    if any(a.spacing != b.spacing for a, b in pairs) or any(_FAR * _width(a) < _width(b) for a, b in pairs):
        return seen, seen  # a function whose window is very wide: then what the link names is the map
    return seen, whole


def _width(axis: Axis) -> float:
    return log10(axis.high / axis.low) if axis.spacing == "log" else axis.high - axis.low
