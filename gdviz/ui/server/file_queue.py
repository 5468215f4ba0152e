"""The queue of files to download: made one at a time, since six at once would hold up every change.

How long one takes is known before it is made: what would take too long is refused beside its field, in words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cache
from threading import Semaphore
from time import monotonic
from types import MappingProxyType

import streamlit as st
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from gdviz import pacing
from gdviz.exports.subject import Subject
from gdviz.numerals import format_count
from gdviz.ui.server.change import NobodyWaits, while_here

SECONDS = 2.0  # of processor time, for the numbers in one file
_LONGEST = 20.0  # seconds of it for any file, pictures and films too
_PRICES: Mapping[str, float] = MappingProxyType(
    {"csv": 9e-7, "json": 6e-7, "npz": 5e-7, "parquet": 3e-7, "zip": 23e-7}  # seconds for one number, about
)
_PATIENCE = 120.0  # seconds
_MOST_AT_ONCE = 3  # files that one tab may wait for
_PLACES = "_places_in_queue"
_LOOK = 0.2  # seconds between two looks at whether somebody still waits


@cache
def waiting() -> pacing.Turns:
    """Who waits for a file, of all visitors."""
    return pacing.Turns()


def _places() -> Semaphore:
    """Places for the files that this tab may wait for."""
    if get_script_run_ctx() is None:
        return Semaphore(_MOST_AT_ONCE)
    found: Semaphore = st.session_state.setdefault(_PLACES, Semaphore(_MOST_AT_ONCE))
    return found


def keep_log_quiet() -> None:
    """Keep out of the log that a file was asked for whose button has gone, or that could not be made in time: it is no
    error, and anybody can ask."""
    logging.getLogger("streamlit.runtime.backend_operation_handler").addFilter(is_worth_logging)


def is_worth_logging(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, MediaFileStorageError) and isinstance(error.__cause__, TimeoutError | None))


def queued(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file when those asked for before it are made. Raises TimeoutError after two minutes, or where
    its tab waits for three already: nobody fills the queue before others.

    When the tab that asked is closed, there is no file: Streamlit would log an error, and nobody waits.
    """
    check, places = while_here(), _places()

    def made() -> bytes:
        me, until = object(), monotonic() + _PATIENCE
        if not places.acquire(blocking=False):
            raise TimeoutError("This page waits for other files already.")
        try:
            while not waiting().take(me, _LOOK):
                check()
                if monotonic() > until:
                    raise TimeoutError("Others are exporting just now. Please try again in a minute.")
            with pacing.work(_LONGEST, check):
                return make()
        except NobodyWaits:
            return b""
        finally:
            waiting().leave(me)
            places.release()

    return made


def too_long(ending: str, subject: Subject) -> str:
    """Return why a file of this kind is not made, and what would fit; empty if it is."""
    runs = [result.run for result in subject.results] or [subject.run]
    n = len(subject.problem.variables)
    count = sum(len(run.thetas) for run in runs) * (2 * n + 2)
    price = _PRICES.get(ending, 0.0)
    if count * price <= SECONDS:
        return ""
    fit = int(SECONDS / price)
    others = [name for name, other in _PRICES.items() if count * other <= SECONDS]
    names = {"csv": "CSV", "json": "JSON", "npz": "NumPy", "parquet": "Parquet"}
    instead = f", or take {' or '.join(names[name] for name in others)}" if others else ""
    return (
        f"These are {count:,} numbers; this server puts at most {fit:,} into such a file. Take at most "
        f"{format_count(max(1, fit // (2 * n + 2) // len(runs) - 1), 'epoch')}{' a run' if len(runs) > 1 else ''}"
        f"{instead}. The command line has no such limit."
    )
