"""What Compare draws of its runs: the charts, the table, and the menu that exports them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from gdviz.comparisons import Result, results_csv, sweeps_csv
from gdviz.experiments import Problem, Task
from gdviz.exports import to_csv
from gdviz.exports.subject import Subject
from gdviz.figures import fair_figure
from gdviz.figures.base import plain_of
from gdviz.figures.training import standing_still
from gdviz.landscapes import window_of_path
from gdviz.numerals import format_number
from gdviz.scenes import Scene
from gdviz.ui.components.live import live
from gdviz.ui.components.live.answers import Answers
from gdviz.ui.components.live.experiments import Shown, described, name_of
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.headings import heading
from gdviz.ui.pages.compare_fair import Tuning
from gdviz.ui.pictures import page_palette
from gdviz.ui.session import compute, state, widgets
from gdviz.ui.toolbar.export_menu import Numbers, menu
from gdviz.ui.toolbar.image_fields import Picture
from gdviz.ui.toolbar.tools import tools
from gdviz.ui.view import place_of, start_moves

_MOST_PANELS = 3


@dataclass(frozen=True)
class Charts:
    """The pictures, the table and what exports them."""

    task: Task
    results: Sequence[Result]
    tuning: Tuning | None
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
        subject = Subject(scene, tuple(self.results), self.against, tuple(shown))
        pictures = self._pictures(subject)
        named = {f"compare-{name}": picture for name, picture in pictures.items()}
        numbers = self._numbers(subject)
        tools(place, self.task, lambda: menu(self.problem.title, named, "compare-loss", numbers, subject))
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
        looks = [palette.look(result.contender.color) for result in self.results]
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
            "θ curves of", names, selection_mode="multi", key=widgets.recall("theta_shown", list(names[:2])),
        )  # fmt: skip
        return [names.index(name) for name in chosen if name in names][:8] or [0]

    def _pictures(self, subject: Subject) -> dict[str, Picture]:
        found = {name: Picture(subject.titles[name], build) for name, build in subject.figures().items()}
        if self.tuning is not None and self.tuning.fair.results:
            fair = self.tuning.fair
            found["rates"] = Picture("Which learning rates work", lambda palette: fair_figure(fair, palette))
        return found

    def _chart(self, name: str, picture: Picture, height: int | None, scene: Scene | None = None) -> None:
        """One picture, under its heading where its axes do not say what is drawn; one legend is enough."""
        figure = picture.build(page_palette())
        for place in (i for i, result in enumerate(self.results) if result.recorded):
            figure = standing_still(figure, place)
        plain = plain_of(figure)
        key = f"compare_{name}"
        moves = {} if scene is None else start_moves(scene)
        with st.container(key=key):
            told = name in ("contour", "loss")
            if not told:
                heading(picture.title)
            live_plot(
                {**plain, "layout": {**plain["layout"], "showlegend": name == "loss"}},
                key,
                alt=f"{picture.title}: {', '.join(r.label for r in self.results)}. {self.said}",
                heading=picture.title if told else "",
                height=height,
                probes=bool(moves),
                file_name=f"gdviz-compare-{name}",
                **moves,
            )

    def _numbers(self, subject: Subject) -> list[Numbers]:
        found = [
            Numbers("all runs", "gdviz-compare-runs",
                    "Every epoch of every run: evaluations paid, all of theta, the value, the gradient and the rate.",
                    lambda: to_csv(subject), subject),
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
        rows["Verdict"] = [r.verdict.plain for r in results]
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
