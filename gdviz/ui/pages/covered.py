"""Predict, then reveal: the page of a link that covers its answer.

Nothing of the run goes to the browser before it is revealed: no path, no curve, no verdict, no word of them.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from gdviz.descent import Trajectory
from gdviz.experiments import Experiment, Task
from gdviz.lessons.teaching import PREDICTIONS, outcome, reply
from gdviz.numerals import format_assignment, format_count, format_number
from gdviz.scenes import Scene
from gdviz.ui.cards import Action, card
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.controls import hidden
from gdviz.ui.headings import heading
from gdviz.ui.pictures import make_scene, page_palette
from gdviz.ui.places import Places
from gdviz.ui.session import compute, state, widgets
from gdviz.ui.toolbar.presenting import present_bar
from gdviz.ui.view import first_axes, start_moves

_ANSWER = "_answer"  # the experiment that was predicted, and the prediction
_CHOICE = "prediction"
_ASKED = "What will this run do?"  # where the teacher asks nothing else
_BEFORE = ("landscape", "minima", "start")  # the traces that a run's picture has before the run


def is_covered() -> bool:
    """Whether the answer is covered until the visitor has predicted it."""
    return bool(widgets.kept("cover"))


def covered_page(task: Task, places: Places) -> None:
    """Draw the landscape and the start, the choice of predictions, and the button that reveals."""
    stack = places.stack
    assert stack is not None
    scene = make_scene(task, first_axes(task.problem), whole=False)
    scene = replace(scene, run=_before(scene.run))
    if state.is_presenting():
        with places.tools:
            present_bar(task, covered=True)
    with stack.maps, st.container(key="covered"):
        heading("The landscape and the start")
        _landscape(scene)
    with stack.curves, st.container(key="predict", border=True):
        heading("Your prediction")
        st.caption(_settings(task))
        chosen = st.radio(
            "Your prediction", tuple(PREDICTIONS), index=None, key=_CHOICE, label_visibility="collapsed",
            format_func=lambda key: PREDICTIONS[key].label,
        )  # fmt: skip
        st.button(
            "Reveal", type="primary", icon=":material/visibility:", key="reveal", width="stretch",
            disabled=chosen is None, on_click=_reveal, args=(task.experiment,),
            help="Choose a prediction first." if chosen is None else None,
        )  # fmt: skip


def lesson_card(task: Task, explains: bool) -> None:
    """Draw the teacher's question, and, once it is revealed, whether the prediction was right; and why, where it
    ``explains``: not beside the verdict, which says so.

    The answer stands as long as the run is the one that was predicted. The question is a stranger's text: never
    Markdown or HTML.
    """
    question = widgets.kept("question") or (_ASKED if is_covered() else "")
    answer = "" if is_covered() else _answer(task, explains)
    if not (question or answer):
        return
    close = Action("answer_close", "Close", "close", lambda: st.session_state.pop(_ANSWER, None))
    with card("question", "", *([close] if answer else [])):
        if question:
            st.text(question)
        if answer:
            with st.container(key="answer"):
                st.markdown(answer)


def _answer(task: Task, explains: bool) -> str:
    """Whether the prediction was right, and why, if this is the run that was predicted."""
    predicted = st.session_state.get(_ANSWER)
    if predicted is None or predicted[0] != task.experiment:
        return ""
    judged = compute.verdict(task)
    came = outcome(judged, compute.run(task))
    mark = ":green[:material/check_circle:]" if came == predicted[1] else ":orange[:material/lightbulb:]"
    return f"{mark} **{reply(predicted[1], came)}** {judged.sentence if explains else ''}".rstrip()


def _reveal(experiment: Experiment) -> None:
    chosen = st.session_state[_CHOICE]  # as it is now: a quick hand may have changed it since the page was drawn
    if chosen is not None:
        widgets.keep("cover", False)
        st.session_state[_ANSWER] = (experiment, chosen)


def _before(run: Trajectory) -> Trajectory:
    """The run before its first step: what is drawn is then true of the start alone."""
    return replace(
        run, thetas=run.thetas[:1], values=run.values[:1], gradients=run.gradients[:1],
        learning_rates=run.learning_rates[:0],
    )  # fmt: skip


def _landscape(scene: Scene) -> None:
    figure = scene.figures()["contour"](page_palette()).to_dict()
    figure["data"] = [trace for trace in figure["data"] if trace.get("name") in _BEFORE]
    figure["layout"]["showlegend"] = False
    where = format_assignment(scene.problem.variables, scene.experiment.start)
    live_plot(
        figure,
        "covered",
        alt=f"The landscape of {scene.problem.title} with the start at {where}. The path is covered.",
        height=None,
        file_name="gdviz-landscape",
        **start_moves(scene),
    )


def _settings(task: Task) -> str:
    """What the run is made of, as far as it is not hidden."""
    experiment = task.experiment
    told = {
        "optimizer": experiment.optimizer.title,
        "learning_rate": f"learning rate {format_number(experiment.eta, 12)}",
        "epochs": format_count(experiment.epochs, "epoch"),
        "start": f"from {format_assignment(task.problem.variables, experiment.start)}",
    }
    away = hidden()
    return ", ".join(words for name, words in told.items() if name not in away) + "."
