"""What the browser gets before Streamlit's own scripts: the page's style sheet, what brings plotly.js and the modules,
so that they are there with the first chart (``early.js``), the rule of the browser's history (``history.js``), and what
a reload would lose (``overtaken.js``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

NAME = "gdviz"
_HEAD, _TITLE, _BODY = b"</title>", b"<title>Streamlit", b"<body>"
_HELD = (b"content-length", b"etag", b"last-modified")  # of the page without them: a browser must not keep that one


class Entry:
    """Writes the scripts at ``urls``, relative to the app's own address, into the page that a browser opens.

    They run before Streamlit's own, which are deferred too. ``modules`` are the paths, below the same, of what the
    first page needs, for a script that fetches it early. The sheet ``style`` stands at the head of the body: behind
    Streamlit's own rules, which it overrules, and before those that a page draws.
    """

    def __init__(self, app: Any, urls: tuple[str, ...], modules: Sequence[str] = (), style: str = "") -> None:
        self.app = app
        named = f' data-modules="{" ".join(modules)}"' if modules else ""
        self.head = "".join(f'<script defer src="./{url}"{named}></script>' for url in urls).encode()
        self.body = f'<link rel="stylesheet" href="./{style}">'.encode() if style else b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        begun: dict[str, Any] = {}
        body = bytearray()

        async def send_with_scripts(message: Any) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                begun.update(message)
                return
            if not begun or message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            page = bytes(body).replace(_TITLE, b"<title>" + NAME.encode(), 1).replace(_HEAD, _HEAD + self.head, 1)
            page = page.replace(_BODY, _BODY + self.body, 1)
            kept = [pair for pair in begun["headers"] if pair[0].lower() not in _HELD]
            await send({**begun, "headers": [*kept, (b"content-length", str(len(page)).encode())]})
            await send({"type": "http.response.body", "body": page})

        await self.app(_plain(scope), receive, send_with_scripts if scope["type"] == "http" else send)


def _plain(scope: Any) -> Any:
    """Return a request for a page as one for a page that is not compressed: this would come before it is written in."""
    headers = scope.get("headers", [])
    if not any(name == b"accept" and b"text/html" in value for name, value in headers):
        return scope
    return {**scope, "headers": [pair for pair in headers if pair[0] != b"accept-encoding"]}


def _is_page(message: Any) -> bool:
    headers = {name.lower(): value for name, value in message["headers"]}
    written = headers.get(b"content-type", b"").startswith(b"text/html") and b"content-encoding" not in headers
    return bool(message["status"] == 200 and written)
