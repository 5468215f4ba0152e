"""Questions that a browser asks while a hand moves, answered beside the runs of the page's script.

Each run of Streamlit's, even of a fragment, makes the browser go through its whole page, and for some frames no chart
follows the hand. So a question is a request of its own, to an address that only this visitor's page knows.
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from math import isfinite
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import streamlit as st

from gdviz.ui.server.change import NobodyWaits, own_work
from gdviz.ui.server.guard import is_sane_json

Question = Mapping[str, Any]
"""What came from the browser: everything in it has to be checked."""

Answer = tuple[dict[str, Any], bytes]
"""A head, which becomes JSON, and tables (:mod:`gdviz.ui.session.tables`) or pixels, or nothing."""

ANSWERS = "gdviz-answers"  # in the addresses of endpoints

MOST_BYTES = 100_000
"""Of a question: a start of a hundred numbers, or all turns of a drive, have room."""

_KEPT = 3  # endpoints of one part of the page: the browser may not know the newest yet


class Endpoint:
    """Answers each ``kind`` of question by the function of that name, one at a time, as long as somebody holds it."""

    def __init__(self, answers: Mapping[str, Callable[[Question], Answer]]) -> None:
        self.name = secrets.token_urlsafe(18)
        self._answers = answers
        self._busy = Lock()
        _endpoints()[self.name] = self

    def answer(self, body: bytes, is_gone: Callable[[], bool] = lambda: False) -> bytes:
        """Return the answer to a question in JSON.

        What cannot be answered (ValueError) is refused in words, ``{"refused": words}``; what is no question of a
        known kind, comes beside another, or is of somebody who ``is_gone`` meanwhile, in none.
        """

        def check() -> None:
            if is_gone():
                raise NobodyWaits

        if not self._busy.acquire(blocking=False):
            return packed({"refused": ""})
        try:
            question = _read(body)
            if question.get("kind") not in self._answers:
                return packed({"refused": ""})
            with own_work(check):
                return packed(*self._answers[question["kind"]](question))
        except NobodyWaits:
            return packed({"refused": ""})
        except ValueError as error:
            return packed({"refused": str(error)})
        finally:
            self._busy.release()


def _read(body: bytes) -> Question:
    """Return what is asked, of no kind where that makes no sense."""
    text = body.decode("utf-8", errors="replace")
    question = json.loads(text or "null") if is_sane_json(text) else None
    return question if isinstance(question, dict) and isinstance(question.get("kind"), str) else {}


def finite(value: object) -> float:
    """Return a number that came from a browser. Raises ValueError for anything that is no finite number."""
    if not isinstance(value, bool) and isinstance(value, int | float):
        with suppress(OverflowError):  # a whole number can be larger than any float
            if isfinite(value):
                return float(value)
    raise ValueError("A finite number is needed.")


def open_endpoint(part: str, answers: Mapping[str, Callable[[Question], Answer]]) -> str:
    """Return where a new endpoint for a ``part`` of a visitor's page is, below the app's own address.

    It goes with the session, or with three more endpoints of that part.
    """
    endpoint = Endpoint(answers)
    st.session_state[part] = [*st.session_state.get(part, []), endpoint][-_KEPT:]
    return f"{ANSWERS}/{endpoint.name}"


@cache
def _endpoints() -> WeakValueDictionary[str, Endpoint]:
    """Those of all visitors by their names; they go with their sessions."""
    return WeakValueDictionary()


def endpoint_called(name: str) -> Endpoint | None:
    """Return the endpoint of this name, None where its session has gone."""
    return _endpoints().get(name)


def packed(head: Mapping[str, Any], tables: bytes = b"") -> bytes:
    """Return the length of the head, the head in JSON, and the tables, both at multiples of 4 bytes."""
    text = json.dumps(head, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + tables
