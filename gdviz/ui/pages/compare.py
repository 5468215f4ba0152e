"""Compare: several runs from one start on one landscape, as they are or each at its best rate for the same budget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log10
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from gdviz.comparisons import (
    Contender,
    FairComparison,
    FairTerms,
    Result,
    decode_terms,
    encode_terms,
    fair_standing,
    far_paths,
    labels,
    next_color,
    results_csv,
    standing,
    sweeps_csv,
    usual_terms,
    weigh,
)
from gdviz.comparisons.fair import goes_run_by_run
from gdviz.descent import StopReason
from gdviz.experiments import Experiment, Problem, Task
from gdviz.exports.all_runs import all_csv
from gdviz.exports.subject import Subject
from gdviz.figures import (
    Palette,
    comparison_contour_figure,
    comparison_curve_figure,
    comparison_loss_figure,
    comparison_theta_figure,
    fair_figure,
)
from gdviz.figures.contenders import look_of
from gdviz.figures.training import standing as standing_still
from gdviz.landscapes import window_of_path
from gdviz.numerals import format_number, power_of_ten
from gdviz.ui import compute, state, training
from gdviz.ui.contender_rows import add_button, contender_rows, contenders, keep_rates
from gdviz.ui.controls import control, hidden
from gdviz.ui.export_menu import Numbers, Picture, menu
from gdviz.ui.headings import heading
from gdviz.ui.live import live
from gdviz.ui.live.answers import Answers
from gdviz.ui.live.experiments import Shown, described, name_of
from gdviz.ui.live_plot import live_plot
from gdviz.ui.pictures import Scene, page_palette
from gdviz.ui.places import Places
from gdviz.ui.tools import tools
from gdviz.ui.verdict_line import verdict_line
from gdviz.ui.view import map_shape, move_start, place_of, start_handle, view_fields
from gdviz.ui.words import plain
from gdviz.views import COUNTS

FAIR = "fair"  # the key of fair mode's terms, in the session and in the link; absent where it is off
_AGAINST = dict(zip(COUNTS, ("Epochs", "Gradient evaluations"), strict=True))
_GOALS = (1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10)
_REFUSED = "_fair_refused"  # why a term that was typed is not taken
_MOST_PANELS = 3
_SPARED = 1.2  # times the parts into which the time is cut for sweeps: some is left for the runs at the best rates


@dataclass(frozen=True)
class _Tuning:
    """Fair mode's outcome: ``places`` are the contenders' places that took part, in the order of its results."""

    fair: FairComparison
    places: tuple[int, ...]


def compare_page(task: Task, places: Places) -> None:
    """Draw the page."""
    experiment, problem = task.experiment, task.problem
    found, notes = contenders(task)
    with places.cards:
        for sentence in notes:
            st.warning(plain(sentence), icon=":material/link_off:")
        terms = _fair_terms(problem)
    refusals: dict[int, str] = {}
    tuning = None if terms is None else _tune(task, found, terms, refusals)
    results = _results(task, found, tuning, refusals)
    recorded = training.result_beside(task, next_color(found)) if tuning is None else None
    results += [recorded] if recorded is not None else []
    said = _show_verdict(places.verdict, results, tuning, task)

    rates = None if tuning is None else _tuned_rates(tuning)
    with places.first:
        with control("runs"):
            contender_rows(found, experiment, refusals, rates)
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="compare_tools"):
            add_button(found, experiment)
            against = st.segmented_control(
                "Count", tuple(_AGAINST), format_func=_AGAINST.__getitem__, key=state.recall("against", "epochs"),
                required=True, label_visibility="collapsed", width="content",
                help="What the curves run against: epochs, or evaluations of the gradient: some methods need several.",
            )  # fmt: skip
            st.toggle(
                "Fair mode", key=_controlled("fair_mode", terms is not None), on_change=_toggle_fair, width="content",
                help="The same budget of gradient evaluations for each, and each one’s rate tuned by as many trials.",
            )  # fmt: skip
            axes, whole = view_fields(problem)
            if rates:
                st.button(
                    "Keep these rates, and leave fair mode", icon=":material/done_all:", key="keep_rates",
                    type="tertiary", on_click=_keep_rates, args=(experiment, found, rates),
                )  # fmt: skip
        if terms is not None:
            _fair_fields(problem, terms)
        pair = st.container(key="charts_pair", gap=None)
    if not results:
        tools(places.tools, task)
        return
    _Charts(task, results, tuning, axes, whole, str(against), said).draw(places.tools, pair)


# -- what is computed --


def _results(task: Task, found: Sequence[Contender], tuning: _Tuning | None, refusals: dict[int, str]) -> list[Result]:
    """Return the runs that can be run; the reasons of the others go to ``refusals`` by place."""
    names = labels(found, rates=tuning is None)
    planned = [(contender, contender.of(task.experiment)) for contender in found]
    if tuning is not None:
        for place, result in zip(tuning.places, tuning.fair.results, strict=True):
            tuned = result.tuned(task.experiment)
            if tuned is None:
                refusals[place] = f"{names[place]} diverges at every rate from {_range(tuning.fair.terms)}."
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


def _tune(task: Task, found: Sequence[Contender], terms: FairTerms, refusals: dict[int, str]) -> _Tuning:
    """Tune every run, those first that are soon done: more of the time is left for the others."""
    swept = {}
    order = sorted(range(len(found)), key=lambda i: goes_run_by_run(found[i]))
    with st.spinner(f"Trying {terms.trials} learning rates for each run …"):
        for done, i in enumerate(order):
            try:
                swept[i] = compute.swept(task, found[i], terms, parts=_SPARED * (len(found) - done))
            except ValueError as error:
                refusals[i] = str(error)
    places = sorted(swept)
    sweeps = [swept[i] for i in places]
    taking_part = [found[i] for i in places]
    fair = weigh(task.problem, task.experiment.start, taking_part, sweeps, terms)
    names = labels(found, rates=False)
    named = tuple(replace(r, label=names[i]) for i, r in zip(places, fair.results, strict=True))
    return _Tuning(replace(fair, results=named), tuple(places))


def _tuned_rates(tuning: _Tuning) -> dict[int, float | None]:
    return {place: result.best_rate for place, result in zip(tuning.places, tuning.fair.results, strict=True)}


def _show_verdict(where: Any, results: Sequence[Result], tuning: _Tuning | None, task: Task) -> str:
    """Say who did best; return the same words without their marks."""
    safe = [replace(r, label=plain(r.label)) for r in results]
    words = standing(safe, task.experiment.tolerance)
    if tuning is not None and tuning.fair.results:
        words = fair_standing(
            replace(tuning.fair, results=tuple(replace(r, label=plain(r.label)) for r in tuning.fair.results))
        )
        words += "".join(f" {sentence}" for sentence in far_paths(safe, task.problem.window))
    reached = any(r.epochs_to_tolerance is not None for r in results)
    lost = bool(results) and all(r.run.stop_reason is StopReason.DIVERGED for r in results)
    look = "error" if lost else "success" if reached else "info"
    icon = ":material/trending_up:" if lost else ":material/trophy:" if reached else ":material/hourglass_bottom:"
    verdict_line(where, look, icon, words)
    return re.sub(r"\\(?=[^\w\s])|\*\*", "", words)


# -- fair mode --


def _fair_terms(problem: Problem) -> FairTerms | None:
    text = state.kept(FAIR)
    if not text:
        return None
    terms, notes = decode_terms(text, usual_terms(problem))
    for sentence in notes:
        st.warning(plain(sentence), icon=":material/link_off:")
    return terms


def _toggle_fair() -> None:
    if st.session_state["fair_mode"]:
        state.keep(FAIR, "on")
    else:
        state.forget(FAIR)


def _keep_rates(experiment: Experiment, found: Sequence[Contender], rates: dict[int, float | None]) -> None:
    keep_rates(experiment, found, rates)
    state.forget(FAIR)


def _fair_fields(problem: Problem, terms: FairTerms) -> None:
    """The terms: budget, trials, range of rates, goal."""

    def change(key: str, name: str) -> None:
        try:
            changed = replace(terms, **{name: st.session_state[key]})
        except (TypeError, ValueError) as error:
            st.session_state[_REFUSED] = str(error)
        else:
            state.keep(FAIR, encode_terms(changed, usual_terms(problem)))

    def field(name: str, value: Any) -> dict[str, Any]:
        key = _controlled(f"fair_{name}", value)
        return {"key": key, "on_change": change, "args": (key, name)}

    refused = st.session_state.pop(_REFUSED, "")
    if refused:
        st.error(plain(f"{refused} The terms stay as they were."), icon=":material/error:")
    powers = sorted({10.0**e for e in range(-9, 7)} | {terms.low, terms.high})
    with st.container(horizontal=True, vertical_alignment="top", key="fair_terms"):
        st.number_input(
            "Gradient evaluations for each run", step=100, width=210,
            **field("budget", terms.budget),
        )  # fmt: skip
        st.number_input("Rates tried", step=10, width=130, **field("trials", terms.trials))
        st.selectbox(
            "From the rate", [p for p in powers if p < terms.high], format_func=_power, width=130,
            **field("low", terms.low),
        )  # fmt: skip
        st.selectbox(
            "to the rate", [p for p in powers if p > terms.low], format_func=_power, width=130,
            **field("high", terms.high),
        )  # fmt: skip
        st.selectbox(
            "A rate works if it leaves at most", sorted({*_GOALS, terms.goal}, reverse=True), width=230,
            format_func=lambda goal: f"{_power(goal)} of f(start) − f*", **field("goal", terms.goal),
        )  # fmt: skip


def _controlled(key: str, value: Any) -> str:
    """Set a widget's value before it is drawn; return the key."""
    st.session_state[key] = value
    return key


def _power(value: float) -> str:
    exponent = round(log10(value))
    return power_of_ten(exponent) if value == 10.0**exponent and abs(exponent) > 2 else format_number(value)


def _range(terms: FairTerms) -> str:
    return f"{format_number(terms.low)} to {format_number(terms.high)}"


# -- what is drawn --


@dataclass(frozen=True)
class _Charts:
    """The pictures, the table and what exports them."""

    task: Task
    results: Sequence[Result]
    tuning: _Tuning | None
    axes: tuple[int, int]
    whole: bool
    against: str
    said: str  # the sentence above the charts

    @property
    def problem(self) -> Problem:
        return self.task.problem

    def draw(self, place: Any, pair: Any) -> None:
        scene = self._scene()
        shown = self._shown_parameters()
        pictures = self._pictures(scene, shown)
        named = {f"compare-{name}": picture for name, picture in pictures.items()}
        subject = Subject(scene, tuple(self.results))
        numbers = self._numbers(subject)
        tools(place, self.task, lambda: menu(self.problem.title, named, "compare-loss", numbers, subject))
        map_shape(scene)
        every = self._shown()
        answers = Answers(scene, every, scene.box)
        live([described(one, name_of(one.task)) for one in every], place_of(scene), answers.by_kind())
        with pair:
            self._chart("contour", pictures["contour"], None, scene)
            self._chart("loss", pictures["loss"], None)
        theta_height = 130 + 120 * len(shown)
        if "rates" in pictures:
            left, right = st.columns(2, gap="medium")
            with left:
                self._chart(
                    "rates", pictures["rates"], 300 + 40 * len(self.tuning.fair.results) if self.tuning else 300
                )
            with right:
                self._chart("theta", pictures["theta"], theta_height)
        else:
            self._chart("theta", pictures["theta"], theta_height)
        self._table()

    def _shown(self) -> tuple[Shown, ...]:
        palette = page_palette()
        looks = [look_of(result.contender.color, palette) for result in self.results]
        return tuple(
            Shown(replace(self.task, experiment=result.experiment), result.label, look.color, look.dash)
            for result, look in zip(self.results, looks, strict=True)
            if not result.recorded
        )

    def _scene(self) -> Scene:
        """The first run's scene, in a window that holds all of the paths if the whole path is wanted."""
        box = compute.window(self.task)
        if self.whole:
            for result in self.results:
                box = window_of_path(result.run.thetas, box)
        box = state.still(self.task, box, self.whole)
        run = self.results[0].run
        return Scene(self.task, run, self.axes, box)

    def _shown_parameters(self) -> list[int]:
        names = self.problem.variables
        if len(names) <= _MOST_PANELS:
            return list(range(len(names)))
        chosen = st.pills(
            "θ curves of", names, selection_mode="multi", key=state.recall("theta_shown", list(names[:2])),
        )  # fmt: skip
        return [names.index(name) for name in chosen if name in names][:8] or [0]

    def _pictures(self, scene: Scene, shown: Sequence[int]) -> dict[str, Picture]:
        minima = self.problem.minima
        points = [point for point, _ in minima]
        lowest = min((value for _, value in minima), default=None)
        what = "epochs" if self.against == "epochs" else "gradient evaluations"
        name = self.problem.fit.value_name if self.problem.fit is not None else None
        found = {
            "contour": Picture("All paths on the landscape", lambda palette: self._contour(scene, palette)),
            "theta": Picture(
                f"θ against {what}",
                lambda palette: comparison_theta_figure(self.results, self.against, points, shown, palette),
            ),
            "loss": Picture(
                f"Loss against {what}",
                lambda palette: comparison_loss_figure(self.results, self.against, lowest, palette, name),
            ),
        }
        if self.tuning is not None and self.tuning.fair.results:
            fair = self.tuning.fair
            found["rates"] = Picture("Which learning rates work", lambda palette: fair_figure(fair, palette))
        return found

    def _contour(self, scene: Scene, palette: Palette) -> go.Figure:
        minima = self.problem.minima
        if len(self.problem.variables) == 1:
            line = compute.curve_of(self.task, scene.box)
            return comparison_curve_figure(line, self.results, minima, palette)
        best = min(self.results, key=lambda r: r.value)
        at = tuple(best.run.thetas[-1].tolist())
        ground = compute.slice_of(self.task, scene.box, self.axes, at)
        points = [point for point, _ in minima]
        return comparison_contour_figure(ground, self.results, self.axes, points, palette)

    def _chart(self, name: str, picture: Picture, height: int | None, scene: Scene | None = None) -> None:
        """One picture under its heading; one legend on the page is enough."""
        figure = picture.build(page_palette())
        for place in (i for i, result in enumerate(self.results) if result.recorded):
            figure = standing_still(figure, place)
        figure.layout.showlegend = name == "loss"
        key = f"compare_{name}"
        moves = scene is not None and "start" not in hidden()
        with st.container(key=key):
            heading(picture.title)
            live_plot(
                figure,
                key,
                alt=f"{picture.title}: {', '.join(r.label for r in self.results)}. {self.said}",
                height=height,
                start_handle=start_handle(scene) if scene is not None and moves else None,
                clicks=moves,
                probes=moves,
                on_event=(lambda event: move_start(scene, event)) if scene is not None and moves else None,
                file_name=f"gdviz-compare-{name}",
            )

    def _numbers(self, subject: Subject) -> list[Numbers]:
        found = [
            Numbers("all runs", "gdviz-compare-runs",
                    "Every epoch of every run: evaluations paid, all of theta, the value, the gradient and the rate.",
                    lambda: all_csv(subject), subject),
            Numbers("the table", "gdviz-compare-table", "One line for each run: what it was and what it came to.",
                    lambda: results_csv(self.results)),
        ]  # fmt: skip
        if self.tuning is not None:
            fair = self.tuning.fair
            found.append(
                Numbers(
                    "all trials",
                    "gdviz-compare-trials",
                    "Every learning rate that fair mode tried, run by run.",
                    lambda: sweeps_csv(fair),
                )
            )
        return found

    def _table(self) -> None:
        """What each run came to; a click on a column's head sorts."""
        results = self.results
        rows: dict[str, list[Any]] = {
            "Run": [r.label for r in results],
            "η": [None if r.recorded else r.contender.eta for r in results],
            "Epochs to tolerance": [r.epochs_to_tolerance for r in results],
            "Evaluations to tolerance": [r.evaluations_to_tolerance for r in results],
            "Final value": [r.value for r in results],
        }
        if self.tuning is not None:
            widths = {r.label: float(f"{r.width:.2g}") for r in self.tuning.fair.results}
            rows["Decades that work"] = [widths[r.label] for r in results]
        rows["Verdict"] = [r.verdict.sentence.replace("**", "") for r in results]
        small = st.column_config.NumberColumn
        with st.container(key="compare_table"):
            heading("What each run came to")
            st.dataframe(
                rows, hide_index=True, placeholder="–", key="compare_rows", row_height=36,
                alt="Table of the runs: epochs and evaluations to tolerance, final value, verdict",
                column_config={
                    "Run": st.column_config.TextColumn(width=190),
                    "η": small(width=90, format="%.4g"),
                    "Epochs to tolerance": small(width=150, format="%d"),
                    "Evaluations to tolerance": small(width=170, format="%d"),
                    "Final value": small(width=110, format="%.4g"),
                    "Decades that work": small(width=150, format="%.2g"),
                    "Verdict": st.column_config.TextColumn(width=900),
                },
            )  # fmt: skip
            st.caption(
                f"Tolerance: a slope of at most {format_number(self.task.experiment.tolerance)}; “–” where it was not "
                "reached. A Hessian counts as much as one gradient for each parameter."
            )
