"""How a landscape is looked at, on every page that shows one: its two axes, its window, the start that moves."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import streamlit as st

from gdviz.experiments import Problem
from gdviz.scenes import Scene
from gdviz.ui.controls import hidden
from gdviz.ui.session import offers, state, widgets
from gdviz.views import LANDSCAPES


def first_axes(problem: Problem) -> tuple[int, int]:
    """Return the parameters seen from above where nobody chooses."""
    return (0, 1) if len(problem.variables) > 1 else (0, 0)


def view_fields(problem: Problem) -> tuple[tuple[int, int], bool]:
    """Which two parameters are seen from above, and whether the window holds the whole path."""
    axes = first_axes(problem)
    if len(problem.variables) > 2:
        pairs = {f"{problem.variables[i]},{problem.variables[j]}": (i, j)
                 for i, j in combinations(range(len(problem.variables)), 2)}  # fmt: skip
        chosen = st.selectbox(
            "Seen from above", tuple(pairs), key=widgets.recall_one("axes", tuple(pairs), next(iter(pairs))),
            format_func=lambda names: names.replace(",", " and "), width=120, label_visibility="collapsed",
            help="The landscape over two parameters; the others are as they are at the end of the path.",
        )  # fmt: skip
        axes = pairs[chosen]
    whole = st.toggle(
        "Whole path", key=widgets.recall("whole_path", False),
        help="Widens the window until the whole path is inside, however far a diverging run goes.",
    )  # fmt: skip
    return axes, whole


def landscape_field(problem: Problem) -> str:
    """How the landscape is shown: one of ``LANDSCAPES``. Of one parameter there is only the curve."""
    if len(problem.variables) < 2:
        return LANDSCAPES[0]
    words = dict(zip(LANDSCAPES, ("From above", "3-D surface", "Both"), strict=True))
    chosen = st.segmented_control(
        "Landscape", LANDSCAPES, key=widgets.recall("landscape", LANDSCAPES[0]), required=True,
        format_func=lambda name: words[name], label_visibility="collapsed",
    )  # fmt: skip
    return chosen or LANDSCAPES[0]


def theory_field() -> bool:
    """Whether the page shows what theory says."""
    return st.toggle(
        "Show theory", key=widgets.recall("theory", False),
        help="The predicted envelope on the curves, curvature and condition number, and sharpness against the limit.",
    )  # fmt: skip


def start_moves(scene: Scene) -> dict[str, Any]:
    """Return what has a hand set the start on a landscape, for its chart: nothing where the link hides the start."""
    if "start" in hidden():
        return {}
    handle = _start_handle(scene)
    return {"start_handle": handle, "clicks": True, "on_event": lambda event: move_start(scene, event)}


def _start_handle(scene: Scene) -> tuple[float, float]:
    """Where the start lies in the picture's coordinates."""
    if len(scene.problem.variables) == 1:
        return scene.experiment.start[0], float(scene.run.values[0])
    return scene.experiment.start[scene.axes[0]], scene.experiment.start[scene.axes[1]]


def place_of(scene: Scene) -> dict[str, Any]:
    """Where the landscape lies among the parameters, for the browser: its axes, the other parameters, and how many
    digits behind the point a start has that a hand moves."""
    axes = list(dict.fromkeys(scene.axes))
    digits = [_digits(high - low) for low, high in (scene.box[axis] for axis in axes)]
    return {"axes": axes, "at": scene.run.thetas[-1].tolist(), "digits": digits}


def moved_start(scene: Scene, x: float, y: float) -> tuple[float, ...]:
    """The start with what is seen from above moved to x, y; of one parameter, to x."""
    start = list(scene.experiment.start)
    seen = scene.axes if len(start) > 1 else scene.axes[:1]
    for axis, value in zip(seen, (x, y), strict=False):
        low, high = scene.box[axis]
        start[axis] = _rounded(value, high - low)
    return tuple(start)


def move_start(scene: Scene, event: dict[str, Any]) -> None:
    """A click on the landscape, or a drag of the start, sets the start."""
    variables, start = scene.problem.variables, moved_start(scene, event["x"], event["y"])
    state.place_start(variables, start, event.get("phase") == "move")
    offers.note_set(*offers.start_keys(variables))


def _rounded(value: float, width: float) -> float:
    return round(value, _digits(width))


def _digits(width: float) -> int:
    """For about a thousandth of the window: what a hand can aim at, and a link can show."""
    return max(0, 4 - len(f"{width:.0f}")) if width >= 1 else 3 - int(f"{width:e}".split("e")[1])
