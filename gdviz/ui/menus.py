"""Menus that are drawn when they are opened: most visitors open none, and a change need not draw them all anew."""

from __future__ import annotations

from typing import Any

import streamlit as st


def opened(label: str, key: str, **options: Any) -> Any | None:
    """Draw the button of a menu; return where to draw what is in it, None while it is closed."""
    menu = st.popover(label, key=key, on_change="rerun", **options)
    return menu if menu.open else None
