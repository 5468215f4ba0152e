"""Undo and redo: each change of the experiment, or of the runs that are compared, is one step, a drag too.

How the page looks (which landscape, presenting, a teacher's hidden controls) is no step: it stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from gdviz.ui.session import state

_MEMORY = "_history"
_MOST = 200  # steps
_LOOKS = ("axes", "against", "landscape", "hide", "question", "theory", "whole_path", "cover", "present")

Link = dict[str, str]


@dataclass
class _Memory:
    """Links to what was (``past``), to what is, and to what was undone (``future``, the nearest last)."""

    past: list[Link] = field(default_factory=list)
    now: Link | None = None
    future: list[Link] = field(default_factory=list)
    going: bool = False  # whether this rerun shows a step taken back or again


def note(link: Link) -> None:
    """Note the link to what the page shows, once no hand is changing it."""
    if state.awaits():
        return
    memory, link = _memory(), {name: text for name, text in link.items() if name not in _LOOKS}
    if memory.now is not None and link != memory.now and not memory.going:
        memory.past = [*memory.past, memory.now][-_MOST:]
        memory.future.clear()
    memory.now, memory.going = link, False


def history_buttons(where: Any) -> None:
    """Draw the buttons for a step back and a step forward."""
    memory = _memory()
    for key, label, icon, keys, steps in (
        ("undo", "Undo", "undo", "Ctrl+Z", memory.past),
        ("redo", "Redo", "redo", "Ctrl+Shift+Z", memory.future),
    ):
        where.button(
            label, key=key, icon=f":material/{icon}:", type="tertiary", disabled=not steps, help=f"{label} ({keys})",
            on_click=_go, args=(key,),
        )  # fmt: skip


def _go(way: str) -> None:
    memory = _memory()
    steps, others = (memory.past, memory.future) if way == "undo" else (memory.future, memory.past)
    if not steps:  # a second click that came before the page was drawn
        return
    if memory.now is not None:
        others.append(memory.now)
    memory.now, memory.going = steps.pop(), True
    looks = {name: text for name, text in state.link(state.good()).items() if name in _LOOKS}
    state.take(memory.now | looks)


def _memory() -> _Memory:
    found: _Memory = st.session_state.setdefault(_MEMORY, _Memory())
    return found
