"""The widgets' values: the last of each is kept, since Streamlit forgets those of widgets that a rerun does not draw.

Widgets are keyed by the experiment's field names, starts by ``start_`` and the parameter's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

_KEPT = "_kept"  # the last value of every widget
_DRAWN = "_drawn"  # the keys of the widgets that this rerun draws
_MISSING = object()
_AT_HAND: ContextVar[dict[str, Any] | None] = ContextVar("at_hand", default=None)


@contextmanager
def at_hand() -> Iterator[None]:
    """Have what the session holds at hand while the page is drawn: Streamlit takes its time for each value."""
    before = _AT_HAND.set(st.session_state.to_dict())
    try:
        yield
    finally:
        _AT_HAND.reset(before)


def begin() -> None:
    """At the beginning of a rerun, note that no widget is drawn yet."""
    _put(_DRAWN, set())


def keep(key: str, value: Any) -> None:
    """Set a widget's value, drawn or not."""
    _kept()[key] = value
    _put(key, value)


def tidy() -> None:
    """At the end of a rerun, let what was kept be the only value of the widgets that were not drawn.

    Streamlit holds a value that was set for a widget before its first drawing apart from those that the widget takes
    later, and shows it again once the widget has gone. What a browser sent with the click that put a widget away
    counts.
    """
    drawn = _drawn()
    memory = _kept()
    for key in memory:
        found = _MISSING if key in drawn else _held(key)
        if found is not _MISSING:
            memory[key] = found
            del st.session_state[key]


def forget(key: str) -> None:
    """Forget a value that was kept."""
    _kept().pop(key, None)
    st.session_state.pop(key, None)
    (_AT_HAND.get() or {}).pop(key, None)


def kept(key: str, default: Any = None) -> Any:
    """Return a widget's last value, drawn in this rerun or not."""
    found = _held(key)
    return _kept().get(key, default) if found is _MISSING else found


def recall(key: str, default: Any) -> str:
    """Give the widget ``key`` its last value (or ``default``) before it is drawn; return the key."""
    memory, found = _kept(), _held(key)
    _drawn().add(key)
    if found is _MISSING:
        _put(key, memory.setdefault(key, default))
    else:
        memory[key] = found
    return key


def recall_one(key: str, offered: Sequence[Any], default: Any) -> str:
    """Do the same for a choice: what is no more offered gives way to ``default``."""
    if kept(key, default) not in offered:
        forget(key)
    return recall(key, default)


def _held(key: str) -> Any:
    """Return what the session holds. Of what was drawn only Streamlit knows: a widget may have put back its value."""
    found = _AT_HAND.get()
    return (st.session_state if found is None or key in _drawn() else found).get(key, _MISSING)


def _put(key: str, value: Any) -> None:
    st.session_state[key] = value
    found = _AT_HAND.get()
    if found is not None:
        found[key] = value


def _kept() -> dict[str, Any]:
    found: dict[str, Any] = _own(_KEPT, dict)
    return found


def _drawn() -> set[str]:
    found: set[str] = _own(_DRAWN, set)
    return found


def _own(key: str, make: Callable[[], Any]) -> Any:
    """Return what is noted here under a key that is no widget's, at first what ``make`` gives."""
    found = _AT_HAND.get()
    if found is None:
        return st.session_state.setdefault(key, make())
    if key not in found:
        _put(key, make())
    return found[key]
