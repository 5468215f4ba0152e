"""Your run: what another program trained, with a measured rate, a verdict, and its path on the plane of its first two
principal components."""

from __future__ import annotations

import streamlit as st

from gdviz.experiments import Task
from gdviz.exports.training_data import training_csv
from gdviz.numerals import format_count
from gdviz.scenes import TRAINING_TITLES, TrainingScene
from gdviz.training import TrainingRun
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.headings import heading
from gdviz.ui.notices import say_mistake
from gdviz.ui.pictures import page_palette
from gdviz.ui.places import Places
from gdviz.ui.server.change import in_time
from gdviz.ui.session import training, widgets
from gdviz.ui.toolbar.export_menu import Numbers, menu
from gdviz.ui.toolbar.image_fields import Picture
from gdviz.ui.toolbar.tools import tools
from gdviz.ui.verdict_line import verdict_line
from gdviz.ui.words import plain

_READ = "_training_read"  # the file that was read last
_HELP = (
    "A CSV with a row an epoch and a column a parameter, or an NPZ by numpy.savez whose arrays have the epoch as their "
    "first axis. What is called loss is the loss, epoch the epoch."
)


def training_page(task: Task, places: Places) -> None:
    """Draw the page."""
    with places.first.container(key="training_tools", horizontal=True, vertical_alignment="center", gap="small"):
        _bring()
        found = training.brought()
        if found is not None:
            _choices(found, task)
    if training.mistake():
        say_mistake(training.mistake(), places.cards)
    if found is None:
        tools(places.tools, task)
        said = "Bring the parameters of every epoch, from any framework: their curves, rate and path appear here."
        verdict_line(places.verdict, "info", ":material/upload_file:", said)
        places.first.caption(_HELP)
        return
    beside = bool(widgets.kept("training_beside", True))
    scene = training.scene_of(found, task, beside)
    verdict_line(places.verdict, *_look(found.run), plain(found.run.verdict))
    tools(places.tools, task, lambda: _exports(found.name, scene))
    with places.first:
        _charts(scene, found.run.verdict)
        _remarks(scene, task)


def _bring() -> None:
    file = st.file_uploader("Your training run", key="training_file", label_visibility="collapsed", help=_HELP)
    if file is not None and st.session_state.get(_READ) != file.file_id:
        training.bring(file.name, file.getvalue())
        st.session_state[_READ] = file.file_id


def _choices(found: training.Brought, task: Task) -> None:
    st.caption(plain(f"{found.name}: {found.run.size}."))
    if found.run.in_order(task.problem.variables) is not None:
        st.toggle(
            "gdviz’s run beside it", key=widgets.recall("training_beside", True),
            help="The run that the sidebar sets, on the same surface.",
        )  # fmt: skip
    st.button("Put it away", icon=":material/close:", key="training_forget", type="tertiary", on_click=training.forget)


def _look(run: TrainingRun) -> tuple[str, str]:
    if run.diverged:
        return "error", ":material/trending_up:"
    return ("success", ":material/check_circle:") if run.settles else ("info", ":material/hourglass_bottom:")


def _exports(name: str, scene: TrainingScene) -> None:
    pictures = {key: Picture(TRAINING_TITLES[key], build) for key, build in scene.figures().items()}
    told = "Every epoch: its place on the plane, how far its step moved, loss and parameters, to full precision."
    menu(name, pictures, "plane", [Numbers("the training run", "gdviz-training", told, lambda: training_csv(scene))])


def _charts(scene: TrainingScene, said: str) -> None:
    figures = scene.figures()
    pair = st.container(key="charts_pair", gap=None)
    for place, name in ((pair, "plane"), (pair, "theta"), (st.container(), "loss")):
        if name not in figures:
            continue
        with place.container(key=f"training_{name}"), in_time():
            heading(TRAINING_TITLES[name])
            live_plot(
                figures[name](page_palette()),
                f"training_{name}",
                alt=f"{TRAINING_TITLES[name]}: {said} {scene.shares if name == 'plane' else ''}",
                height=360 if name == "loss" else None,
                file_name=f"gdviz-training-{name}",
            )


def _remarks(scene: TrainingScene, task: Task) -> None:
    st.caption(" ".join(plain(sentence) for sentence in (scene.shares, about_surface(scene, task), *scene.remarks)))


def about_surface(scene: TrainingScene, task: Task) -> str:
    """Return which surface lies under the path, or why there is none."""
    has = f"{task.problem.title} has {format_count(len(task.problem.variables), 'parameter')}"
    if scene.known is None:
        return (
            f"There is no surface under the path: {has}. Choose the function or the fit that was trained in the "
            "sidebar."
        )
    beside = "In Compare the run stands beside those there."
    if scene.ground is None:
        return f"There is no surface under the path: {has}. {beside}"
    return f"The surface is that of {task.problem.title}. {beside}"
