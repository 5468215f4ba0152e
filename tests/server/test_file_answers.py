"""Answers that are said once outlive what Streamlit drops where a run begins."""

from __future__ import annotations

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from gdviz.ui.server.file_answers import keep_file_answers


def queue() -> ForwardMsgQueue:
    """What stands in a queue when the next run begins: part of a page, and two answers."""
    found = ForwardMsgQueue()
    element, place, download = ForwardMsg(), ForwardMsg(), ForwardMsg()
    element.delta.new_element.text.body = "of the run before"
    element.metadata.delta_path.extend([0, 1])
    place.file_urls_response.response_id = "upload"
    download.backend_operation_response.request_id = "download"
    for message in (element, place, download):
        found.enqueue(message)
    return found


def test_where_a_file_goes_or_lies_is_said_though_a_run_begins() -> None:
    keep_file_answers()
    waiting = queue()
    waiting.clear(retain_lifecycle_msgs=True)
    assert [message.WhichOneof("type") for message in waiting.flush()] == [
        "file_urls_response",
        "backend_operation_response",
    ]


def test_a_run_of_a_part_says_nothing_twice() -> None:
    keep_file_answers()
    waiting = queue()
    waiting.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["one"])
    kinds = [message.WhichOneof("type") for message in waiting.flush()]
    assert kinds.count("file_urls_response") == kinds.count("backend_operation_response") == 1


def test_what_was_sent_is_not_sent_again() -> None:
    keep_file_answers()
    waiting = queue()
    assert len(waiting.flush()) == 3
    assert waiting.is_empty()
    assert waiting.flush() == []
