"""The page's scripts as files; what they do is tested in ``tests/javascript`` and ``tests/browser``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gdviz.ui import server

UI = Path(server.__file__).parent
SCRIPTS = sorted(UI.glob("**/*.js"))

PLOTLY = r"\._[a-z]|glplot|__data__|dataScale|cameraParams|\b[cdlp]2[cdlp]\b|(drag|scatter)layer|gl-container|main-svg|js-plotly"
STREAMLIT = r"data-test|st-key|--st-|\bst[A-Z]\w+|setTriggerValue|setStateValue|static/js"


def users(pattern: str) -> set[str]:
    """The scripts in which ``pattern`` occurs."""
    return {script.name for script in SCRIPTS if re.search(pattern, script.read_text(encoding="utf-8"))}


def test_one_module_knows_the_insides_of_plotly_js():
    assert users(PLOTLY) == {"plotly_internals.js"}


def test_one_module_knows_streamlit_and_the_text_that_loads_it():
    assert users(STREAMLIT) == {"streamlit.js", "loader.js"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_what_a_script_imports_is_served_beside_it(script: Path):
    for name in re.findall(r'^(?:import|export) .*from "([^"]+)";$', script.read_text(encoding="utf-8"), re.MULTILINE):
        assert (script.parent / name).resolve().relative_to(UI).as_posix() in server._scripts()


def test_declarations_of_types_do_not_go_to_the_browser():
    assert len(server._scripts()) == len(SCRIPTS) + 1  # and plotly.js
