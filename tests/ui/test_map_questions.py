"""What a map's browser asks and tells: bands, the run from a place, a hand elsewhere; and what makes no sense."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest

import gdviz
from gdviz.maps import Axis
from gdviz.scenes.map_bands import TaskMap
from gdviz.ui.components.map_picture import Gestures, _Map, _Memory
from gdviz.ui.server.questions import Endpoint

AXES = Axis("x", -6, 6), Axis("y", -6, 6)
ENDS = [-6, 6, -6, 6]
BAND: dict[str, Any] = {"kind": "band", "view": ENDS, "side": 64, "first": 0}
TASK = gdviz.decode({"objective": "himmelblau", "learning_rate": "0.01", "epochs": "50"})[0].posed()


def shown(heard: list[Any] | None = None) -> _Map:
    told = [] if heard is None else heard
    gestures = Gestures(
        lambda x, y: {"lines": [f"{x}, {y}"], "curve": [], "path": None},
        lambda x, y: told.append((x, y)), lambda axes: told.append(axes),
    )  # fmt: skip
    return _Map(TaskMap("basins", TASK, AXES), AXES, _Memory(), gestures)


def asked(map_: _Map, question: Any) -> tuple[dict[str, Any], bytes]:
    answers = {"band": map_.band, "move": map_.move, "point": map_.point}
    told = Endpoint(answers).answer(json.dumps(question).encode())
    (length,) = struct.unpack("<I", told[:4])
    return json.loads(told[4 : 4 + length]), told[4 + length :]


def test_bands_are_rows_of_the_map_with_what_their_colors_mean():
    map_ = shown()
    head, pixels = asked(map_, {"kind": "band", "view": ENDS, "side": 64, "first": 60})
    assert (head["side"], head["first"], head["stop"]) == (64, 60, 64)
    assert len(pixels) == 3 * 4 * 64
    found = gdviz.basins(TASK.problem.objective, [(-6, 6), (-6, 6)], (64, 64), 0.01, 50)
    epochs = np.frombuffer(pixels[4 * 64 :], dtype=np.uint16).reshape(4, 64)
    assert np.array_equal(epochs, found.epochs[60:])
    assert len(head["hues"]) == len(head["words"]) == 2 + len(head["limits"])
    assert [axis.low for axis in map_.memory.view or ()] == [-6, -6]


def test_a_hand_elsewhere_gets_the_whole_map_with_its_changes():
    head, pixels = asked(shown(), {"kind": "move", "view": ENDS, "changes": {"learning_rate": 0.02}})
    assert head["first"] == 0
    other = gdviz.basins(TASK.problem.objective, [(-6, 6), (-6, 6)], (head["side"],) * 2, 0.02, 50)
    count = head["side"] * head["stop"]
    assert np.array_equal(np.frombuffer(pixels[count:], dtype=np.uint16), other.epochs.ravel()[:count])


def test_a_place_is_pointed_at_and_chosen_and_a_view_is_left():
    heard: list[Any] = []
    map_ = shown(heard)
    assert asked(map_, {"kind": "point", "x": 1, "y": -2.5})[0]["lines"] == ["1.0, -2.5"]
    map_.hear({"kind": "choose", "x": 3, "y": 2})
    map_.hear({"kind": "rest", "view": [0, 1, 2, 3]})
    assert heard == [(3.0, 2.0), (Axis("x", 0, 1), Axis("y", 2, 3))]
    assert map_.memory.again
    assert map_.memory.left
    assert map_.memory.axes == map_.memory.view == heard[1]  # what the link has from now on


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "band"}, BAND | {"side": 63}, BAND | {"side": 64.5}, BAND | {"side": [64]}, BAND | {"first": 64},
        BAND | {"first": -1}, BAND | {"first": True}, BAND | {"view": [0, 0, 1, 2]}, BAND | {"view": [1, 0, 1, 2]},
        BAND | {"view": [0, None, 1, 2]}, BAND | {"view": {"0": 1}}, BAND | {"view": "abcd"},
        {"kind": "move", "view": ENDS, "changes": {"nothing": 1}}, {"kind": "move", "view": ENDS, "changes": []},
        {"kind": "move", "view": ENDS, "changes": {"learning_rate": -1}}, {"kind": "move", "changes": {}},
        {"kind": "point"}, {"kind": "point", "x": "1", "y": 2}, {"kind": "point", "x": True, "y": 2},
        {"kind": "choose", "x": 1, "y": 1}, {"kind": "rest", "view": ENDS}, {"kind": "_axis"}, {"kind": "memory"},
        {"kind": "point", "x": 10**400, "y": 2}, {"kind": "point", "x": 10**309, "y": 2},
        BAND | {"view": [0, 10**400, 1, 2]}, BAND | {"side": 10**400}, BAND | {"first": 10**309},
        {"kind": "move", "view": ENDS, "changes": {"learning_rate": 10**400}},
    ],
    ids=range(29),
)  # fmt: skip
def test_what_makes_no_sense_is_refused(question: dict[str, Any]):
    map_ = shown()
    head, pixels = asked(map_, question)
    assert list(head) == ["refused"]
    assert pixels == b""
    assert map_.memory.view is None


@pytest.mark.parametrize(
    "message",
    [None, {}, {"kind": "choose"}, {"kind": "choose", "x": None, "y": 1}, {"kind": "rest"},
     {"kind": "rest", "view": [1, 1, 2, 2]}, {"kind": ["rest"]}, {"kind": "band", "view": ENDS},
     {"kind": "choose", "x": 10**400, "y": 1}, {"kind": "rest", "view": [0, 1, 2, -(10**309)]}],
    ids=range(10),
)  # fmt: skip
def test_what_no_hand_does_changes_nothing(message: Any):
    heard: list[Any] = []
    map_ = shown(heard)
    map_.hear(message)
    assert heard == []
    assert not map_.memory.again
    assert not map_.memory.left
