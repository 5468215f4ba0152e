"""The player below the verdict: it plays a run epoch by epoch, and lets a hand steer it.

All is drawn by the charts in the browser, from the run that it has made or asked for
(:mod:`gdviz.ui.components.live`): no trip to the server for a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gdviz.experiments.driving import Turn, read_turns
from gdviz.learning_rates.changes import MOST_CHANGES
from gdviz.ui.components import component, received
from gdviz.ui.server.questions import packed

__all__ = ["Steering", "player"]

_MEMORY = "_player"
_KEY = "player"

_component = component("player")


@dataclass(frozen=True)
class Steering:
    """What a hand can steer while the run goes: the turns taken so far, and the ends of the learning rate's slider."""

    turns: tuple[Turn, ...]
    ends: tuple[float, float]


def player(
    run: str | None,
    epochs: int,
    steering: Steering | None,
    on_drive: Callable[[tuple[Turn, ...]], None],
    *,
    plays: bool,
) -> int | None:
    """Draw the player and return the epoch whose step is to be written out, None for none.

    Parameters
    ----------
    run : what stands for the run, or None while a hand is changing it.
    epochs : of the run.
    steering : what can be steered, None where nothing can.
    on_drive : called with the turns of a drive before the script runs, so that it may set the state of widgets.
    plays : whether the run plays once by itself, for a visitor who does not know what is to be seen.
    """
    memory = st.session_state.setdefault(_MEMORY, {"answered": None, "step": None})
    step = memory["step"]
    epoch: int | None = step["epoch"] if step is not None and step["run"] == run else None
    data: dict[str, Any] = {
        "run": run,
        "epochs": epochs,
        "answered": memory["answered"],
        "plays": plays,
        "steering": None,
    }
    if steering is not None:
        rows = [[turn.epoch, turn.rate, turn.beta] for turn in steering.turns]
        data["steering"] = {"turns": rows, "ends": list(steering.ends), "most": MOST_CHANGES}
    _component(key=_KEY, data=packed(data), on_message_change=lambda: _receive(on_drive))
    return epoch


def _receive(on_drive: Callable[[tuple[Turn, ...]], None]) -> None:
    memory = st.session_state[_MEMORY]
    message = received(_KEY, memory) or {}
    if message.get("kind") == "drive":
        with suppress(ValueError):
            on_drive(read_turns(message.get("turns")))
    elif message.get("kind") == "step":
        memory["step"] = _step(message)


def _step(message: Mapping[str, Any]) -> dict[str, Any] | None:
    epoch = message.get("epoch")
    whole = isinstance(epoch, int) and not isinstance(epoch, bool) and epoch >= 0
    return {"epoch": epoch, "run": message.get("run")} if whole else None
