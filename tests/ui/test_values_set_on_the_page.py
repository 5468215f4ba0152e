"""What the page sets in a field stays, though the browser's next message still has the field as it was before."""

from __future__ import annotations

import json

from streamlit.proto.WidgetStates_pb2 import WidgetStates

from gdviz.presets import PRESETS, random_start
from gdviz.ui.server.values_set import keep_values_set
from tests.ui.test_links_on_the_page import visit

BOWL = "objective=formula&formula=x^2+%2B+8y^2&start=2,1&learning_rate=0.02&epochs=40"
KINDS = {float: "double_value", bool: "trigger_value", str: "string_value"}


class Browser:
    """Sends all its fields with each message, as Streamlit's page does."""

    def __init__(self, link: str) -> None:
        keep_values_set()
        self.app = visit(link)
        self.fields: dict[str, float | str | dict[str, object]] = {}

    def sends(self, shown: int, pressed: str = "", **changed: float | str | dict[str, object]) -> None:
        self.fields |= changed
        names = self.app.session_state._state._state._key_id_mapper
        states = WidgetStates()
        for key, value in (self.fields | ({pressed: True} if pressed else {})).items():
            kind = KINDS.get(type(value), "json_value")
            states.widgets.add(
                id=names.get_id_from_key(key), **{kind: value if kind != "json_value" else json.dumps(value)}
            )
        states.widgets.add(id="$$ID-gdviz-shown", string_value=str(shown))
        self.app._run(states)
        assert not self.app.exception

    def has(self, **parameters: str) -> bool:
        """Whether the address says so."""
        return all(self.app.query_params[name] == text for name, text in parameters.items())


def moved(rate: float, number: int) -> dict[str, object]:
    return {"message": {"value": rate, "held": False, "number": number}}


def test_a_rate_from_the_slider_stays_before_the_number_beside_it_is_shown() -> None:
    browser = Browser(BOWL)
    browser.sends(1, learning_rate=0.02, learning_rate_slider=moved(0.395, 1))
    browser.sends(2, learning_rate=0.395, learning_rate_slider=moved(0.404, 2))
    for _ in range(2):
        browser.sends(2, pressed="reset_start")  # any other message
        assert browser.has(learning_rate="0.404")
    browser.sends(5, learning_rate=0.395)
    assert browser.has(learning_rate="0.395"), "typed, where 0.404 is shown"


def test_a_click_that_sets_fields_is_not_undone_by_the_next_change() -> None:
    browser = Browser("objective=booth&epochs=40")
    x, y = random_start(PRESETS["booth"].window, 1)
    browser.sends(1, pressed="random", start_x=0.0, start_y=0.0, epochs=40.0)
    browser.sends(1, epochs=50.0)
    assert browser.has(start=f"{x!r},{y!r}", epochs="50")


def test_what_is_offered_anew_counts_as_offered() -> None:
    browser = Browser("objective=fit&data=line")
    browser.sends(1, epochs=5000.0, learning_rate=0.001)
    browser.sends(1, data="Anscombe’s quartet, II")
    offered = dict(browser.app.query_params)
    browser.sends(1, pressed="reset_start")
    assert dict(browser.app.query_params) == offered
