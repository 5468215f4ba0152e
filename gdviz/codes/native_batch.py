"""Many descents in machine code: eight side by side, blocks of them on several threads, those that ended let go."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from threading import Event
from time import perf_counter, thread_time

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.codes import native
from gdviz.codes.ir import LANES
from gdviz.codes.llvm import Reason
from gdviz.codes.llvm_batch import LaneRows
from gdviz.codes.native import Kernel, floats, given, kernel
from gdviz.codes.step_graph import StepGraph
from gdviz.formulas.limits import BLOCK
from gdviz.pacing import current, pause

_SECONDS = 0.01  # a call is to take about this long at most
_WORTH = 0.3  # the share of members going on below which the others are let go of
_FIRST_CHUNK = 8  # epochs of the first call, which tells how long they take
_LOOK = 0.02  # seconds between two looks at whether the threads are still wanted


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

    @staticmethod
    def empty(n: int, m: int) -> Ends:
        """Return room for the ends of m members, none of whom is known yet."""
        return Ends(np.empty((n, m)), np.full(m, np.nan), np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64))

    def part(self, which: slice) -> Ends:
        """Return those of some members, to be written into."""
        return Ends(self.thetas[:, which], self.values[which], self.epochs[which], self.reasons[which])

    def put(self, places: NDArray[np.int64], part: Ends) -> None:
        """Write down the ends of the members at ``places``."""
        self.thetas[:, places], self.values[places] = part.thetas, part.values
        self.epochs[places], self.reasons[places] = part.epochs, part.reasons


def batch_ends(members: Members, threads: int = 1, go_on: Callable[[], bool] = lambda: True) -> Ends:
    """Run all descents to their ends, on so many threads. ``go_on`` is asked every 20 ms or so; once it says no, or the
    work is not wanted any more (:mod:`gdviz.pacing`), all stop."""
    count = members.thetas.shape[1]
    code = kernel("batch", members.step.shape)
    starts = range(0, count, _block_size(members, threads))
    table = np.zeros((members.step.shape.parameters + 3, count))

    def run(start: int, go_on: Callable[[], bool]) -> None:
        part = slice(start, min(start + starts.step, count))
        _Block(code, members, part, table[:, part]).run(go_on)

    if threads == 1 or len(starts) == 1:
        for start in starts:
            run(start, go_on)
    else:
        _side_by_side(run, starts, threads, go_on)
    return Ends(table[:-3], table[-3], table[-2].astype(np.int64), table[-1].astype(np.int64))


def _side_by_side(
    run: Callable[[int, Callable[[], bool]], None], starts: range, threads: int, go_on: Callable[[], bool]
) -> None:
    """Run the blocks that begin at ``starts`` on so many threads; all stop when this one is not to go on."""
    work, stopped = current(), Event()

    def counted(start: int) -> None:
        begun = thread_time()

        def wanted() -> bool:
            nonlocal begun
            if work is not None:
                work.add(-begun + (begun := thread_time()))
            return not stopped.is_set()

        run(start, wanted)

    with ThreadPoolExecutor(threads) as pool:
        try:
            blocks = {pool.submit(counted, start) for start in starts}
            while blocks:
                done, blocks = wait(blocks, timeout=_LOOK)
                for block in done:
                    block.result()
                if not go_on():
                    stopped.set()
                pause()
        finally:
            stopped.set()


def _block_size(members: Members, threads: int) -> int:
    """Return how many members a block has: few enough for a call to be short, and for each thread to have work."""
    short = int(_SECONDS / native.epoch_seconds(members.step))
    each = -(-members.thetas.shape[1] // threads)
    return -(-min(BLOCK, short, each) // LANES) * LANES or LANES


class _Block:
    """Some of the members, with their numbers as the kernel wants them: whole groups, the last one filled up with
    members that have ended. ``found`` takes theta, value, epoch and Reason (n + 3, members) at the ends."""

    def __init__(self, code: Kernel, members: Members, part: slice, found: Array) -> None:
        step, n, s = members.step, members.step.shape.parameters, members.step.shape.states
        self.rows, self.epochs, self.count = LaneRows(step.shape), len(members.pace), members.rates[part].size
        width = -(-self.count // LANES) * LANES
        self.lanes, self.ends = np.zeros((self.rows.size, width)), np.zeros((n + 3, width))
        mine = self.lanes[:, : self.count]
        mine[:n] = mine[self.rows.before : self.rows.before + n] = members.thetas[:, part]
        mine[self.rows.before + n] = np.nan  # the value at the row before, of which there is none
        mine[n : n + s] = np.reshape(step.initial, (s, 1))
        mine[self.rows.members : self.rows.rate] = members.own[:, part]
        mine[self.rows.rate] = members.rates[part]
        self.ends[-1, self.count :] = Reason.EPOCHS
        self.places = np.arange(self.count)  # of the members that are not let go of
        self.found = found
        self._call = code.bound(
            **given(step), epochs=self.epochs, rates=floats(members.pace), sequences=floats(members.sequences),
            tolerance=members.tolerance, first_group=0,
        )  # fmt: skip

    def run(self, go_on: Callable[[], bool]) -> None:
        """Run all to their ends, or until they are not to go on."""
        first, chunk, stays = 0, _FIRST_CHUNK, self.places
        while stays.size and go_on():
            pause()
            stop = min(first + chunk, self.epochs + 1)
            begun = perf_counter()
            self._call(
                stop_group=self.lanes.shape[1] // LANES, first=first, stop=stop, members=self.lanes.shape[1],
                lanes=self.lanes, ends=self.ends,
            )  # fmt: skip
            taken = perf_counter() - begun
            first = stop
            chunk = max(1, min(4 * chunk, int(chunk * _SECONDS / max(taken, 1e-9))))
            stays = self._going()
            if stays.size < _WORTH * self.places.size:
                self._write_down()
                self._keep(stays)
        self._end_here(max(first - 1, 0))
        self._write_down()

    def _going(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.ends[-1] == Reason.GOES_ON)

    def _write_down(self) -> None:
        """Write down the ends of all members that are not let go of; later ones replace them."""
        if self.places.size == self.count:
            self.found[:] = self.ends[:, : self.count]
        else:
            self.found[:, self.places] = self.ends[:, : self.places.size]

    def _keep(self, stays: NDArray[np.int64]) -> None:
        """Go on with these alone."""
        self.places = self.places[stays]
        filled = np.append(stays, np.repeat(stays[-1:], -stays.size % LANES))
        self.lanes, self.ends = np.take(self.lanes, filled, axis=1), np.take(self.ends, filled, axis=1)
        self.ends[-1, stays.size :] = Reason.EPOCHS

    def _end_here(self, row: int) -> None:
        """Let those that still go on end at the row that was looked at last."""
        stays, n, before = self._going(), self.found.shape[0] - 3, self.rows.before
        self.ends[: n + 1, stays] = self.lanes[before : before + n + 1, stays]
        self.ends[n + 1, stays] = row
