"""What the page sets in its fields, until the browser shows it.

Streamlit sends what the page has set in a field in one run and in no other. Where the next change overtakes that run,
its messages may never arrive. And what the browser sends before they do holds the field as it was, or, where it is new,
at the first of its choices: taken for the choice of a hand, that would undo what the page has set.

So the runs that come to their end are numbered, and the browser sends with each message which of them it shows
(``page_tools.js``, ``entry/overtaken.js``). What was set after that one is sent again, and a value of such a field that
no hand has changed is passed over. A page comes piece by piece, and a hand may put a field back to what it was before
all of the run is there: the browser also says in which fields a hand was since the message before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state import SessionState

_SHOWN = "$$ID-gdviz-shown"  # says in a message which run is shown; of no widget, but in the form of one
_DIGITS = 9
_MOST = 10_000  # characters that are read of what is said there; the page has a hundred fields
_NO_NAME = re.compile(r"[^a-zA-Z0-9_-]")  # what Streamlit writes as "-" where a field's key is its class
_MEMORY = "_values_set"


@dataclass
class _Memory:
    """What is known of one visitor: the ``number`` of the run that ends next, in which run a field was ``put`` last, by
    key, and what the browser ``sent`` last, by widget."""

    number: int = 1
    put: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)


def run_number() -> int:
    """Return the number of this run, or of the next one that comes to its end."""
    memory: _Memory = st.session_state.setdefault(_MEMORY, _Memory())
    return memory.number


def end_run() -> None:
    """Note that this run comes to its end."""
    run_number()
    st.session_state[_MEMORY].number += 1


def of_an_earlier_page(states: WidgetStates) -> WidgetStates:
    """Return values that were sent from a page that is gone: the browser does not show them, nor any run."""
    states.widgets.add(id=_SHOWN, string_value="")
    return states


@cache
def keep_values_set() -> None:
    """Have them kept from now on, for all visitors."""
    put, read = SessionState.__setitem__, SessionState.set_widgets_from_proto

    def noted(session: SessionState, key: str, value: Any) -> None:
        put(session, key, value)
        if not key.startswith("_"):  # what is kept beside the fields
            memory = _memory(session)
            memory.put[key] = memory.number

    def heard(session: SessionState, widget_states: WidgetStates) -> None:
        read(session, widget_states)
        session._new_widget_state.states.pop(_SHOWN, None)
        for said in (state.string_value for state in widget_states.widgets if state.id == _SHOWN):
            shown, *touched = said[:_MOST].split(" ")
            if not said:
                _send_all(session)
            elif shown.isdecimal() and len(shown) <= _DIGITS:
                _hear(session, widget_states, int(shown), frozenset(touched))

    SessionState.__setitem__ = noted  # type: ignore[method-assign]
    SessionState.set_widgets_from_proto = heard  # type: ignore[assignment, method-assign]


def _memory(session: SessionState) -> _Memory:
    held = session._new_session_state if _MEMORY in session._new_session_state else session._old_state
    memory: _Memory = held.setdefault(_MEMORY, _Memory())  # past Streamlit, which takes its time for each value
    return memory


def _send_all(session: SessionState) -> None:
    for key in _memory(session).put:
        _send(session, key)


def _hear(session: SessionState, states: WidgetStates, shown: int, touched: frozenset[str]) -> None:
    """Take a message from a browser that shows the run ``shown``, and in whose fields ``touched`` a hand was."""
    memory, came = _memory(session), session._new_widget_state.states
    unseen = {session._get_widget_id(key): key for key, number in memory.put.items() if number > shown}
    for state in states.widgets:
        free = state.id in unseen and _NO_NAME.sub("-", unseen[state.id]) not in touched
        if free and _is_old(session, state, memory.sent.get(state.id)):
            came.pop(state.id, None)
    memory.sent = {state.id: _mark(state) for state in states.widgets}
    memory.put = {key: memory.put[key] for name, key in unseen.items() if name not in came}  # others, a hand has set
    for key in memory.put:
        _send(session, key)


def _send(session: SessionState, key: str) -> None:
    """Have a field's value sent in this run, if there is still such a field."""
    if key in session:
        session._new_session_state[key] = session[key]


def _is_old(session: SessionState, state: WidgetState, before: int | None) -> bool:
    """Whether a browser has a value from ``before`` still or, where it never sent one, what a new field begins with."""
    if before is not None:
        return before == _mark(state)
    widgets = session._new_widget_state
    metadata = widgets.widget_metadata.get(state.id)
    try:
        return metadata is not None and bool(widgets[state.id] == metadata.deserializer(None))
    except KeyError:  # a value that the widget cannot have
        return False


def _mark(state: WidgetState) -> int:
    return hash(state.SerializeToString(deterministic=True))
