"""What theory says of the run: curvature, the stability limit along the path, the fastest settings, the prediction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isnan
from typing import Any

import streamlit as st

from gdviz.descent import StopReason, Trajectory
from gdviz.experiments import Task
from gdviz.figures import Palette, sharpness_figure
from gdviz.learning_rates import Constant
from gdviz.numerals import format_number
from gdviz.scenes import TITLES, Scene
from gdviz.theory import Curvature, Envelope, Settings, best_settings, curvature, stability_limit
from gdviz.theory.envelope import minimum_ahead
from gdviz.theory.laws import law_of, regimes
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.headings import heading
from gdviz.ui.session import compute, offers, widgets
from gdviz.ui.session.hyperparameter_names import field_key

_NEARLY_ONE = 0.999  # four digits say too little of a factor beyond


def theory_panel(scene: Scene, palette: Palette) -> None:
    """Draw curvatures at both ends of the path, the fastest settings for them, and the sharpness along the path."""
    task = scene.task
    left, right = st.columns([1, 1.1], gap="medium")
    with left, st.container(key="curvature"):
        heading("Curvature at both ends of the path")
        found = curvatures(task, scene.run)
        st.markdown(curvature_table(task, found))
        best = fastest(task, scene.run, found)
        if best is not None:
            works = goes_down(compute.run(with_settings(task, best)))
            st.markdown(in_words(best, works))
            if works:
                st.button("Use it", icon=":material/bolt:", on_click=_use, args=(best,), key="use_best")
        for sentence in notes(task, scene.sources.predicted(task)):
            st.caption(sentence)
    record = scene.sources.sharpness(task)
    with right, st.container(key="sharpness"):
        heading(TITLES["sharpness"])
        if record is None:
            st.caption("The second derivatives of this formula are too long to write down.")
        else:
            live_plot(sharpness_figure(record, palette), "sharpness", alt=TITLES["sharpness"], height=330)


def curvatures(task: Task, run: Trajectory) -> dict[str, Curvature]:
    """Return the curvature at both ends of a ``run``, of what it moved on, where it is known."""
    thetas = (run.moved or run).thetas
    found = {name: curvature(task.problem.descended, thetas[row]) for name, row in (("start", 0), ("end", -1))}
    return {name: one for name, one in found.items() if one is not None}


def curvature_table(task: Task, found: Mapping[str, Curvature]) -> str:
    """Return a table in Markdown of curvatures by name: a dash stands for what the method or the point has not."""
    method, eta = task.experiment.optimizer, task.experiment.eta
    law = None if task.batched is not None else law_of(method)  # a step on a few rows sees another curvature
    rows = []
    for name, c in found.items():
        values = ", ".join(format_number(x, 4) for x in c.eigenvalues)
        limit = "–" if law is None else format_number(stability_limit(method, c.L), 4)
        moves = "–" if law is None else ", ".join(regime.value for regime in regimes(law, eta * c.eigenvalues))
        condition = "–" if isnan(c.condition_number) else format_number(c.condition_number, 4)
        rows.append(f"| {name} | {values} | {condition} | {limit} | {moves} |")
    head = "| | eigenvalues of the Hessian | condition number | limit of the rate | along each, at this rate |"
    return "\n".join([head, "|---|---|---|---|---|", *rows])


def fastest(task: Task, run: Trajectory, found: Mapping[str, Curvature]) -> Settings | None:
    """Return the fastest settings for the curvature at the end of ``run``; None where theory has none, as for steps in
    batches, and where no minimum is near the end."""
    if "end" not in found or task.batched is not None:
        return None
    near = minimum_ahead(task.problem.descended, run.moved or run)
    return None if near is None else best_settings(task.experiment.optimizer, found["end"])


def with_settings(task: Task, best: Settings) -> Task:
    """Return the task at these settings."""
    optimizer = replace(task.experiment.optimizer, **best.hyperparameters)
    return task.changed(optimizer=optimizer, learning_rate=Constant(best.learning_rate))


def goes_down(run: Trajectory) -> bool:
    """Whether a run ends no higher than it began: a way may be steeper than the place where it is to end."""
    return run.stop_reason is not StopReason.DIVERGED and bool(run.values[-1] <= run.values[0])


def in_words(best: Settings, works: bool) -> str:
    """Return a sentence on the fastest settings, which a run from the start ``works`` with or does not."""
    own = "".join(f", {name} = {format_number(value, 4)}" for name, value in best.hyperparameters.items())
    pace = f"multiplies the error by {format_number(best.rate, 4)}"
    if best.rate > _NEARLY_ONE:
        pace = f"takes {format_number(100 * (1 - best.rate))} % of the error away"
    return (
        f"Fastest for the curvature at the end: learning rate {format_number(best.learning_rate, 4)}{own}; each epoch "
        f"then {pace}.{'' if works else ' The way from this start is too steep for it.'}"
    )


def notes(task: Task, predicted: Envelope | None) -> Iterator[str]:
    """Yield what else there is to say: of what the curvature is, and what the shaded bands mean where there are any."""
    if task.problem.standardized is not None:
        yield "The columns are standardized: this is the curvature that the steps see, not that of the landscape drawn."
    if predicted is None:
        return
    if predicted.exact:
        yield (
            "The shaded bands on the theta and loss curves are predicted from the curvature alone: the run from this "
            "start at this rate stays inside."
        )
    else:
        yield (
            f"The shaded bands on the theta and loss curves are those of the quadratic at the end, from epoch "
            f"{predicted.first:,} on, where the run keeps to it."
        )


def _use(best: Settings) -> None:
    values: dict[str, Any] = {"learning_rate": best.learning_rate, "schedule": "constant", **best.hyperparameters}
    for name, value in values.items():
        widgets.keep(field_key(name), value)
    offers.note_set("learning_rate")
