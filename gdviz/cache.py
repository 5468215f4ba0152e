"""What is made once and kept: in a cache that several threads share, bounded in bytes, and beside its object."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

SHARES = {"results": 144e6, "problems": 64e6, "modules": 48e6}
"""Bytes that a server's large caches may take: 256 MB in all."""


class Recent:
    """Keeps what was asked for last, by its keys: so many things, or as many as ``weigh`` at ``most`` in all.

    The last one is kept however much it weighs.
    """

    def __init__(self, most: float, weigh: Callable[[Any], float] = lambda value: 1) -> None:
        self._most, self._weigh = most, weigh
        self._kept: OrderedDict[Hashable, tuple[Any, float]] = OrderedDict()
        self._lock = Lock()
        self.weight = 0.0  # of all that is kept

    def find(self, key: Hashable) -> Any | None:
        """Return what is kept under ``key``, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        return None

    def keep(self, key: Hashable, value: Any) -> None:
        """Keep ``value`` under ``key``, and let go of what was not asked for the longest."""
        weight = self._weigh(value)
        with self._lock:
            self.weight += weight - self._kept.pop(key, (None, 0))[1]
            self._kept[key] = value, weight
            while self.weight > self._most and len(self._kept) > 1:
                self.weight -= self._kept.popitem(last=False)[1][1]

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what is kept under ``key``; where there is nothing, make it and keep it."""
        found = self.find(key)
        if found is None:
            found = make()
            self.keep(key, found)
        return found

    def __len__(self) -> int:
        return len(self._kept)


if TYPE_CHECKING:
    from functools import cached_property as cached_property  # noqa: TID251
else:

    class cached_property:
        """A property that is made once. Two threads that ask at the same time may both make it, and get the same.

        Python's own, up to 3.11, has one lock for all objects of a class: whoever gives way while it makes one
        (:mod:`gdviz.pacing`) would hold up everybody.
        """

        def __init__(self, make: Callable[[Any], Any]) -> None:
            self._make, self.__doc__ = make, make.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            made = self._make(instance)
            return instance.__dict__.setdefault(self._name, made)


def bytes_of(value: Any) -> int:
    """Return about how much memory a value takes: arrays, texts, and what dataclasses, tuples and mappings hold.

    An array is counted once, a view of it by its base.
    """
    seen: set[int] = set()

    def counted(one: Any) -> int:
        if isinstance(one, np.ndarray) and one.base is not None:
            return counted(one.base)
        if id(one) in seen:
            return 0
        seen.add(id(one))
        if isinstance(one, np.ndarray):
            return int(one.nbytes)
        if is_dataclass(one) and not isinstance(one, type):
            held = {f.name: getattr(one, f.name) for f in fields(one)} | getattr(one, "__dict__", {})
            return sum(map(counted, held.values()))
        if isinstance(one, Mapping):
            return sum(map(counted, one.values()))
        if isinstance(one, tuple | list):
            return sum(map(counted, one))
        return sys.getsizeof(one)

    return counted(value)
