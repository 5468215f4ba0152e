"""The verdict on a run at the edge of stability: on which side of its limit, measured and not guessed."""

from __future__ import annotations

from math import isfinite

import numpy as np

from gdviz.numerals import digits_between, format_number
from gdviz.theory.sharpness import sharpness_along
from gdviz.verdict.case import Case, Kind, Verdict, limit_beside
from gdviz.verdict.steepest import Steepest
from gdviz.verdict.wording import against_limit, factor_formula, factor_number, latex_number

_LEAST_EPOCHS = 50  # in which bursts can show
_BURST = 10  # times the height that f has most of the time
_CROSSINGS, _AROUND = 4, 0.3  # how often the sharpness crosses its limit, and how near to it it stays, relatively
_AS_GOOD_AS_ONE = 1e-4  # a measured factor this close to 1 tells neither growing nor shrinking


def at_the_edge(case: Case, seen: Steepest) -> Verdict:
    """Return the verdict: on the stable side, on the unstable side, or at the limit itself."""
    run = case.run
    side, going = _exactly(seen) if seen.exact else _measured(seen)
    relation = "at" if seen.at_limit else "below" if seen.share < 1 else "above"
    multiplied = "is multiplied" if seen.exact else "would be multiplied, if the ground stayed so,"
    here = "" if seen.exact else " (for the curvature of the last points)"
    measured = ""
    if isfinite(seen.measured):
        digits = min(7, digits_between(seen.measured, 1.0, 5))
        measured = f" Measured over the last epochs: {format_number(seen.measured, digits)}."
    return Verdict(
        Kind.EDGE,
        f"At the edge of stability, {side}: the learning rate {case.eta_text} is {relation} "
        f"{limit_beside(case, seen.limit)}{here}, {going}. "
        f"{case.when.capitalize()}: {case.where}, f = {format_number(run.values[-1])}.",
        f"Along {seen.direction} the curvature is L = {format_number(seen.curvature, 4)}: "
        f"{against_limit(case, seen.law, seen.curvature)}. The error there {multiplied} each epoch by "
        f"{factor_formula(case, seen.law, seen.curvature)}."
        f"{measured} A rate some way below the limit lands inside the valley.",
        {
            "limit": seen.limit,
            "largest_curvature": seen.curvature,
            "predicted_rate": seen.predicted,
            "measured_rate": seen.measured,
        },
    )


def in_bursts(case: Case) -> Verdict | None:
    """The verdict on a run that settles toward ground too steep for it, bursts away, and settles again; None if none.

    In the second half of such a run the sharpness goes to and fro over the limit, and so does f by more than tenfold.
    """
    run = case.run
    if case.law is None or not case.constant or run.epochs < _LEAST_EPOCHS:
        return None
    half = run.values[run.epochs // 2 :] - run.values.min()
    if not half.max() > _BURST * np.median(half) > 0:
        return None
    record = sharpness_along(case.objective, run, case.optimizer, case.learning_rate)
    if record is None:
        return None
    share = (record.largest / record.limit)[len(record.epochs) // 2 :]
    crossings = np.count_nonzero(np.diff(np.sign(share - 1)))
    if crossings < _CROSSINGS or not abs(np.median(share) - 1) < _AROUND:
        return None
    limit = case.law.largest / case.last_eta
    return Verdict(
        Kind.EDGE,
        f"At the edge of stability, in bursts: at the learning rate {case.eta_text} the path settles toward ground "
        f"that is too steep for it, swings up, and settles again. {case.when.capitalize()}: {case.where}, "
        f"f = {format_number(run.values[-1])}. A smaller rate ends this.",
        "In the second half of the run the largest curvature crosses its limit, "
        rf"$({case.law.limit_latex}) / \eta = {latex_number(limit)}$, "
        f"{crossings} times: above it swings grow, and they throw the path back to where it is below.",
        {"limit": case.learning_rate / float(np.median(share)), "largest_curvature": float(np.nanmax(record.largest))},
    )


def _exactly(seen: Steepest) -> tuple[str, str]:
    along = f"along {seen.direction}"
    if seen.at_limit:
        return "exactly", f"so {along} it jumps to and fro, never closer and never farther"
    if seen.unstable:
        return "on the unstable side", f"so the swing {along} grows {factor_number(seen.predicted)}-fold each epoch"
    return "on the stable side", f"so the swing {along} shrinks only to {factor_number(seen.predicted)} each epoch"


def _measured(seen: Steepest) -> tuple[str, str]:
    along = f"along {seen.direction}"
    if seen.measured > 1 + _AS_GOOD_AS_ONE:
        return "on the unstable side", f"and the swing {along} grows {factor_number(seen.measured)}-fold each epoch"
    if seen.measured < 1 - _AS_GOOD_AS_ONE:
        return "on the stable side", f"and the swing {along} shrinks to {factor_number(seen.measured)} each epoch"
    return "hovering there", f"and the swing {along} neither grows nor shrinks"
