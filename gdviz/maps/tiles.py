"""A map in tiles: some of its members at a time, here or on any executor, kept in a folder where that is asked for.

Which tiles there are is a matter of the map alone, and a member's numbers do not depend on its tile: the result is the
same to the bit whatever computes it, in whatever order the tiles come.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from itertools import islice
from os import PathLike
from typing import Any

import numpy as np

from gdviz.descent.plans import GoOn
from gdviz.maps.descents import Job
from gdviz.maps.folder import Tile, TileFolder

Progress = Callable[[int, int], None]

_MOST_WAITING = 64  # tiles that an executor is given at a time: enough for many workers, little enough to hold
_PATIENCE = 0.1  # seconds between two looks at whether to go on

LARGEST_TILE = 32_768  # members
_SMALLEST_TILE = 64
_SECONDS = 0.25  # that a tile is to take at most, about


class MapCanceled(Exception):
    """The map was canceled; of one that is kept in a folder the tiles computed so far are there."""


def tile_size(job: Job) -> int:
    """Return how many members a tile has: so few that little is lost with one, so many that handing it out pays."""
    size = int(_SECONDS / max(job.seconds, 1e-12))
    return max(_SMALLEST_TILE, min(LARGEST_TILE, size // _SMALLEST_TILE * _SMALLEST_TILE))


def tiles_of(
    job: Job,
    executor: Executor | None = None,
    folder: str | PathLike[str] | None = None,
    progress: Progress | None = None,
    go_on: GoOn | None = None,
) -> Iterator[tuple[slice, Tile]]:
    """Compute all tiles and give each with its place, in any order.

    ``progress(done, count)`` is told how many members are done; ``go_on`` is asked every 20 ms or so, and once it says
    no, :class:`MapCanceled` is raised. A tile whose worker was lost is computed here. Raises ValueError for a
    ``folder`` that holds another map.
    """
    size, going = tile_size(job), go_on or (lambda: True)
    spans = [slice(first, min(first + size, job.count)) for first in range(0, job.count, size)]
    kept = None if folder is None else TileFolder.opened(folder, job.description() | {"tile": size})
    done = 0

    def counted(span: slice) -> None:
        nonlocal done
        done += span.stop - span.start
        if progress is not None:
            progress(done, job.count)

    missing = []
    for k, span in enumerate(spans):
        tile = None if kept is None else kept.read(k)
        if tile is None:
            missing.append((k, span))
            continue
        yield span, tile
        counted(span)
    made = _here(job, missing, going) if executor is None else _elsewhere(job, missing, executor, going)
    for k, span, tile in made:
        if kept is not None:
            kept.write(k, tile)
        yield span, tile
        counted(span)


Spans = list[tuple[int, slice]]
Made = Iterator[tuple[int, slice, Tile]]


def _here(job: Job, spans: Spans, go_on: GoOn) -> Made:
    for k, span in spans:
        tile = job.tile(span.start, span.stop, None, go_on) if go_on() else None
        if tile is None:
            raise MapCanceled
        yield k, span, tile


def _elsewhere(job: Job, spans: Spans, executor: Executor, go_on: GoOn) -> Made:
    left = iter(spans)
    under_way: dict[Future[Tile], tuple[int, slice]] = {}
    broken: Spans = []
    try:
        while True:
            for k, span in islice(left, _MOST_WAITING - len(under_way)):
                try:
                    under_way[executor.submit(computed, job, span.start, span.stop)] = k, span
                except BrokenExecutor:
                    broken += [(k, span), *left]
            if not under_way:
                break
            ended, _ = wait(under_way, timeout=_PATIENCE, return_when="FIRST_COMPLETED")
            if not go_on():
                raise MapCanceled
            for future in ended:
                k, span = under_way.pop(future)
                try:
                    tile = future.result()
                except Exception:  # the tile's own error, if it has one, comes again where it is computed here
                    broken.append((k, span))
                else:
                    yield k, span, tile
    finally:
        for future in under_way:
            future.cancel()
    if broken:
        warnings.warn(f"{len(broken)} tiles were lost with their worker and are computed here.", stacklevel=4)
        yield from _here(job, broken, go_on)


def computed(job: Job, first: int, stop: int) -> Tile:
    """Compute a tile on one thread, in whatever process this is."""
    tile = job.tile(first, stop, 1, lambda: True)
    assert tile is not None
    return tile


def everything(job: Job, **how: Any) -> Tile:
    """Return all tiles put together."""
    whole: Tile = {}
    for span, tile in tiles_of(job, **how):
        for name, part in tile.items():
            if name not in whole:
                whole[name] = np.empty((job.count, *part.shape[1:]), part.dtype)
            whole[name][span] = part
    return whole
