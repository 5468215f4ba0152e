"""Whether a run goes round and round: it moves all the time and comes neither nearer nor goes farther.

Methods that scale the gradient by its own recent size take steps of about the learning rate however small it is, so at
a constant rate they may circle the minimum for ever; others do so above a limit, around a minimum too steep for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdviz.descent import Trajectory
from gdviz.verdict.case import TAIL

_SHIFT = 0.02  # how much reach and middle of the later part may differ from the earlier one's, against its reach
_COARSE = 1.0  # and as much of one turn, which may be in the one part and not in the other
_TURNS = 5  # in each part
_LONGEST = 4_000  # epochs that are looked at


@dataclass(frozen=True)
class Circle:
    """``epochs`` over which the run came no nearer, and the ``least`` and ``most`` that f was over them."""

    epochs: int
    least: float
    most: float


def circling(run: Trajectory) -> Circle | None:
    """Return the circle in which the last half of ``run`` went; None where it came nearer, went on or away."""
    length = min(run.epochs // 2, _LONGEST) // 2
    if length < TAIL:
        return None
    earlier, later = run.thetas[-2 * length : -length], run.thetas[-length:]
    reach = np.ptp(later, axis=0)
    widest = int(np.argmax(reach / np.maximum(np.abs(run.thetas).max(axis=0), 1e-300)))
    if not reach[widest] > 1e-12 * np.abs(run.thetas[:, widest]).max():
        return None  # it rests
    turns = min(_turns(earlier[:, widest]), _turns(later[:, widest]))
    if turns < _TURNS:
        return None
    shift = max(_SHIFT, _COARSE / turns)
    before, slopes = np.ptp(earlier, axis=0), run.gradient_norms
    same = (
        1 - shift <= reach[widest] / before[widest] <= 1 / (1 - shift)
        and slopes[-length:].max() >= (1 - shift) * slopes[-2 * length : -length].max()
    )
    moved = np.abs(later.mean(axis=0) - earlier.mean(axis=0))
    if not (same and (moved <= shift * np.maximum(reach, 1e-300)).all()):
        return None
    values = run.values[-2 * length :]
    low, high = np.quantile(values[length:], (0.25, 0.75))
    sunk = float(np.median(values[:length]) - np.median(values[length:]))
    if sunk > max(_SHIFT * float(np.ptp(values)), float(high - low)):
        return None  # it goes to and fro, and downhill all the same
    return Circle(2 * length, float(values.min()), float(values.max()))


def _turns(way: np.ndarray) -> int:
    """How often one parameter (m,) turns around."""
    steps = np.sign(np.diff(way))
    steps = steps[steps != 0]
    return int(np.count_nonzero(np.diff(steps)))
