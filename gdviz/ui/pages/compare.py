"""Compare: several runs from one start on one landscape, as they are or each at its best rate for the same budget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from gdviz.comparisons import (
    Contender,
    Result,
    fair_standing,
    far_paths,
    labels,
    next_color,
    outlook,
    standing,
)
from gdviz.experiments import Task
from gdviz.ui.controls import control
from gdviz.ui.notices import say_left_out
from gdviz.ui.pages.compare_charts import Charts
from gdviz.ui.pages.compare_fair import (
    Tuning,
    controlled,
    fair_fields,
    fair_terms,
    keep_tuned_rates,
    range_of,
    toggle_fair,
    tune,
)
from gdviz.ui.pages.contender_rows import add_button, contender_rows, contenders
from gdviz.ui.places import Places
from gdviz.ui.session import compute, training, widgets
from gdviz.ui.toolbar.tools import tools
from gdviz.ui.verdict_line import verdict_line
from gdviz.ui.view import view_fields
from gdviz.ui.words import plain
from gdviz.views import COUNTS

_ICONS = {
    "error": ":material/trending_up:", "success": ":material/trophy:", "info": ":material/hourglass_bottom:",
}  # fmt: skip
_AGAINST = dict(zip(COUNTS, ("Epochs", "Gradient evaluations"), strict=True))


def compare_page(task: Task, places: Places) -> None:
    """Draw the page."""
    experiment, problem = task.experiment, task.problem
    found, notes = contenders(task)
    with places.cards:
        for sentence in notes:
            say_left_out(sentence)
        terms = fair_terms(problem)
    refusals: dict[int, str] = {}
    tuning = None if terms is None else tune(task, found, terms, refusals)
    results = _results(task, found, tuning, refusals)
    recorded = training.result_beside(task, next_color(found)) if tuning is None else None
    results += [recorded] if recorded is not None else []
    said = _show_verdict(places.verdict, results, tuning, task)

    rates = None if tuning is None else tuning.rates
    with places.first:
        with control("runs"):
            contender_rows(found, experiment, refusals, rates)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="compare_tools"):
            add_button(found, experiment)
            against = _against_field()
            st.toggle(
                "Fair mode", key=controlled("fair_mode", terms is not None), on_change=toggle_fair, width="content",
                help="The same budget of gradient evaluations for each, and each one’s rate tuned by as many trials.",
            )  # fmt: skip
            axes, whole = view_fields(problem)
            if rates:
                st.button(
                    "Keep these rates, and leave fair mode", icon=":material/done_all:", key="keep_rates",
                    type="tertiary", on_click=keep_tuned_rates, args=(experiment, found, rates),
                )  # fmt: skip
        if terms is not None:
            fair_fields(problem, terms)
        pair = st.container(key="charts_pair", gap=None)
    if not results:
        tools(places.tools, task)
        return
    Charts(task, results, tuning, axes, whole, against, said).draw(places.tools, pair)


def _against_field() -> str:
    """What the curves run against: one of ``COUNTS``."""
    return str(
        st.segmented_control(
            "Count", tuple(_AGAINST), format_func=_AGAINST.__getitem__, key=widgets.recall("against", "epochs"),
            required=True, label_visibility="collapsed", width="content",
            help="What the curves run against: epochs, or evaluations of the gradient: some methods need several.",
        )
    )  # fmt: skip


# -- what is computed --


def _results(task: Task, found: Sequence[Contender], tuning: Tuning | None, refusals: dict[int, str]) -> list[Result]:
    """Return the runs that can be run; the reasons of the others go to ``refusals`` by place."""
    names = labels(found, rates=tuning is None)
    planned = [(contender, contender.of(task.experiment)) for contender in found]
    if tuning is not None:
        for place, result in zip(tuning.places, tuning.fair.results, strict=True):
            tuned = result.tuned(task.experiment)
            if tuned is None:
                refusals[place] = f"{names[place]} diverges at every rate from {range_of(tuning.fair.terms)}."
            else:
                planned[place] = tuned
    results = []
    for i, (contender, own) in enumerate(planned):
        if i in refusals:
            continue
        try:
            one = replace(task, experiment=own)
            done = compute.run(one, parts=len(planned) - i + 1)
            results.append(Result(contender, names[i], own, done, compute.verdict(one)))
        except ValueError as error:
            refusals[i] = str(error)
    return results


def _show_verdict(where: Any, results: Sequence[Result], tuning: Tuning | None, task: Task) -> str:
    """Say who did best; return the same words without their marks."""
    safe = [replace(r, label=plain(r.label)) for r in results]
    words = standing(safe, task.experiment.tolerance)
    if tuning is not None and tuning.fair.results:
        words = fair_standing(
            replace(tuning.fair, results=tuple(replace(r, label=plain(r.label)) for r in tuning.fair.results))
        )
        words += "".join(f" {sentence}" for sentence in far_paths(safe, task.problem.window))
    look = outlook(results)
    verdict_line(where, look, _ICONS[look], words)
    return re.sub(r"\\(?=[^\w\s])|\*\*", "", words)
