"""Verdicts on runs that ended where the gradient vanished; ``at_rest.py`` says which of them is given."""

from __future__ import annotations

from math import isfinite, nan

import numpy as np

from gdviz.fits import Fit
from gdviz.numerals import format_number, listed
from gdviz.objectives import Objective
from gdviz.optimizers import VectorOptimizer
from gdviz.theory.curvature import Curvature, contraction, measured_rate, stability_limit
from gdviz.verdict.boundless import no_minimum_ahead
from gdviz.verdict.case import Case, Kind, Verdict, limit_name, own_expression
from gdviz.verdict.divergence import uphill
from gdviz.verdict.falling import LEVEL, fall_ahead
from gdviz.verdict.ground import FlatGround, flat_ground, sizes
from gdviz.verdict.local_shape import has_a_corner, lies_in_a_hollow, nothing_lower_around
from gdviz.verdict.rounding import rounding
from gdviz.verdict.wording import against_limit

_SMALL = 1e-6  # of the largest curvature: one that is none beside it
_SMALL_SLOPE = 1e-6  # a tolerance up to which a run is meant to end at a stationary point
_FAINT = 1e-4  # curvatures below this may be those of a plateau
_FAR = 0.01  # a Newton step this long, relatively, leads to somewhere else
_NEAR = 1e-7  # a Newton step this short, in units of the parameters' size, has arrived
_BEYOND = np.array([2.0, 4.0, 8.0, 16.0])  # Newton steps ahead
_PERFECT = 1e-15  # of a fit's error at the start: none is left


def largest(found: Curvature) -> float:
    """The largest curvature, up or down."""
    return max(abs(found.L), abs(found.mu))


def small(found: Curvature) -> float:
    """A curvature that is none beside the largest."""
    return _SMALL * largest(found)


def _numbers(found: Curvature) -> dict[str, float]:
    return {"largest_curvature": found.L, "smallest_curvature": found.mu}


def of_kink(case: Case) -> Verdict | None:
    """The verdict on a run that ended at a corner of its formula; None elsewhere."""
    expression = own_expression(case)
    if expression is None or not expression.at_kink(*case.end.tolist()) or not has_a_corner(case.objective, case.end):
        return None  # |x|³ has no corner, though |x| has
    return Verdict(
        Kind.KINK,
        f"Stopped at a kink {case.when}: {case.where}, {case.value}. "
        "The function has a corner here, so there is no slope to follow.",
        "At a corner the gradient jumps; by convention it counts as the average of both sides.",
    )


def falls_beyond(case: Case, found: Curvature) -> bool:
    """Whether f falls on beyond the place to which Newton's step leads, as at the ledge of x³.

    On a parabola f is lowest one Newton step ahead, and at several steps higher than here. Where there is no curvature,
    both sides are tried.
    """
    slopes = found.eigenvectors.T @ case.run.gradients[-1]
    value, noise = float(case.run.values[-1]), rounding(case.objective, case.run)
    for curvature, slope, way in zip(found.eigenvalues, slopes, found.eigenvectors.T, strict=True):
        size = float(sizes(case.run) @ np.abs(way))
        level = abs(curvature) <= LEVEL * found.L
        step = size / _BEYOND[-1] ** 2 if level else abs(slope / curvature) if curvature > 0 else 0.0
        if not step > _NEAR * size:
            continue
        gain = 0.0 if level else 3 * slope * slope / (2 * curvature)
        for side in (-1.0, 1.0) if level else (-np.sign(slope),):
            falls = value - np.asarray(case.objective.value(case.end + side * step * np.outer(_BEYOND, way)))
            if (np.diff(falls) > noise).all() and falls[-1] > max(gain, noise):
                return True
    return False


def of_ledge(case: Case, found: Curvature) -> Verdict:
    """Return the verdict on a run that stopped where f levels off and falls on."""
    return Verdict(
        Kind.FLAT,
        f"Stuck on a ledge {case.when}: {case.where}, {case.value}. The slope is next to zero here, but f falls on "
        "beyond: this is no minimum. Start on the other side.",
        "The curvature fades together with the slope, as where x³ levels off. From a minimum f rises every way; here, "
        "tried out, it does not.",
        _numbers(found),
    )


def falls_in_their_own_units(case: Case) -> bool:
    """Whether the ground curves down with each parameter counted in units of its own size."""
    found = case.curvature_in(sizes(case.run))
    return found is not None and found.mu < -small(found)


def _of_fall_that_fades(case: Case) -> Verdict | None:
    """The verdict where the slope faded on a way down that has no end; None elsewhere."""
    fall = None if case.run.epochs < 4 else fall_ahead(case)
    return None if fall is None else no_minimum_ahead(case, fall)


def of_hollow(case: Case) -> Verdict | None:
    """The verdict where there is no curvature to tell, but f is higher all around, as at 0 of x⁴, or nowhere lower."""
    if isinstance(case.objective, Fit):
        return None
    end, run = case.end, case.run
    if lies_in_a_hollow(case.objective, end):
        began = f"Converged {case.when} to" if run.epochs else "Starts at a minimum:"
        return Verdict(
            Kind.CONVERGED,
            f"{began} {case.where}, {case.value}{_place(case)}.",
            "The curvature is zero here, so the bottom is flatter than that of any parabola, as that of x⁴ is. But f, "
            "tried out, rises every way.",
            {"largest_curvature": 0.0, "smallest_curvature": 0.0},
        )
    if nothing_lower_around(case.objective, end):
        return Verdict(
            Kind.FLAT,
            f"Came to flat ground {case.when}: {case.where}, {case.value}{_place(case)}. Close by nothing is lower, "
            "but other places are as low.",
            "The curvature is zero here. f, tried out around this point, rises one way and stays the same another.",
            {"largest_curvature": 0.0, "smallest_curvature": 0.0},
        )
    return None


def of_plateau(case: Case, flat: FlatGround | None) -> Verdict:
    """The verdict where the slope has faded but no minimum is near; ``flat`` tells along which parameters, if known."""
    cause = "this need not be a minimum"
    if flat is not None and isinstance(case.objective, Fit):
        cause = f"the data do not determine {listed(flat.names)} here: this is a plateau, and need not be a minimum"
    remedy = "Start somewhere else."
    if case.run.values[-1] > case.run.values[0]:
        remedy = f"A step led up here from f = {format_number(case.run.values[0])}: try a smaller rate."
    return (
        _of_fall_that_fades(case)
        or uphill(case)
        or Verdict(
            Kind.FLAT,
            f"Stuck on flat ground {case.when}, at {case.where}, {case.value}: the slope is zero, but {cause}. "
            f"{remedy}",
            "Where the function is flat there is no slope to follow." if flat is None else _tried_out(flat),
            {"largest_curvature": nan if flat is None else flat.largest, "smallest_curvature": 0.0},
        )
    )


def of_flat_ground(case: Case, flat: FlatGround) -> Verdict:
    """The verdict where f is next to the same along a direction: the floor of a valley, or a plateau."""
    fitted = isinstance(case.objective, Fit)
    perfect = fitted and case.run.values[-1] <= max(_PERFECT * case.run.values[0], _lost(case.objective))
    if not perfect and (not flat.floor or (fitted and not flat.together)):
        return of_plateau(case, flat)
    cause = f"along {flat.direction} f stays the same"
    if fitted:
        together = " one by one, only together" if flat.together else ""
        cause = f"the data do not determine {listed(flat.names)}{together}"
    return Verdict(
        Kind.FLAT,
        f"Came to flat ground {case.when}: {case.where}, {case.value}{_place(case)}. It is the floor of a valley, not "
        f"one point: {cause}, so other places are as low.",
        _tried_out(flat),
        {"largest_curvature": flat.largest, "smallest_curvature": 0.0},
    )


def _lost(objective: Objective) -> float:
    """A mean squared error that rounding of the target's size makes; 0 where there is no target."""
    if not isinstance(objective, Fit):
        return 0.0
    digits = 16 * float(np.finfo(float).eps) * np.abs(objective.columns[objective.target])
    return float(np.mean(digits**2))


def _tried_out(flat: FlatGround) -> str:
    return (
        f"Along {flat.direction} the curvature is next to nothing, with each parameter counted in units of its own size"
        f"; the largest is {format_number(flat.largest)}. And f, tried out along it, does not rise."
    )


def undetermined(case: Case) -> str:
    """A sentence on the parameters that the data do not determine at the end; empty where there are none."""
    flat = flat_ground(case.objective, case.run) if isinstance(case.objective, Fit) else None
    return "" if flat is None else f" The data do not determine {listed(flat.names)} here: start somewhere else."


def of_rest(case: Case) -> Verdict | None:
    """The verdict on a run that did not stop by itself, but is where rounding lets nothing be lower: on flat ground, or
    at a minimum. None for any other run."""
    gain = _gain(case)
    noise = rounding(case.objective, case.run)
    if gain is None or not gain <= noise:
        return None
    flat = flat_ground(case.objective, case.run)
    return of_flat_ground(case, flat) if flat is not None else _of_rounding(case, gain, noise)


def _gain(case: Case) -> float | None:
    """By how much a whole Newton step would lower f, in each direction one of the parameters' size at most; None where
    that is not known, and at a saddle."""
    units = sizes(case.run)
    found = case.curvature_in(units)
    if found is None or found.mu < -_SMALL * abs(found.L):
        return None
    slopes = np.abs(found.eigenvectors.T @ (units * case.run.gradients[-1]))
    lengths = np.minimum(1.0, slopes / np.maximum(found.eigenvalues, 1e-300))
    return float(np.sum(slopes * lengths)) / 2


def of_estimate(case: Case, found: Curvature | None) -> Verdict | None:
    """The verdict on a run that ended where its estimated gradient vanishes and the exact one does not."""
    slope = float(np.linalg.norm(case.objective.gradient(case.end)))
    if case.h is None or not slope > 10 * case.tolerance:
        return None
    h, exact = format_number(case.h), format_number(slope)
    zero = f"where the slope estimated with h = {h} is zero; the exact one is {exact}"
    if np.any(case.end + case.h == case.end):
        return Verdict(
            Kind.STALLED,
            f"Stuck {case.when}: {case.where}, {case.value}, {zero}.",
            "Beside numbers as large as these so small an h is lost in rounding: x + h is x. Choose a larger one.",
        )
    beside = "beside a minimum, " if found is not None and found.mu > 0 else ""
    return Verdict(
        Kind.CONVERGED,
        f"Converged {case.when} to {case.where}, {case.value}, {beside}{zero}.",
        "A forward difference quotient is the slope half an h further on, so a descent along it ends about half an h "
        "off in each parameter. A smaller h comes nearer, until rounding spoils it.",
    )


def is_plateau(case: Case, found: Curvature) -> bool:
    """Whether the slope is small because the ground is flat for a long way, not because a stationary point is near.

    Newton's step leads to the stationary point of the ground's own quadratic: beside a true one it is tiny.
    """
    if case.tolerance > _SMALL_SLOPE or largest(found) > _FAINT:
        return False  # the visitor asked for a loose end; or the ground is bent
    known = np.abs(found.eigenvalues) > 1e-9 * np.abs(found.eigenvalues).max()
    slopes = found.eigenvectors.T @ case.run.gradients[-1]
    step = float(np.linalg.norm(slopes[known] / found.eigenvalues[known]))
    return step > _FAR * (1 + float(np.abs(case.end).max()))


def _of_rounding(case: Case, gain: float, noise: float) -> Verdict | None:
    """The verdict on a run that is at a minimum but for rounding, although its slope is not within the tolerance.

    There a whole Newton step would lower f by less than f's own rounding error, so no method can tell a better point.
    """
    found = case.curvature
    if found is None or not found.mu > 0:
        return None
    place = _place(case)
    lowest = "as low as rounding allows" if "local" not in place and place else "as near as rounding allows"
    return Verdict(
        Kind.CONVERGED,
        f"Converged {case.when} to {case.where}, {case.value}{place}: {lowest}.",
        f"The slope is {format_number(case.run.gradient_norms[-1])}, above the tolerance of "
        f"{format_number(case.tolerance)}, but that means nothing here: a whole Newton step would lower f by "
        f"{format_number(gain)}, and rounding alone moves it by up to {format_number(noise)}.",
        _numbers(found),
    )


def not_a_minimum(case: Case, found: Curvature) -> Verdict:
    """Return the verdict on a run that stopped at a saddle or at a maximum."""
    curvatures = [format_number(x if abs(x) > 1e-9 * abs(found.mu) else 0.0) for x in found.eigenvalues]
    are = "curvatures there are" if len(curvatures) > 1 else "curvature there is"
    bends = f"The {are} {', '.join(curvatures)}"
    level = abs(found.L) <= small(found)
    if level or found.L > 0:
        across = "flat one way, down the other" if level else "up one way, down the other"
        return Verdict(
            Kind.SADDLE,
            f"Stuck at a saddle {case.when}: {case.where}, {case.value}. "
            "The slope is zero, but there is still a way downhill.",
            f"{bends}: {across}. {_way_off(case, 'A start a little to the side slides off.')}",
            _numbers(found),
        )
    return Verdict(
        Kind.MAXIMUM,
        f"Stuck at a maximum {case.when}: {case.where}, {case.value}. "
        f"The slope is zero at a summit too. {_way_off(case, 'Move the start a little.')}",
        f"{bends}: downhill every way.",
        _numbers(found),
    )


def _way_off(case: Case, otherwise: str) -> str:
    """What leads away from a saddle or a summit."""
    newton = "Newton's method goes to any point without a slope; “Newton, safeguarded” only goes downhill."
    return newton if case.optimizer.climbs and case.run.epochs else otherwise


def converged(case: Case, found: Curvature) -> Verdict:
    """Return the verdict on a run that stopped at a minimum: how fast it came, and up to which rate it would."""
    run, numbers = case.run, _numbers(found)
    # Methods that learn the curvature get faster and faster: no one factor tells their pace.
    paced = run.epochs > 3 and not isinstance(case.optimizer, VectorOptimizer)
    numbers["measured_rate"] = measured_rate(run.gradient_norms[:-1]) if paced else nan
    numbers["limit"] = stability_limit(case.optimizer, found.L)
    rate = contraction(case.optimizer, case.last_eta, found.eigenvalues)
    numbers["predicted_rate"] = float(np.max(rate))
    began = f"Converged {case.when} to {case.where}"
    if run.epochs == 0:
        what = "at a minimum" if found.mu > small(found) else "where the slope is zero"
        began = f"Starts {what}: {case.where}"
    why = f"There the slope is at most {format_number(case.tolerance)}."
    if numbers["measured_rate"] < 0.9995:
        why += f" Each epoch multiplied the error by about {format_number(numbers['measured_rate'])}"
        predicted = numbers["predicted_rate"]
        why += (
            f"; the curvature predicts {format_number(predicted)}." if predicted < 1 - 1e-6 and case.constant else "."
        )
    if isfinite(numbers["limit"]):
        why += f" Stable up to the learning rate {limit_name(case)} = {format_number(numbers['limit'])}"
        why += f": {against_limit(case, case.law, found.L)}." if case.law is not None and run.epochs else "."
        if case.last_eta > numbers["limit"] and run.epochs:
            why += " This run is beyond it and converged all the same: it has next to no error along that direction."
    return Verdict(Kind.CONVERGED, f"{began}, {case.value}{_place(case)}.", why, numbers)


def _place(case: Case) -> str:
    """Whether this is the lowest known minimum or a local one."""
    if not case.minima:
        return ""
    lowest = min(value for _, value in case.minima)
    above = case.run.values[-1] - lowest
    if above <= 1e-6 * max(1.0, abs(lowest)):
        return ", the lowest there is"
    return f", a local minimum: the lowest is {format_number(lowest)}"
