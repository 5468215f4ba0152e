"""Parts of the page with JavaScript of their own: the chart, the map, the slider, the player."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gdviz.ui.server.assets import module_loader


def component(name: str) -> Any:
    """Return the component whose script stands in the folder ``name``; its style is in the page's own sheet."""
    script = module_loader(f"{name}/{name}.js")
    return st.components.v2.component(f"gdviz_{name}", js=script, isolate_styles=False)


def received(key: str, memory: dict[str, Any]) -> Mapping[str, Any] | None:
    """Return what the component says, as :func:`message_of`; its ``memory`` notes which message was answered last.

    In a callback, before the script runs. The run may be interrupted; what is noted here is not lost.
    """
    message = message_of(key)
    if message is not None:
        memory["answered"] = message.get("number")
    return message


def message_of(key: str) -> Mapping[str, Any] | None:
    """What the component of this ``key`` says, None where it says nothing that can be read.

    A change of page that overtakes the one before leaves a component without its state, and the browser, which still
    shows it, may speak.
    """
    message = (st.session_state.get(key) or {}).get("message")
    return message if isinstance(message, Mapping) else None
