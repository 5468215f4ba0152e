"""Values that no browser sends: a text where a number belongs, nan for a whole number, what is no JSON, a choice that
was not offered.

Streamlit believes whatever a widget's message holds, and the page ends in an error of its own, in the log too. Which
values a widget takes is known once the page has drawn it: any other counts as not sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import Serialized, WStates

_NUMBERS = {"double_value", "int_value"}  # a browser sends whole numbers as such


@cache
def check_values() -> None:
    """Have every value that comes from a browser checked, from now on."""
    WStates.__getitem__ = _checked(WStates.__getitem__)  # type: ignore[method-assign]


def _checked(read: Callable[[WStates, str], Any]) -> Callable[[WStates, str], Any]:
    def checked(states: WStates, name: str) -> Any:
        held = states.states.get(name)
        if not isinstance(held, Serialized) or (metadata := states.widget_metadata.get(name)) is None:
            return read(states, name)
        try:
            if _fits(held.value, metadata):
                return read(states, name)
        except Exception:  # of a stranger's making
            pass
        raise KeyError(name)

    return checked


def _fits(sent: WidgetState, metadata: WidgetMetadata[Any]) -> bool:
    """Say whether the value is of the widget's kind, and one of its choices where it has some."""
    kind = sent.WhichOneof("value")
    choices = getattr(getattr(metadata.deserializer, "__self__", None), "formatted_option_to_option_index", None)
    if kind is None:  # a field was cleared; ours that offer choices have always one
        return choices is None
    if metadata.value_type not in (kind, None) and not {kind, metadata.value_type} <= _NUMBERS:
        return False
    value = getattr(sent, kind)
    if kind == "json_value":  # of a component: what it says of itself by name
        return isinstance(json.loads(value or "null"), dict | None)
    return choices is None or all(one in choices for one in ([value] if isinstance(value, str) else value.data))
