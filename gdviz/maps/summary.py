"""What a map shows, in a sentence."""

from __future__ import annotations

import numpy as np

from gdviz.descent import StopReason
from gdviz.maps.basins import Basins
from gdviz.maps.saved import Map
from gdviz.maps.sweep import LearningRateSweep
from gdviz.maps.trainability import Trainability
from gdviz.numerals import format_count, format_number

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
    converges = bool((found.works & (found.stop_reasons == StopReason.CONVERGED)).any())
    best = "the fastest is" if converges else "none of them converges in time, and the one that ends lowest is"
    outside = int(found.works.sum() - (found.works & (low <= found.rates) & (found.rates <= high)).sum())
    more = f" Apart from these {format_count(outside, 'rate')} work too." if outside else ""
    edge = f" Where it ends, theory puts the limit at {format_number(found.limit, 4)}." if found.limit < np.inf else ""
    return (
        f"Rates from {format_number(low, 4)} to {format_number(high, 4)} work, {found.decades:.1f} powers of ten; "
        f"{best} {format_number(found.fastest, 4)}.{edge}{more}"
    )


def _of_trainability(found: Trainability) -> str:
    trained = float(found.trained.mean())
    if trained in (0.0, 1.0):
        edge = "There is no boundary"
    elif np.isnan(found.dimension):
        edge = "The map is too small for the dimension of its boundary"
    else:
        edge = f"Its boundary has dimension {found.dimension:.2f}"
    return f"{_percent(trained, 1)} stay bounded. {edge}."


def _of_basins(found: Basins) -> str:
    parts = [
        f"{_percent(share, 2)} (± {100 * error:.2f} %) to the {kind} ({', '.join(format_number(x, 4) for x in point)})"
        for share, error, kind, point in zip(
            found.shares.tolist(), found.share_errors.tolist(), found.kinds, found.points.tolist(), strict=True
        )
    ]
    shown = parts[:_MOST] + ([f"and to {len(parts) - _MOST} more limits"] if len(parts) > _MOST else [])
    others = [(found.diverged, "diverge"), (found.ran_out, "do not come to rest")]
    shown += [f"{_percent(share, 2)} {words}" for share, words in others if share]
    return "Of all starts " + "; ".join(shown) + "."


def _percent(share: float, digits: int) -> str:
    """A share in percent: what is not all or nothing is not rounded to that."""
    least = 10.0**-digits
    if 0 < share < least / 200:
        return f"under {least:.{digits}f} %"
    if 1 - least / 200 < share < 1:
        return f"over {100 - least:.{digits}f} %"
    return f"{100 * share:.{digits}f} %"
