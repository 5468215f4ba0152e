"""Our own components: each is a folder beside this file, with a script and perhaps a style sheet of its name."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from gdviz.ui import server

_HERE = Path(__file__).parent


def component(name: str) -> Callable[..., Any]:
    """Register the component in the folder ``name``; return what draws it: see :func:`told` for its ``data``."""
    style = _HERE / name / f"{name}.css"
    return st.components.v2.component(
        f"gdviz_{name}",
        js=server.module_loader(f"{name}/{name}.js"),
        css=style.read_text(encoding="utf-8") if style.exists() else None,
        isolate_styles=False,  # they look like the page; plotly.js puts its style sheet into the page's head
    )


def told(data: Mapping[str, Any]) -> bytes:
    """Return JSON as bytes for a component's script (``told`` of ``live_plot/streamlit.js``).

    A dict Streamlit would search for tables, and write down twice more for an identity that the key already gives.
    """
    return json.dumps(data, allow_nan=False, separators=(",", ":")).encode()
