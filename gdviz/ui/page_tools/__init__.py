"""What the page as a whole has for the keyboard and the eye: keys for undo and redo, a way past the sidebar to the
chart, the choice between light and dark, and the visitor's file, which the tab keeps over a reload.

Streamlit's own shortcuts are heard while a field is typed in, where Ctrl+Z belongs to the browser; and of the theme it
can only be told through what it stores in the browser. So these are a component of our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from gdviz.datasets.reading import MAX_BYTES
from gdviz.ui import server, state

__all__ = ["page_tools"]

_component = st.components.v2.component(
    "gdviz_page_tools",
    js=server.module_loader("page_tools/page_tools.js"),
    css=(Path(__file__).parent / "page_tools.css").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def page_tools(pages: Sequence[str]) -> None:
    """Draw the choice of the theme. ``pages`` are the last parts of the pages' addresses, each with its own theme."""
    data = {"pages": list(pages), "awaits_file": state.awaits(), "most_bytes": MAX_BYTES}
    _component(key="page_tools", data=data)
