"""The verdict on a run that strides: steps of one length whatever the slope, as methods take that scale the gradient.

Adam, Lion and their kin move by about the learning rate at each epoch as long as the slope keeps its direction. Their
gradient then shrinks as the ground has it, which says nothing of how many epochs are left; the way to go does.
"""

from __future__ import annotations

from math import ceil, nan

import numpy as np

from gdviz.arrays import Array
from gdviz.numerals import format_about, format_number
from gdviz.theory.linear import ignores_size
from gdviz.verdict.case import TAIL, Case, Kind, Verdict

_STEADY = 0.05  # spread of the last steps' lengths, relatively
_FULL = 0.3  # a stride is about as long as the learning rate, or longer where several parameters move
_TOWARD = 0.5  # cosine of the angle between the steps and the way to a minimum
_STRAIGHT = 0.9  # how far the last steps lead, over their lengths added up


def striding(case: Case) -> Verdict | None:
    """Return the verdict on a run whose last steps are all of a length and go straight on; None for others."""
    run = case.run
    if not ignores_size(case.optimizer) or not case.constant or run.epochs < TAIL:
        return None
    thetas = run.thetas[-TAIL - 1 :]
    lengths = np.linalg.norm(np.diff(thetas, axis=0), axis=1)
    stride, way = float(lengths.mean()), float(np.linalg.norm(thetas[-1] - thetas[0]))
    if stride < _FULL * case.learning_rate:
        return None  # the gradient has become small against its recent sizes: this run slows down
    if not (np.ptp(lengths) <= 4 * _STEADY * stride and lengths.std() <= _STEADY * stride):
        return None
    if not (way >= _STRAIGHT * lengths.sum() and run.values[-1] < run.values[-2]):
        return None
    distance = _to_nearest(case, thetas[-1] - thetas[0])
    remaining = float(ceil(distance / stride)) if distance < 1e9 * stride else nan
    slow = case.is_slow(remaining)
    left = ""
    if remaining > 1:
        least = f"at least {format_about(remaining)} such steps"  # they get shorter where the slope does
        left = f"; the nearest lowest point is {format_number(distance)} away, {least}"
    return Verdict(
        Kind.SLOW if slow else Kind.RAN_OUT,
        f"{'Too slow' if slow else 'On its way'}: {case.when} at {case.where}, {case.value}; "
        f"each epoch moves it by about {format_number(stride)}{left}."
        + (" A larger learning rate takes longer strides." if slow else ""),
        f"{case.optimizer.title} scales the gradient by its own size, so the last {TAIL} steps are all about as long, "
        f"{format_number(stride)}, whatever the slope, at the learning rate {case.eta_text}. "
        f"The slope is {format_number(run.gradient_norms[-1])}.",
        {"stride": stride, "remaining_epochs": remaining},
    )


def _to_nearest(case: Case, way: Array) -> float:
    """How far it is to the nearest lowest point, nan where none is known or the run does not go there."""
    if case.shown is not None or not case.minima:
        return nan  # the run is in other units than the minima
    gaps = [np.subtract(point, case.end) for point, _ in case.minima]
    nearest = min(gaps, key=lambda gap: float(np.linalg.norm(gap)))
    distance = float(np.linalg.norm(nearest))
    return distance if float(nearest @ way) >= _TOWARD * distance * float(np.linalg.norm(way)) else nan
