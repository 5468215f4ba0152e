"""What stands before Streamlit: who may connect, what may come in, and the headers of what goes out.

Plain ASGI, so that nothing is buffered. Everything here is decided on a few bytes, before any work is done for it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime import Runtime

EMBEDDERS = "GDVIZ_EMBEDDERS"  # the environment variable with the origins that may show the page in a frame
NOBODY = "'none'"
MOST_UPLOADS = 16  # files that one session may have here at once
MOST_UPLOADED = 256_000_000  # bytes of files of all sessions, those of tabs that were closed lately among them
_MOST_BYTES = 6_000_000  # of one message: a file pasted as text, and no more
_A_SECOND = 50  # messages of one connection, once there were so many:
_AT_ONCE = 100
_MOST_WIDGETS = 2_000  # of one message; the page has a hundred
_MOST_JSON = 1_000_000  # characters that one component may send
_MOST_NESTED = 50
_MOST_DIGITS = 309  # in a row: so many and more are no float
_DIGITS = re.compile(rf"\d{{{_MOST_DIGITS}}}")
_KINDS = ("rerun_script", "stop_script", "file_urls_request", "app_heartbeat")  # and files to download
_MOST_ASKED = 10_000  # bytes of any message but of a change
_NAME = re.compile(r"[\w-]{0,64}", re.ASCII)  # of a request, or a part of the page; Streamlit writes it into its log
_FILE = re.compile(r"[0-9a-f]{32}")  # that is to be made: so Streamlit names them
_ELEMENTS = (
    "$$ID-",
    "$$STREAMLIT_INTERNAL_KEY_$$ID-",
)  # how Streamlit begins what stands for an element, or its events;
# any other text would be a key of the session's state
_MOST_BESIDE = 100_000  # bytes beside the widgets: the address, and what the browser tells of itself
_READING = ("GET", "HEAD")
_HERE = ("localhost", "127.0.0.1", "::1")
_OF_PROXIES = (b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"forwarded")
_CLOSED = ("/_stcore/metrics", "/_stcore/agent/")
_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/")
_POLICY_VIOLATION = 1008


class Guard:
    """The ASGI middleware; see the functions below for what it refuses."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in security_headers(os.environ).items()]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            if not may_connect(dict(scope["headers"]), allowed_origins(), st.get_option("server.address")):
                await receive()
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                return
            await self._app(scope, _checked(receive), _if_there(send))
            return
        if scope["type"] == "http":
            refused = _refusal(scope)
            if refused is not None:
                await self._refuse(send, *refused)
                return
            await self._app(scope, receive, self._with_headers(send))
            return
        await self._app(scope, receive, send)

    def _with_headers(self, send: Any) -> Any:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        return send_with_headers

    async def _refuse(self, send: Any, status: int, words: str) -> None:
        send = self._with_headers(send)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": words.encode()})


# -- headers --


def security_headers(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the headers of every response. Frames are refused but on the pages that ``GDVIZ_EMBEDDERS`` names.

    Scripts: those of this server, the one that stands in Streamlit's own page (by its digest), and the components' own,
    which Streamlit runs from blob: addresses; nothing is compiled from a text in the browser. Styles have to be inline:
    Streamlit and plotly.js write all of theirs so.
    """
    embedders = list(filter(is_origin, environment.get(EMBEDDERS, "").replace(",", " ").split()))
    policy = (
        "default-src 'self'",
        f"script-src 'self' blob: {' '.join(_inline_scripts())}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        f"frame-ancestors {' '.join(embedders) or NOBODY}",
    )
    headers = {
        "content-security-policy": "; ".join(policy),
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
    }
    return headers if embedders else headers | {"x-frame-options": "DENY"}


@cache
def _inline_scripts() -> tuple[str, ...]:
    """The digests of the scripts that stand in Streamlit's page, as a policy names them."""
    page = Path(st.__file__).parent / "static" / "index.html"
    texts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    return tuple(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts)


def is_origin(text: str) -> bool:
    """Say whether a text names an origin and nothing else, such as https://school.example: it goes into a header."""
    return re.fullmatch(r"https?://[A-Za-z0-9.*-]+(:\d+)?", text) is not None


# -- who may connect --


def may_connect(headers: Mapping[bytes, bytes], others: Iterable[str], address: str | None) -> bool:
    """Say whether a connection is opened by a page of this server, or one of the ``others``, at a name of its own.

    A server at the ``address`` of this machine alone is called by this machine's own names, or through a proxy: under
    any other a stranger's page may have brought its visitor here (DNS rebinding), and would be its own origin.
    """
    origin, host = headers.get(b"origin"), headers.get(b"host")
    if not is_own_origin(origin, host, others):
        return False
    through_proxy = any(name in _OF_PROXIES for name in headers)  # no script of a page can say so of a connection
    named = origin is not None and origin.decode("latin-1") in others
    return address not in _HERE or through_proxy or named or _name_of(host or b"") in _HERE


def _name_of(host: bytes) -> str:
    """Return a host without its port."""
    text = host.decode("latin-1").lower()
    return text[1:].partition("]")[0] if text.startswith("[") else text.partition(":")[0]


def is_own_origin(origin: bytes | None, host: bytes | None, others: Iterable[str]) -> bool:
    """Say whether a page of this server opens the connection, or one of the ``others``; programs name no origin.

    Asked before Streamlit, which would ask the network for this machine's address in order to answer.
    """
    if origin is None:
        return True
    text = origin.decode("latin-1")
    if host and _place_of(text) == host.decode("latin-1"):
        return True
    return text in others


def _place_of(origin: str) -> str | None:
    """Return the host and port of an origin, None where it is none."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.netloc if parts.scheme in ("http", "https") else None


def allowed_origins() -> tuple[str, ...]:
    """The origins that the server's own settings allow besides its own."""
    return tuple(st.get_option("server.corsAllowedOrigins") or ())


# -- what may come in --


def _refusal(scope: Any) -> tuple[int, str] | None:
    """Return why a request is not answered, as a status and a sentence; None where it is."""
    path: str = scope["path"]
    if any(closed in path for closed in _CLOSED):
        return 404, "Not found"
    headers = dict(scope["headers"])
    if scope["method"] not in _READING and not is_own_origin(
        headers.get(b"origin"), headers.get(b"host"), allowed_origins()
    ):
        return 403, "This comes from another page than this server's"
    found = _UPLOAD.search(path)
    if found is None or scope["method"] not in ("PUT", "POST"):
        return None
    files = _uploads()
    if len(files.get(found[1], {})) >= MOST_UPLOADS:
        return 429, "There are too many files here: reload the page to let go of them."
    if sum(len(file.data) for held in files.values() for file in held.values()) >= MOST_UPLOADED:
        return 503, "The server holds too many files just now: try again in a few minutes."
    return None


def _uploads() -> Mapping[str, Mapping[str, Any]]:
    """The files of each session. They go when it ends: some minutes after its tab was closed, which may come back."""
    return getattr(Runtime.instance().uploaded_file_mgr, "file_storage", {}) if Runtime.exists() else {}


def _checked(receive: Callable[[], Any]) -> Callable[[], Any]:
    """Return a ``receive`` that lets only sane messages through; the first that is none ends the connection.

    Whoever sends faster than any hand waits: the next message is not looked at before its time.
    """
    due = 0.0  # when the messages so far would have come at the usual pace

    async def checked() -> Any:
        nonlocal due
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return message
            due = max(due, monotonic() - _AT_ONCE / _A_SECOND) + 1 / _A_SECOND
            await asyncio.sleep(max(0.0, due - monotonic()))
            data = message.get("bytes")
            verdict = "closed" if data is None else judged(data)  # a browser sends no text
            if verdict == "closed":
                return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION}
            if verdict == "sane":
                return message

    return checked


def _if_there(send: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a ``send`` that does not mind if nobody is there any more: that they have left is said to ``receive``.

    Streamlit would end in an error where messages of theirs are still to be read.
    """

    async def sent(message: Any) -> None:
        with contextlib.suppress(OSError):
            await send(message)

    return sent


def judged(data: bytes) -> str:
    """Say what is to be done with a message: it is "sane", "ignored", or the connection is to be "closed"."""
    message = BackMsg()
    try:
        if len(data) > _MOST_BYTES:
            return "closed"
        message.ParseFromString(data)
    except DecodeError:
        return "closed"
    kind = message.WhichOneof("type")
    if kind != "rerun_script" and len(data) > _MOST_ASKED:
        return "closed"
    if kind == "backend_operation_request":
        return "sane" if _is_download(message.backend_operation_request) else "ignored"
    if kind == "file_urls_request" and len(message.file_urls_request.file_names) > MOST_UPLOADS:
        return "closed"
    if kind not in _KINDS:  # the cache is everybody's, what is for developers is nobody's
        return "ignored"
    if kind != "rerun_script":
        return "sane"
    if not _NAME.fullmatch(message.rerun_script.fragment_id):
        return "ignored"
    beside = message.rerun_script.ByteSize() - message.rerun_script.widget_states.ByteSize()
    if beside > _MOST_BESIDE:
        return "closed"
    widgets = message.rerun_script.widget_states.widgets
    if len(widgets) > _MOST_WIDGETS or not all(widget.id.startswith(_ELEMENTS) for widget in widgets):
        return "closed"
    texts = (
        getattr(widget, name)
        for widget in widgets
        if (name := widget.WhichOneof("value")) in ("json_value", "json_trigger_value")
    )
    return "sane" if all(map(is_sane_json, texts)) else "closed"


def _is_download(request: Any) -> bool:
    """Say whether a file is asked for as a browser does it; other operations would write files here."""
    payload, file = request.WhichOneof("payload"), request.deferred_file.file_id
    return bool(payload == "deferred_file" and _FILE.fullmatch(file) and _NAME.fullmatch(request.request_id))


def is_sane_json(text: str) -> bool:
    """Say whether a component's value is JSON of a size and depth that can be read, with numbers that are floats."""
    if len(text) > _MOST_JSON or _DIGITS.search(text):
        return False
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", text):
        depth += 1 if bracket in "[{" else -1
        if depth > _MOST_NESTED:
            return False
    try:
        json.loads(text or "null")
    except ValueError:
        return False
    return True
