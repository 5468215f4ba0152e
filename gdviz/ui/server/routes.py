"""What the web server adds to Streamlit: plotly.js, the page's scripts and style, a guard at the door, a calm error.

plotly.js comes from the installed ``plotly`` package (:mod:`gdviz.exports.plotly_script`): no CDN (it must work without
a network) and no second copy in this folder. It is served by a route of ``st.App`` and not as a packaged component's
asset, because Streamlit finds such assets through the metadata of *installed* packages and gdviz runs from its folder.
The components' own modules are served beside it, so that they can import each other and are fetched once; a script that
is handed to Streamlit as text is sent again with every rerun, so what is handed over is only :func:`module_loader`'s
few lines, and no style.
"""

from __future__ import annotations

import gc
import gzip
import hashlib
import logging
from asyncio import create_task
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import streamlit as st

from gdviz.exports.plotly_script import plotly_script
from gdviz.ui.server.entry import Entry
from gdviz.ui.server.entry.lazy_modules import lazy_modules
from gdviz.ui.server.guard import Guard
from gdviz.ui.server.making import calm
from gdviz.ui.server.modules import modules
from gdviz.ui.server.questions import MOST_BYTES, endpoint_called
from gdviz.ui.server.widget_values import check_values

if TYPE_CHECKING:
    from starlette.middleware import Middleware
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

_LOG = logging.getLogger(__name__)
_UI = Path(__file__).parents[1]
_SCRIPTS = (_UI / "components", _UI / "server")  # whose folders hold what is served, by its path below them
_PREFIX = "gdviz-assets"
_MODULES = "gdviz-modules"
_ANSWERS = "gdviz-answers"
PLOTLY_FILE = "plotly.min.js"
_STYLE_FILE = "gdviz.css"
_LOADER = "live_plot/loader.js"
# The components' sheets, then the pages': a later one may overrule those before it.
_STYLES = (
    *(f"components/{name}/{name}" for name in ("live_plot", "map_picture", "page_tools", "player", "slider")),
    *(f"style/{name}" for name in ("page", "first_screen", "small_screens", "parts", "print")),
)
_OF_EVERY_PAGE = ("live/", "live_plot/", "page_tools/", "player/", "slider/")  # whose modules are fetched early

# A year, and "immutable": the digest in the URL changes with the content.
_CACHE_HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@cache
def _files() -> dict[str, bytes]:
    """The components' and the entry's scripts, such as ``live_plot/live_plot.js``; plotly.js, and the style sheet."""
    scripts = ((top, path) for top in _SCRIPTS for path in sorted(top.glob("*/*.js")))
    files = {path.relative_to(top).as_posix(): path.read_bytes() for top, path in scripts}
    files[PLOTLY_FILE] = plotly_script().encode()
    files[_STYLE_FILE] = b"\n".join((_UI / f"{name}.css").read_bytes() for name in _STYLES)
    return files


@cache
def version() -> str:
    """A digest of all that is served, and so part of its URL."""
    digest = hashlib.blake2b(digest_size=8)
    for name, content in _files().items():
        digest.update(name.encode() + b"\0" + content)
    return digest.hexdigest()


@cache
def _compressed(name: str) -> bytes:
    return gzip.compress(_files()[name], compresslevel=6, mtime=0)


def pack() -> None:
    """Compress all that is served, which is kept."""
    for name in _files():
        _compressed(name)


def module_loader(module: str) -> str:
    """Return a component's script that imports ``module``, a path below ``gdviz/ui/components``, from this server."""
    template = (_UI / "components" / _LOADER).read_text(encoding="utf-8")
    return template.replace("__MODULE__", f"{_PREFIX}/{version()}/{module}")


def component(name: str) -> Any:
    """Return the component whose script stands in the folder ``name``; its style is in the page's own sheet."""
    script = module_loader(f"{name}/{name}.js")
    return st.components.v2.component(f"gdviz_{name}", js=script, isolate_styles=False)


def message_of(key: str) -> Mapping[str, Any] | None:
    """What the component of this ``key`` says, None where it says nothing that can be read.

    A change of page that overtakes the one before leaves a component without its state, and the browser, which still
    shows it, may speak.
    """
    message = (st.session_state.get(key) or {}).get("message")
    return message if isinstance(message, Mapping) else None


@cache
def settle() -> None:
    """Once all modules are here, have the garbage collector pass over them for good: each time that it looks at all of
    them, everybody waits for up to a quarter of a second."""
    gc.freeze()


def routes() -> list[BaseRoute]:
    """Routes for ``st.App(..., routes=routes())``, below the app's base path.

    ``/gdviz-assets/<version>/<file>`` are the scripts and the style, ``/gdviz-modules/<name>.js`` what experiments are
    run with, ``/gdviz-answers/<endpoint>`` takes a page's questions.
    """
    from starlette.concurrency import run_in_threadpool
    from starlette.responses import Response
    from starlette.routing import Route

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _files():  # a fixed table: no path of a request reaches the file system
            return Response("Not found", status_code=404, media_type="text/plain")
        return compressed(request, _compressed(name), "text/css" if name == _STYLE_FILE else "text/javascript")

    async def module(request: Request) -> Response:
        packed = modules().packed(request.path_params["name"])
        if packed is None:
            return Response("Not found", status_code=404, media_type="text/plain")
        return compressed(request, packed, "text/javascript")

    async def answer(request: Request) -> Response:
        endpoint = endpoint_called(request.path_params["name"])
        if endpoint is None:
            return Response("Not found", status_code=404, media_type="text/plain")
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > MOST_BYTES:
                return Response("Too long", status_code=413, media_type="text/plain")
        gone = Event()
        leaving = create_task(_left(request, gone))
        try:
            told = await run_in_threadpool(endpoint.answer, bytes(body), gone.is_set)
        finally:
            leaving.cancel()
        return Response(told, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    def compressed(request: Request, packed: bytes, kind: str) -> Response:
        """Compressed once here; the server's own middleware would do it again for every visitor."""
        headers = dict(_CACHE_HEADERS, Vary="Accept-Encoding")
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(packed, media_type=kind, headers=headers)
        return Response(gzip.decompress(packed), media_type=kind, headers=headers)

    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    prefix = f"/{base}" if base else ""
    return [
        Route(f"{prefix}/{_PREFIX}/{{version}}/{{name:path}}", asset),
        Route(f"{prefix}/{_MODULES}/{{name}}.js", module),
        Route(f"{prefix}/{_ANSWERS}/{{name}}", answer, methods=["POST"]),
    ]


async def _left(request: Request, gone: Event) -> None:
    """Say when the browser ends its request: its tab was closed, or the answer took too long."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()


def middleware() -> list[Middleware]:
    """Middleware for ``st.App(..., middleware=middleware())``; from here on what widgets send is checked, too."""
    from starlette.middleware import Middleware

    check_values()
    calm()
    early = tuple(f"{_PREFIX}/{version()}/entry/{name}" for name in ("history.js", "overtaken.js", "early.js"))
    own = [name for name in _files() if name.startswith(_OF_EVERY_PAGE) and name != _LOADER]
    modules = [*lazy_modules(), *(f"{_PREFIX}/{version()}/{name}" for name in own)]
    style = f"{_PREFIX}/{version()}/{_STYLE_FILE}"
    return [Middleware(Guard), Middleware(Entry, urls=early, modules=modules, style=style)]


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
