"""The JavaScript that the browser runs experiments with: made once for each objective and method, and served by name.

A name is a digest of the text, so a browser that has fetched it keeps it for good. What is kept here is bounded in
bytes; a module that was let go is made again when a page that needs it is drawn.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from gdviz.cache import SHARES


@dataclass(frozen=True)
class Module:
    """The ``name`` under which a text is served, and the ``facts`` that were told about it."""

    name: str
    facts: Any
    packed: bytes


class Modules:
    """Texts by what they compute, and by their names: those used last, within their share of bytes when compressed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Module] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, make: Callable[[], tuple[str, Any]]) -> Module:
        """Return the module kept under ``key``; where there is none, the text and facts that ``make`` gives."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        text, facts = make()
        name = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        module = Module(name, facts, gzip.compress(text.encode(), compresslevel=5, mtime=0))
        with self._lock:
            self._kept[key] = module
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(len(one.packed) for one in self._kept.values()) > SHARES["modules"]:
                self._kept.popitem(last=False)
        return module

    def packed(self, name: str) -> bytes | None:
        """Return the compressed text of this name, None if it is not kept."""
        with self._lock:
            return next((one.packed for one in self._kept.values() if one.name == name), None)


@cache
def modules() -> Modules:
    """The server's."""
    return Modules()
