"""The player below the verdict: it plays a run epoch by epoch, and holds what is drawn while a hand drags the rate.

Both are drawn by the charts in the browser, from reels that come with this component: no trip to the server for a
frame. The film of the run comes with each new run; the ladder of learning rates comes when a hand nears the slider.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from gdviz.ui import server

__all__ = ["player"]

_MEMORY = "_player"
_KEY = "player"

_component = st.components.v2.component(
    "gdviz_player",
    js=server.module_loader("player/player.js"),
    css=(Path(__file__).parent / "player.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def player(film: bytes | None, ladder_name: str, ladder: Callable[[], bytes | None]) -> int | None:
    """Draw the player and return the epoch whose step is to be written out, None for none.

    Parameters
    ----------
    film : the reel of the run (:func:`gdviz.ui.player.reel.film`), or None while a hand is changing the run.
    ladder_name : what determines the ladder: its experiment without the learning rate, and the slider's ends.
    ladder : makes the ladder's reel, or None where there is none; called only when the browser asks for it.
    """
    memory = st.session_state.setdefault(_MEMORY, {"answered": None, "held": None, "asked": None, "step": None})
    film_digest = None if film is None else _digest(film)
    ladder_digest = _digest(ladder_name.encode())
    parts: dict[str, bytes] = {}
    if film is not None and memory["held"] != film_digest:
        parts["film"] = film
    head: dict[str, Any] = {"answered": memory["answered"], "film": film_digest, "ladder": ladder_digest}
    if memory["asked"] == ladder_digest:
        reel = ladder()
        head["unavailable"] = reel is None
        if reel is not None:
            parts["ladder"] = reel
    step = memory["step"]
    epoch = step["epoch"] if step is not None and step["film"] == film_digest else None
    head["step"] = epoch
    _component(key=_KEY, data=_message(head, parts), on_message_change=_receive)
    # Only now, for a run that is interrupted before this point has sent nothing.
    memory["held"], memory["asked"] = film_digest or memory["held"], None
    return epoch


def _message(head: Mapping[str, Any], parts: Mapping[str, bytes]) -> bytes:
    """The length of a head, the head in JSON, and the parts one after the other, all at multiples of 4 bytes."""
    text = json.dumps({**head, "parts": {name: len(part) for name, part in parts.items()}}).encode()
    text += b" " * (-len(text) % 4)
    return struct.pack("<I", len(text)) + text + b"".join(parts.values())


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=12).hexdigest()


def _receive() -> None:
    """Take the browser's message before the script runs. The run may be interrupted; what is noted here is not lost."""
    memory = st.session_state[_MEMORY]
    message = st.session_state[_KEY].get("message")
    if not isinstance(message, Mapping):
        return
    memory["answered"] = message.get("number")
    kind = message.get("kind")
    if kind == "film":  # it never arrived: Streamlit drops a message that is overtaken by the next one
        memory["held"] = None
    elif kind == "ladder":
        memory["asked"] = message.get("digest")
    elif kind == "step":
        epoch = message.get("epoch")
        whole = isinstance(epoch, int) and not isinstance(epoch, bool) and epoch >= 0
        memory["step"] = {"epoch": epoch, "film": message.get("film")} if whole else None
