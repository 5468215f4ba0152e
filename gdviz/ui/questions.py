"""Questions that a browser asks while a hand moves, answered beside the runs of the page's script.

Each run of Streamlit's, even of a fragment, makes the browser go through its whole page, and for some frames no chart
follows the hand. So a question is a request of its own, to an address that only this visitor's page knows.
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from gdviz.ui.change import errand

Question = Mapping[str, Any]
"""What came from the browser: everything in it has to be checked."""

Answer = tuple[dict[str, Any], bytes]
"""A head, which becomes JSON, and runs as tables (:mod:`gdviz.ui.live.tables`), empty where words are enough."""

MOST_BYTES = 100_000
"""Of a question: a start of a hundred numbers, or all turns of a drive, have room."""

_REFUSED: Answer = {"refused": True}, b""


class Desk:
    """Answers each ``kind`` of question by the function of that name, one at a time, as long as somebody holds it."""

    def __init__(self, answers: Mapping[str, Callable[[Question], Answer]]) -> None:
        self.name = secrets.token_urlsafe(18)
        self._answers = answers
        self._busy = Lock()
        _desks()[self.name] = self

    def answer(self, body: bytes) -> bytes:
        """Return the answer to a question in JSON.

        One that makes no sense (ValueError), is of no known kind, or comes beside another, is answered with
        ``{"refused": True}``.
        """
        if not self._busy.acquire(blocking=False):
            return packed(*_REFUSED)
        try:
            question = json.loads(body)
            kind = question.get("kind") if isinstance(question, dict) else None
            if not isinstance(kind, str) or kind not in self._answers:
                return packed(*_REFUSED)
            with errand():
                return packed(*self._answers[kind](question))
        except (ValueError, RecursionError):
            return packed(*_REFUSED)
        finally:
            self._busy.release()


@cache
def _desks() -> WeakValueDictionary[str, Desk]:
    """Those of all visitors by their names; they go with their sessions."""
    return WeakValueDictionary()


def desk_called(name: str) -> Desk | None:
    return _desks().get(name)


def packed(head: Mapping[str, Any], tables: bytes = b"") -> bytes:
    """Return the length of the head, the head in JSON, and the tables, both at multiples of 4 bytes."""
    text = json.dumps(head, allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + tables
