"""What a component says when Streamlit has lost its state: a change of page overtook the one before."""

from __future__ import annotations

import pytest
import streamlit as st

from gdviz.ui import components
from gdviz.ui.toolbar import page_tools


def test_a_component_without_state_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        st,
        "session_state",
        {"known": {"message": {"kind": "step"}}, "list": {"message": [1]}, "text": {"message": "choose"}},
    )
    assert components.message_of("known") == {"kind": "step"}
    assert components.message_of("list") is components.message_of("text") is None
    assert components.message_of("lost") is None


def test_a_drop_is_taken_once_whether_or_not_the_state_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, object] = {}
    said: dict[str, object] = {}
    drawn: list[str] = []
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "rerun", lambda: drawn.append("again"))
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: drawn.append("field"))
    monkeypatch.setattr(page_tools.state, "awaits", lambda: False)
    monkeypatch.setattr(page_tools, "_component", lambda **_: said)
    page_tools.page_tools([])
    assert drawn == []

    said["message"] = {"kind": "file", "name": "mine.csv", "at": 5.0}
    page_tools._hear()  # the state is lost: nothing can be heard
    page_tools.page_tools([])
    assert drawn == ["again"]
    page_tools.take_late()
    page_tools.page_tools([])
    assert drawn == ["again", "field"]

    drawn.clear()
    said["message"] = {"kind": "file", "name": "mine.csv", "at": 9.0}
    session["page_tools"] = dict(said)
    page_tools._hear()
    page_tools.page_tools([])
    assert drawn == ["field"]


def test_a_link_that_was_not_heard_is_opened_before_the_page_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "rerun", lambda: None)
    monkeypatch.setattr(page_tools.state, "awaits", lambda: False)
    monkeypatch.setattr(page_tools, "open_source", lambda text: opened.append(text) or "")
    monkeypatch.setattr(
        page_tools, "_component", lambda **_: {"message": {"kind": "link", "text": "?epochs=7", "at": 5}}
    )
    page_tools.take_late()
    page_tools.page_tools([])
    assert opened == []  # the fields are drawn by now: none of them can be set
    page_tools.take_late()
    page_tools.take_late()
    page_tools.page_tools([])
    assert opened == ["?epochs=7"]
