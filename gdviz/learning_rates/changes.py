"""Values that change while a run goes, as a hand set them: ``20:0.05 80:0.01`` is 0.05 from epoch 20 on, 0.01 from 80.

A drive on the page is recorded in this form, so it is a part of the link, and can be replayed and exported.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

from gdviz.formulas.graph_numbers import choice

MOST_CHANGES = 100
"""A link must hold them."""

_MOST_EPOCHS = 10**6
_EXAMPLE = "write pairs such as 20:0.05 80:0.01, the epoch and the value from there on"


@dataclass(frozen=True)
class Changes:
    """``values[i]`` holds from ``epochs[i]`` on; before the first, what was set at the start. Epochs increase."""

    epochs: tuple[int, ...]
    values: tuple[float, ...]

    def at(self, epoch: float, before: float) -> float:
        """Return the value at ``epoch``, which is ``before`` until the first change."""
        passed = bisect_right(self.epochs, epoch)
        return self.values[passed - 1] if passed else before

    def written(self, epoch: Any, before: Any) -> Any:
        """Return the value at ``epoch``, which may be an array, in arithmetic that numbers of a graph write down."""
        value = 0.0 * epoch + before
        for change, after in zip(self.epochs, self.values, strict=True):
            value = choice(epoch < change, value, after)
        return value


@lru_cache(maxsize=256)
def read_changes(text: str) -> Changes:
    """Return the changes that ``text`` writes down, none for an empty one. Raises ValueError, saying what is wrong."""
    pairs = [_pair(word) for word in text.replace(",", " ").split()]
    if len(pairs) > MOST_CHANGES:
        raise ValueError(f"There are {len(pairs)} changes; at most {MOST_CHANGES} fit into a link.")
    epochs = tuple(epoch for epoch, _ in pairs)
    for before, after in itertools.pairwise(epochs):
        if after <= before:
            raise ValueError(f"Epoch {after} comes after epoch {before}; name the epochs in order.")
    return Changes(epochs, tuple(value for _, value in pairs))


def write_changes(pairs: Iterable[tuple[int, float]]) -> str:
    """Return what :func:`read_changes` reads as these pairs of an epoch and a value, to the last bit."""
    return " ".join(f"{epoch}:{value!r}" for epoch, value in pairs)


def _pair(word: str) -> tuple[int, float]:
    first, colon, second = word.partition(":")
    try:
        epoch, value = int(first), float(second)
    except ValueError:
        raise ValueError(f"“{word[:40]}” is no change; {_EXAMPLE}.") from None
    if not colon or not 0 <= epoch <= _MOST_EPOCHS or not isfinite(value):
        raise ValueError(f"“{word[:40]}” is no change; {_EXAMPLE}.")
    return epoch, value
