"""A change that comes while a click is heard takes nothing of the click away."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from gdviz.ui.server.uninterrupted import run_callbacks_uninterrupted
from tests.app_test import app_test


def clicked() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    def click() -> None:
        context = get_script_run_ctx()
        assert context is not None
        assert context.script_requests is not None
        st.session_state["begun"] = True
        context.script_requests.request_rerun(RerunData())  # the next message comes
        st.session_state["done"] = True

    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.button("Go", on_click=click)


def interrupted() -> None:
    import streamlit as st
    from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx

    from gdviz.pacing import pause
    from gdviz.ui.server.change import change
    from gdviz.ui.server.uninterrupted import uninterrupted

    context = get_script_run_ctx()
    assert context is not None
    assert context.script_requests is not None
    if "begun" not in st.session_state:
        with change(), uninterrupted():
            st.session_state["begun"] = True
            context.script_requests.request_rerun(RerunData())
            pause()  # as what is computed does
            st.session_state["done"] = True
        st.session_state["after"] = True  # not in this run: the next one has come
    else:
        st.session_state["next"] = "after" not in st.session_state


def test_a_click_is_done_as_a_whole_and_then_the_next_change_is_heard() -> None:
    run_callbacks_uninterrupted()
    page = app_test(clicked).run()
    page.button[0].click().run()
    assert page.session_state["begun"]
    assert page.session_state["done"]
    assert page.session_state["runs"] >= 2


def test_a_click_is_heard_though_the_next_change_comes_before_its_callback(monkeypatch: pytest.MonkeyPatch) -> None:
    run_callbacks_uninterrupted()
    page = app_test(clicked).run()
    begin, coming = ScriptRunContext.reset, [RerunData(widget_states=WidgetStates())]

    def begin_late(context: ScriptRunContext, *settings: Any, **options: Any) -> None:
        begin(context, *settings, **options)
        if coming and context.script_requests is not None:
            context.script_requests.request_rerun(coming.pop())

    monkeypatch.setattr(ScriptRunContext, "reset", begin_late)
    page.button[0].click().run()
    assert not coming
    assert "done" in page.session_state


def test_a_whole_block_ends_before_the_next_change_is_heard() -> None:
    page = app_test(interrupted).run()
    assert page.session_state["done"]
    assert page.session_state["next"], "the rest of the run gave way"
