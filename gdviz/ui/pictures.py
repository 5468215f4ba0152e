"""The pictures of a run as the page has them: of what it remembers, in the visitor's theme."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gdviz.experiments import Task
from gdviz.figures import DARK, LIGHT, Palette
from gdviz.landscapes import POINTS, window_of_path
from gdviz.scenes import Scene
from gdviz.ui.session import compute, state

_TYPE, _LINES = 1.5, 1.6  # how much larger words and lines are on a projector


def make_scene(task: Task, axes: tuple[int, int], whole: bool, theory: bool = False) -> Scene:
    """Run the experiment; ``whole`` widens the drawn box to hold the whole path."""
    run, box = compute.run(task), compute.window(task)
    box = state.still(task, window_of_path(run.thetas, box) if whole else box, whole)
    return Scene(task, run, axes, box, theory, sources=compute.Remembered())


def about_coarseness(scene: Scene) -> str:
    """What is to be said of a landscape that is drawn from few values, empty of any other."""
    axes = min(2, len(scene.problem.variables))
    points = compute.points_of(scene.task, axes)
    if points == POINTS[2 - axes]:
        return ""
    values = f"{points} × {points}" if axes == 2 else str(points)
    return f"Drawn from {values} values: with so many rows more would take too long."


def page_palette() -> Palette:
    """The palette of the visitor's theme, with large words while presenting."""
    palette = DARK if st.context.theme.type == "dark" else LIGHT
    return replace(palette, type_scale=_TYPE, line_scale=_LINES) if state.is_presenting() else palette
