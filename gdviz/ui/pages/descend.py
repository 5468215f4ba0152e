"""Descend: the verdict, the path on the landscape, theta and loss against the epoch."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import streamlit as st

from gdviz.experiments import Experiment, Problem
from gdviz.figures import contour_aspect
from gdviz.numerals import format_assignment, format_count
from gdviz.theory import Kind, Verdict
from gdviz.ui import compute, state
from gdviz.ui.export_menu import export_menu
from gdviz.ui.live_plot import live_plot
from gdviz.ui.pictures import TITLES, Scene, make_scene, page_palette

_LOOKS = {
    Kind.CONVERGED: ("success", ":material/check_circle:"),
    Kind.RAN_OUT: ("info", ":material/hourglass_bottom:"),
    Kind.SLOW: ("warning", ":material/hourglass_top:"),
    Kind.OSCILLATING: ("warning", ":material/swap_vert:"),
    Kind.DIVERGING: ("error", ":material/trending_up:"),
    Kind.UNBOUNDED: ("error", ":material/south_east:"),
    Kind.UNDEFINED: ("error", ":material/block:"),
}
_OTHERWISE = ("warning", ":material/landscape:")  # saddle, maximum, kink, flat: stationary, but no minimum


def descend_page(experiment: Experiment, problem: Problem) -> None:
    """Draw the page."""
    table = problem.table
    judged = compute.verdict(experiment, table)
    _show_verdict(judged)
    view, menu = st.columns([4, 1], vertical_alignment="bottom")
    with view:
        axes, whole = _view_fields(problem)
    scene = make_scene(experiment, problem, table, axes, whole)
    with menu, st.container(key="export", horizontal_alignment="right"):
        export_menu(scene)
    left, right = st.columns([1.1, 1], gap="medium")
    fits = problem.fit is not None
    with left:
        _chart(scene, "contour", judged, height=400 if fits else 620, aspect=_aspect(scene))
        if fits:
            _chart(scene, "theta", judged, height=360)
        if problem.note:
            st.caption(problem.note + (f" *{problem.source}.*" if problem.source else ""))
    with right:
        _chart(scene, "fit" if fits else "theta", judged, height=400 if fits else 330)
        _chart(scene, "loss", judged, height=360)


def _show_verdict(judged: Verdict) -> None:
    look, icon = _LOOKS.get(judged.kind, _OTHERWISE)
    with st.container(key="verdict"):
        getattr(st, look)(judged.sentence, icon=icon)
        if judged.why:
            with st.expander("Why?"):
                st.markdown(judged.why)


def _view_fields(problem: Problem) -> tuple[tuple[int, int], bool]:
    """Which two parameters are seen from above, and whether the window holds the whole path."""
    axes = (0, 1) if len(problem.variables) > 1 else (0, 0)
    left, right = st.columns([3, 2], vertical_alignment="bottom") if len(problem.variables) > 2 else (st, st)
    if len(problem.variables) > 2:
        pairs = {f"{problem.variables[i]},{problem.variables[j]}": (i, j)
                 for i, j in combinations(range(len(problem.variables)), 2)}  # fmt: skip
        if state.kept("axes") not in pairs:
            state.keep("axes", next(iter(pairs)))
        chosen = left.selectbox(
            "Seen from above", tuple(pairs), key=state.recall("axes", next(iter(pairs))),
            format_func=lambda names: f"{names.replace(',', ' and ')}, the others as they are at the end of the path",
        )  # fmt: skip
        axes = pairs[chosen]
    whole = right.toggle(
        "Show the whole path", key=state.recall("whole_path", False),
        help="Widens the window until the whole path is inside, however far a diverging run goes.",
    )  # fmt: skip
    return axes, whole


def _aspect(scene: Scene) -> float:
    if len(scene.problem.variables) == 1:
        return 0.7
    return min(1.0, max(0.6, contour_aspect(tuple(scene.box[i] for i in scene.axes))))


def _chart(scene: Scene, name: str, judged: Verdict, height: int, aspect: float | None = None) -> None:
    """One picture under its heading, in the container that has its name."""
    on_map = name == "contour"
    with st.container(key=name):
        st.markdown(f"**{TITLES[name]}**")
        live_plot(
            scene.figures()[name](page_palette()),
            name,
            alt=f"{TITLES[name]}: {_described(scene)} {judged.sentence}",
            height=height,
            aspect=aspect,
            start_handle=_start_handle(scene) if on_map else None,
            clicks=on_map,
            on_event=(lambda event: _move_start(scene, event)) if on_map else None,
            file_name=f"gdviz-{name}",
        )


def _described(scene: Scene) -> str:
    names, thetas = scene.run.variables, scene.run.thetas
    first, last = format_assignment(names, thetas[0]), format_assignment(names, thetas[-1])
    return f"{format_count(scene.run.epochs, 'epoch')} from {first} to {last}."


def _start_handle(scene: Scene) -> tuple[float, float] | None:
    """Where the start lies in the picture's coordinates."""
    if len(scene.problem.variables) == 1:
        return scene.experiment.start[0], float(scene.run.values[0])
    return scene.experiment.start[scene.axes[0]], scene.experiment.start[scene.axes[1]]


def _move_start(scene: Scene, event: dict[str, Any]) -> None:
    """A click on the landscape, or a drag of the start, sets the start."""
    start = list(scene.experiment.start)
    one = len(start) == 1
    for axis, value, (low, high) in zip(
        scene.axes, (event["x"], event["y"]), (scene.box[i] for i in scene.axes), strict=True
    ):
        start[axis] = _rounded(value, high - low)
        if one:
            break
    state.put_start(scene.problem.variables, tuple(start))
    state.set_start_moving(event.get("phase") == "move")


def _rounded(value: float, width: float) -> float:
    """To about a thousandth of the window: what a hand can aim at, and a link can show."""
    digits = max(0, 4 - len(f"{width:.0f}")) if width >= 1 else 3 - int(f"{width:e}".split("e")[1])
    return round(value, digits)
