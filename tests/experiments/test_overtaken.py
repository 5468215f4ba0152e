"""What a reload overtook is heard by the new session, as the browser tells it; and nothing else is."""

from __future__ import annotations

import base64

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.testing.v1 import AppTest

from gdviz.ui.server import overtaken
from gdviz.ui.server.values_set import keep_values_set
from tests.ui.test_links_on_the_page import visit

LINK = "objective=rosenbrock&start=-1.2,1&learning_rate=0.001&epochs=20"


def told(app: AppTest, **values: float | str) -> str:
    """What a browser that shows the same page tells of one message, with these values of widgets."""
    message = BackMsg()
    widgets = {
        **{one.key: one.proto.id for one in app.number_input},
        **{one.key: one.proto.id for one in app.selectbox},
    }
    for key, value in values.items():
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widgets[key]
        if isinstance(value, str):
            state.string_value = value
        else:
            state.double_value = value
    return base64.urlsafe_b64encode(message.SerializeToString()).decode()


def test_what_was_sent_in_vain_is_heard_in_its_order() -> None:
    keep_values_set()
    before = visit(LINK)
    words = ".".join(
        [told(before, epochs=33.0, start_x=0.5), told(before, epochs=44.0), told(before, optimizer="Adam")]
    )
    app = visit(f"{LINK}&{overtaken.PARAMETER}={words}")
    assert not app.exception
    assert (app.number_input(key="epochs").value, app.number_input(key="start_x").value) == (44, 0.5)
    assert app.number_input(key="start_y").value == 1.0
    assert app.number_input(key="epochs").proto.set_value, "the browser knows nothing of it"
    assert app.query_params["epochs"] == "44"
    assert app.query_params["optimizer"] == "adam"
    assert overtaken.PARAMETER not in app.query_params
    app.number_input(key="epochs").set_value(50).run()
    assert app.query_params["epochs"] == "50"


@pytest.mark.parametrize("words", ["", ".", "x", "AAAA", "%00", "é", "=" * 100, "WgA=", "KAE=", "." * 50_000])
def test_what_is_no_message_changes_nothing(words: str) -> None:
    app = visit(f"{LINK}&{overtaken.PARAMETER}={words}")
    assert not app.exception
    assert not app.warning
    assert app.query_params["epochs"] == "20"
    assert overtaken.PARAMETER not in app.query_params


def test_widgets_that_are_not_there_are_passed_over() -> None:
    message = BackMsg()
    for name in ("$$ID-0-nothing", "$$ID-0-epochs", "$$ID-1-live", "$$"):
        message.rerun_script.widget_states.widgets.add(id=name, json_value='{"message": {"value": 1}}')
    message.rerun_script.fragment_id = "nothing"
    app = visit(f"{LINK}&{overtaken.PARAMETER}={base64.urlsafe_b64encode(message.SerializeToString()).decode()}")
    assert not app.exception
    assert app.query_params["epochs"] == "20"


def test_the_address_as_the_browser_shows_it() -> None:
    assert overtaken.without("a=1&overtaken=x.y") == "a=1"
    assert overtaken.without("overtaken=x.y") == ""
    assert overtaken.without("formula=x%2By&epochs=3") == "formula=x%2By&epochs=3"
