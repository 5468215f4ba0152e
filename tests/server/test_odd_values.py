"""What a hand-made client may send for any widget, and no browser does: the page stays, the log has no traceback."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from gdviz.ui.server.overtaken import PARAMETER
from tests.server.clients import Client, Server, link

VALUES: dict[str, tuple[Any, ...]] = {
    "double_value": (float("nan"), float("inf"), 1e308, -1.0, 0.5),
    "int_value": (2**63 - 1, -1, 7),
    "string_value": ("x", "", "x" * 20_000, "\x00\u202e"),
    "bool_value": (True,),
    "trigger_value": (True,),
    "bytes_value": (b"\xff\x00",),
    "json_value": ('{"message": {"kind": "start", "x": "a", "phase": []}}', '{"message": 5}', "[]", '"x"', "null",
                   '{"value": "x"}', '{"value": -5, "held": "no"}', '{"message": {"value": 1e308, "number": {}}}'),
    "json_trigger_value": ("{}", "[1]", '"x"', "null", '[{"event": "message", "value": {"kind": []}}]'),
}  # fmt: skip
LISTS: dict[str, tuple[list[Any], ...]] = {
    "string_array_value": (["a", "b"], []),
    "double_array_value": ([1.0, float("nan")], []),
    "int_array_value": ([2**40, -5], []),
}


def _single(name: str, value: Any) -> Callable[[WidgetState], None]:
    return lambda state: setattr(state, name, value)


def _list(name: str, values: list[Any]) -> Callable[[WidgetState], None]:
    def fill(state: WidgetState) -> None:
        getattr(state, name).SetInParent()
        getattr(state, name).data.extend(values)

    return fill


def _file(state: WidgetState) -> None:
    state.file_uploader_state_value.uploaded_file_info.add(file_id="../../x", name="x", size=2**62)


WAYS = [
    *(_single(name, value) for name, values in VALUES.items() for value in values),
    *(_list(name, values) for name, lists in LISTS.items() for values in lists),
    _file,
    lambda state: state.string_trigger_value.SetInParent(),
    lambda state: None,  # as when a field is cleared
]

PAGES = {
    "descend": ("", link(objective="rosenbrock", epochs=20)),
    "a fit": ("", link(objective="fit", data="line", epochs=5, batch_size=4)),
    "own data": ("", link(objective="fit", data="upload", epochs=5)),
    "covered": ("", link(objective="booth", cover=1, question="why", epochs=20)),
    "fair": ("compare", link(objective="booth", epochs=20, runs="gd@0.01;adam@0.1", fair="budget=50,trials=5")),
    "maps": ("maps", link(objective="himmelblau", epochs=20)),
    "derivatives": ("derivatives", link(objective="booth")),
    "training": ("training", ""),
}
FEW, MANY = 6, 400  # messages to a page


def is_whole(client: Client) -> bool:
    return not any("went wrong" in text for text in client.drawn())


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_bears_any_value_of_any_widget(server: Server, name: str, count: int) -> None:
    """Each message has a value for every third widget; the log is looked at from where it was."""
    page, query = PAGES[name]
    choose = random.Random(count)
    before = len(server.output())
    with Client(server.url, query) as client:
        client.ask(page=page)
        assert is_whole(client)
        for _ in range(count):
            message = BackMsg()
            message.rerun_script.query_string, message.rerun_script.page_name = query, page
            for widget in client.all_widgets:
                if choose.random() < 1 / 3:
                    choose.choice(WAYS)(message.rerun_script.widget_states.widgets.add(id=widget))
            client.send(message)
            assert is_whole(client), server.output()[before:][-3000:]
    log = server.output()[before:]
    assert "Traceback" not in log, log[-3000:]


def test_a_browser_s_own_values_still_count(server: Server) -> None:
    with Client(server.url) as client:
        client.visit(link(objective="rosenbrock", epochs=20))
        client.visit(epochs=33)
        client.visit(optimizer="Adam")
        assert "epochs=33" in client.address
        whole = BackMsg()
        whole.rerun_script.query_string = client.address
        whole.rerun_script.widget_states.widgets.add(id=client.widgets["epochs"], int_value=34)
        client.send(whole)
        client.drawn()
        assert "epochs=34" in client.address, "as a browser sends it"
        client.visit(epochs=33)
        assert "optimizer=adam" in client.address


def test_what_a_reload_overtook_may_be_anything(server: Server) -> None:
    """The words of a hand-made client, as those of a tab that was reloaded."""
    choose = random.Random(1)
    before = len(server.output())
    with Client(server.url, link(objective="booth", epochs=20)) as client:
        client.visit()
        widgets, messages = sorted(client.all_widgets), []
        for _ in range(4):
            message = BackMsg()
            for widget in widgets:
                choose.choice(WAYS)(message.rerun_script.widget_states.widgets.add(id=widget))
            messages.append(base64.urlsafe_b64encode(message.SerializeToString()).decode())
    for words in (".".join(messages), messages[0][:50], "!!", "." * 40, "AAAA." * 30):
        with Client(server.url, f"{client.query}&{PARAMETER}={words}") as client:
            client.ask()
            assert is_whole(client), server.output()[before:][-3000:]
    log = server.output()[before:]
    assert re.findall("Traceback|went wrong", log) == [], log[-3000:]
