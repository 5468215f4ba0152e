"""A map that is computed slowly in a folder, on a process pool or on Dask, until somebody kills it:
``python -m tests.maps.killed pool FOLDER``."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import gdviz
from gdviz.maps import tiles

WAVES = "exp(-0.1(x^2 + y^2))*sin(3x)*cos(2y) + 0.05(x^2 + y^2)"


def slow_map(**how: Any) -> gdviz.Basins:
    """Return the map, in 36 tiles."""
    with patch.object(tiles, "tile_size", lambda job: 64):
        return gdviz.basins(gdviz.parse(WAVES), ((-5, 5), (-5, 5)), (48, 48), 0.1, 400, "adam", **how)


@contextmanager
def workers(kind: str) -> Iterator[tuple[Executor, list[int]]]:
    """Two worker processes on this computer, of a pool or of a Dask cluster: their executor, and their numbers."""
    if kind == "pool":
        with ProcessPoolExecutor(2) as pool:
            pool.submit(os.getpid).result()
            yield pool, list(pool._processes)
        return
    from distributed import Client, LocalCluster

    quiet = {"dashboard_address": ":0", "silence_logs": 50}
    with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:
        yield client.get_executor(pure=False), list(client.run(os.getpid).values())


if __name__ == "__main__":
    with workers(sys.argv[1]) as (executor, _):
        slow_map(executor=executor, folder=sys.argv[2], progress=lambda done, count: time.sleep(0.1))
