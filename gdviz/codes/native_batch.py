"""Many descents in machine code: eight side by side, blocks of them on several threads, those that ended let go."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from gdviz.codes.ir import LANES
from gdviz.codes.llvm import LaneRows, Reason
from gdviz.codes.native import Kernel, floats, given, kernel
from gdviz.codes.step_graph import StepGraph

Array = NDArray[np.float64]

_BLOCK = 4_096  # members whose numbers stay in the cache
_SECONDS = 0.01  # a call is to take about this long at most
_FIRST_CHUNK = 8  # epochs of the first call, which tells how long they take


@dataclass(frozen=True, eq=False)
class Members:
    """Many descents on one ``step``: ``thetas`` (n, M) at epoch 0, ``rates`` (M,), which are multiplied by the epoch's,
    and ``own`` (members, M), the numbers that the step calls ``member0`` ….

    ``pace`` (epochs,) and ``sequences`` (q, epochs) are everybody's.
    """

    step: StepGraph
    thetas: Array
    rates: Array
    own: Array
    pace: Array
    sequences: Array
    tolerance: float

    def part(self, which: slice) -> Members:
        """Return some of them."""
        return replace(self, thetas=self.thetas[:, which], rates=self.rates[which], own=self.own[:, which])


@dataclass(frozen=True, eq=False)
class Ends:
    """Where they ended: ``thetas`` (n, M), ``values`` (M,), ``epochs`` (M,), and ``reasons`` (M,) of Reason: GOES_ON
    for those that were stopped on their way, which are at the last row looked at (value nan if there is none)."""

    thetas: Array
    values: Array
    epochs: NDArray[np.int64]
    reasons: NDArray[np.int64]


def batch_ends(members: Members, threads: int = 1, go_on: Callable[[], bool] = lambda: True) -> Ends:
    """Run all descents to their ends, on so many threads. ``go_on`` is asked every 20 ms or so on each of them; once it
    says no, all stop."""
    count = members.thetas.shape[1]
    code = kernel("batch", members.step.shape)
    starts = range(0, count, _block_size(members, threads))
    table = np.zeros((members.step.shape.parameters + 3, count))

    def run(start: int) -> None:
        part = slice(start, min(start + starts.step, count))
        table[:, part] = _Block(code, members, part).run(go_on)

    if threads == 1 or len(starts) == 1:
        for start in starts:
            run(start)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, starts))
    return Ends(table[:-3], table[-3], table[-2].astype(np.int64), table[-1].astype(np.int64))


def _block_size(members: Members, threads: int) -> int:
    """Return how many members a block has: few enough for a call to be short, and for each thread to have work."""
    shape, m = members.step.shape, members.step.rows
    operations = len(shape.step.nodes) + m * (len(shape.rows.nodes) if shape.rows else 0)
    short = int(_SECONDS / (operations * 2e-9))
    each = -(-members.thetas.shape[1] // threads)
    return max(LANES, min(_BLOCK, short, each) // LANES * LANES)


class _Block:
    """Some of the members, with their numbers as the kernel wants them."""

    def __init__(self, code: Kernel, members: Members, part: slice) -> None:
        step, n = members.step, members.step.shape.parameters
        self.rows, self.epochs = LaneRows(step.shape), len(members.pace)
        thetas, rates, own = members.thetas[:, part], members.rates[part], members.own[:, part]
        count = thetas.shape[1]
        states = np.repeat(np.array(step.initial).reshape(-1, 1), count, axis=1)
        value, small = np.full((1, count), np.nan), np.zeros((1, count))  # at the row before, of which there is none
        self.lanes = np.concatenate([thetas, states, own, rates.reshape(1, -1), thetas, value, small])
        self.ends = np.zeros((n + 3, count))
        self.places = np.arange(count)
        self.found = np.zeros((n + 3, count))
        self._pad()
        self._call = code.bound(
            **given(step), epochs=self.epochs, rates=floats(members.pace), sequences=floats(members.sequences),
            tolerance=members.tolerance, first_group=0,
        )  # fmt: skip

    def run(self, go_on: Callable[[], bool]) -> Array:
        """Return theta, value, epoch and Reason (n + 3, members) at the ends."""
        first, chunk = 0, _FIRST_CHUNK
        while self.places.size and go_on():
            stop = min(first + chunk, self.epochs + 1)
            begun = perf_counter()
            self._call(
                stop_group=self.lanes.shape[1] // LANES, first=first, stop=stop, members=self.lanes.shape[1],
                lanes=self.lanes, ends=self.ends,
            )  # fmt: skip
            taken = perf_counter() - begun
            first = stop
            self._let_go()
            chunk = max(1, min(2 * chunk, int(chunk * _SECONDS / max(taken, 1e-9))))
        self._write_unfinished(first - 1)
        return self.found

    def _let_go(self) -> None:
        """Write down those that ended; go on with the others alone."""
        count = self.places.size
        ended = self.ends[-1, :count] != Reason.GOES_ON
        if not ended.any():
            return
        self.found[:, self.places[ended]] = self.ends[:, :count][:, ended]
        self.places = self.places[~ended]
        self.lanes = np.compress(~ended, self.lanes[:, :count], axis=1)
        self.ends = np.compress(~ended, self.ends[:, :count], axis=1)
        self._pad()

    def _pad(self) -> None:
        """Fill the last group up, with members that have ended."""
        more = -self.places.size % LANES
        self.lanes = floats(np.pad(self.lanes, [(0, 0), (0, more)], mode="edge" if self.places.size else "constant"))
        self.ends = floats(np.pad(self.ends, [(0, 0), (0, more)]))
        self.ends[-1, self.places.size :] = Reason.EPOCHS

    def _write_unfinished(self, row: int) -> None:
        n = self.found.shape[0] - 3
        here = self.lanes[self.rows.before : self.rows.before + n + 1, : self.places.size]
        self.found[: n + 1, self.places] = here
        self.found[n + 1, self.places] = max(row, 0)
