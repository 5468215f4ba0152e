"""Watches what code does beneath Python: whether it opens, imports, runs or connects to anything."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

from gdviz.formulas.functions import CAREFUL_NAMESPACE

OURS = "<generated code>"  # the one thing that is compiled and run: straight lines of the engine's own making
_BLOCKED = (
    "open", "import", "os.", "subprocess.", "socket.", "shutil.", "ctypes.dlopen", "ctypes.dlsym", "pty.", "glob.",
    "urllib.", "ftplib.", "http.", "marshal.", "pickle.", "tempfile.", "webbrowser.", "code.", "sys.settrace",
)  # fmt: skip
_NAMES = re.compile(
    r"(v|number|state|theta|member|sequence|gradient|column|row|total|now|rate|weight|slope|term)?s?_?\d*|[a-z_]{1,20}"
)
_BUILTINS = {"zip"}


class Watch:
    """What was seen; one hook for the whole process, which looks only while somebody watches."""

    def __init__(self) -> None:
        self.on = False
        self.seen: list[str] = []

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "exec" and isinstance(arguments[0], CodeType):
            self._look_at(arguments[0])
        elif event == "compile":
            if arguments[1] != OURS:
                self.seen.append(f"compile {arguments[1]}")
        elif event == "import" or event.startswith(_BLOCKED):
            self.seen.append(f"{event} {str(arguments)[:100]}")

    def _look_at(self, code: CodeType) -> None:
        """Every name that generated code reads is a function of the table, and no attribute is read at all."""
        if code.co_filename != OURS:
            self.seen.append(f"exec {code.co_filename}")
            return
        for part in _parts(code):
            strange = {name for name in part.co_names if name not in CAREFUL_NAMESPACE and name not in _BUILTINS}
            strange -= {inner.co_name for inner in _parts(code)}
            self.seen.extend(f"name {name}" for name in strange if name.startswith("_") or not _NAMES.fullmatch(name))


def _parts(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _parts(constant)


_WATCH = Watch()
sys.addaudithook(_WATCH.hook)


@contextmanager
def watched() -> Iterator[list[str]]:
    """Watch the block; what was seen is in the list.

    The collector waits: what others left behind (a browser's temporary folder) has last words, which open and remove
    files, and it would run them in the middle of the block and in its name.
    """
    gc.disable()
    _WATCH.seen, _WATCH.on = [], True
    try:
        yield _WATCH.seen
    finally:
        _WATCH.on = False
        gc.enable()
