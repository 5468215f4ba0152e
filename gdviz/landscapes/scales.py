"""Scales of curves over epochs: a signed logarithm where runs explode, and what a loss curve shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdviz.arrays import Array
from gdviz.landscapes.signed_log import SignedLog
from gdviz.numerals import power_of_ten

EXPLOSION = 1e4  # the largest size of theta over the usual one, above which a linear axis shows nothing
MOST_TICKS = 4  # on either side of zero
ROOM = 0.06  # of what is drawn, beyond it on either side
_MOST_TURNS = 60
_WIDE = 1.5  # decades
_DECADES = 2.0  # of a loss; below, a log axis hides more than it shows


def signed_log_ticks(scale: SignedLog, values: Array) -> tuple[Array, list[str]]:
    """Return heights and labels of ticks at 0 and at round powers of ten, as far as ``values`` go."""
    finite = values[np.isfinite(values)]
    first = round(np.log10(scale.unit))
    last = max(first + 1, int(np.floor(np.log10(max(float(np.abs(finite).max(initial=0.0)), scale.unit)))))
    step = round_step((last - first) / MOST_TICKS)
    exponents = [e for e in range(first - first % step, last + 1, step) if e > first] or [last]
    up = [float(f"1e{e}") for e in exponents] if finite.max(initial=0.0) > scale.unit else []
    down = [-float(f"1e{e}") for e in reversed(exponents)] if finite.min(initial=0.0) < -scale.unit else []
    labels = ["−" + _power(v) for v in down] + ["0"] + [_power(v) for v in up]
    return scale.place(np.array([*down, 0.0, *up])), labels


def _power(value: float) -> str:
    exponent = round(np.log10(abs(value)))
    return str(10**exponent) if 0 <= exponent <= 2 else power_of_ten(exponent)


def exploding_scale(thetas: Array) -> SignedLog | None:
    """Return the signed log scale that ``thetas`` (k + 1, n) need, or None where a linear axis shows them well.

    They need it when the largest passes ten thousand times the usual size and the size at the start: a run that
    converges, to a large number or to zero, spends its epochs near it; a run that explodes does not.
    """
    sizes = np.abs(thetas).max(axis=1)
    sizes = sizes[np.isfinite(sizes)]
    largest = float(sizes.max(initial=0.0))
    if not largest:
        return None
    begin = float(sizes[0]) or float(sizes[sizes > 0].min())
    if not largest > EXPLOSION * max(begin, float(np.median(sizes))):
        return None
    return SignedLog(10.0 ** np.floor(np.log10(max(begin, largest * 1e-280))))


def falling_scale(heights: Sequence[Array]) -> SignedLog | None:
    """Return the scale of curves (k + 1,) of which some fall without end, None where a linear one shows them."""
    falling = [h for h in heights if np.nanmin(h) < 0]
    found = [scale for scale in (exploding_scale(h[:, None]) for h in falling) if scale is not None]
    return min(found, key=lambda scale: scale.unit, default=None)


def oscillates(values: Array) -> bool:
    """Say whether ``values`` (k,) go up and down too often for dashes to be told apart."""
    turns = np.diff(np.sign(np.diff(values)))
    return int(np.count_nonzero(np.abs(turns) > 1)) > _MOST_TURNS


def round_step(least: float) -> int:
    """Return the smallest of 1, 2, 3, 5, 10, 20, 30, 50, … that is at least ``least``."""
    steps = (step * 10**power for power in range(10) for step in (1, 2, 3, 5) if step * 10**power >= least)
    return int(next(steps))


def log_step(low: float, high: float, ticks: int) -> int | str:
    """Return the step between about so many ticks of a log axis from ``low`` to ``high``, as Plotly's ``dtick`` has it.

    It is whole decades, or, where there is less than one, an equal step of the value: all digits would be crowded.

    >>> log_step(1e-8, 100, 5), log_step(0.3, 0.6, 5)
    (2, 'L0.2')
    """
    decades = float(np.log10(high) - np.log10(low))
    if decades >= 1:
        return round_step(decades / ticks)
    least = max((high - low + 0.4 * high) / ticks, 1e-300)  # with room at the ends: also where all values are one
    unit = 10.0 ** np.floor(np.log10(least))
    return f"L{round_step(least / unit) * unit:.1g}"


def loss_heights(values: Array, minimum: float | None, name: str) -> tuple[Array, bool, str]:
    """Return what is drawn for ``values`` (k,), whether on a log axis, and the axis title."""
    finite = values[np.isfinite(values)]
    if _spans_decades(finite):
        return values, True, name
    if minimum is not None:
        gaps = values - minimum
        above = gaps > 0
        if above.sum() > 1 and above.mean() > 0.5 and _spans_decades(gaps[above & np.isfinite(gaps)]):
            return np.where(above, gaps, np.nan), True, _gap_name(name)
    return values, False, name


def several_loss_heights(values: Sequence[Array], minimum: float | None, name: str) -> tuple[list[Array], bool, str]:
    """Return what is drawn for each of several ``values`` (k + 1,), whether on a log axis, and the axis title."""
    gaps = [] if minimum is None else [v - minimum for v in values]
    if any((gap > 0).any() for gap in gaps):
        return [np.where(gap > 0, gap, np.nan) for gap in gaps], True, _gap_name(name)
    return list(values), bool(values) and all((v > 0).all() for v in values), name


def _gap_name(name: str) -> str:
    short = name.split("(")[0]
    return f"{short} − {short}*"


def shifted(values: Array, shift: float, logarithmic: bool) -> Array:
    """Return ``values`` (k,) less ``shift`` for an axis that is there already: nan where a log axis has no place."""
    with np.errstate(all="ignore"):
        gaps = values - shift
    return np.where(gaps > 0, gaps, np.nan) if logarithmic else gaps


def wants_log_axis(values: Array) -> bool:
    """Say whether a log axis shows more of ``values`` (any shape) than it hides: most are positive, and wide apart."""
    finite = values[np.isfinite(values)]
    positive = finite[finite > 0]
    if not len(positive) or len(positive) < 0.9 * len(finite):
        return False
    return bool(np.log10(positive.max()) - np.log10(positive.min()) > _WIDE)


def _spans_decades(values: Array) -> bool:
    """Say whether all of ``values`` are positive and their log10 spans more than two."""
    return bool(len(values) and values.min() > 0 and np.log10(values.max()) - np.log10(values.min()) > _DECADES)
