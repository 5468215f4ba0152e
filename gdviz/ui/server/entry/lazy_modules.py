"""Streamlit's own modules that a browser asks for only when an element of their kind is drawn, one after the other."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import streamlit as st

_STATIC = Path(st.__file__).parent / "static"
_DRAWN = (  # what every page of ours draws, as Streamlit calls the files
    "BidiComponent", "Button", "ButtonGroup", "Checkbox", "Html", "NumberInput", "PageLink", "Radio", "Selectbox",
    "rehype-katex",
)  # fmt: skip
_IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


@cache
def lazy_modules() -> tuple[str, ...]:
    """Return the paths, below the app's address, of the modules of our elements and of all that these import.

    Those that Streamlit's page names itself are left out, and so is what another version calls otherwise.
    """
    folder = _STATIC / "static" / "js"
    named = set(re.findall(r"static/js/([\w.-]+\.js)", (_STATIC / "index.html").read_text(encoding="utf-8")))
    found: dict[str, None] = {}
    wanted = [path.name for stem in _DRAWN for path in sorted(folder.glob(f"{stem}.*.js"))]
    while wanted:
        name = wanted.pop()
        if name not in found and name not in named:
            found[name] = None
            wanted += _IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(f"static/js/{name}" for name in found)
