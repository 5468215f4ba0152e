"""What the page as a whole has for the keyboard and the eye: keys for undo and redo, a way past the sidebar to the
chart, the choice between light and dark, what is dropped on the page, and the visitor's file, which the tab keeps
over a reload.

Streamlit's own shortcuts are heard while a field is typed in, where Ctrl+Z belongs to the browser; and of the theme it
can only be told through what it stores in the browser. So these are a component of our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from gdviz.datasets.reading import MAX_BYTES
from gdviz.experiments import LINK_LIMIT
from gdviz.exports.reopened import BEGINNINGS
from gdviz.ui.components import component, message_of
from gdviz.ui.server import values_set
from gdviz.ui.server.questions import packed
from gdviz.ui.server.uninterrupted import uninterrupted
from gdviz.ui.session import state
from gdviz.ui.sidebar.upload_field import FILE_KEY, TEXT_KEY
from gdviz.ui.toolbar.opening import TABLES, open_source
from gdviz.ui.words import plain

__all__ = ["page_tools", "take_late"]

_KEY = "page_tools"
_FIELD = "dropped_file"
_COMING = "_dropped_file_coming"  # whether a file was dropped and has not come yet
_LATE = "_page_tools_late"  # what was said and not heard
_HEARD = "_page_tools_heard"  # when what was heard last was said, by the browser's clock

_component = component("page_tools")


def page_tools(pages: Sequence[str]) -> None:
    """Draw the choice of the theme. ``pages`` are the last parts of the pages' addresses, each with its own theme."""
    fields = {"upload": FILE_KEY, "pasted": TEXT_KEY, "dropped": _FIELD}
    data = {
        "pages": list(pages), "awaits_file": state.awaits(), "most_bytes": MAX_BYTES, "fields": fields,
        "tables": TABLES, "links": {"beginnings": BEGINNINGS, "most": LINK_LIMIT}, "run": values_set.run_number(),
    }  # fmt: skip
    said = _component(key=_KEY, data=packed(data), on_message_change=_hear).get("message")
    if isinstance(said, Mapping) and said.get("at") != st.session_state.get(_HEARD):
        st.session_state[_LATE] = said  # it came when the component had lost its state
        st.rerun()
    if st.session_state.get(_COMING):
        st.file_uploader("Dropped file", key=_FIELD, label_visibility="collapsed", on_change=_take_file)


def take_late() -> None:
    """Take what was not heard when it came. As a callback does: before anything is drawn."""
    with uninterrupted():
        message = st.session_state.pop(_LATE, None)
        if message is not None:
            _take(message)


def _hear() -> None:
    """Something was dropped: a link, or a file, for which there is a field until it has come. Or the system went from
    light to dark: the page is drawn again for that, and the charts have their colors from it."""
    message = message_of(_KEY)
    if message is not None:
        _take(message)


def _take(message: Mapping[str, Any]) -> None:
    st.session_state[_HEARD] = message.get("at")
    if message.get("kind") == "file":
        st.session_state[_COMING] = True
    elif message.get("kind") == "link" and isinstance(message.get("text"), str):
        _tell(open_source(str(message["text"])))


def _take_file() -> None:
    file = st.session_state.get(_FIELD)
    if file is not None:
        st.session_state[_COMING] = False
        _tell(open_source(file.getvalue(), file.name))


def _tell(wrong: str) -> None:
    if wrong:
        st.toast(plain(wrong), icon=":material/error:", duration="long")
