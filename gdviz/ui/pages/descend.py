"""Descend: the verdict, the path on the landscape, theta and loss against the epoch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from gdviz.descent import StopReason
from gdviz.experiments import Task, offered_rate
from gdviz.experiments.driving import Turn, about_turns, driven, freed, is_drivable, is_steered, turns
from gdviz.experiments.rates import slider_range
from gdviz.figures.base import plain_of
from gdviz.lessons.worked_step import explain_step
from gdviz.numerals import format_assignment, format_count
from gdviz.scenes import TITLES, Scene
from gdviz.ui.components.live import live
from gdviz.ui.components.live.answers import Answers
from gdviz.ui.components.live.experiments import Shown, described
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.components.player import Steering, player
from gdviz.ui.components.slider import is_held
from gdviz.ui.controls import hidden
from gdviz.ui.headings import heading
from gdviz.ui.pages.fit_panel import fit_panel
from gdviz.ui.pages.remedies import standardize_offer
from gdviz.ui.pages.theory_panel import theory_panel
from gdviz.ui.pictures import about_coarseness, make_scene, page_palette
from gdviz.ui.places import Places
from gdviz.ui.server.change import in_time
from gdviz.ui.session import compute, offers, state
from gdviz.ui.toolbar.export_menu import export_menu
from gdviz.ui.toolbar.tools import tools
from gdviz.ui.verdict_line import verdict_line
from gdviz.ui.view import landscape_field, place_of, start_moves, theory_field, view_fields
from gdviz.ui.words import plain
from gdviz.verdict import Kind, Verdict

_ICONS = {
    Kind.CONVERGED: ":material/check_circle:",
    Kind.RAN_OUT: ":material/hourglass_bottom:",
    Kind.SLOW: ":material/hourglass_top:",
    Kind.EDGE: ":material/balance:",
    Kind.OSCILLATING: ":material/swap_vert:",
    Kind.DIVERGING: ":material/trending_up:",
    Kind.UNBOUNDED: ":material/south_east:",
    Kind.NO_MINIMUM: ":material/south_east:",
    Kind.UNDEFINED: ":material/block:",
}
_MAPS = {"above": ("contour",), "surface": ("surface",), "both": ("contour", "surface")}  # by LANDSCAPES of gdviz.views
# On the chart, in its corner.
_STEERED = {
    "text": "steered by hand", "showarrow": False, "xref": "paper", "yref": "paper", "x": 0.01, "y": 0.99,
    "xanchor": "left", "yanchor": "top", "font": {"size": 14},
}  # fmt: skip
_STATIONARY = ":material/landscape:"  # saddle, maximum, kink, flat: stationary, but no minimum


def descend_page(task: Task, places: Places) -> None:
    """Draw the page."""
    problem, stack = task.problem, places.stack
    assert stack is not None
    judged = compute.verdict(task)
    verdict_line(places.verdict, judged.kind.look, _ICONS.get(judged.kind, _STATIONARY), judged.sentence, judged.why)
    with places.cards:
        steered = about_turns(task.experiment)
        if steered:
            st.caption(steered)
        standardize_offer(task, judged)
    with stack.view:
        shown = landscape_field(problem)
        axes, whole = view_fields(problem)
        theory = theory_field()
    scene = make_scene(task, axes, whole, theory)
    tools(places.tools, task, lambda: export_menu(scene))
    with stack.playing:
        scene = replace(scene, epoch=_player(scene))
    for name in _MAPS[shown]:
        _chart(stack.maps, scene, name, judged)
    for name in ("fit", "theta", "loss") if problem.fit is not None else ("theta", "loss"):
        _chart(stack.curves, scene, name, judged)
    st.caption("\n\n".join(filter(None, (_legend(scene), _about(scene)))))
    if "rates" in scene.figures():
        _chart(st, scene, "rates", judged, height=260)
    if problem.fit is not None:
        with in_time():
            fit_panel(scene, problem.fit, page_palette())
    if theory:
        with in_time():
            theory_panel(scene, page_palette())


def _about(scene: Scene) -> str:
    """What there is to say of the function, and of the run if it is the one that comes with it."""
    problem = scene.problem
    notes = [problem.note, problem.run_note if scene.task.is_as_offered else ""]
    said = " ".join(plain(note) for note in notes if note)
    return said + (f" *{plain(problem.source)}.*" if said and problem.source else "")


def _legend(scene: Scene) -> str:
    """What the signs on the landscape mean."""
    words = ["Ring: start", "diamond: end"]
    if scene.problem.minima:
        words.append("star: known minimum")
    if len(scene.problem.variables) > 1:
        words.append("the darker the ground, the lower")
    said = " · ".join(words) + "."
    return f"{said} {about_coarseness(scene)}".rstrip()


def _player(scene: Scene) -> int | None:
    """Draw what plays the run, and what answers while a hand moves.

    Returns the epoch that is looked at, if one is.
    """
    experiment, problem = scene.experiment, scene.problem
    moving = is_held() or state.start_is_moving()
    shown = Shown(scene.task, experiment.optimizer.title, page_palette().path)
    answers = Answers(scene, [shown], compute.window(scene.task))
    steering = steered = None
    if is_drivable(experiment) and "learning_rate" not in hidden():
        ends = slider_range(offered_rate(problem, problem.start, experiment.optimizer))
        steering = Steering(turns(experiment), ends)
        steered = described(replace(shown, task=replace(scene.task, experiment=freed(experiment))), answers.name)
    whole = scene.run.stop_reason is not StopReason.DEADLINE
    live([described(shown, answers.name, whole)], place_of(scene), answers.by_kind(), steered)
    epoch = player(
        None if moving else answers.name, scene.run.epochs, steering, lambda path: _take_drive(scene.task, path),
        plays=state.is_first_visit(),
    )  # fmt: skip
    if epoch is not None:
        _step(scene, epoch)
    return epoch


def _take_drive(task: Task, path: Sequence[Turn]) -> None:
    """Make a run as a hand steered it the page's own."""
    state.put(replace(task, experiment=driven(task.experiment, path)))
    offers.note_set("learning_rate")


def _step(scene: Scene, epoch: int) -> None:
    """The step that leaves ``epoch``, with its numbers."""
    with st.container(key="step", border=True):
        if epoch >= scene.run.epochs:
            st.caption("No step leaves the last epoch: go back by one.")
            return
        if scene.experiment.batch_size or scene.problem.standardized is not None:
            st.caption(
                f"The fitted curve is that of epoch {epoch:,}. A step in batches or on standardized columns has too "
                "many numbers to be written out."
            )
            return
        text = explain_step(scene.run, epoch, scene.experiment.optimizer)
        heading(f"The step from epoch {epoch:,} to {epoch + 1:,}")
        for line in text.lines:
            st.latex(line)
        if text.note:
            st.caption(text.note)


def _chart(place: Any, scene: Scene, name: str, judged: Verdict, height: int | None = None) -> None:
    """One picture in the container that has its name; under its heading where its axes do not say what is drawn."""
    on_map = name in ("contour", "surface")
    steered = on_map and is_steered(scene.experiment)
    with place.container(key=name), in_time():
        title = TITLES[name] + (", steered by hand" if steered else "")
        if name == "rates":
            heading(title)
        figure = plain_of(scene.figures()[name](page_palette()))
        live_plot(
            _noted(figure) if steered else figure,
            name,
            alt=f"{TITLES[name]}: {_described(scene)} {judged.sentence}",
            heading="" if name == "rates" else title,
            height=height,
            probes=on_map,
            file_name=f"gdviz-{name}",
            **(start_moves(scene) if on_map else {}),
        )


def _noted(figure: dict[str, Any]) -> dict[str, Any]:
    """A landscape's figure that says in its corner that a hand steered the run."""
    layout = figure["layout"]
    return {**figure, "layout": {**layout, "annotations": [*layout.get("annotations", ()), _STEERED]}}


def _described(scene: Scene) -> str:
    names, thetas = scene.run.variables, scene.run.thetas
    first, last = format_assignment(names, thetas[0]), format_assignment(names, thetas[-1])
    return f"{format_count(scene.run.epochs, 'epoch')} from {first} to {last}."
