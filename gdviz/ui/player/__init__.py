"""The player below the verdict: it plays a run epoch by epoch, and holds what is drawn while a hand drags the rate.

Both are drawn by the charts in the browser, from reels that it asks for (:mod:`gdviz.ui.scout`): no trip to the server
for a frame. The film of the run is fetched when the page rests; the ladder of learning rates when a hand nears the
slider.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

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


def player(film: str | None, epochs: int, ladder: str) -> int | None:
    """Draw the player and return the epoch whose step is to be written out, None for none.

    Parameters
    ----------
    film : what stands for the run, or None while a hand is changing it.
    epochs : of the run.
    ladder : what stands for the experiment at all learning rates.
    """
    memory = st.session_state.setdefault(_MEMORY, {"answered": None, "step": None})
    step = memory["step"]
    epoch: int | None = step["epoch"] if step is not None and step["film"] == film else None
    data = {"film": film, "epochs": epochs, "ladder": ladder, "answered": memory["answered"]}
    _component(key=_KEY, data=data, on_message_change=_receive)
    return epoch


def _receive() -> None:
    """Take the browser's message before the script runs. The run may be interrupted; what is noted here is not lost."""
    memory = st.session_state[_MEMORY]
    message = st.session_state[_KEY].get("message")
    if not isinstance(message, Mapping) or message.get("kind") != "step":
        return
    memory["answered"] = message.get("number")
    epoch = message.get("epoch")
    whole = isinstance(epoch, int) and not isinstance(epoch, bool) and epoch >= 0
    memory["step"] = {"epoch": epoch, "film": message.get("film")} if whole else None
