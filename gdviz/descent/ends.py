"""Where many descents end: machine code eight side by side, or NumPy's code all at once."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np

from gdviz.arrays import Array, Flags
from gdviz.codes import python
from gdviz.codes.llvm import Reason
from gdviz.codes.native_batch import Ends, Members, batch_ends
from gdviz.descent.recorded import Engine, takes_native
from gdviz.formulas.limits import BLOCK
from gdviz.pacing import pause

_DROP_EVERY = 20  # epochs after which it lets go of its finished members


def ends_of(
    members: Members, engine: Engine = None, threads: int | None = None, go_on: Callable[[], bool] = lambda: True
) -> Ends:
    """Run all members to their ends, machine code on so many ``threads`` (one for each processor if None).

    ``go_on`` is asked every 20 ms or so, or at every epoch; once it says no, all stop, and those on their way have the
    reason GOES_ON.
    """
    count = members.thetas.shape[1]
    if takes_native("batch", members.step, len(members.pace), engine, passes=count):
        return batch_ends(members, threads or os.cpu_count() or 1, go_on)
    ends = Ends.empty(*members.thetas.shape)
    with np.errstate(all="ignore"):
        for first in range(0, count, BLOCK):
            part = slice(first, first + BLOCK)
            _Arrays(members.part(part), ends.part(part)).run(go_on)
    return ends


class _Arrays:
    """Members as NumPy arrays, all at one epoch, whose ``ends`` are written down as they come."""

    def __init__(self, members: Members, ends: Ends) -> None:
        m = members.thetas.shape[1]
        self.members, self.found = members, ends
        self.places, self.running = np.arange(m), np.ones(m, dtype=bool)
        self.theta = members.thetas
        self.state = np.repeat(np.array(members.step.initial).reshape(-1, 1), m, axis=1)
        self.rates, self.own = members.rates, members.own
        self.before: tuple[Array, Array] = (self.theta, np.full(m, np.nan))
        self.was_small = np.zeros(m, dtype=bool)

    def run(self, go_on: Callable[[], bool]) -> None:
        """Take steps until all have ended, or are not to go on."""
        advance = python.array_step(self.members.step)
        epochs, tolerance = len(self.members.pace), self.members.tolerance
        for epoch in range(epochs + 1):
            pause()
            pace = self.members.pace[epoch] if epoch < epochs else 0.0
            now = self.members.sequences[:, min(epoch, epochs - 1)]
            value, following, self.state, small, fine = advance(
                self.theta, self.state, self.rates * pace, now, self.own, tolerance
            )
            self._look(epoch, value, small, fine)
            if epoch == epochs or not go_on():
                self._finish(
                    self.running, Reason.EPOCHS if epoch == epochs else Reason.GOES_ON, epoch, (self.theta, value)
                )
                return
            self.before, self.was_small, self.theta = (self.theta, value), small, following
            if epoch % _DROP_EVERY == 0:
                if not self.running.any():
                    break
                self._drop()

    def _look(self, epoch: int, value: Array, small: Flags, fine: Flags) -> None:
        """Write down those that end at this row, in the order of :mod:`gdviz.descent.stopping`."""
        here = (self.theta, value)
        self._finish(small & self.was_small, Reason.CONVERGED, epoch - 1, self.before)
        self._finish(~fine[0], Reason.DIVERGED, max(0, epoch - 1), self.before if epoch else here)
        self._finish(~fine[1], Reason.DIVERGED, epoch, here)
        if epoch == len(self.members.pace):
            self._finish(small, Reason.CONVERGED, epoch, here)
        else:
            self._finish(~fine[2], Reason.DIVERGED, epoch, here)

    def _finish(self, which: Flags, reason: Reason, epoch: int, where: tuple[Array, Array]) -> None:
        which = which & self.running
        to = self.places[which]
        self.found.thetas[:, to], self.found.values[to] = where[0][:, which], where[1][which]
        self.found.epochs[to], self.found.reasons[to] = epoch, reason
        self.running[which] = False

    def _drop(self) -> None:
        """Let go of those that have ended."""
        keep = self.running.copy()
        self.places, self.running, self.rates = self.places[keep], self.running[keep], self.rates[keep]
        self.own, self.theta, self.state = self.own[:, keep], self.theta[:, keep], self.state[:, keep]
        self.was_small, self.before = self.was_small[keep], (self.before[0][:, keep], self.before[1][keep])
