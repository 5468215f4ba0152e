"""Questions that a browser puts while a hand moves: what is answered, what is refused, and for how long."""

from __future__ import annotations

import asyncio
import gc
import json
import struct
from functools import partial
from threading import Event, Thread
from typing import Any

import pytest
from starlette.applications import Starlette

from gdviz import pacing
from gdviz.ui.server import questions, routes
from gdviz.ui.server.questions import MOST_BYTES, Answer, Endpoint, Question, endpoint_called, packed
from tests.server.apart import run_apart


def told(bytes_: bytes) -> tuple[dict[str, Any], bytes]:
    (length,) = struct.unpack("<I", bytes_[:4])
    return json.loads(bytes_[4 : 4 + length]), bytes_[4 + length :]


def double(question: Question) -> Answer:
    if "x" not in question or isinstance(question["x"], str):
        raise ValueError("x is no float.")
    return {"twice": 2 * float(question["x"])}, b"rows"


def test_a_question_is_answered_by_the_function_of_its_kind():
    endpoint = Endpoint({"double": double, "rest": lambda _: ({}, b"")})
    assert endpoint_called(endpoint.name) is endpoint
    assert told(endpoint.answer(b'{"kind": "double", "x": 1.5}')) == ({"twice": 3.0}, b"rows")
    assert told(endpoint.answer(b'{"kind": "rest"}')) == ({}, b"")


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"3", b'"kind"', b"\xff\xfe", b"{}", b'{"kind": null}', b'{"kind": ["double"]}',
        b'{"kind": "nothing"}', b'{"kind": "__class__"}', b'{"kind": "double"}', b'{"kind": "double", "x": "1.5"}',
        b"[" * (MOST_BYTES - 1), b'{"kind": "double", "x": 1' + b"0" * 5000 + b"}",
        b'{"kind": "double", "x": 1' + b"0" * 400 + b"}", b'{"kind": "double", "x": -1' + b"0" * 309 + b"}",
        b'{"kind": "double", "deep": ' + b"[" * 60 + b"]" * 60 + b"}", b'{"kind": "double"}' * 2, b'{"kind": "double"',
    ],
    ids=range(21),
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_the_next_is_answered(body: bytes):
    endpoint = Endpoint({"double": double})
    head, rows = told(endpoint.answer(body))
    assert list(head) == ["refused"]
    assert head["refused"] in ("", "x is no float.")
    assert rows == b""
    assert told(endpoint.answer(b'{"kind": "double", "x": 0.5}'))[0] == {"twice": 1.0}


def test_a_question_has_a_price(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(questions, "own_work", partial(questions.own_work, seconds=0.2))  # no test has to wait for two

    def endless(_: Question) -> Answer:
        while True:
            pacing.pause()

    head, _ = told(Endpoint({"endless": endless}).answer(b'{"kind": "endless"}'))
    assert head["refused"].startswith("This was left out: it takes more of the server’s time")


def test_a_question_ends_when_who_asked_has_gone():
    begun = Event()

    def endless(_: Question) -> Answer:
        while True:
            begun.set()
            pacing.pause()

    endpoint = Endpoint({"endless": endless, "double": double})
    assert told(endpoint.answer(b'{"kind": "endless"}', begun.is_set)) == ({"refused": ""}, b"")
    assert told(endpoint.answer(b'{"kind": "double", "x": 0.5}'))[0] == {"twice": 1.0}


def test_one_question_at_a_time():
    begun, end = Event(), Event()

    def slow(_: Question) -> Answer:
        begun.set()
        assert end.wait(20)
        return {"done": True}, b""

    endpoint, answers = Endpoint({"slow": slow, "double": double}), []
    thread = Thread(target=lambda: answers.append(endpoint.answer(b'{"kind": "slow"}')))
    thread.start()
    assert begun.wait(20)
    assert told(endpoint.answer(b'{"kind": "double", "x": 1.5}')) == ({"refused": ""}, b"")
    end.set()
    thread.join()
    assert told(answers[0])[0] == {"done": True}
    assert told(endpoint.answer(b'{"kind": "double", "x": 1.5}'))[0] == {"twice": 3.0}


def test_a_desk_goes_with_who_holds_it():
    endpoint, other = Endpoint({}), Endpoint({})
    name = endpoint.name
    assert len({name, other.name}) == 2
    assert len(name) >= 20
    del endpoint
    gc.collect()
    assert endpoint_called(name) is None
    assert endpoint_called(other.name) is other


def test_heads_and_tables_begin_at_multiples_of_four_bytes():
    for text in ("", "a", "ab", "abc", "ü→"):
        content = packed({"text": text}, b"1234")
        assert told(content) == ({"text": text}, b"1234")
        assert (len(content) - 4) % 4 == 0


def status(path: str, body: bytes, method: str = "POST", leaves: Event | None = None) -> tuple[int, bytes]:
    """What the server says to a request, which comes in pieces. Who asks stays for the answer, or ``leaves``."""
    parts = [body[i : i + 1000] for i in range(0, len(body), 1000)] or [b""]
    coming = [{"type": "http.request", "body": part, "more_body": True} for part in parts] + [{"type": "http.request"}]
    said: list[Any] = []

    async def receive() -> Any:
        if coming:
            return coming.pop(0)
        while leaves is None or not leaves.is_set():
            await asyncio.sleep(0.01)
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [], "query_string": b"", "root_path": ""}
    run_apart(Starlette(routes=routes.routes())(scope, receive, send))
    return said[0]["status"], said[1]["body"]


def test_the_server_answers_at_a_desk_of_that_name_and_reads_no_long_text():
    endpoint = Endpoint({"double": double})
    at = f"/gdviz-answers/{endpoint.name}"
    code, answer = status(at, b'{"kind": "double", "x": 2.5}')
    assert (code, told(answer)[0]) == (200, {"twice": 5.0})
    assert status("/gdviz-answers/nobody", b"{}")[0] == 404
    assert status(at, b"", "GET")[0] == 405
    assert status(at, b" " * (MOST_BYTES + 1))[0] == 413


def test_the_server_ends_work_for_a_closed_tab():
    begun = Event()

    def endless(_: Question) -> Answer:
        while True:
            begun.set()
            pacing.give_way()

    endpoint = Endpoint({"endless": endless})
    assert told(status(f"/gdviz-answers/{endpoint.name}", b'{"kind": "endless"}', leaves=begun)[1])[0] == {
        "refused": ""
    }
