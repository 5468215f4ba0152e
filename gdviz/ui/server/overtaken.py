"""Changes that a reload overtook: the browser sends them once more with its first words (``entry/overtaken.js``).

They are what widgets of the page from before sent, in order. Once the page that the address names is drawn, with the
same widgets, it is run again with each of them, as if they had just come, and the browser shows what becomes of them.
"""

from __future__ import annotations

import base64
import binascii
import re

import streamlit as st
from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

from gdviz.ui.server import values_set
from gdviz.ui.server.guard import judged

PARAMETER = "overtaken"  # of the address, as the browser tells it
_MOST = 20  # messages; of more, the newest
_WAITING = "_overtaken"  # messages that are to be heard
_ADDED = re.compile(rf"&?{PARAMETER}=[^&]*")


def without(query: str) -> str:
    """Return the address as the browser shows it."""
    return _ADDED.sub("", query)


def receive(new: bool) -> None:
    """Take what the browser says was overtaken. Only a ``new`` session has not heard it."""
    text = st.query_params.pop(PARAMETER, "")
    messages = [states for one in text.split(".")[-_MOST:] if (states := _read(one)) is not None]
    if new and messages:
        st.session_state[_WAITING] = messages


def awaits() -> bool:
    """Whether there is something left to hear."""
    return bool(st.session_state.get(_WAITING))


def go_on() -> None:
    """At the end of a run, run the page again with the next message, if there is one."""
    context = get_script_run_ctx()
    if not awaits() or context is None:
        return
    waiting: list[WidgetStates] = st.session_state[_WAITING]
    raise RerunException(
        RerunData(
            query_string=without(context.query_string), page_script_hash=context.page_script_hash,
            cached_message_hashes=context.cached_message_hashes, context_info=context.context_info,
            widget_states=values_set.of_an_earlier_page(waiting.pop(0)),
        )
    )  # fmt: skip


def _read(text: str) -> WidgetStates | None:
    """The widgets of one message, None where it is none that the page's guard would let in."""
    message = BackMsg()
    try:
        data = base64.urlsafe_b64decode(text)
        message.ParseFromString(data)
    except (binascii.Error, DecodeError, ValueError):
        return None
    return message.rerun_script.widget_states if judged(data) == "sane" else None
