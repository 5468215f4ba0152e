"""What the page sets in a field outlasts what a browser sends that does not show it yet, and is sent until it does."""

from __future__ import annotations

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from gdviz.ui.server import values_set
from tests.app_test import app_test


def script() -> None:
    import streamlit as st

    from gdviz.ui.server import values_set

    def reset() -> None:
        st.session_state["number"] = 5.0
        st.session_state["kind"] = "third"

    for key, value in (("number", 1.0), ("kind", "second")):
        if key not in st.session_state:
            st.session_state[key] = value
    st.button("Reset", key="reset", on_click=reset)
    if not st.toggle("Cut short", key="cut"):
        st.number_input("Number", key="number")
        st.selectbox("Kind", ("first", "second", "third"), key="kind")
        values_set.end_run()


KINDS = {"number": "double_value", "kind": "string_value", "cut": "bool_value", "reset": "trigger_value"}


class Page:
    """The script above as a browser has it, which says what it likes."""

    def __init__(self) -> None:
        values_set.keep_values_set()
        self.app = app_test(script).run()
        found = [*self.app.number_input, *self.app.selectbox, *self.app.toggle, *self.app.button]
        self.names = {one.key: one.proto.id for one in found}

    def hears(self, shown: str | None, **values: float | str | bool) -> None:
        """A message of a browser that shows the run ``shown``."""
        states = WidgetStates()
        for key, value in values.items():
            states.widgets.add(id=self.names[key], **{KINDS[key]: value})
        if shown is not None:
            states.widgets.add(id="$$ID-gdviz-shown", string_value=shown)
        self.app._run(states)
        assert not self.app.exception

    @property
    def holds(self) -> tuple[float | None, str | None]:
        return self.app.number_input(key="number").value, self.app.selectbox(key="kind").value

    @property
    def sends(self) -> tuple[bool, bool]:
        """Whether what the two fields hold is sent to the browser."""
        return self.app.number_input(key="number").proto.set_value, self.app.selectbox(key="kind").proto.set_value


def test_what_was_set_outlasts_a_message_from_before_and_is_sent_again() -> None:
    page = Page()
    page.hears("1", number=1.0, kind="second", reset=True)
    page.hears("1", number=1.0, kind="second")
    assert page.holds == (5.0, "third")
    assert page.sends == (True, True)


def test_what_a_hand_has_changed_meanwhile_counts() -> None:
    page = Page()
    page.hears("1", number=1.0, kind="second", reset=True)
    page.hears("1", number=2.0, kind="second")
    assert page.holds == (2.0, "third")
    assert page.sends == (False, True)
    page.hears("1", number=2.5, kind="second")
    assert page.holds == (2.5, "third")


def test_a_browser_that_shows_it_may_change_it_back_and_is_sent_no_more() -> None:
    page = Page()
    page.hears("1", number=1.0, kind="second", reset=True)
    page.hears("2", number=1.0, kind="third")
    assert page.holds == (1.0, "third")
    assert page.sends == (False, False)


def test_a_hand_that_was_in_a_field_may_put_it_back_before_all_of_the_run_is_shown() -> None:
    page = Page()
    page.hears("1", number=1.0, kind="second", reset=True)
    page.hears("1 reset number", number=1.0, kind="second")  # the field showed 5 already
    assert page.holds == (1.0, "third")
    assert page.sends == (False, True)
    page.hears("1", number=1.0, kind="second")
    assert page.holds == (1.0, "third")
    page.hears("1", number=1.0, kind="second", reset=True)
    page.hears(f"1{' x' * 10_000} number", number=1.0, kind="second")  # no page has so many fields
    assert page.holds == (5.0, "third")
    met = Page()
    met.hears("0 kind", number=0.0, kind="first")
    assert met.holds == (1.0, "first")


def test_a_field_that_was_just_met_holds_no_choice() -> None:
    page = Page()
    page.hears("0", number=0.0, kind="first")
    assert page.holds == (1.0, "second")
    assert page.sends == (True, True)
    other = Page()
    other.hears("0", number=0.0, kind="third")  # that is no field's first value: it was chosen
    assert other.holds == (1.0, "third")


def test_what_a_run_set_that_was_cut_short_is_sent_by_the_next() -> None:
    page = Page()
    page.hears("1", number=1.0, kind="second", reset=True, cut=True)
    page.hears("1", number=1.0, kind="second", cut=False)
    assert page.holds == (5.0, "third")
    assert page.sends == (True, True)


def test_what_a_page_from_before_sent_counts_and_is_sent() -> None:
    page = Page()
    states = WidgetStates()
    states.widgets.add(id=page.names["kind"], string_value="first")
    page.app._run(values_set.of_an_earlier_page(states))
    assert page.holds == (1.0, "first")
    assert page.sends == (True, True)


@pytest.mark.parametrize(
    "shown", [None, "x", "-1", " ", " 1", "1  \n" * 99, "number", "kind 1", "1.5", "٣", "²", "9" * 5000, "\x00"]
)
def test_who_says_nothing_or_nonsense_of_it_has_what_it_sends(shown: str | None) -> None:
    page = Page()
    page.hears(shown, number=7.0, kind="first")
    assert page.holds == (7.0, "first")
