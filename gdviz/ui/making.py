"""Files are made one at a time: each takes seconds of the processor, and six at once would hold up every change."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

_ONE = Lock()
_PATIENCE = 120.0  # seconds


def in_line(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file when those asked for before it are made. Raises TimeoutError after two minutes."""

    def made() -> bytes:
        if not _ONE.acquire(timeout=_PATIENCE):
            raise TimeoutError("Others are exporting just now. Please try again in a minute.")
        try:
            return make()
        finally:
            _ONE.release()

    return made
