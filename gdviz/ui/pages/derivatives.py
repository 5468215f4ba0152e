"""Derivatives: the difference quotient, what it approaches as h shrinks, and why h must not shrink too far."""

from __future__ import annotations

from math import isfinite

import plotly.graph_objects as go
import streamlit as st

from gdviz.experiments import Experiment, Problem, Task
from gdviz.figures import error_figure, partials_figure, quotient_figure, secant_figure
from gdviz.lessons.secants import quotient_curve, secant
from gdviz.numerals import format_assignment, format_number
from gdviz.objectives import Objective
from gdviz.objectives.differences import central_gradient, estimate_gradient, spacing_errors
from gdviz.ui import compute, state
from gdviz.ui.headings import heading
from gdviz.ui.live_plot import live_plot
from gdviz.ui.pictures import page_palette
from gdviz.ui.presenting import chart_share
from gdviz.ui.slider import live_slider
from gdviz.ui.tools import tools

_H_RANGE = (1e-15, 1.0)


def derivatives_page(task: Task) -> None:
    """Draw the page for the experiment's objective at its start."""
    experiment, problem = task.experiment, task.problem
    objective, start = problem.objective, experiment.start
    fields, menu = st.columns([3, 1], gap="medium", vertical_alignment="center")
    with menu, tools(task):
        pass
    with fields:
        axis = _variable_field(problem)
        h = _spacing_field(experiment)
    if not _defined(objective, start):
        st.error(
            f"At the start, {format_assignment(problem.variables, start)}, the function or its slope is not a finite "
            "number. Choose another start in the sidebar.",
            icon=":material/block:",
        )
        return
    said = _sentence(problem, start, axis, h)
    box = compute.window(task)
    left, right = st.columns(2, gap="medium")
    with left:
        here = secant(objective, start, h, axis)
        line = compute.curve_of(task, box, axis)
        _chart(
            "secant",
            f"The secant through {here.name} and {here.name} + h",
            secant_figure(line, here, page_palette()),
            420,
            said,
        )
    with right:
        quotients = quotient_curve(objective, start, axis)
        figure = quotient_figure(quotients, page_palette())
        _chart("quotient", "The quotient approaches the derivative", figure, 420, said)
    left, right = st.columns(2, gap="medium")
    with left:
        errors = spacing_errors(_along(objective, start, axis), start[axis], quotients.derivative)
        best = (
            f"Best here: forward h = {format_number(errors.best_forward, 2)}, "
            f"central h = {format_number(errors.best_central, 2)}."
        )
        figure = error_figure(errors, page_palette())
        _chart("errors", "Error against h: truncation right, round-off left", figure, 420, best)
        st.caption(
            f"{best} A large h misses the bend of the curve (truncation); a tiny h loses the digits in which f(x + h) "
            "and f(x) differ (round-off)."
        )
    with right:
        if len(problem.variables) > 1:
            _partials(task, h, said)
        _table(objective, problem.variables, start, h)


def _variable_field(problem: Problem) -> int:
    if len(problem.variables) == 1:
        return 0
    if state.kept("variable") not in problem.variables:
        state.keep("variable", problem.variables[0])
    chosen = st.segmented_control(
        "Along", problem.variables, key=state.recall("variable", problem.variables[0]), required=True,
        help="The partial derivative along one variable: the others stay at the start.",
    )  # fmt: skip
    return problem.variables.index(str(chosen))


def _spacing_field(experiment: Experiment) -> float:
    return live_slider(
        "Step h", "h_slider", value=experiment.h, minimum=_H_RANGE[0], maximum=_H_RANGE[1],
        on_change=lambda h: state.keep("h", h),
    )  # fmt: skip


def _defined(objective: Objective, start: tuple[float, ...]) -> bool:
    return isfinite(objective.value(start)) and all(isfinite(slope) for slope in objective.gradient(start))


def _along(objective: Objective, start: tuple[float, ...], axis: int):  # type: ignore[no-untyped-def]
    """The objective as a function of one number, the other parameters held at the start."""

    def f(x: float) -> float:
        return float(objective.value([*start[:axis], x, *start[axis + 1 :]]))

    return f


def _sentence(problem: Problem, start: tuple[float, ...], axis: int, h: float) -> str:
    """Say what h costs; return the same in plain words."""
    here = secant(problem.objective, start, h, axis)
    name = here.name
    off = here.quotient - here.derivative
    words = (
        f"With h = {format_number(h)} the difference quotient along {name} is "
        f"**{format_number(here.quotient, 8)}**; the exact derivative is **{format_number(here.derivative, 8)}**. "
        f"The quotient is off by {format_number(off, 2)}."
    )
    with st.container(key="verdict"):
        st.info(words, icon=":material/change_history:")
    return words.replace("**", "")


def _chart(key: str, title: str, figure: go.Figure, height: int, said: str) -> None:
    with st.container(key=key):
        heading(title)
        live_plot(
            figure, key, alt=f"{title}. {said}", height=height, screen_share=chart_share(), file_name=f"gdviz-{key}"
        )


def _partials(task: Task, h: float, said: str) -> None:
    problem = task.problem
    if len(problem.variables) != 2:
        return
    box = compute.window(task)
    lines = [compute.curve_of(task, box, i) for i in range(2)]
    secants = [secant(problem.objective, task.experiment.start, h, i) for i in range(2)]
    figure = partials_figure(lines, secants, page_palette())
    _chart("partials", "Both partial quotients at the start", figure, 300, said)


def _table(objective: Objective, names: tuple[str, ...], start: tuple[float, ...], h: float) -> None:
    forward, central, exact = (
        estimate_gradient(objective, start, h),
        central_gradient(objective, start, h),
        objective.gradient(start),
    )
    rows = [
        f"| {name} | {format_number(f, 8)} | {format_number(c, 8)} | {format_number(e, 8)} |"
        for name, f, c, e in zip(names, forward, central, exact, strict=True)
    ]
    with st.container(key="gradient_table"):
        st.markdown("\n".join(["| ∂f/∂ | forward | central | exact |", "|---|---|---|---|", *rows]))
