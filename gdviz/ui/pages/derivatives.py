"""Derivatives: the difference quotient, what it approaches as h shrinks, and why h must not shrink too far."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, log10
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gdviz.experiments import Experiment, Problem, Task
from gdviz.figures import Palette, error_figure, partials_figure, quotient_figure, secant_figure
from gdviz.lessons.secants import Secant, errors_csv, quotient_curve, secant
from gdviz.numerals import format_assignment, format_number
from gdviz.objectives import Objective
from gdviz.objectives.differences import SpacingErrors, central_gradient, estimate_gradient, spacing_errors
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.components.slider import live_slider
from gdviz.ui.headings import heading
from gdviz.ui.pictures import page_palette
from gdviz.ui.places import Places
from gdviz.ui.session import compute, widgets
from gdviz.ui.toolbar.export_menu import Numbers, menu
from gdviz.ui.toolbar.image_fields import Picture
from gdviz.ui.toolbar.tools import tools
from gdviz.ui.verdict_line import verdict_line

_H_RANGE = (1e-15, 1.0)
_MOVED = "_h_moved"  # whether a hand has set the spacing

Builder = Callable[[Palette], go.Figure]


def derivatives_page(task: Task, places: Places) -> None:
    """Draw the page for the experiment's objective at its start."""
    experiment, problem = task.experiment, task.problem
    objective, start = problem.objective, experiment.start
    with places.first, st.container(key="derivative_fields", horizontal=True, vertical_alignment="center"):
        axis = _variable_field(problem)
        h = _spacing_field(task, axis)
    if not _defined(objective, start):
        tools(places.tools, task)
        places.verdict.error(
            f"At the start, {format_assignment(problem.variables, start)}, the function or its slope is not a finite "
            "number. Choose another start in the sidebar.",
            icon=":material/block:",
        )
        return
    said = _sentence(places.verdict, problem, start, axis, h)
    pictures = _pictures(task, axis, h)
    files = {name: Picture(heading, build) for name, (heading, build) in pictures.items()}
    tools(places.tools, task, lambda: menu(problem.title, files, "secant", [_numbers(task, axis)]))
    with places.first, st.container(key="charts_four", gap=None):
        for name, (heading, build) in pictures.items():
            _chart(name, heading, build(page_palette()), said)
    st.caption(about_spacings(_errors(task, axis)))
    _table(objective, problem.variables, start, h)


def _pictures(task: Task, axis: int, h: float) -> dict[str, tuple[str, Builder]]:
    """The heading and the builder of each picture."""
    problem, start = task.problem, task.experiment.start
    box, here = compute.window(task), secant(problem.objective, start, h, axis)
    sources = compute.Remembered()
    line = sources.curve_of(task, box, axis)
    quotients = compute.at_start("quotients", task, axis, lambda: quotient_curve(problem.objective, start, axis))
    errors = _errors(task, axis)
    found: dict[str, tuple[str, Builder]] = {
        "secant": (f"The secant through {here.name} and {here.name} + h",
                   lambda palette: secant_figure(line, here, palette)),
        "quotient": ("The quotient approaches the derivative", lambda palette: quotient_figure(quotients, palette)),
        "errors": ("Error against h: truncation right, round-off left", lambda palette: error_figure(errors, palette)),
    }  # fmt: skip
    if len(problem.variables) == 2:
        lines = [sources.curve_of(task, box, i) for i in range(2)]
        secants = [secant(problem.objective, start, h, i) for i in range(2)]
        found["partials"] = (
            "Both partial quotients at the start", lambda palette: partials_figure(lines, secants, palette)
        )  # fmt: skip
    return found


def _errors(task: Task, axis: int) -> SpacingErrors:
    objective, start = task.problem.objective, task.experiment.start
    f = _along(objective, start, axis)
    return compute.at_start(
        "spacing errors", task, axis, lambda: spacing_errors(f, start[axis], objective.gradient(start)[axis])
    )


def _numbers(task: Task, axis: int) -> Numbers:
    return Numbers(
        "the errors", "gdviz-derivative-errors",
        "The error of the forward and the central quotient at every spacing h.",
        lambda: errors_csv(_errors(task, axis)),
    )  # fmt: skip


def _variable_field(problem: Problem) -> int:
    if len(problem.variables) == 1:
        return 0
    chosen = st.segmented_control(
        "Along", problem.variables, key=widgets.recall_one("variable", problem.variables, problem.variables[0]),
        required=True,
        help="The partial derivative along one variable: the others stay at the start.",
    )  # fmt: skip
    return problem.variables.index(str(chosen))


def _spacing_field(task: Task, axis: int) -> float:
    return live_slider(
        "Step h", "h_slider", value=_first_spacing(task, axis), minimum=_H_RANGE[0], maximum=_H_RANGE[1],
        on_change=_set_spacing,
    )  # fmt: skip


def _first_spacing(task: Task, axis: int) -> float:
    """The experiment's spacing if anybody chose it; else one at which secant and tangent are seen apart."""
    experiment = task.experiment
    if experiment.h != Experiment.h or experiment.gradient == "estimated" or widgets.kept(_MOVED):
        return experiment.h
    low, high = task.problem.window[axis]
    return float(10.0 ** min(0, round(log10((high - low) / 5))))


def _set_spacing(h: float) -> None:
    widgets.keep("h", h)
    widgets.keep(_MOVED, True)


def _defined(objective: Objective, start: tuple[float, ...]) -> bool:
    return isfinite(objective.value(start)) and all(isfinite(slope) for slope in objective.gradient(start))


def _along(objective: Objective, start: tuple[float, ...], axis: int):  # type: ignore[no-untyped-def]
    """The objective as a function of one number, the other parameters held at the start."""

    def f(x: float) -> float:
        return float(objective.value([*start[:axis], x, *start[axis + 1 :]]))

    return f


def _sentence(place: Any, problem: Problem, start: tuple[float, ...], axis: int, h: float) -> str:
    """Say what h costs; return the same in plain words."""
    words = about_quotient(
        secant(problem.objective, start, h, axis), problem.fit is None and problem.objective.expression.at_kink(*start)
    )
    verdict_line(place, "info", ":material/change_history:", words)
    return words.replace("**", "")


def about_quotient(here: Secant, at_kink: bool) -> str:
    """Return what there is to say of a difference quotient and the derivative; ``at_kink``: there is none."""
    begin = f"With h = {format_number(here.h)} the difference quotient along {here.name}"
    if not isfinite(here.quotient):
        return f"{begin} does not exist: the function has no finite value at {here.name} + h."
    exact = f"**{format_number(here.derivative, 8)}**"
    exact = (
        f"at this kink there is no derivative, and {exact} stands for it"
        if at_kink
        else (f"the exact derivative is {exact}")
    )
    return (
        f"{begin} is **{format_number(here.quotient, 8)}**; {exact}. "
        f"The quotient is off by {format_number(here.quotient - here.derivative, 2)}."
    )


def about_spacings(errors: SpacingErrors) -> str:
    """Return which h is best for each of the quotients, where one is better than others."""
    told = [
        f"{name} h = {format_number(best, 2)}"
        for name, best in (("forward", errors.best_forward), ("central", errors.best_central))
        if isfinite(best)
    ]
    if not told:
        return "No h is better here than another: the error is the same for each."
    return (
        f"Best here: {', '.join(told)}. A large h misses the bend of the curve (truncation); a tiny h loses the digits "
        "in which f(x + h) and f(x) differ (round-off)."
    )


def _chart(key: str, title: str, figure: go.Figure, said: str) -> None:
    with st.container(key=key):
        heading(title)
        live_plot(figure, key, alt=f"{title}. {said}", height=None, file_name=f"gdviz-{key}")


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
