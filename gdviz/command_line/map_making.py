"""What ``gdviz map`` asks for: the map or the film, what is said of it, and the content of its file."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np

from gdviz.command_line import map_words
from gdviz.command_line.progress import Tenths, progress
from gdviz.experiments import Task, encode
from gdviz.exports.dive import SIDE, axis_of, scaled, to_dive
from gdviz.exports.encoding import MOST_FRAMES
from gdviz.exports.map_file import to_map_file
from gdviz.learning_rates import Constant
from gdviz.maps import Axis, LearningRateSweep, learning_rate_sweep
from gdviz.maps.axes import LEAST
from gdviz.maps.saved import Map
from gdviz.maps.summary import summary
from gdviz.numerals import format_number
from gdviz.scenes.map_bands import TaskMap

FILMS = ("mp4", "gif")
SUFFIXES = (".npz", ".csv", ".png", ".svg", ".pdf", *(f".{format}" for format in FILMS))
_LARGEST_FILM = 1080  # pixels of a side


@dataclass(frozen=True)
class MapRequest:
    """What was asked for: a kind of map in a format of file, and each option as it was written; None is not given."""

    kind: str
    format: str
    size: str | None
    x: str | None
    y: str | None
    rates: str | None
    to: str | None
    depth: float | None
    seconds: float | None
    folder: Path | None
    workers: int | None
    scheduler: str | None


def made_file(task: Task, request: MapRequest) -> tuple[str, bytes]:
    """Make the map or the film; return a sentence on it, and the file's content.

    Raises ValueError, in words, for what cannot be taken as it stands, before anything is run.
    """
    if task.batched is not None:
        raise ValueError("Maps take whole gradients: leave batch_size out.")
    if request.format in FILMS:
        return _dive(task, request)
    size = map_words.size(request.size, request.kind)
    found: Map
    if request.kind == "sweep":
        found = _sweep(task, request, size[0])
    else:
        with _executor(request) as executor, progress(request.kind, Tenths()) as told:
            picture = TaskMap(request.kind, task, map_words.axes(task, request.kind, request.x, request.y))
            found = picture.whole(size[::-1], executor=executor, progress=told, folder=request.folder)
    about = {"map": request.kind, "link": f"?{urlencode(encode(task.experiment))}"}
    return summary(found), to_map_file(found, request.format, task.experiment.optimizer.title, about)


@contextmanager
def _executor(given: MapRequest) -> Iterator[Executor | None]:
    if given.workers is not None:
        if not 1 <= given.workers <= 256:
            raise ValueError(f"--workers is {given.workers}; it must be from 1 to 256.")
        with ProcessPoolExecutor(given.workers) as pool:
            yield pool
    elif given.scheduler is not None:
        with _client(given.scheduler) as client:
            yield client.get_executor(pure=False)
    else:
        yield None


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ValueError("--scheduler needs Dask, which is not installed: pip install distributed.") from None
    try:
        made: Any = Client
        return made(address, timeout=20)
    except (OSError, ValueError, TimeoutError) as error:
        raise ValueError(f"--scheduler {address}: no scheduler answers there ({error}).") from None


def _sweep(task: Task, given: MapRequest, count: int) -> LearningRateSweep:
    e = task.experiment
    if not isinstance(e.learning_rate, Constant):
        raise ValueError(f"A sweep is over constant learning rates: leave schedule={e.learning_rate.name} out.")
    low, high = map_words.rates(given.rates or "1e-6,10")
    rates = np.geomspace(low, high, count)
    return learning_rate_sweep(task.descended, task.start, rates, e.epochs, e.optimizer, tolerance=e.tolerance)


def _dive(task: Task, given: MapRequest) -> tuple[str, bytes]:
    """Return a sentence on a film that goes down into a map, and its content."""
    depth = 1000.0 if given.depth is None else given.depth
    seconds = 8.0 if given.seconds is None else given.seconds
    if given.to is None:
        raise ValueError("A film goes down to a place: name it, --to X,Y.")
    if not 1 < depth <= 1 / LEAST:
        raise ValueError(
            f"--depth is {depth:g}; it says how many times the film magnifies: more than 1, and at most {1 / LEAST:g}, "
            "where the numbers end."
        )
    side, height = map_words.size(given.size, given.kind) if given.size else (SIDE, SIDE)
    if side != height or side % 2 or not 16 <= side <= _LARGEST_FILM:
        even = f"an even number of pixels on each side, from 16 to {_LARGEST_FILM:,}"
        raise ValueError(f"--size is {given.size}; a film is square and has {even}.")
    x, y = map_words.axes(task, given.kind, given.x, given.y)
    goal = _below((x, y), map_words.two_numbers(given.to, "--to", "X,Y, such as 0.5,-1"), depth)
    frames = min(MOST_FRAMES, max(2, round(20 * seconds))) if np.isfinite(seconds) else 2
    with progress("film", Tenths()) as told:
        content = to_dive(
            TaskMap(given.kind, task, (x, y)), (x, y), goal, given.format, seconds, frames, side,  # type: ignore[arg-type]
            lambda share: told(round(1000 * share), 1000),
        )  # fmt: skip
    return f"{frames} frames, down to 1 / {format_number(depth, 4)} of the map.", content


def _below(whole: tuple[Axis, Axis], place: tuple[float, float], depth: float) -> tuple[Axis, Axis]:
    """Return the axes of a view that is so many times smaller, with the place in its middle as far as that goes."""
    made = []
    for axis, at in zip(whole, place, strict=True):
        if not axis.low <= at <= axis.high:
            raise ValueError(f"--to names {axis.name} = {at:g}; the map goes from {axis.low:g} to {axis.high:g}.")
        low, high = scaled(axis)
        middle = float(np.log(at)) if axis.spacing == "log" else at
        size = (high - low) / depth
        first = min(max(middle - size / 2, low), high - size)
        made.append(axis_of(axis, first, first + size))
    return made[0], made[1]
