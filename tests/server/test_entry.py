"""The page that a browser opens names our scripts before Streamlit's; everything else passes as it is."""

from __future__ import annotations

import posixpath
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import streamlit

from gdviz.ui.server import assets, routes
from gdviz.ui.server.entry import Entry
from tests.server.apart import run_apart

PAGE = b"<html><head><title>Streamlit</title></head><body>Streamlit</body></html>"
UI = Path(routes.__file__).parents[1]
HTML = (b"content-type", b"text/html; charset=utf-8")


def answer(status: int, headers: list[tuple[bytes, bytes]], *parts: bytes) -> tuple[dict[str, Any], bytes]:
    """What a browser gets of a page that comes in these parts."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        for place, part in enumerate(parts):
            await send({"type": "http.response.body", "body": part, "more_body": place < len(parts) - 1})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    run_apart(Entry(app, ("assets/1/history.js", "assets/1/early.js"))({"type": "http"}, None, send))
    starts = [message for message in sent if message["type"] == "http.response.start"]
    assert len(starts) == 1
    assert sent[0] is starts[0] or sent[0] == starts[0]
    return starts[0], b"".join(message["body"] for message in sent[1:])


@pytest.mark.parametrize("cuts", [(), (5,), (20, 21, 40)], ids=str)
def test_the_scripts_stand_in_the_head_and_the_length_is_right(cuts: tuple[int, ...]) -> None:
    edges = [0, *cuts, len(PAGE)]
    parts = [PAGE[a:b] for a, b in pairwise(edges)]
    headers = [HTML, (b"content-length", str(len(PAGE)).encode()), (b"etag", b'"1"'), (b"last-modified", b"today")]
    start, body = answer(200, headers, *parts)
    assert b'<title>gdviz</title><script defer src="./assets/1/history.js"></script><script defer src=' in body
    assert body.endswith(b"<body>Streamlit</body></html>")
    assert body.count(b"early.js") == 1
    kept = dict(start["headers"])
    assert kept == {HTML[0]: HTML[1], b"content-length": str(len(body)).encode()}, "an old page must not be kept"


def test_a_page_is_asked_for_uncompressed_and_nothing_else_is() -> None:
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["headers"])

    packed = (b"accept-encoding", b"gzip, br")
    for accept in (b"text/html,application/xhtml+xml,*/*;q=0.8", b"*/*"):
        headers = [(b"host", b"here"), (b"accept", accept), packed]
        run_apart(Entry(app, ())({"type": "http", "headers": headers}, None, None))
    assert [packed in headers for headers in seen] == [False, True]
    assert [len(headers) for headers in seen] == [2, 3]


def test_the_style_sheet_stands_behind_streamlits_and_before_the_page() -> None:
    (entry,) = [one for one in routes.middleware() if one.cls is Entry]
    assert Entry(None, **entry.kwargs).body.decode() == f'<link rel="stylesheet" href="./{entry.kwargs["style"]}">'
    name = entry.kwargs["style"].removeprefix(f"gdviz-assets/{assets.version()}/")
    sheet = assets.files()[name].decode()
    sheets = [*UI.glob("components/*/*.css"), *UI.glob("style/*.css")]
    assert sheets, UI
    for path in sheets:
        assert sheet.count(path.read_text(encoding="utf-8")) == 1, path


def test_what_is_fetched_early_is_served_and_needs_nothing_else() -> None:
    (entry,) = [one for one in routes.middleware() if one.cls is Entry]
    head = Entry(None, **entry.kwargs).head.decode()
    paths = entry.kwargs["modules"]
    assert f'data-modules="{" ".join(paths)}"' in head
    assert not set('"<>&\\').intersection("".join(paths))
    prefix = f"gdviz-assets/{assets.version()}/"
    own = {path.removeprefix(prefix) for path in paths if path.startswith(prefix)}
    scripts = assets.files()
    assert {"live_plot/live_plot.js", "player/player.js", "slider/slider.js", "live/live.js"} <= own
    for name in own:
        for path in re.findall(r'^(?:import|\} from) .*"(\.[^"]+)";', scripts[name].decode(), re.MULTILINE):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) in own, name
    others = [path for path in paths if not path.startswith(prefix)]
    assert any(path.startswith("static/js/BidiComponent.") for path in others), "look at Streamlit's names anew"
    assert all((Path(streamlit.__file__).parent / "static" / path).exists() for path in others)


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (200, [(b"content-type", b"text/javascript"), (b"etag", b'"1"')]),
        (200, [HTML, (b"content-encoding", b"gzip")]),
        (404, [HTML]),
        (304, []),
    ],
)
def test_everything_else_passes_as_it_is(status: int, headers: list[tuple[bytes, bytes]]) -> None:
    start, body = answer(status, headers, PAGE[:10], PAGE[10:])
    assert body == PAGE
    assert start["headers"] == headers
    assert start["status"] == status
