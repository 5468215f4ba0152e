"""What a map shows, in a sentence."""

from __future__ import annotations

import numpy as np

from gdviz.maps.basins import Basins
from gdviz.maps.saved import Map
from gdviz.maps.sweep import LearningRateSweep
from gdviz.maps.trainability import Trainability
from gdviz.numerals import format_number

_MOST = 12  # limits that are named


def summary(found: Map) -> str:
    """Return a sentence on a map: the rates that work, the share that stays bounded, or where the starts lead."""
    if isinstance(found, LearningRateSweep):
        return _of_sweep(found)
    return _of_trainability(found) if isinstance(found, Trainability) else _of_basins(found)


def _of_sweep(found: LearningRateSweep) -> str:
    low, high = found.window
    if np.isnan(low):
        return "No rate works: none of them ends lower than it began."
    edge = "" if np.isnan(found.limit) else f" Theory puts the limit at {format_number(found.limit, 4)}."
    return (
        f"Rates from {format_number(low, 4)} to {format_number(high, 4)} work, {found.decades:.1f} powers of ten; "
        f"the fastest is {format_number(found.fastest, 4)}.{edge}"
    )


def _of_trainability(found: Trainability) -> str:
    edge = "There is no boundary" if np.isnan(found.dimension) else f"Its boundary has dimension {found.dimension:.2f}"
    return f"{100 * float(found.trained.mean()):.1f} % stay bounded. {edge}."


def _of_basins(found: Basins) -> str:
    parts = [
        f"{100 * share:.2f} ± {100 * error:.2f} % to the {kind} ({', '.join(format_number(x, 4) for x in point)})"
        for share, error, kind, point in zip(
            found.shares.tolist(), found.share_errors.tolist(), found.kinds, found.points.tolist(), strict=True
        )
    ]
    shown = parts[:_MOST] + ([f"and to {len(parts) - _MOST} more limits"] if len(parts) > _MOST else [])
    others = [(found.diverged, "diverge"), (found.ran_out, "run out of epochs")]
    shown += [f"{100 * share:.2f} % {words}" for share, words in others if share]
    return "Of all starts " + "; ".join(shown) + "."
