"""Which map is shown: its kind, its axes, and what of it is in the link."""

from __future__ import annotations

from math import log10

import streamlit as st

from gdviz.experiments import Task
from gdviz.maps import Axis
from gdviz.maps.axes import RATE, changeable
from gdviz.maps.usual_axes import usual_axis, usual_names
from gdviz.maps.view import KINDS, MapView, read_map_view
from gdviz.ui.session import widgets

TITLES = {"basins": "Basins", "sweep": "Learning rates", "trainability": "Two settings"}
_HELP = (
    "Basins: which minimum each start reaches. Learning rates: one start at 2,000 rates. Two settings: any two of "
    "rate, start and the optimizer's numbers."
)
_FAR = 1e4


def map_kind(task: Task) -> str:
    """Draw the choice of a kind of map; return it."""
    kinds = KINDS if len(task.problem.variables) > 1 else KINDS[1:]
    now = shown().kind
    st.session_state["map_kind"] = now if now in kinds else kinds[-1]
    chosen = st.segmented_control(
        "Map", kinds, format_func=TITLES.__getitem__, key="map_kind", required=True, help=_HELP,
        on_change=lambda: widgets.keep("map", st.session_state["map_kind"]),
    )  # fmt: skip
    return str(chosen)


def shown() -> MapView:
    """Return the view that the link names, basins if it names none."""
    try:
        return read_map_view(widgets.kept("map") or "basins")
    except ValueError:
        return MapView("basins")


def axis_names(task: Task, kind: str) -> tuple[str, str]:
    """Draw the choice of the two axes where there is one; return them."""
    view, variables = shown(), task.problem.variables
    names = variables if kind == "basins" else (RATE, *variables, *changeable(task.experiment.optimizer))
    now = [axis.name for axis in (view.x, view.y) if axis is not None and view.kind == kind]
    if len(now) != 2 or not set(now) <= set(names) or now[0] == now[1]:
        now = list(usual_names(kind, variables, task.experiment.optimizer))
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
        usual = usual_names(kind, task.problem.variables, task.experiment.optimizer)
        named = [*[axis.name for axis in (before.x, before.y) if axis is not None], *usual]
        y = next(name for name in named if name != x)
    widgets.keep("map", MapView(kind, _whole(task, x), _whole(task, y)).text)


def _whole(task: Task, name: str) -> Axis:
    """Return the whole of an axis."""
    problem = task.problem
    return usual_axis(name, problem.variables, problem.window, problem.learning_rate, task.experiment.optimizer)


def axes_shown(task: Task, kind: str, names: tuple[str, str]) -> tuple[tuple[Axis, Axis], tuple[Axis, Axis]]:
    """Return the axes that are looked at, and the whole of them."""
    view = shown()
    whole = _whole(task, names[0]), _whole(task, names[1])
    if view.kind != kind or view.x is None or view.y is None or (view.x.name, view.y.name) != names:
        return whole, whole
    seen = view.x, view.y
    pairs = list(zip(seen, whole, strict=True))
    if any(a.spacing != b.spacing for a, b in pairs) or any(_FAR * _width(a) < _width(b) for a, b in pairs):
        return seen, seen  # a function whose window is very wide: then what the link names is the map
    return seen, whole


def _width(axis: Axis) -> float:
    return log10(axis.high / axis.low) if axis.spacing == "log" else axis.high - axis.low
