"""Messages that Streamlit reads as Markdown show an error's words letter by letter, formulas with their asterisks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from gdviz import ui

_SHOWN = {"error", "warning", "info", "success", "caption", "markdown", "toast", "verdict_line"}
_FILES = sorted(Path(ui.__file__).parent.rglob("*.py"))


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _raw(node: ast.AST, caught: set[str]) -> bool:
    """Is a caught error in the text, outside of ``plain``?"""
    if isinstance(node, ast.Call) and _name(node) == "plain":
        return False
    if isinstance(node, ast.Name):
        return node.id in caught
    return any(_raw(child, caught) for child in ast.iter_child_nodes(node))


def _wrong(source: str) -> list[int]:
    tree = ast.parse(source)
    caught = {node.name for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler) and node.name}
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in _SHOWN]
    return [call.lineno for call in calls if any(_raw(argument, caught) for argument in call.args)]


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.stem)
def test_an_error_is_never_read_as_markdown(path: Path) -> None:
    assert _wrong(path.read_text(encoding="utf-8")) == []


def test_a_message_with_a_bare_error_would_be_found() -> None:
    body = "try: f()\nexcept ValueError as e:\n  "
    assert _wrong(body + "st.error(str(e))") == [3]
    assert _wrong(body + "place.caption(f'No: {e}')") == [3]
    assert _wrong(body + "st.error(plain(str(e)))") == []
