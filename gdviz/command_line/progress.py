"""How far a command has come, on standard error: a bar that moves where a person looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

Told = Callable[[int, int], None]  # how many are done, and of how many


@contextmanager
def progress(name: str, elsewhere: Told = lambda done, count: None) -> Iterator[Told]:
    """Give a function that is told how far the work has come; where nobody looks, ``elsewhere`` is told."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield elsewhere
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        job = bar.add_task(name, total=None)
        yield lambda done, count: bar.update(job, completed=done, total=count)


class Tenths:
    """A line for each tenth of the work, with the time that is left."""

    def __init__(self) -> None:
        self.begun, self.said = monotonic(), 0

    def __call__(self, done: int, count: int) -> None:
        if sys.stderr is None or 10 * done // count <= self.said:
            return
        self.said = 10 * done // count
        left = (monotonic() - self.begun) * (count - done) / done
        print(f"{100 * done // count:3d} % of {count:,}, {_time(left)} left", file=sys.stderr, flush=True)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
