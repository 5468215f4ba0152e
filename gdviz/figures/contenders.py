"""What all pictures of several runs share: how a contender is drawn and called, and where its values' axis ends."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.comparisons import FairResult, Result
from gdviz.figures.epochs import log_axis
from gdviz.landscapes.scales import ROOM

FLOOR = 1e-17
"""Share of f(start) - f*: below, float64 cannot tell them apart, and axes end."""

# Below the picture: eight names take several rows, and on a phone those would lie under the chart's own buttons.
LEGEND = {"yref": "container", "y": 0.0, "yanchor": "bottom"}

_HEADROOM = 3.0  # decades that a curve may rise above its start before it leaves the picture


def name_of(result: Result | FairResult) -> str:
    """The label as text: a name that came with a link is not HTML."""
    return escape(result.label, quote=False).replace("%{", "% {")


def value_axis(values: Array, firsts: Sequence[float], logarithmic: bool) -> dict[str, Any]:
    """The axis of all ``values`` (m,), which ends a little above the start however high a run that diverges gets."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return {"type": "log", "dtick": 1} if logarithmic else {}
    start = max((f for f in firsts if np.isfinite(f)), default=float(finite.max()))
    if not logarithmic:
        low, calm = float(finite.min()), finite[finite <= start + 3 * abs(start - float(finite.min()))]
        high = float(calm.max(initial=start))
        room = ROOM * (high - low) or 1.0
        return {"range": [low - room, high + room]}
    high = min(float(finite.max()), start * 10**_HEADROOM) if start > 0 else float(finite.max())
    seen = finite[finite <= high]
    low = np.log10(max(float(seen.min()), start * FLOOR))
    room = max(0.04 * (np.log10(high) - low), 0.1)
    return {**log_axis(seen), "range": [low - room, np.log10(high) + room]}
