"""A small cache that several threads may share, and how much memory things take in it."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from threading import Lock
from typing import Any

import numpy as np


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
