"""What stands before Streamlit: who may connect, what may come in, and the headers of what goes out."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import urllib.error
import urllib.request
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from gdviz.ui.server import guard
from gdviz.ui.server.guard import (
    MOST_UPLOADED,
    MOST_UPLOADS,
    Guard,
    is_origin,
    is_own_origin,
    is_sane_json,
    judged,
    may_connect,
    security_headers,
)
from tests.server.apart import run_apart
from tests.server.clients import Client, Server, is_closed, link


def got(url: str, method: str = "GET", data: bytes | None = None, **headers: str) -> Any:
    request = urllib.request.Request(url, data=data, method=method, headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        return error


# -- headers --


def policy_of(environment: dict[str, str]) -> dict[str, str]:
    parts = security_headers(environment)["content-security-policy"].split("; ")
    return {name: rest for name, _, rest in (part.partition(" ") for part in parts)}


def test_scripts_come_from_here_or_are_known_by_their_digest() -> None:
    policy = policy_of({})
    assert "unsafe" not in policy["script-src"]
    assert re.search(r"'sha256-[A-Za-z0-9+/]{43}='", policy["script-src"])
    assert policy["connect-src"] == "'self'"
    assert policy["object-src"] == "'none'"


def test_nobody_frames_the_page_but_who_is_named() -> None:
    assert policy_of({})["frame-ancestors"] == "'none'"
    assert security_headers({})["x-frame-options"] == "DENY"
    named = {"GDVIZ_EMBEDDERS": "https://moodle.school.example, https://*.university.example:8443"}
    assert policy_of(named)["frame-ancestors"] == "https://moodle.school.example https://*.university.example:8443"
    assert "x-frame-options" not in security_headers(named)


@pytest.mark.parametrize(
    "text", ["*", "'self'", "https://a.example; script-src *", "javascript:x", "a.example", "https://a/b"]
)
def test_only_an_origin_gets_into_the_policy(text: str) -> None:
    assert not is_origin(text)
    policy = policy_of({"GDVIZ_EMBEDDERS": text})
    assert "*" not in policy["script-src"]
    assert policy["frame-ancestors"] in ("'none'", "https://a.example")


def test_every_answer_has_them(server: Server) -> None:
    for path in ("", "static/nothing.js", "_stcore/health", "_stcore/metrics"):
        answer = got(server.url + path)
        assert answer.headers["content-security-policy"] == security_headers({})["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_is_for_operators_is_closed(server: Server) -> None:
    for path in ("_stcore/metrics", "_stcore/agent/openapi.json", "_stcore/agent/interact"):
        assert got(server.url + path).status == 404
    assert got(server.url + "_stcore/health").status == 200


# -- who may connect --


@pytest.mark.parametrize(
    ("origin", "host", "own"),
    [
        (None, b"a.example", True),
        (b"https://a.example", b"a.example", True),
        (b"http://a.example:8501", b"a.example:8501", True),
        (b"https://b.example", b"a.example", False),
        (b"https://a.example.b.example", b"a.example", False),
        (b"https://a.example@b.example", b"a.example", False),
        (b"http://a.example:1", b"a.example:2", False),
        (b"null", b"a.example", False),
        (b"", b"", False),
        (b"https://", b"", False),
        (b"http://[", b"a.example", False),
        (b"file://", b"", False),
        (b"https://c.example", b"a.example", True),
        (b"https://a.example", None, False),
    ],
)
def test_an_origin_is_ours_or_named(origin: bytes | None, host: bytes | None, own: bool) -> None:
    assert is_own_origin(origin, host, ("https://c.example",)) is own


@pytest.mark.parametrize(
    ("host", "more", "address", "may"),
    [
        (b"localhost:8501", {}, "localhost", True),
        (b"127.0.0.1:8501", {}, "localhost", True),
        (b"LOCALHOST", {}, "127.0.0.1", True),
        (b"[::1]:8501", {}, "::1", True),
        (b"evil.example:8501", {}, "localhost", False),
        (b"evil.example:8501", {}, "127.0.0.1", False),
        (b"localhost.evil.example", {}, "localhost", False),
        (b"localhost@evil.example", {}, "localhost", False),
        (b"[::1].evil.example", {}, "localhost", True),  # no name that could be looked up
        (b"", {}, "localhost", False),
        (b"class.example", {b"x-forwarded-for": b"1.2.3.4"}, "127.0.0.1", True),
        (b"class.example", {}, "0.0.0.0", True),
        (b"class.example", {}, None, True),
    ],
)
def test_a_server_of_this_machine_alone_is_called_by_its_names_or_through_a_proxy(
    host: bytes, more: dict[bytes, bytes], address: str | None, may: bool
) -> None:
    headers = {b"host": host, b"origin": b"http://" + host, **more} if host else {b"host": host}
    assert may_connect(headers, (), address) is may
    assert not may_connect(headers | {b"origin": b"http://other.example"}, (), address)


def test_another_name_can_be_allowed() -> None:
    headers = {b"host": b"here.example", b"origin": b"https://here.example"}
    assert may_connect(headers, ("https://here.example",), "localhost")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_stranger_s_page_changes_nothing_here(server: Server, origin: str, method: str) -> None:
    for path in ("_stcore/upload_file/x/y", "gdviz-answers/x", "_stcore/health"):
        assert got(server.url + path, method, b"{}", Origin=origin).status == 403
        assert got(server.url + path, method, b"{}", Origin=server.url.rstrip("/")).status != 403 or "upload" in path


def test_a_name_that_was_bent_to_this_machine_cannot_connect(server: Server) -> None:
    request = (
        "GET /_stcore/stream HTTP/1.1\r\nHost: evil.example:1\r\nOrigin: http://evil.example:1\r\n"
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as raw:
        raw.sendall(request.encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null"])
def test_a_stranger_s_page_cannot_connect(server: Server, origin: str) -> None:
    url = server.url.replace("http", "ws") + "_stcore/stream"
    with pytest.raises(InvalidStatus, match="403"):
        connect(url, additional_headers={"Origin": origin}, open_timeout=30)


# -- what may come in --


def rerun(**values: Any) -> BackMsg:
    """A message with these values of widgets."""
    return keyed({f"$$ID-0-{name}": value for name, value in values.items()})


def keyed(values: dict[str, Any]) -> BackMsg:
    message = BackMsg()
    for name, value in values.items():
        state = message.rerun_script.widget_states.widgets.add()
        state.id = name
        if isinstance(value, str):
            state.json_trigger_value = value
        else:
            state.double_value = value
    return message


def written(text: str) -> BackMsg:
    """A message with this text in a field."""
    message = BackMsg()
    state = message.rerun_script.widget_states.widgets.add()
    state.id, state.string_value = "$$ID-0-field", text
    return message


def many(count: int) -> BackMsg:
    return rerun(**{f"w{i}": 1.0 for i in range(count)})


def operation(*payload: str) -> BackMsg:
    message = BackMsg()
    message.backend_operation_request.request_id = "1"
    for name in payload:
        getattr(message.backend_operation_request, name).SetInParent()
    return message


def download(file: str, name: str = "3b241101-e2bb-4255-8caf-4136c566a962") -> BackMsg:
    message = BackMsg()
    message.backend_operation_request.request_id = name
    message.backend_operation_request.deferred_file.file_id = file
    return message


def upload(*names: str) -> BackMsg:
    message = BackMsg()
    message.file_urls_request.file_names.extend(names)
    return message


def addressed(query: str) -> BackMsg:
    message = BackMsg()
    message.rerun_script.query_string = query
    return message


MESSAGES = {
    "a change": (rerun(epochs=20.0), "sane"),
    "a question": (rerun(live='{"kind": "verdict", "changes": {}}'), "sane"),
    "nothing": (BackMsg(), "ignored"),
    "an end": (BackMsg(stop_script=True), "sane"),
    "a download": (download("0" * 32), "sane"),
    "a download of nothing": (operation("deferred_file"), "ignored"),
    "a line for the log": (download("0" * 32 + "\nERROR: all is lost"), "ignored"),
    "another one": (download("0" * 32, "1\nERROR: all is lost"), "ignored"),
    "a megabyte for the log": (download("0" * 1_000_000), "closed"),
    "an upload": (upload("data.csv"), "sane"),
    "20 uploads": (upload(*map(str, range(20))), "closed"),
    "a part of the page": (BackMsg(rerun_script={"fragment_id": "0" * 32}), "sane"),
    "a part that is a line for the log": (BackMsg(rerun_script={"fragment_id": "x\nERROR: all is lost"}), "ignored"),
    "an upload with a name of a megabyte": (upload("x" * 1_000_000), "closed"),
    "files written on the server": (operation("install_skills"), "ignored"),
    "another file": (operation("dismiss_skills_nudge"), "ignored"),
    "an operation of no kind": (operation(), "ignored"),
    "an end of the server": (BackMsg(debug_shutdown_runtime=True), "ignored"),
    "an end of the connection": (BackMsg(debug_disconnect_websocket=True), "ignored"),
    "an address of a megabyte": (addressed("x=" + "1" * 1_000_000), "closed"),
    "an address of a link": (addressed("formula=" + "x" * 4_000), "sane"),
    "a field of seven megabytes": (written("x" * 7_000_000), "closed"),
    "a pasted file": (written("x" * 5_000_000), "sane"),
    "a hundred widgets": (many(100), "sane"),
    "200,000 widgets": (many(200_000), "closed"),
    "a number of 401 digits": (rerun(live='{"kind": "hover", "x": 1' + "0" * 400 + "}"), "closed"),
    "a value of a megabyte": (rerun(live='"' + "x" * 1_000_000 + '"'), "closed"),
    "a key of the session's state": (keyed({"_link": "{}"}), "closed"),
    "half of an element's name": (keyed({"$$": "{}"}), "closed"),
    "a key of Streamlit's own": (keyed({"$$STREAMLIT_INTERNAL_KEY_SCRIPT_RUN_WITHOUT_ERRORS": "{}"}), "closed"),
    "an event": (keyed({"$$STREAMLIT_INTERNAL_KEY_$$ID-0-live__events": "{}"}), "sane"),
    "depth": (rerun(live="[" * 100_000), "closed"),
    "closed depth": (rerun(live="[" * 60 + "]" * 60), "closed"),
    "no JSON": (rerun(live="{"), "closed"),
    "clear the cache": (BackMsg(clear_cache=True), "ignored"),
    "ask git": (BackMsg(load_git_info=True), "ignored"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_judged_before_anything_is_done_for_it(name: str) -> None:
    message, expected = MESSAGES[name]
    assert judged(message.SerializeToString()) == expected


def test_who_sends_a_flood_waits_and_no_hand_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred messages at once go through; from there on each has to wait for its time."""
    now = 1000.0
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        waited.append(seconds)

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.receive", "bytes": BackMsg(app_heartbeat=True).SerializeToString()}

    monkeypatch.setattr(guard, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(guard, "monotonic", lambda: now)

    async def flood() -> None:
        nonlocal now
        checked = guard._checked(receive)
        for _ in range(200):
            await checked()
        now += 10.0
        for _ in range(100):
            await checked()

    run_apart(flood())
    assert max(waited[:100]) < 1e-6
    assert waited[101:200] == pytest.approx([0.02] * 99)
    assert max(waited[200:]) < 1e-6


def test_who_has_left_is_told_nothing_and_nobody_minds() -> None:
    async def send(message: Any) -> None:
        raise ConnectionResetError

    run_apart(guard._if_there(send)({"type": "websocket.send", "bytes": b""}))


def test_a_number_is_one_that_a_float_can_hold() -> None:
    assert is_sane_json(json.dumps({"value": 1.7976931348623157e308}))
    assert is_sane_json("0." + "0" * 300 + "1")
    assert is_sane_json("9" * 308)
    assert not is_sane_json("9" * 309)


def test_the_page_goes_on_for_others_while_one_sends_nonsense(server: Server, client: Client) -> None:
    client.visit()
    for name in ("200,000 widgets", "a number of 401 digits", "depth"):
        with Client(server.url) as other:
            other.send(MESSAGES[name][0])
            assert is_closed(other)
    for garbage in (b"\xff" * 1000, b"x" * 30_000_000):
        with Client(server.url, timeout=20) as other:
            other.socket.send(garbage)
            assert is_closed(other)
    client.send(BackMsg(clear_cache=True))
    assert any("epochs" in text for text in client.visit(epochs=33))
    assert "Traceback" not in server.output()


def odd_messages() -> list[BackMsg]:
    """What no browser sends, and no more than a page has to bear."""
    found = [BackMsg(stop_script=True), BackMsg(app_heartbeat=True), BackMsg(debug_shutdown_runtime=True), operation()]
    for name in ("page_script_hash", "page_name", "fragment_id", "query_string"):
        for text in ("../../etc/passwd", "x" * 5_000, "\x00", "__class__", "%ff%fe"):
            message = BackMsg()
            setattr(message.rerun_script, name, text)
            found.append(message)
    for key, value in (
        ("x", 1e308),
        ("$$ID-0-epochs", float("nan")),
        ("live", "{}"),
        ("$$ID-1-live", "[1]"),
        ("", 0.0),
    ):
        found.append(keyed({key: value}))
    files = BackMsg()
    files.file_urls_request.request_id = "1"
    files.file_urls_request.file_names.extend(["../../x"] * 50)
    download = operation("deferred_file")
    download.backend_operation_request.deferred_file.file_id = "../../etc/passwd"
    return [*found, files, download]


def test_odd_messages_harm_nobody(server: Server, client: Client) -> None:
    client.visit()
    for message in odd_messages():
        with Client(server.url) as other:
            other.send(message)
    with Client(server.url) as other, contextlib.suppress(ConnectionClosed):  # by some of them
        for message in odd_messages():
            other.send(message)
        other.socket.send("a text")
    assert any("epochs" in text for text in client.visit(epochs=34))
    output = server.output()
    assert "gdviz/" not in output, output[-5000:]


def test_a_session_has_few_files_here_and_none_when_it_is_over(server: Server, client: Client) -> None:
    client.visit(link(objective="fit", data="upload"))
    token = re.search(r"_streamlit_xsrf=([^;]+)", got(server.url + "_stcore/health").headers["set-cookie"])
    assert token is not None
    headers = {"X-Xsrftoken": token[1], "Cookie": f"_streamlit_xsrf={token[1]}"}
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\nx,y\n1,2\n3,4\n\r\n--b--\r\n'
    headers |= {"Content-Type": "multipart/form-data; boundary=b", "Origin": server.url.rstrip("/")}
    statuses = [
        got(f"{server.url}_stcore/upload_file/{client.session}/{i}", "PUT", body, **headers).status
        for i in range(MOST_UPLOADS + 3)
    ]
    assert set(statuses[:MOST_UPLOADS]) == {204}
    assert set(statuses[MOST_UPLOADS:]) == {429}


def test_all_sessions_together_have_few_files_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tab that is closed leaves its files for some minutes; so many tabs would fill the memory."""
    megabytes = MOST_UPLOADED // 10**6
    held = {f"tab {i}": {"file": SimpleNamespace(data=range(10**6))} for i in range(megabytes - 1)}
    monkeypatch.setattr(guard, "_uploads", lambda: held)
    scope = {"type": "http", "path": "/_stcore/upload_file/new/1", "method": "PUT", "headers": []}
    assert guard._refusal(scope) is None
    held["one more"] = {"file": SimpleNamespace(data=range(10**6))}
    assert (guard._refusal(scope) or (0,))[0] == 503


async def _nobody(*_: Any) -> None:
    raise AssertionError("it should not have come through")


def test_a_refused_request_never_comes_to_the_app() -> None:

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/base/_stcore/metrics", "method": "GET", "headers": []}
    run_apart(Guard(_nobody)(scope, _nobody, send))
    assert sent[0]["status"] == 404
