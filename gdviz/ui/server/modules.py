"""The JavaScript that the browser runs experiments with: made once for each objective and method, and served by name.

A name is a digest of the text and of what is told about it, so a browser that has fetched it keeps it for good. What is
kept here is bounded in bytes; a module that was let go is made again when a page that needs it is drawn.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

from gdviz.cache import SHARES, Recent

MODULES = "gdviz-modules"  # in the addresses


@dataclass(frozen=True)
class Module:
    """The ``name`` under which a text is served, and the ``facts`` that were told about it."""

    name: str
    facts: Any
    packed: bytes

    @property
    def path(self) -> str:
        """Where it is, below the app's own address."""
        return f"{MODULES}/{self.name}.js"


class Modules:
    """Texts by what they compute, and by their names: those used last, within their share of bytes when compressed."""

    def __init__(self) -> None:
        self._kept = Recent(SHARES["modules"], lambda module: len(module.packed))
        self._named: WeakValueDictionary[str, Module] = WeakValueDictionary()  # those that are kept

    def get(self, key: str, make: Callable[[], tuple[str, Any]]) -> Module:
        """Return the module kept under ``key``; where there is none, the text and facts that ``make`` gives."""
        module: Module = self._kept.get(key, lambda: self._made(*make()))
        return module

    def _made(self, text: str, facts: Any) -> Module:
        """Return the module of a text, the same for all that compute alike: it is let go of with the last of them."""
        name = hashlib.blake2b(f"{facts!r}\n{text}".encode(), digest_size=16).hexdigest()
        known = self._named.get(name)
        if known is None:
            known = Module(name, facts, gzip.compress(text.encode(), compresslevel=5, mtime=0))
            self._named[name] = known
        return known

    def packed(self, name: str) -> bytes | None:
        """Return the compressed text of this name, None if it is not kept."""
        module = self._named.get(name)
        return None if module is None else module.packed


@cache
def modules() -> Modules:
    """The server's."""
    return Modules()
