"""Times taken side by side: every round runs each contender once, so that a busy moment hits all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from tests.benchmarks.tables import Table


@dataclass(frozen=True)
class Times:
    """Seconds of each contender in each round, all of the same rounds."""

    seconds: Mapping[str, list[float]]

    def median(self, name: str) -> float:
        return median(self.seconds[name])

    def ratio(self, name: str, base: str) -> float:
        """How many times as long as ``base`` this one took: the median of the ratios within each round."""
        return median(a / b for a, b in zip(self.seconds[name], self.seconds[base], strict=True))

    def table(self, title: str, base: str, note: str = "") -> Table:
        rows = [[name, milliseconds(self.median(name)), f"{self.ratio(name, base):.2f}"] for name in self.seconds]
        return Table(title, ["", "median", f"× {base}"], rows, note)


def race(contenders: Mapping[str, Callable[[], Any]], rounds: int = 9) -> Times:
    """Time the contenders in ``rounds`` paired rounds, after one round that warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, contender in contenders.items():
            begin = perf_counter()
            contender()
            if number:
                seconds[name].append(perf_counter() - begin)
    return Times(seconds)


def part(count: int, share: float) -> int:
    """Return a share of ``count`` (of rounds, seconds, openings), at least 1: a benchmark that is only tried takes the
    share 0."""
    return max(1, round(count * share))


def milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms"
