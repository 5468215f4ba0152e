"""A map that is drawn, zoomed and sharpened in the browser, with what the core computes a band of rows at a time.

The browser asks for bands, for the run from a place, and for a whole coarse picture while a hand moves something else
on the page (:mod:`gdviz.ui.server.questions`). What changes the experiment or the link is an event: the component is a
fragment of the page, so the rest of the page stands still while a view is only left where it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from gdviz.figures.map_colors import SHADING
from gdviz.maps import Axis
from gdviz.maps.axes import LEAST
from gdviz.maps.dimension import FEWEST_BOXES
from gdviz.scenes.map_bands import SIDES, Known, TaskMap, hues, marked_kinds, words
from gdviz.ui.components import component, message_of
from gdviz.ui.components.live.experiments import changed
from gdviz.ui.server.change import change
from gdviz.ui.server.questions import Answer, Question, finite, open_endpoint, packed

__all__ = ["Gestures", "map_picture"]

_KEY = "map_picture"
_MEMORY = "_map_picture"
_ENDPOINTS = "_map_endpoints"
_MOVING = 256  # pixels of a side, while a hand moves something else on the page

_component = component("map_picture")


@dataclass(frozen=True)
class Gestures:
    """What a map's hands do: ``point`` gives words and a path for a place, ``choose`` makes a place the experiment,
    ``rest`` hears of the view at which the map is left."""

    point: Callable[[float, float], dict[str, Any]]
    choose: Callable[[float, float], None]
    rest: Callable[[tuple[Axis, Axis]], None]


@dataclass
class _Memory:
    """What is known from one rerun to the next: of which ``ground`` the map is, what its ``known`` limits are, which
    ``axes`` the link has, and which ``view`` is looked at."""

    ground: str = ""
    known: Known = field(default_factory=Known)
    axes: tuple[Axis, Axis] | None = None
    view: tuple[Axis, Axis] | None = None
    jump: int = 0
    """Another number than before: the browser is to look at ``view``."""
    left: bool = False
    """A view was left, and all else is as it was."""
    again: bool = False
    """The experiment was changed: the whole page is to follow."""
    answered: Any = None
    """The number of the message that was heard last."""


@st.fragment
def map_picture(
    picture: TaskMap, whole: tuple[Axis, Axis], name: str, gestures: Gestures, alt: str, finest: int, moving: bool
) -> None:
    """Draw the map. ``name`` stands for what it is a map of: with another one it is computed anew, in its place.

    ``whole`` are the axes to which a visitor returns; ``finest`` is the most pixels of a side. While a hand is
    ``moving`` something else on the page, a coarse picture is sent along, and no more is asked for. Each question is
    work of its own, in turn with that of other visitors, as a change of the page is.
    """
    memory: _Memory = st.session_state.setdefault(_MEMORY, _Memory())
    with change():
        _draw(_Map(picture, whole, memory, gestures), name, alt, finest, moving)
    if memory.again:
        memory.again = False
        st.rerun()


@dataclass(frozen=True)
class _Map:
    """A map as its page was drawn last; its methods ``band``, ``move`` and ``point`` answer questions about it."""

    picture: TaskMap
    whole: tuple[Axis, Axis]
    memory: _Memory
    gestures: Gestures

    def seen(self, view: tuple[Axis, Axis], side: int, first: int, picture: TaskMap | None = None) -> Answer:
        """Return rows of a view from ``first`` on; their colors are those of :meth:`colors` after it."""
        told, content = (picture or self.picture).band(view, side, first, self.memory.known)
        return told | {"view": [_axis_data(axis) for axis in view]}, content

    def colors(self) -> dict[str, Any]:
        """Return the colors of all that was met so far, what they mean, and the limits to mark."""
        kind, known, names = self.picture.kind, self.memory.known, self.picture.task.problem.variables
        meant: dict[str, Any] = {"hues": hues(kind, known), "words": list(words(kind, known))} | marked_kinds(kind)
        if kind == "basins":
            meant["limits"] = known.marks((names.index(self.whole[0].name), names.index(self.whole[1].name)))
        return meant

    def band(self, question: Question) -> Answer:
        """The next rows of a picture."""
        view, side, first = self.view(question), question.get("side"), question.get("first")
        if side not in SIDES or not isinstance(first, int) or isinstance(first, bool) or not 0 <= first < side:
            raise ValueError("There is no such band.")
        self.memory.view = view
        told, content = self.seen(view, side, first)
        return told | self.colors(), content

    def move(self, question: Question) -> Answer:
        """A whole coarse picture with the changes that a hand makes elsewhere on the page."""
        moved = replace(self.picture, task=changed(self.picture.task, question.get("changes")))
        told, content = self.seen(self.view(question), min(_MOVING, moved.finest()), 0, moved)
        return told | self.colors(), content

    def point(self, question: Question) -> Answer:
        """The run from a place."""
        return self.gestures.point(finite(question.get("x")), finite(question.get("y"))), b""

    def view(self, message: Mapping[str, Any]) -> tuple[Axis, Axis]:
        """Return the axes that are looked at. Raises ValueError for a view that makes no sense."""
        ends = message.get("view")
        if not isinstance(ends, list) or len(ends) != 4:
            raise ValueError("A view has four ends.")
        x0, x1, y0, y1 = (finite(end) for end in ends)
        return _axis(self.whole[0], x0, x1), _axis(self.whole[1], y0, y1)

    def hear(self, message: Mapping[str, Any] | None) -> None:
        """Take what a hand has done, before the script runs."""
        if message is None:
            return
        self.memory.answered = message.get("number")
        try:
            if message.get("kind") == "choose":
                self.gestures.choose(finite(message.get("x")), finite(message.get("y")))
                self.memory.again = True
            elif message.get("kind") == "rest":
                self.memory.view = self.memory.axes = view = self.view(message)
                self.memory.left = True
                self.gestures.rest(view)
        except ValueError:
            return  # no hand does that


def _draw(shown: _Map, name: str, alt: str, finest: int, moving: bool) -> None:
    picture, whole, memory = shown.picture, shown.whole, shown.memory
    ground = f"{picture.kind} {picture.task.ground_key} {[axis.name for axis in whole]}"
    if memory.ground != ground:
        memory.ground, memory.axes = ground, None
        memory.known = picture.known(whole) if picture.kind == "basins" else Known()
    # A link, a preset, or other axes: that is where to look. What was just left is in the link before the page knows.
    if memory.axes != picture.axes and not memory.left:
        memory.axes = memory.view = picture.axes
        memory.jump += 1
    view = memory.view or picture.axes
    head: dict[str, Any] = {
        "endpoint": open_endpoint(_ENDPOINTS, {"band": shown.band, "move": shown.move, "point": shown.point}),
        "name": name, "alt": alt, "finest": finest, "sides": list(SIDES), "kind": picture.kind, "moving": moving,
        "least": LEAST, "shading": SHADING, "fewest": FEWEST_BOXES, "jump": memory.jump, "answered": memory.answered,
        "whole": [_axis_data(axis) for axis in whole], "start": [_axis_data(axis) for axis in view],
    }  # fmt: skip
    content, left, memory.left = b"", memory.left, False
    if moving or not left:
        head["first"], content = shown.seen(view, min(finest, _MOVING if moving else SIDES[0]), 0)
    _component(
        key=_KEY, data=packed(head | shown.colors(), content),
        on_message_change=lambda: shown.hear(message_of(_KEY)),
    )  # fmt: skip


def _axis(whole: Axis, low: float, high: float) -> Axis:
    """Return a part of an axis from its ends on the screen's scale, which is that of logarithms on a logarithmic one.

    A hyper-parameter's axis does not go beyond its whole.
    """
    if whole.spacing == "log":
        low, high = (10.0 ** min(300.0, max(-300.0, end)) for end in (low, high))
    return Axis(whole.name, low, high, whole.spacing)


def _axis_data(axis: Axis) -> dict[str, Any]:
    log = axis.spacing == "log"
    ends = [math.log10(end) if log else end for end in (axis.low, axis.high)]
    return {"name": axis.name.replace("_", " "), "log": log, "low": ends[0], "high": ends[1]}
