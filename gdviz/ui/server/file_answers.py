"""Answers about files, which no run of the page's script may throw away.

When a run begins, Streamlit drops what it has not sent yet: the run draws all of that anew. But where a chosen file is
to be uploaded, and where a file lies that was asked for, is said once and by no run. Without that answer a browser
waits for ever, and the visitor's file never comes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_SAID_ONCE = {"file_urls_response", "backend_operation_response"}


@cache
def keep_file_answers() -> None:
    """Have them kept from now on, in the queues of all visitors."""
    ForwardMsgQueue.clear = _keeping(ForwardMsgQueue.clear)  # type: ignore[method-assign]


def _keeping(clear: Callable[..., None]) -> Callable[..., None]:
    def cleared(
        queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        sent = not retain_lifecycle_msgs  # what a queue holds when it is emptied into the browser is said
        answers = [] if sent else [message for message in queue._queue if message.WhichOneof("type") in _SAID_ONCE]
        clear(queue, retain_lifecycle_msgs, fragment_ids_this_run)
        for answer in answers:
            if not any(answer is message for message in queue._queue):  # those of a fragment's run are kept anyway
                queue.enqueue(answer)

    return cleared
