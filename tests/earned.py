"""Whether each sentence that is written in some files is said by one of a table's cases."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

SAYS = ast.Return | ast.Assign | ast.AugAssign | ast.Yield | ast.Raise


def written(files: Iterable[Path]) -> Iterator[tuple[Path, int, int]]:
    """Where words are written: file, first and last line of each statement with more than two of them."""
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for node in {inner for function in functions for inner in ast.walk(function)}:
            if isinstance(node, SAYS) and "AssertionError(" not in ast.unparse(node):
                texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
                if any(isinstance(text, str) and len(text.split()) > 2 for text in texts):
                    yield path, node.lineno, node.end_lineno or node.lineno


def unearned(files: Iterable[Path], cases: Iterable[Callable[[], Any]]) -> list[str]:
    """The places of words in ``files`` that none of the ``cases``, called one by one, comes by."""
    watched = {str(path): path for path in files}
    met: set[tuple[Path, int]] = set()

    def note(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        path = watched.get(frame.f_code.co_filename)
        if path is None:
            return None
        met.add((path, frame.f_lineno))
        return note

    before = sys.gettrace()
    try:
        for case in cases:
            sys.settrace(note)
            case()
            sys.settrace(before)
    finally:
        sys.settrace(before)
    return sorted(
        f"{path.name}:{first}"
        for path, first, last in written(watched.values())
        if not any((path, line) in met for line in range(first, last + 1))
    )
