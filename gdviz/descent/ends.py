"""Where many descents end: the loop of a batch, as NumPy's code or machine code runs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.codes import python
from gdviz.codes.step_graph import StepGraph
from gdviz.descent.recorded import Engine
from gdviz.descent.trajectory import StopReason

Array = NDArray[np.float64]

_BLOCK = 8_192  # members that go through NumPy's loop together: small enough to stay in cache
_DROP_EVERY = 20  # epochs after which it lets go of its finished members


@dataclass(frozen=True, eq=False)
class Members:
    """M descents: their ``starts`` (n, M), their ``rates`` (M,), which the common pace multiplies, and ``numbers``
    (p, M), the hyper-parameters that they have of their own."""

    starts: Array
    rates: Array
    numbers: Array

    def part(self, which: Any) -> Members:
        """Return some of them."""
        return Members(self.starts[:, which], self.rates[which], self.numbers[:, which])


@dataclass(frozen=True, eq=False)
class Ends:
    """``thetas`` (n, M), ``values`` (M,), ``epochs`` (M,) and ``reasons`` (M,) of StopReason."""

    thetas: Array
    values: Array
    epochs: NDArray[np.int64]
    reasons: NDArray[Any]


def ends_of(
    step: StepGraph, members: Members, pace: Array, sequences: Array, tolerance: float, engine: Engine = None
) -> Ends:
    """Descend with each member's rate times ``pace`` (epochs,) and the optimizer's ``sequences`` (q, epochs)."""
    blocks = range(0, members.starts.shape[1], _BLOCK)
    with np.errstate(all="ignore"):
        parts = [_ends_in_arrays(step, members.part(slice(i, i + _BLOCK)), pace, sequences, tolerance) for i in blocks]
    return Ends(
        np.concatenate([part.thetas for part in parts], axis=1),
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.epochs for part in parts]),
        np.concatenate([part.reasons for part in parts]),
    )


def _ends_in_arrays(step: StepGraph, members: Members, pace: Array, sequences: Array, tolerance: float) -> Ends:
    """The same on NumPy arrays, all members at one epoch. Those that end are written down and soon let go of."""
    epochs, m = len(pace), members.starts.shape[1]
    advance = python.array_step(step)
    ends = Ends(members.starts.copy(), np.empty(m), np.full(m, epochs), np.full(m, StopReason.EPOCHS, dtype=object))
    places, running = np.arange(m), np.ones(m, dtype=bool)
    theta, state = members.starts, np.repeat(np.array(step.initial).reshape(-1, 1), m, axis=1)
    before: tuple[Array, Array] = (theta, np.empty(m))
    was_small = np.zeros(m, dtype=bool)

    def finish(which: Any, reason: StopReason, epoch: int, where: tuple[Array, Array]) -> None:
        which = which & running
        to = places[which]
        ends.thetas[:, to], ends.values[to] = where[0][:, which], where[1][which]
        ends.epochs[to], ends.reasons[to] = epoch, reason
        running[which] = False

    for epoch in range(epochs + 1):
        last = epoch == epochs
        rates = members.rates * (0.0 if last else pace[epoch])
        now = sequences[:, min(epoch, epochs - 1)]
        value, following, state, small, fine = advance(theta, state, rates, now, members.numbers, tolerance)
        here = (theta, value)
        finish(small & was_small, StopReason.CONVERGED, epoch - 1, before)
        finish(~fine[0], StopReason.DIVERGED, max(0, epoch - 1), before if epoch else here)
        finish(~fine[1], StopReason.DIVERGED, epoch, here)
        if last:
            finish(small, StopReason.CONVERGED, epoch, here)
            finish(running, StopReason.EPOCHS, epoch, here)
            break
        finish(~fine[2], StopReason.DIVERGED, epoch, here)
        before, was_small, theta = here, small, following
        if epoch % _DROP_EVERY == 0 and not running.all():
            if not running.any():
                break
            keep = running.copy()
            places, running, members = places[keep], running[keep], members.part(keep)
            theta, state, was_small = theta[:, keep], state[:, keep], was_small[keep]
            before = (before[0][:, keep], before[1][keep])
    return ends
