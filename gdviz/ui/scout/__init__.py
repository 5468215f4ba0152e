"""What the browser asks the core while a hand moves: the run from this start, the gradient under the pointer.

The rest of the page stands still meanwhile. A whole rerun of the script takes a tenth of a second until all its charts
are laid out anew; here only this component, a fragment of the page that shows nothing, is run again, and the charts
draw its answer over what they show (``live_plot/tracing.js``). When the hand rests, the page follows.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from gdviz.ui import server

__all__ = ["Answer", "Question", "scout"]

Question = Mapping[str, Any]
"""What came from the browser: everything in it has to be checked."""

Answer = tuple[dict[str, Any], bytes]
"""A head, which becomes JSON, and a reel (:mod:`gdviz.ui.player.reel`), empty where words are enough."""

_MEMORY = "_scout"
_KEY = "scout"

_component = st.components.v2.component("gdviz_scout", js=server.module_loader("scout/scout.js"))


@st.fragment
def scout(answers: Mapping[str, Callable[[Question], Answer]]) -> None:
    """Draw the component that answers, each ``kind`` of question by the function of that name.

    A question that makes no sense (ValueError), or of another kind, is answered with ``{"refused": True}``.
    """
    memory = st.session_state.setdefault(_MEMORY, {"number": None, "question": None})
    question, memory["question"] = memory["question"], None
    head: dict[str, Any] = {"answered": memory["number"]}
    reel = b""
    if question is not None:
        head["answer"], reel = _answer(answers, question)
    _component(key=_KEY, data=_packed(head, reel), on_question_change=_receive)


def _answer(answers: Mapping[str, Callable[[Question], Answer]], question: Question) -> Answer:
    kind = question.get("kind")
    refused: Answer = {"refused": True}, b""
    if not isinstance(kind, str) or kind not in answers:
        return refused
    try:
        return answers[kind](question)
    except ValueError:
        return refused


def _packed(head: Mapping[str, Any], reel: bytes) -> bytes:
    """The length of the head, the head in JSON, and the reel, both at multiples of 4 bytes."""
    text = json.dumps(head, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + reel


def _receive() -> None:
    """Take the browser's question before the script runs. The run may be interrupted; what is noted is not lost."""
    memory = st.session_state[_MEMORY]
    message = st.session_state[_KEY].get("question")
    if isinstance(message, Mapping):
        memory["number"], memory["question"] = message.get("number"), message
