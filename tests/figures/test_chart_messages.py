"""What a chart is told: each piece whole the first time, its digest alone after that, and never two pieces as one."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import numpy as np
import pytest

from gdviz.figures.still import Still
from gdviz.ui.components.live_plot.message import HEAVY, KEPT_PIECES, Held, encode_figure, pack_arrays

LONG = np.linspace(0, 1, HEAVY)


def message(trace: Any, held: Held | None = None) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(encode_figure({"data": [trace]}, {} if held is None else held, {"key": "one"}))
    return told


def piece(trace: Any, held: Held | None = None) -> dict[str, Any]:
    found: dict[str, Any] = message(trace, held)["traces"][0]
    return found


@pytest.mark.parametrize(
    "values",
    [
        LONG,
        LONG[::2],
        np.float32(LONG),
        np.arange(9),
        np.eye(3),
        np.eye(3) > 0,
        np.zeros((2, 2, 2)),
        [1, 2.5, None],
        [],
    ],
)
def test_a_trace_is_told_as_plotly_writes_it(values: Any) -> None:
    assert piece({"x": values, "name": "θ"})["value"] == {"x": pack_arrays(values), "name": "θ"}


@pytest.mark.parametrize("odd", [math.nan, math.inf, np.float32(0.5), np.int64(3), date(2020, 1, 1), np.array(["a"])])
def test_what_json_does_not_know_is_told_all_the_same(odd: Any) -> None:
    told = piece({"x": [odd], "y": LONG})["value"]
    assert told["y"] == pack_arrays(LONG)
    assert told["x"] in ([None], [0.5], [3], ["2020-01-01"], [["a"]])


def test_a_long_piece_is_sent_once() -> None:
    held: Held = {}
    first, again = (piece({"x": LONG.copy()}, held) for _ in range(2))
    assert "value" in first
    assert again == {"digest": first["digest"], "keep": True}


def test_a_short_piece_is_always_sent() -> None:
    held: Held = {}
    assert all("value" in piece({"x": np.arange(5)}, held) for _ in range(2))
    assert not held


@pytest.mark.parametrize(
    "other",
    [
        {"x": LONG, "y": LONG + 1},
        {"x": LONG + 1, "y": LONG},
        {"y": LONG, "x": LONG[::-1]},
        {"x": LONG.astype(np.float32), "y": LONG},
        {"x": LONG.reshape(2, -1), "y": LONG},
        {"x": np.append(LONG, LONG[:1]), "y": LONG[1:]},
        {"x": LONG, "y": LONG, "name": "b"},
    ],
)
def test_pieces_that_differ_have_digests_that_differ(other: Any) -> None:
    assert piece({"x": LONG, "y": LONG})["digest"] != piece(other)["digest"]


def test_what_was_not_used_for_long_is_sent_anew() -> None:
    held: Held = {}
    for k in range(KEPT_PIECES + 1):
        piece({"x": LONG + k}, held)
    assert len(held) == KEPT_PIECES
    assert "value" in piece({"x": LONG}, held)
    assert "value" not in piece({"x": LONG + KEPT_PIECES}, held)


def test_what_stands_still_is_written_down_once() -> None:
    """The same piece as any other of its kind; and told anew to a browser that does not have it."""
    trace, held = {"x": LONG, "name": "landscape"}, Held()
    still = Still(trace)
    first = piece(still, held)
    assert first == piece(trace)
    still["x"] = None  # nobody looks at it again
    assert piece(still, held) == {name: first[name] for name in ("digest", "keep")}
    still["x"] = LONG
    assert piece(still) == first
