"""What the web server adds to Streamlit: routes, a guard at the door, what a page begins with, a calm error."""

from __future__ import annotations

import gc
import gzip
import logging
from asyncio import create_task
from functools import cache
from threading import Event

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gdviz.ui.server import assets
from gdviz.ui.server.entry import Entry
from gdviz.ui.server.entry.lazy_modules import lazy_modules
from gdviz.ui.server.file_answers import keep_file_answers
from gdviz.ui.server.file_queue import keep_log_quiet
from gdviz.ui.server.guard import Guard
from gdviz.ui.server.modules import MODULES, modules
from gdviz.ui.server.questions import ANSWERS, MOST_BYTES, endpoint_called
from gdviz.ui.server.uninterrupted import run_callbacks_uninterrupted
from gdviz.ui.server.values_set import keep_values_set
from gdviz.ui.server.widget_values import check_values

_LOG = logging.getLogger(__name__)

# A year, and "immutable": the digest in the URL changes with the content.
_CACHE_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@cache
def settle() -> None:
    """Once all modules are here, have the garbage collector pass over them for good: each time that it looks at all of
    them, everybody waits for up to a quarter of a second."""
    gc.freeze()


def routes() -> list[BaseRoute]:
    """Routes for ``st.App(..., routes=routes())``, below the app's base path.

    They are the scripts and the style, what experiments are run with, and what takes a page's questions.
    """
    base = assets.base_path()
    return [
        Route(f"{base}/{assets.PREFIX}/{{version}}/{{name:path}}", _asset),
        Route(f"{base}/{MODULES}/{{name}}.js", _module),
        Route(f"{base}/{ANSWERS}/{{name}}", _answer, methods=["POST"]),
    ]


async def _asset(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in assets.files():  # a fixed table: no path of a request reaches the file system
        return _refused(404, "Not found")
    return _packed(request, assets.compressed(name), "text/css" if name == assets.STYLE_FILE else "text/javascript")


async def _module(request: Request) -> Response:
    packed = modules().packed(request.path_params["name"])
    return _refused(404, "Not found") if packed is None else _packed(request, packed, "text/javascript")


async def _answer(request: Request) -> Response:
    endpoint = endpoint_called(request.path_params["name"])
    if endpoint is None:
        return _refused(404, "Not found")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return _refused(413, "Too long")
    gone = Event()
    leaving = create_task(_left(request, gone))
    try:
        told = await run_in_threadpool(endpoint.answer, bytes(body), gone.is_set)
    finally:
        leaving.cancel()
    return Response(told, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})


async def _left(request: Request, gone: Event) -> None:
    """Say when the browser ends its request: its tab was closed, or the answer took too long."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()


def _refused(status: int, words: str) -> Response:
    return Response(words, status_code=status, media_type="text/plain")


def _packed(request: Request, packed: bytes, kind: str) -> Response:
    """Answer with what is compressed already, to those who can read it so."""
    headers = dict(_CACHE_HEADERS, Vary="Accept-Encoding")
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(packed, media_type=kind, headers=headers)
    return Response(gzip.decompress(packed), media_type=kind, headers=headers)


def middleware() -> list[Middleware]:
    """Middleware for ``st.App(..., middleware=middleware())``; from here on what widgets send is checked,
    what was asked once is answered, a click is heard whole, and what the page sets is kept until it is shown."""
    check_values()
    keep_file_answers()
    run_callbacks_uninterrupted()
    keep_values_set()
    keep_log_quiet()
    early = tuple(assets.address(f"entry/{name}") for name in ("history.js", "overtaken.js", "early.js"))
    fetched = [*lazy_modules(), *map(assets.address, assets.of_every_page())]
    style = assets.address(assets.STYLE_FILE)
    return [Middleware(Guard), Middleware(Entry, urls=early, modules=fetched, style=style)]


def on_script_error(error: Exception) -> bool:
    """Show the visitor one calm sentence instead of a traceback; for ``st.App(..., on_script_error=...)``.

    Streamlit itself has already written the traceback to the server's log when it calls this.
    """
    _LOG.error("A page stopped with %s", type(error).__name__)
    st.error(
        "Something went wrong while drawing this page; the details are in the server's log. "
        "Change a setting or reload the page to go on.",
    )
    return True
