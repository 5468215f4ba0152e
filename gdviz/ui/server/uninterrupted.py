"""What the next change may not interrupt.

Streamlit ends what it does for a change wherever that looks into the session, as soon as the next message has come: a
script, which is run again, but also the callback of a click, which is not. Of that click a half would be done, or
nothing, as if nobody had clicked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import SafeSessionState


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Do all of the block; what has come meanwhile is heard after it."""
    context = get_script_run_ctx()
    if context is None:
        yield
        return
    session = context.session_state
    look, check = session._yield_callback, context.yield_check
    object.__setattr__(session, "_yield_callback", _go_on)  # its own way to set what is no widget's value
    context.yield_check = _go_on  # that our loops ask
    try:
        yield
    finally:
        object.__setattr__(session, "_yield_callback", look)
        context.yield_check = check


def _go_on() -> None:
    """What is asked instead of whether a next change has come."""


@cache
def run_callbacks_uninterrupted() -> None:
    """Have all callbacks of a change done, from now on, and none missed because the next change came before them."""
    hear = SafeSessionState.on_script_will_rerun

    def heard(session: SafeSessionState, *states: Any, **options: Any) -> None:
        with uninterrupted():
            hear(session, *states, **options)

    SafeSessionState.on_script_will_rerun = heard  # type: ignore[assignment, method-assign]
