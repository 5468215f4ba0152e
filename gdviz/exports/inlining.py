"""Modules of JavaScript as one script: each becomes a function that is called once and gives what it exports.

Only what gdviz's own modules use is known here: ``import { a, b as c } from "./file.js";`` at the beginning of a line,
a table (:func:`with_tables`), and ``export`` before a function, a class or a constant. Texts inside are not looked at,
so nothing else may be used; a line that begins with another import or export is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

_IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";$', re.MULTILINE)
_TABLE = re.compile(r'^import (\w+) from "([^"]+\.json)" with \{ type: "json" \};$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const|let) ([\w$]+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*\n", re.MULTILINE)  # with lines of its own
_PACKED = re.compile(r'"([A-Za-z0-9+/=]{200,})"')


def inlined(entry: Path, made: Mapping[str, str]) -> str:
    """Return one script of the module ``entry`` and of all that it imports, file by file.

    Comments that have lines of their own stay behind. ``made`` are texts of modules that are no files; the script finds
    what they export in ``MODULES`` by their names. Long texts of packed numbers that several of them hold are in the
    script once.
    """
    modules = _Modules()
    shared, texts = _shared(made)
    packed = [f"const PACKED_{i} = {text};" for i, text in enumerate(shared)]
    called = [f"{name!r}: {_called(text, '')}" for name, text in texts.items()]
    last = modules.name_of(entry)
    begin = ['"use strict";', *packed, f"const MODULES = {{{', '.join(called)}}};"]
    return "\n".join([*begin, *modules.texts, f"{last}.open(MODULES);\n"])


def with_tables(path: Path) -> str:
    """Return the text of a module with the tables in it that it shares with Python: no browser has to ask for them."""

    def table(match: re.Match[str]) -> str:
        rows = json.loads((path.parent / match[2]).read_text(encoding="utf-8"))
        return f"const {match[1]} = {json.dumps(rows, ensure_ascii=False)};"

    return _TABLE.sub(table, path.read_text(encoding="utf-8"))


class _Modules:
    """The files so far, each after those that it imports."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._names: dict[Path, str] = {}

    def name_of(self, path: Path) -> str:
        """Return the name under which a file's exports are found, written out before whoever asks."""
        path = path.resolve()
        if path not in self._names:
            text = _COMMENT.sub("", with_tables(path))
            lines = [
                f"const {{ {names.replace(' as ', ': ')} }} = {self.name_of(path.parent / file)};"
                for names, file in _IMPORT.findall(text)
            ]
            name = f"module_{len(self._names)}"
            self._names[path] = name
            self.texts.append(f"const {name} = {_called(_IMPORT.sub('', text), ' '.join(lines))};")
        return self._names[path]


def _called(text: str, imports: str) -> str:
    """A module as a call that gives its exports."""
    names = _EXPORT.findall(text)
    body = _EXPORT.sub("", text)
    if wrong := _OTHER.search(body):
        raise ValueError(f"This cannot be inlined: {wrong[0]}")
    return f"(() => {{ {imports}\n{body.strip()}\nreturn {{ {', '.join(names)} }};\n}})()"


def _shared(made: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """Return the long texts, each once, and the modules with their names in place of them."""
    found: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return found.setdefault(match[0], f"PACKED_{len(found)}")

    texts = {key: _PACKED.sub(name, text) for key, text in made.items()}
    return list(found), texts
