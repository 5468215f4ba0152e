"""A map that is drawn, zoomed and sharpened in the browser, with what the core computes a band of rows at a time.

The rest of the page stands still while it is zoomed: this component is a fragment of the page, as :mod:`gdviz.ui.live`
is.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from gdviz.maps import Axis
from gdviz.maps.axes import LEAST
from gdviz.scenes.map_bands import SIDES, Known, Picture, hues, words
from gdviz.ui.change import change
from gdviz.ui.components import component
from gdviz.ui.live.experiments import changed

__all__ = ["Chosen", "Hands", "map_picture"]

_KEY = "map_picture"
_MEMORY = "_map_picture"
_MOVING = 256  # pixels of a side, while a hand moves something else on the page

_component = component("map_picture")

Chosen = tuple[float, float]


@dataclass(frozen=True)
class Hands:
    """What a map's hands do: ``point`` gives words and a path for a place, ``choose`` makes a place the experiment,
    ``rest`` hears of the view at which the map is left."""

    point: Callable[[float, float], dict[str, Any]]
    choose: Callable[[float, float], None]
    rest: Callable[[tuple[Axis, Axis]], None]


@st.fragment
def map_picture(
    picture: Picture, whole: tuple[Axis, Axis], name: str, hands: Hands, alt: str, finest: int, moving: bool
) -> None:
    """Draw the map. ``name`` stands for what it is a map of: with another one it is computed anew, in its place.

    ``whole`` are the axes to which a visitor returns; ``finest`` is the most pixels of a side. While a hand is
    ``moving`` something else on the page, a coarse picture is sent along, and no more is asked for. Each question is
    work of its own, in turn with that of other visitors, as a change of the page is.
    """
    with change():
        _draw(picture, whole, name, hands, alt, finest, moving)
    if st.session_state[_MEMORY].pop("again", False):
        st.rerun()


def _draw(
    picture: Picture, whole: tuple[Axis, Axis], name: str, hands: Hands, alt: str, finest: int, moving: bool
) -> None:
    memory = st.session_state.setdefault(
        _MEMORY,
        {"number": None, "question": None, "ground": None, "known": Known(), "view": None, "axes": None, "jump": 0},
    )
    ground = f"{picture.kind} {picture.task.ground_key} {[axis.name for axis in whole]}"
    if memory["ground"] != ground:
        memory |= {"ground": ground, "known": Known(), "axes": None}
        if picture.kind == "basins":
            memory["known"] = picture.known(whole)
    if picture.axes == memory.get("rested"):
        memory["axes"] = picture.axes
    if memory["axes"] != picture.axes:  # a link, a preset, or other axes: that is where to look
        memory |= {"axes": picture.axes, "view": picture.axes, "jump": memory["jump"] + 1}
    question, memory["question"] = memory["question"], None
    head: dict[str, Any] = {
        "answered": memory["number"], "name": name, "alt": alt, "finest": finest, "sides": list(SIDES),
        "kind": picture.kind, "moving": moving, "least": LEAST, "jump": memory["jump"],
        "whole": [_told(axis) for axis in whole], "start": [_told(axis) for axis in memory["view"]],
    }  # fmt: skip
    content = b""
    if question is not None and question.get("name") == name:
        head["answer"], content = _answered(picture, whole, question, memory, hands)
    elif question is None or moving:
        side = min(finest, _MOVING if moving else SIDES[0])
        view = memory["view"]
        told, content = picture.band(view, side, 0, memory["known"])
        head["first"] = told | {"view": [_told(axis) for axis in view]}
    head |= {"hues": hues(picture.kind, memory["known"]), "words": list(words(picture.kind, memory["known"]))}
    if picture.kind == "basins":
        names = picture.task.problem.variables
        head["limits"] = memory["known"].described((names.index(whole[0].name), names.index(whole[1].name)))
    _component(key=_KEY, data=_packed(head, content), on_question_change=lambda: _receive(hands))


def _answered(
    picture: Picture, whole: tuple[Axis, Axis], question: Mapping[str, Any], memory: dict[str, Any], hands: Hands
) -> tuple[dict[str, Any], bytes]:
    try:
        if question.get("kind") == "point":
            return hands.point(_number(question, "x"), _number(question, "y")), b""
        view = _view(question, whole)
        if question.get("kind") == "move":
            moved = replace(picture, task=changed(picture.task, question.get("changes")))
            told, content = moved.band(view, min(_MOVING, moved.finest()), 0, memory["known"])
            return told | {"view": [_told(axis) for axis in view], "moved": True}, content
        if question.get("kind") == "rest":
            memory |= {"view": view, "rested": view}
            hands.rest(view)
            return {}, b""
        side, first = question.get("side"), question.get("first")
        if side not in SIDES or not isinstance(first, int) or isinstance(first, bool) or not 0 <= first < side:
            raise ValueError("no such band")
        memory["view"] = view
        told, content = picture.band(view, side, first, memory["known"])
        return told | {"view": [_told(axis) for axis in view]}, content
    except ValueError as error:
        return {"refused": str(error)}, b""


def _view(question: Mapping[str, Any], whole: tuple[Axis, Axis]) -> tuple[Axis, Axis]:
    """Return the axes that are looked at. Raises ValueError for a view that makes no sense."""
    ends = question.get("view")
    if not isinstance(ends, list) or len(ends) != 4:
        raise ValueError("a view has four ends")
    x0, x1, y0, y1 = (_finite(end) for end in ends)
    return _axis(whole[0], x0, x1), _axis(whole[1], y0, y1)


def _axis(whole: Axis, low: float, high: float) -> Axis:
    """Return a part of an axis from its ends on the screen's scale, which is that of logarithms on a logarithmic one.

    A hyper-parameter's axis does not go beyond its whole.
    """
    if whole.spacing == "log":
        low, high = (10.0 ** min(300.0, max(-300.0, end)) for end in (low, high))
    return Axis(whole.name, low, high, whole.spacing)


def _told(axis: Axis) -> dict[str, Any]:
    log = axis.spacing == "log"
    ends = [math.log10(end) if log else end for end in (axis.low, axis.high)]
    return {"name": axis.name.replace("_", " "), "log": log, "low": ends[0], "high": ends[1]}


def _number(question: Mapping[str, Any], name: str) -> float:
    return _finite(question.get(name))


def _finite(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("a finite number is needed")
    return float(value)


def _packed(head: Mapping[str, Any], content: bytes) -> bytes:
    """The length of the head, the head in JSON, and the pixels, each from a multiple of 4 bytes on."""
    text = json.dumps(head, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + content


def _receive(hands: Hands) -> None:
    """Take the browser's question before the script runs. The run may be interrupted; what is noted is not lost."""
    memory = st.session_state[_MEMORY]
    message = st.session_state[_KEY].get("question")
    if not isinstance(message, Mapping):
        return
    memory["number"], memory["question"] = message.get("number"), message
    if message.get("kind") == "choose":
        memory["question"] = None
        try:
            hands.choose(_number(message, "x"), _number(message, "y"))
        except ValueError:
            return
        memory["again"] = True
