"""What one change of a visitor may cost, and whose turn it is: every run of the page's script is one piece of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gdviz import pacing
from gdviz.ui.words import plain

SECONDS = 2.0  # of processor time
_TURN = 0.1  # that one piece of work may have while others wait: not all parts of it give way
FILE_SECONDS = 10.0  # that reading a file may take besides


class NobodyWaits(Exception):
    """Who asked has left the page, or asks no more. No ValueError: those are remembered as refusals."""


@cache
def _turns() -> pacing.Turns:
    return pacing.Turns(_TURN)


@contextmanager
def change() -> Iterator[None]:
    """Do the block as the work of one change: it stops when its tab closes, or when the next change comes.

    Streamlit asks for that at each of its own commands, and raises what ends the script; so do our loops. Within a
    change this is a part of it.
    """
    if pacing.current() is not None:
        yield
        return
    context = get_script_run_ctx()
    check = _wanted if context is None else lambda: context.yield_check()  # another one for what is done as a whole
    with pacing.work(SECONDS, check, _turns()), in_time():
        yield


@contextmanager
def own_work(check: Callable[[], None], seconds: float = SECONDS) -> Iterator[None]:
    """Do the block as work for a visitor whose script does not run, in turn with what others do, while the check does
    not raise. Raises OutOfTime."""
    with pacing.work(seconds, check, _turns()):
        yield


@contextmanager
def in_time() -> Iterator[None]:
    """Draw the block if there is time for it, and say so if not."""
    try:
        yield
    except pacing.OutOfTime as error:
        st.info(plain(str(error)), icon=":material/timer_off:")


def while_here() -> Callable[[], None]:
    """Return a check, for what goes on when the script has ended: it raises NobodyWaits once its tab is closed."""
    context = get_script_run_ctx()
    if context is None or not Runtime.exists():
        return _wanted

    def check() -> None:
        if not Runtime.instance().is_active_session(context.session_id):
            raise NobodyWaits

    return check


def _wanted() -> None:
    """Work outside of a session is always wanted."""
