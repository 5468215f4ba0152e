"""Maps: every start, every learning rate, or any two settings at once; zoomed without end, following the hand."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from gdviz.experiments import Task
from gdviz.exports import chrome_available
from gdviz.exports.encoding import FilmFormat
from gdviz.exports.formats import FORMATS
from gdviz.exports.map_file import to_map_file
from gdviz.figures import sweep_figure
from gdviz.learning_rates import HIGHEST_RATE, Constant
from gdviz.lessons.map_presets import MAP_PRESETS
from gdviz.maps import Axis
from gdviz.maps.axes import RATE
from gdviz.maps.summary import summary
from gdviz.maps.view import MapView
from gdviz.optimizers import OPTIMIZERS
from gdviz.scenes.map_bands import TaskMap
from gdviz.scenes.map_place import description_at, task_at
from gdviz.ui.cards import Action, card
from gdviz.ui.components.live_plot import live_plot
from gdviz.ui.components.map_picture import Gestures, map_picture
from gdviz.ui.components.slider import is_held
from gdviz.ui.menus import opened
from gdviz.ui.notices import say_mistake
from gdviz.ui.pages.map_fields import axes_shown, axis_names, map_kind, shown
from gdviz.ui.pages.map_film import film_fields
from gdviz.ui.pictures import page_palette
from gdviz.ui.places import Places
from gdviz.ui.server.file_queue import queued
from gdviz.ui.session import compute, offers, state, widgets
from gdviz.ui.toolbar.downloads import download_button
from gdviz.ui.toolbar.tools import tools

_MOST_COMPARED = 5  # methods in a sweep
_SIDE = 512  # pixels of a map that is exported


def maps_page(task: Task, places: Places) -> None:
    """Draw the page for the experiment."""
    with places.first, st.container(key="maps_page"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="map_fields"):
            kind = map_kind(task)
            names = axis_names(task, kind) if kind != "sweep" else ("", "")
            _presets()
        _card()
        if task.batched is not None or task.problem.standardized is not None:
            tools(places.tools, task)
            st.info(
                "Maps are of whole-batch runs in the data's own units: set the batch size to 0 and standardizing off "
                "in the sidebar.",
                icon=":material/info:",
            )
        elif kind == "sweep":
            _sweep(task, places)
        else:
            _picture(task, kind, names, places)


# -- presets --


def _presets() -> None:
    with st.popover("Examples", icon=":material/auto_awesome:"):
        for preset in MAP_PRESETS.values():
            st.button(preset.title, key=f"map_preset_{preset.key}", on_click=_open, args=(preset.key,), width="stretch")


def _card() -> None:
    chosen = MAP_PRESETS.get(widgets.kept("map_preset") or "")
    if chosen is not None:
        card(
            "map",
            f"**{chosen.title}.** {chosen.sees}  \n**Try:** {chosen.tries}",
            Action("map_preset_close", "Close", "close", lambda: widgets.forget("map_preset")),
        )


def _open(key: str) -> None:
    """Open a preset as if by its link. Only in a callback."""
    state.take(dict(MAP_PRESETS[key].link))
    widgets.keep("map_preset", key)


# -- a picture of two axes --


def _picture(task: Task, kind: str, names: tuple[str, str], places: Places) -> None:
    seen, whole = axes_shown(task, kind, names)
    picture = TaskMap(kind, task, seen)
    try:
        finest = picture.finest()
    except ValueError as error:
        tools(places.tools, task)
        say_mistake(error)
        return
    moving = is_held()
    title = "Which limit each start reaches" if kind == "basins" else "How descents end"
    alt = f"{title}: {names[0]} to the right, {names[1]} upwards. The list beside it says what the colors mean."
    gestures = Gestures(
        lambda x, y: description_at(task, kind, names, x, y),
        lambda x, y: _choose(task, names, x, y),
        lambda axes: _rest(task, kind, axes),
    )
    with st.container(key="map"):
        st.markdown(f"**{title}**")
        map_picture(picture, whole, _name(task, kind, names), gestures, alt, finest, moving)
    st.caption(
        "Wheel, pinch, a box or a held button zoom; Shift or a finger moves; a click makes the place the experiment. "
        f"At rest every pixel of {finest} × {finest} is a run of its own."
    )
    side = min(_SIDE, finest)
    stands_for = f"{_name(task, kind, names)} {MapView(kind, *seen).text}"

    def dive(format: FilmFormat) -> None:
        film_fields(picture, whole, seen, f"{format} {stands_for}", format)

    tools(
        places.tools, task,
        lambda: _exports(f"gdviz-{kind}", lambda: picture.whole((side, side)), task, dive),
    )  # fmt: skip


def _name(task: Task, kind: str, names: tuple[str, str]) -> str:
    """What stands for the map: nothing that an axis sets counts."""
    start = [0.0 if name in names else x for name, x in zip(task.problem.variables, task.experiment.start, strict=True)]
    plain = task.changed(start=tuple(start))
    if RATE in names:
        plain = plain.at_rate(1.0)
    own = {name: getattr(type(task.experiment.optimizer)(), name) for name in names
           if hasattr(task.experiment.optimizer, name)}  # fmt: skip
    if own:
        plain = plain.changed(optimizer=replace(task.experiment.optimizer, **own))
    return hashlib.blake2b(f"{kind} {names} {plain.key}".encode(), digest_size=12).hexdigest()


def _choose(task: Task, names: tuple[str, str], x: float, y: float) -> None:
    """Make a place of the map the experiment. Only in a callback; raises ValueError where there is no run."""
    chosen = task_at(task, names, x, y).experiment
    state.put_start(task.problem.variables, chosen.start)
    offers.note_set(*offers.start_keys(task.problem.variables))
    for name in names:
        if name == RATE:
            widgets.keep("learning_rate", chosen.eta)
            offers.note_set("learning_rate")
        elif name not in task.problem.variables:
            widgets.keep(name, getattr(chosen.optimizer, name))


def _rest(task: Task, kind: str, axes: tuple[Axis, Axis]) -> None:
    """Put the view at which the map is left into the link."""
    widgets.keep("map", MapView(kind, *axes).text)
    state.depart(state.link(task))


# -- a sweep --


def _sweep(task: Task, places: Places) -> None:
    e = task.experiment
    if not isinstance(e.learning_rate, Constant):
        tools(places.tools, task)
        st.info(
            "A sweep is over constant rates: choose the constant learning rate in the sidebar.", icon=":material/info:"
        )
        return
    chosen = st.multiselect(
        "Compare with", [name for name in OPTIMIZERS if name != e.optimizer.name], max_selections=_MOST_COMPARED,
        key=widgets.recall("sweep_with", []), format_func=lambda name: OPTIMIZERS[name].title,
        placeholder="other methods", width=420,
    )  # fmt: skip
    try:
        swept = {e.optimizer.title: compute.all_rates(task)}
        for name in chosen:
            swept[OPTIMIZERS[name].title] = compute.all_rates(task.changed(optimizer=OPTIMIZERS[name]()))
    except ValueError as error:
        tools(places.tools, task)
        say_mistake(error)
        return
    first = swept[e.optimizer.title]
    said = summary(first)
    places.verdict.info(said, icon=":material/tune:")
    with st.container(key="sweep"):
        live_plot(
            sweep_figure(swept, page_palette(), now=e.eta), "sweep", alt=f"Value at the end against the rate. {said}",
            height=None, drags=True, on_event=_rate_pointed_at, file_name="gdviz-sweep",
        )  # fmt: skip
    st.caption("Click on a rate, or drag along, to make it the experiment's.")
    tools(places.tools, task, lambda: _exports("gdviz-sweep", lambda: first, task))


def _rate_pointed_at(event: Mapping[str, Any]) -> None:
    rate = event["x"]
    if 0 < rate <= HIGHEST_RATE:
        widgets.keep("learning_rate", float(f"{rate:.3g}"))
        offers.note_set("learning_rate")


# -- exports --

_TITLES = {
    **{ending: FORMATS[ending].title for ending in ("png", "svg", "pdf")},
    "html": "Interactive page",
    "csv": FORMATS["csv"].title,
    "npz": "Arrays (NPZ)",
}
_FILMS: dict[FilmFormat, str] = {"mp4": "Film of a dive (MP4)", "gif": "Film of a dive (GIF)"}


def _exports(file: str, make: Any, task: Task, dive: Callable[[FilmFormat], None] | None = None) -> None:
    """Draw the menu: the map that is shown, computed anew when the button is pressed, or a ``dive`` to it."""
    titles = _TITLES | (dict(_FILMS) if dive is not None else {})
    place = opened("Export", "map_exports", icon=":material/download:")
    if place is None:
        return
    with place:
        kind = st.segmented_control(
            "Format", tuple(titles), format_func=titles.__getitem__, required=True,
            key=widgets.recall_one("map_format", tuple(titles), "png"),
        )  # fmt: skip
        if dive is not None and kind in _FILMS:
            dive(kind)
            return
        if kind in ("png", "svg", "pdf") and not chrome_available():
            st.info("Pictures need Chrome or Chromium where this page runs. NPZ, CSV and the page need none.")
            return
        # It is made without a session: what it needs of one is fetched here.
        ending, title = str(kind), task.experiment.optimizer.title
        about = {"link": state.link(task), "map": shown().text}
        made = queued(lambda: to_map_file(make(), ending, title, about))
        download_button(f"the map as {titles[ending]}", made, f"{file}.{ending}", FORMATS[ending].media, "map_download")
