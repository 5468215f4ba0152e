"""Learning rates: the length of each step. A schedule is count → value.

To add one: write a class here and add it to LEARNING_RATES.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from math import isfinite
from numbers import Real
from types import MappingProxyType
from typing import Any, ClassVar, Protocol


class LearningRate(Protocol):
    """What the descent loop asks of a learning rate."""

    name: ClassVar[str]

    def rates(self, first: int, count: int) -> Iterator[float]:
        """Yield the learning rates of the epochs first, first + 1, …, first + count - 1 (epochs count from 0)."""
        ...


@dataclass(frozen=True)
class Constant:
    """The same learning rate at every epoch. Raises ValueError unless it is finite and above zero."""

    learning_rate: float

    name: ClassVar[str] = "constant"

    def __post_init__(self) -> None:
        if not (isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"The learning rate is {self.learning_rate:g}; it must be a finite number above 0.")

    def rates(self, first: int, count: int) -> Iterator[float]:
        return repeat(self.learning_rate, count)


LEARNING_RATES: Mapping[str, type[Any]] = MappingProxyType({cls.name: cls for cls in (Constant,)})


def make_learning_rate(learning_rate: float | LearningRate) -> LearningRate:
    """Return a number as a constant learning rate; a learning rate is returned as it is."""
    if isinstance(learning_rate, (float, int, Real)):  # NumPy's numbers too
        return Constant(float(learning_rate))
    return learning_rate
