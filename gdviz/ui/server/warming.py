"""What a server's first visitor would wait for, made ready beside its start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from threading import Thread
from typing import Any

from gdviz.ui.server import assets

_SEEN_FIRST = ("contour", "theta", "loss")


@asynccontextmanager
async def warming(_app: Any) -> AsyncIterator[None]:
    """Make it ready on a thread, begun when the server is about to listen, which need not wait for it; for
    ``st.App(..., lifespan=warming)``."""
    Thread(target=_warm, name="warming", daemon=True).start()
    yield


def _warm() -> None:
    """Read the modules of all pages, pack the files that a browser gets, and go once through the first page's run."""
    import_module("gdviz.ui.page")
    assets.pack()
    from gdviz.experiments import Experiment
    from gdviz.exports.subject import subject_of
    from gdviz.figures import LIGHT
    from gdviz.figures.base import plain_of

    task = Experiment().posed()
    task.verdict(task.run())
    pictures = subject_of(task).figures()
    for name in _SEEN_FIRST:
        plain_of(pictures[name](LIGHT))
