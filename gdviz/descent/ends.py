"""Where many descents end: machine code eight side by side, or NumPy's code all at once."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.codes import python
from gdviz.codes.llvm import Reason
from gdviz.codes.native_batch import Ends, Members, batch_ends
from gdviz.descent.recorded import Engine, takes_native
from gdviz.pacing import pause

_BLOCK = 8_192  # members that go through NumPy's loop together: small enough to stay in cache
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
    blocks = range(0, count, _BLOCK)
    with np.errstate(all="ignore"):
        parts = [_ends_in_arrays(members.part(slice(i, i + _BLOCK)), go_on) for i in blocks]
    return Ends(
        np.concatenate([part.thetas for part in parts], axis=1),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.epochs for part in parts]),
        np.concatenate([part.reasons for part in parts]),
    )


def _ends_in_arrays(members: Members, go_on: Callable[[], bool]) -> Ends:
    """The same on NumPy arrays, all members at one epoch. Those that end are written down and soon let go of."""
    epochs, m = len(members.pace), members.thetas.shape[1]
    advance = python.array_step(members.step)
    ends = Ends(members.thetas.copy(), np.full(m, np.nan), np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64))
    places, running = np.arange(m), np.ones(m, dtype=bool)
    theta, state = members.thetas, np.repeat(np.array(members.step.initial).reshape(-1, 1), m, axis=1)
    rates, own = members.rates, members.own
    before: tuple[Array, Array] = (theta, np.full(m, np.nan))
    was_small = np.zeros(m, dtype=bool)

    def finish(which: Any, reason: Reason, epoch: int, where: tuple[Array, Array]) -> None:
        which = which & running
        to = places[which]
        ends.thetas[:, to], ends.values[to] = where[0][:, which], where[1][which]
        ends.epochs[to], ends.reasons[to] = epoch, reason
        running[which] = False

    for epoch in range(epochs + 1):
        pause()
        last = epoch == epochs
        pace = 0.0 if last else members.pace[epoch]
        now = members.sequences[:, min(epoch, epochs - 1)]
        value, following, state, small, fine = advance(theta, state, rates * pace, now, own, members.tolerance)
        here = (theta, value)
        finish(small & was_small, Reason.CONVERGED, epoch - 1, before)
        finish(~fine[0], Reason.DIVERGED, max(0, epoch - 1), before if epoch else here)
        finish(~fine[1], Reason.DIVERGED, epoch, here)
        if last:
            finish(small, Reason.CONVERGED, epoch, here)
            finish(running, Reason.EPOCHS, epoch, here)
            break
        finish(~fine[2], Reason.DIVERGED, epoch, here)
        before, was_small, theta = here, small, following
        if not go_on():
            finish(running, Reason.GOES_ON, epoch, here)
            break
        if epoch % _DROP_EVERY == 0:
            if not running.any():
                break
            keep = running.copy()
            places, running, rates, own = places[keep], running[keep], rates[keep], own[:, keep]
            theta, state, was_small = theta[:, keep], state[:, keep], was_small[keep]
            before = (before[0][:, keep], before[1][keep])
    return ends
