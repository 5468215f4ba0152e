"""What lets the page follow a hand: the experiments that the browser runs itself, and answers to what it cannot.

A whole rerun of the script takes a tenth of a second until all its charts are laid out anew. Instead the browser runs
the very experiment from the step's module (:mod:`gdviz.ui.live.experiments`) and draws over what the charts show
(``live_plot/tracing.js``). What it cannot know (the verdict, and runs of methods that have no module) it asks this
component, a fragment of the page that shows nothing and is run again alone. When the hand rests, the page follows.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from gdviz.ui import server
from gdviz.ui.change import change

__all__ = ["Answer", "Question", "live"]

Question = Mapping[str, Any]
"""What came from the browser: everything in it has to be checked."""

Answer = tuple[dict[str, Any], bytes]
"""A head, which becomes JSON, and runs as tables (:mod:`gdviz.ui.live.tables`), empty where words are enough."""

_MEMORY = "_live"
_KEY = "live"

_component = st.components.v2.component("gdviz_live", js=server.module_loader("live/live.js"))


@st.fragment
def live(
    experiments: Sequence[Mapping[str, Any]],
    place: Mapping[str, Any],
    answers: Mapping[str, Callable[[Question], Answer]],
    steered: Mapping[str, Any] | None = None,
) -> None:
    """Draw the component that knows the ``experiments`` and answers each ``kind`` of question by the function of that
    name.

    A question that makes no sense (ValueError), or of another kind, is answered with ``{"refused": True}``.

    Parameters
    ----------
    experiments : what the page shows, as :mod:`gdviz.ui.live.experiments` describes it.
    place : where on the landscape they are seen (:func:`gdviz.ui.view.place_of`).
    steered : the first experiment as it is when a hand steers it, None where none can.
    """
    memory = st.session_state.setdefault(_MEMORY, {"number": None, "question": None})
    question, memory["question"] = memory["question"], None
    head: dict[str, Any] = {
        "answered": memory["number"],
        "experiments": experiments,
        "place": place,
        "steered": steered,
    }
    tables = b""
    if question is not None:
        head["answer"], tables = _answer(answers, question)
    _component(key=_KEY, data=_packed(head, tables), on_question_change=_receive)


def _answer(answers: Mapping[str, Callable[[Question], Answer]], question: Question) -> Answer:
    kind = question.get("kind")
    refused: Answer = {"refused": True}, b""
    if not isinstance(kind, str) or kind not in answers:
        return refused
    try:
        with change():
            return answers[kind](question)
    except ValueError:
        pass
    return refused


def _packed(head: Mapping[str, Any], tables: bytes) -> bytes:
    """The length of the head, the head in JSON, and the tables, both at multiples of 4 bytes."""
    text = json.dumps(head, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + tables


def _receive() -> None:
    """Take the browser's question before the script runs. The run may be interrupted; what is noted is not lost."""
    memory = st.session_state[_MEMORY]
    message = st.session_state[_KEY].get("question")
    if isinstance(message, Mapping):
        memory["number"], memory["question"] = message.get("number"), message
