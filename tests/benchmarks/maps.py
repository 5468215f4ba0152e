"""Maps: steps a second against C of the same lanes, and two threads, processes and Dask workers against one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any
from unittest.mock import patch

import numpy as np

import gdviz
from gdviz.codes.native_batch import Members
from gdviz.descent import DEFAULT_TOLERANCE
from gdviz.descent.step import sequences_of, trace_step
from tests.benchmarks.lanes import c_lanes
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import part, race

HIMMELBLAU, ROSENBROCK = gdviz.PRESETS["himmelblau"], gdviz.PRESETS["rosenbrock"]
WINDOW = ((-5.0, 5.0), (-5.0, 5.0))
ONE_CORE = patch("os.cpu_count", lambda: 1)


def basins(preset: gdviz.presets.Preset, optimizer: str, rate: float, side: int, **how: Any) -> gdviz.Basins:
    return gdviz.basins(preset.objective, WINDOW, (side, side), rate, 500, optimizer, **how)


def trainability(side: int, **how: Any) -> gdviz.Trainability:
    return gdviz.trainability(ROSENBROCK.objective, ROSENBROCK.start, shape=(side, side), **how)


def sweep() -> gdviz.LearningRateSweep:
    return gdviz.learning_rate_sweep(ROSENBROCK.objective, ROSENBROCK.start, np.geomspace(1e-5, 1, 2000), 1000)


def members(preset: Any, optimizer: str, thetas: Any, rates: Any, epochs: int, betas: Any = None) -> Members:
    method = gdviz.OPTIMIZERS[optimizer]()
    step = trace_step(preset.objective, method, () if betas is None else ("beta",))
    own = np.empty((0, thetas.shape[1])) if betas is None else betas[None]
    return Members(step, thetas, rates, own, np.ones(epochs), sequences_of(method, 2, epochs), DEFAULT_TOLERANCE)


def run(share: float = 1) -> Iterator[Table]:
    side, rounds = 8 * part(64, share), part(5, share)  # whole lanes
    line = np.linspace(-5, 5, side)
    grid = np.stack([np.tile(line, side), np.repeat(line, side)])
    for name, preset, rate in (("Himmelblau", HIMMELBLAU, 0.01), ("Rosenbrock", ROSENBROCK, 0.0005)):
        for optimizer in ("gd", "adam"):
            lanes = members(preset, optimizer, grid, np.full(side**2, rate), 500)
            found = basins(preset, optimizer, rate, side)
            yield _against_c(
                rounds, f"basins {name} {side}² × 500, {optimizer}",
                lambda p=preset, o=optimizer, r=rate: basins(p, o, r, side),
                c_lanes(name.upper(), optimizer, lanes), int(found.epochs.sum()),
            )  # fmt: skip
    map_ = trainability(2 * side)
    starts = np.repeat(np.array(ROSENBROCK.start)[:, None], map_.epochs.size, axis=1)
    rates, betas = np.tile(map_.x, len(map_.y)), np.repeat(map_.y, len(map_.x))
    lanes = members(ROSENBROCK, "momentum", starts, rates, 500, betas)
    by_hand = c_lanes("ROSENBROCK", "momentum", lanes)
    yield _against_c(
        rounds,
        f"trainability Rosenbrock {2 * side:,}² × 500",
        lambda: trainability(2 * side),
        by_hand,
        int(map_.epochs.sum()),
    )
    swept = sweep()
    lanes = members(ROSENBROCK, "gd", starts[:, :1].repeat(2000, axis=1), swept.rates, 1000)
    yield _against_c(rounds, "sweep 2,000 × 1,000", sweep, c_lanes("ROSENBROCK", "gd", lanes), int(swept.epochs.sum()))
    yield from _side_by_side(3 * side // 2, part(3, share))


def _against_c(
    rounds: int, title: str, made: Callable[[], Any], by_hand: Callable[[], Any] | None, steps: int
) -> Table:
    with ONE_CORE:
        contenders = {"map, one thread": made} | ({} if by_hand is None else {"C, one thread": by_hand})
        times = race(contenders, rounds)
    pace = steps / times.median("map, one thread") / 1e6
    base = next(reversed(contenders))
    return times.table(f"{title}, {steps / 1e6:.0f} million steps", base, f"{pace:.0f} million steps a second")


def _side_by_side(side: int, rounds: int) -> Iterator[Table]:
    """Two workers of each kind against one, on a map that takes about two seconds."""
    made = lambda **how: basins(HIMMELBLAU, "adam", 0.01, side, **how)  # noqa: E731
    with (
        ThreadPoolExecutor(1) as thread, ThreadPoolExecutor(2) as threads,
        ProcessPoolExecutor(1) as process, ProcessPoolExecutor(2) as processes,
    ):  # fmt: skip
        kinds: dict[str, Any] = {"one thread": thread, "two threads": threads, "one process": process}
        kinds["two processes"] = processes
        yield _raced(rounds, made, kinds, "one thread")
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        return
    quiet: dict[str, Any] = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    with (
        LocalCluster(n_workers=1, **quiet) as one, LocalCluster(n_workers=2, **quiet) as two,
        Client(one) as first, Client(two) as second,
    ):  # fmt: skip
        dask = {"one worker": first, "two workers": second}
        yield _raced(
            rounds, made, {name: client.get_executor(pure=False) for name, client in dask.items()}, "one worker"
        )


def _raced(rounds: int, made: Callable[..., Any], executors: dict[str, Any], base: str) -> Table:
    times = race({name: lambda e=e: made(executor=e) for name, e in executors.items()}, rounds)
    return times.table("basins Himmelblau × 500, adam, in tiles", base)
