"""What the page shows: the experiment that the address bar names, and where in the page a visitor is.

The address bar *is* the experiment: it is read when a visitor arrives (or goes back), and written after each change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gdviz.datasets import DATASETS, Table
from gdviz.experiments import (
    FIT,
    FORMULA,
    SWITCHES,
    UPLOAD,
    VIEW,
    Experiment,
    Note,
    Problem,
    Task,
    awaits_file,
    encode,
    implied,
    is_foreign,
    read_link,
    read_query,
)
from gdviz.landscapes import Window
from gdviz.lessons.scenarios import FIRST_LOOK, SCENARIOS, with_scenario
from gdviz.ui.server import overtaken
from gdviz.ui.session import offers, widgets
from gdviz.ui.session.hyperparameter_names import field_key, hyperparameters_of
from gdviz.views import LANDSCAPES, decode_views, is_pair

_LINK = "_link"  # the parameters last read from or written to the address bar
_GOOD = "_good"  # the last experiment that could be run
_TABLE = "_table"
_NOTES = "_notes"
_MOVING = "_moving"
_BOX = "_box"  # the window drawn last, of which problem, and what asked for it
_PLACED = "_placed"  # the start that a hand put where it is, on the landscape
_PAGE = "_page"  # the page to turn to
_FIRST = "_first_visit"
_AWAITED = "_awaited"  # the parameters of a link that needs the visitor's file
_COMING = "_coming"  # the parameters of a link that no rerun has shown whole yet, and what is to be said of them


def arrive() -> None:
    """Read the link if the address bar holds one that did not come from here: a new visit, or the Back button.

    An empty address bar in a known session is a change of page, which must not lose the experiment. Other than on the
    way back, a browser that changes something while its page is on the way names the address from before. Its widgets
    have the values from before too, so on the way back a link is read again until the page that it names was drawn.
    """
    widgets.begin()
    overtaken.receive(new=_LINK not in st.session_state)
    parameters = st.query_params.to_dict()
    known, coming = st.session_state.get(_LINK), st.session_state.get(_COMING)
    if known is None:
        st.session_state[_FIRST] = all(map(is_foreign, parameters))
    if known is None or (parameters and parameters != known and _goes_through_history()):
        read, notes = read_query(_query())
        named = {name: text for name, text in read.items() if name in parameters}  # Streamlit keeps some for itself
        coming = (FIRST_LOOK if is_first_visit() and known is None else named, notes)
    if coming is not None:
        take(*coming)
        st.session_state[_LINK] = parameters
        if known is not None:
            st.session_state[_COMING] = coming


def _goes_through_history() -> bool:
    """Whether this rerun comes of Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _query() -> str:
    """The link as it was typed: in ``st.query_params`` every plus sign is a blank already."""
    context = get_script_run_ctx()
    return overtaken.without(context.query_string) if context is not None else ""


def take(parameters: Mapping[str, str], notes: tuple[Note, ...] = ()) -> None:
    """Make the page show what a link's parameters name. Only before the widgets are drawn, or in a callback.

    A link that names a scenario and no objective opens the scenario as it is. ``notes`` are shown with those on the
    parameters.
    """
    st.session_state.pop(_COMING, None)
    if "scenario" in parameters and "objective" not in parameters and parameters["scenario"] in SCENARIOS:
        st.session_state[_PAGE] = SCENARIOS[parameters["scenario"]].page
    parameters = with_scenario(parameters)
    task, wrong = read_link(parameters, table())
    put(task)
    unused = {note.name for note in wrong}
    offers.arrive(parameters, task.problem.variables, unused | ({"start"} if "objective" in unused else set()))
    _keep_mistake(implied(parameters), task.experiment)
    st.session_state[_AWAITED] = dict(parameters) if awaits_file(implied(parameters), table()) else None
    views, more = decode_views(parameters, task.problem.variables)
    scenario = SCENARIOS.get(views.get("scenario", ""))
    if scenario is not None and st.session_state[_AWAITED] is None and not scenario.is_about(encode(task.experiment)):
        del views["scenario"]
        more = (*more, Note(f"scenario = {scenario.key} is about another function", "It is left out."))
    for name in VIEW:
        if views.get(name):
            widgets.keep(name, views[name])
        else:
            widgets.forget(name)
    widgets.keep("landscape", views.get("landscape", LANDSCAPES[0]))
    for name in SWITCHES:
        widgets.keep(name, name in views)
    st.session_state[_NOTES] = (None, tuple(map(str, (*notes, *wrong, *more))))


def _keep_mistake(parameters: Mapping[str, str], experiment: Experiment) -> None:
    """Leave a formula or a model that poses no problem in its field, to be mended: ``experiment`` is what is shown."""
    objective = parameters.get("objective")
    names = {FORMULA: ("objective", "formula"), FIT: ("objective", "data", "model")}.get(objective or "", ())
    if objective == experiment.objective or parameters.get("data", UPLOAD) not in (*DATASETS, UPLOAD):
        return
    for name in names:
        if name in parameters:
            widgets.keep(name, parameters[name])


def is_first_look(experiment: Experiment) -> bool:
    """Whether nothing was changed yet of what a first visitor sees."""
    return is_first_visit() and encode(experiment).items() >= FIRST_LOOK.items()


def is_first_visit() -> bool:
    """Whether the visitor came without a link, and has not yet put the welcome away."""
    return bool(st.session_state.get(_FIRST))


def end_first_visit() -> None:
    """Note that the welcome was put away."""
    st.session_state[_FIRST] = False


def is_presenting() -> bool:
    """Whether the page is shown on a projector: large words, no sidebar."""
    return bool(widgets.kept("present"))


def turn_to(page: str) -> None:
    """Turn to the page whose address ends so, empty for the first one, when it is drawn next."""
    st.session_state[_PAGE] = page


def page_to_open() -> str | None:
    """Return the address of the page to turn to, once; None to stay."""
    page: str | None = st.session_state.pop(_PAGE, None)
    return page


def link(task: Task) -> dict[str, str]:
    """Return the parameters of the link to what the page shows."""
    view = {name: found for name in VIEW if (found := widgets.kept(name))}
    view.pop(offers.OFFERED, None)  # of the link that was opened
    for name, usual in (("against", "epochs"), ("landscape", LANDSCAPES[0])):
        if view.get(name) == usual:
            del view[name]
    if "axes" in view and not is_pair(view["axes"], task.problem.variables):
        del view["axes"]  # of another function
    offered = offers.mark(task.experiment, task.problem.variables)
    return encode(task.experiment) | view | offered | {name: "1" for name in SWITCHES if widgets.kept(name)}


def awaits() -> bool:
    """Whether what the page is to show needs a file that the visitor has not brought yet."""
    shown = {"objective": widgets.kept("objective"), "data": widgets.kept("data")}
    return st.session_state.get(_AWAITED) is not None and awaits_file(shown, table())


def depart(parameters: Mapping[str, str]) -> None:
    """Write a link's parameters into the address bar. While it waits for a file, the address is what keeps all else."""
    if awaits():
        return
    if parameters != st.session_state.get(_LINK) or parameters != st.query_params.to_dict():
        st.session_state[_LINK] = dict(parameters)
        st.query_params.from_dict(dict(parameters))


def place_start(variables: tuple[str, ...], start: tuple[float, ...], moving: bool) -> None:
    """Set the start's number fields to where a hand has it on the landscape, ``moving`` or put down."""
    put_start(variables, start)
    st.session_state[_PLACED] = start
    st.session_state[_MOVING] = moving


def start_is_moving() -> bool:
    """Whether a hand is moving the start right now."""
    return bool(st.session_state.get(_MOVING))


def still(task: Task, box: Window, whole: bool) -> Window:
    """Return the window to draw: ``box``, but the one from before as long as the start is where a hand put it.

    A hand sees the start it puts down in the window it has before it, which must not slip away. ``whole`` says whether
    the window is to hold the whole path: that it follows again when the hand is at rest.
    """
    held: tuple[Problem, bool, Window] | None = st.session_state.get(_BOX)
    placed = st.session_state.get(_PLACED) == task.experiment.start
    stays = start_is_moving() or (placed and not whole)
    if held is not None and stays and held[0] is task.problem and (held[1] == whole or start_is_moving()):
        return held[2]
    st.session_state[_BOX] = (task.problem, whole, box)
    return box


def notes(experiment: Experiment) -> tuple[str, ...]:
    """What was wrong with the link, until the visitor changes something.

    ``experiment`` is what the page shows: the first one after the link is what was made of it.
    """
    found: tuple[Experiment | None, tuple[str, ...]] = st.session_state.get(_NOTES, (None, ()))
    arrived, sentences = found
    if arrived is None:
        st.session_state[_NOTES] = (experiment, sentences)
    return sentences if arrived in (None, experiment) else ()


def finish() -> None:
    """At the end of a rerun, note that the page was drawn whole."""
    st.session_state.pop(_COMING, None)
    widgets.tidy()


def put(task: Task) -> None:
    """Set every widget to the experiment's values. Only before the widgets are drawn, or in a callback."""
    experiment, usual = task.experiment, _usual(task.problem)
    method, rate = experiment.optimizer, experiment.learning_rate
    values = {f.name: getattr(experiment, f.name) for f in fields(experiment)}
    values |= {"optimizer": method.name, "learning_rate": experiment.eta, "schedule": rate.name}
    values |= {
        field_key(f.name): getattr(owner, f.name) for owner in (method, rate) for f in hyperparameters_of(type(owner))
    }
    put_start(task.problem.variables, values.pop("start"))
    for name, value in values.items():
        if value != "" or name in usual:
            widgets.keep(name, value or usual.get(name, value))
    set_good(task)


def _usual(problem: Problem) -> dict[str, str]:
    """What the empty fields of a fit stand for: left alone, their widgets would keep those of an earlier fit."""
    fit = problem.fit
    if fit is None:
        return {}
    return {"data": "line", "model": problem.objective.text, "target": fit.target, "fit_loss": fit.loss.name}


def put_start(variables: tuple[str, ...], start: tuple[float, ...]) -> None:
    """Set the start's number fields."""
    for name, value in zip(variables, start, strict=True):
        widgets.keep(f"start_{name}", float(value))


def good() -> Task:
    """Return the last task that could be run, with the data it had then."""
    found: Task = st.session_state[_GOOD]
    return found


def fit_own() -> None:
    """Make the visitor's own data what is fitted. Only before the widgets are drawn, or in a callback."""
    widgets.keep("objective", FIT)
    widgets.keep("data", UPLOAD)


def set_good(task: Task) -> None:
    """Note a task that can be run."""
    st.session_state[_GOOD] = task


def table() -> Table | None:
    """Return the data that the visitor brought, if any."""
    found: Table | None = st.session_state.get(_TABLE)
    return found


def set_table(found: Table) -> bool:
    """Take the visitor's data; return whether the link that waited for them goes with them, so that it opens anew."""
    st.session_state[_TABLE] = found
    waited = st.session_state.pop(_AWAITED, None)
    if waited is None or any(note.name == "objective" for note in read_link(waited, found)[1]):
        return False
    st.session_state[_COMING] = (waited, ())
    return True
