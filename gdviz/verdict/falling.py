"""Ground that falls as far as one looks ahead: the way that a run goes has no minimum to arrive at.

Two looks are taken. Straight on, along the way of the last part of the path. And along one direction of it alone, such
as y in x² − y: there x swings or settles as in any bowl, and y falls for ever. What is claimed of one direction must
hold wherever the others stand, so it is looked at from places on both sides of the end as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gdviz.arrays import Array
from gdviz.fits import Fit
from gdviz.objectives import Objective
from gdviz.theory.prediction import quadratic_frame
from gdviz.verdict.case import TAIL, Case

_FAR = 10.0 ** np.arange(9)  # how far ahead the ground is looked at, in lengths of the last part of the path
_CLOSER = np.geomspace(1e-2, 1e8, 81)  # places between, where it could rise
_LIKE_A_LINE = 3.0  # f falls this much more for each ten times as far: it has no bottom
_PART = 0.01  # of a way: a parameter with less than this does not belong to it
LEVEL = 1e-9  # a curvature this small against the largest is none
_MOST_ASIDE = 20  # parameters: beyond, one direction alone is not looked at
_ASIDE = (1.0, -1.0, 0.1, -0.1)  # how far the others are moved, in units of their size


@dataclass(frozen=True)
class Fall:
    """Ground that falls as far as one looks ahead. ``names``: the parameters that go on moving, ``reach``: how far the
    first of them was followed. ``endless``: f has no bottom there; else it falls ever more slowly."""

    names: tuple[str, ...]
    reach: float
    endless: bool


def fall_ahead(case: Case) -> Fall | None:
    """Return how the ground falls ahead of the way that the run has gone lately; None where it rises again."""
    run = case.run
    if run.epochs < 1 or _has_minimum(case.objective):
        return None
    way = _steps(case)[-max(1, run.epochs // 4) :].sum(axis=0)
    rounding = np.finfo(float).eps * run.epochs * np.abs(run.thetas).max(axis=0)
    way = np.where(np.abs(way) > rounding, way, 0.0)  # what swings to and fro goes nowhere
    if not float(np.abs(way).max()) > 0:
        return None
    found = [fall for look in (_straight_on, _one_direction_alone) for fall in look(case, way)]
    return next((fall for fall in found if fall.endless), found[0] if found else None)


def _steps(case: Case) -> Array:
    """The steps (k, n) that the run took; of one with noise in its gradients, what it would have taken without."""
    run = case.run
    return -run.learning_rates[:, None] * run.gradients[:-1] if case.noisy else np.diff(run.thetas, axis=0)


def _straight_on(case: Case, way: Array) -> Iterator[Fall]:
    """Everything goes on as it went lately."""
    run = case.run
    onward = _steps(case)[-TAIL:] @ way > 0 if case.noisy else np.diff(run.values[-TAIL:]) <= 0
    if run.epochs >= 4 and onward.all():
        found = _along(case, case.end, np.where(np.abs(way) < _PART * float(np.abs(way).max()), 0.0, way))
        if found is not None:
            yield found


def _one_direction_alone(case: Case, way: Array) -> Iterator[Fall]:
    """Along one parameter, or one direction without curvature, f falls whatever the others do; the run goes there."""
    if len(way) > _MOST_ASIDE or isinstance(case.objective, Fit):
        return
    if not (case.noisy or case.run.values[-1] < case.run.values[0]):
        return
    for basis, i in _directions(case):
        direction = basis[:, i]
        moved = _steps(case)[-TAIL + 1 :] @ direction
        if not ((moved > 0).all() or (moved < 0).all()):
            continue
        ahead = direction * float(way @ direction)
        found = _along(case, case.end, ahead) if ahead.any() else None
        if found is None or len(way) == 1:
            continue
        aside = [case.end + share * other for other in _others(case, basis, i) for share in _ASIDE]
        if all(_falls(case.objective, place, ahead) for place in aside):
            yield found


def _directions(case: Case) -> Iterator[tuple[Array, int]]:
    """Orthonormal directions (n, n), as columns, and which of them to look along: each parameter's own, and the way
    down where the ground has no curvature at all."""
    n = len(case.end)
    yield from ((np.eye(n), i) for i in range(n))
    found = case.curvature
    if found is None or n == 1:
        return
    level = np.abs(found.eigenvalues) <= LEVEL * float(np.abs(found.eigenvalues).max())
    flat = found.eigenvectors[:, level]
    down = flat @ (flat.T @ case.run.gradients[-1])
    if level.any() and not level.all() and np.linalg.norm(down) > 0:
        yield np.linalg.qr(np.column_stack([down, np.eye(n)]))[0], 0


def _others(case: Case, basis: Array, i: int) -> list[Array]:
    """The other directions (n,), each as long as the parameters in it are large, and all of them together."""
    sizes = np.maximum(np.abs(case.run.thetas[[0, -1]]).max(axis=0), np.ptp(case.run.thetas[-TAIL:], axis=0))
    sizes = np.where(sizes > 0, sizes, 1.0)
    others = [column * float(sizes @ np.abs(column)) for j, column in enumerate(basis.T) if j != i]
    return [*others, np.sum(others, axis=0)]


def _along(case: Case, start: Array, way: Array) -> Fall | None:
    """How f falls from ``start`` along ``way``; None where it rises."""
    if not _falls(case.objective, start, way) or _comes_to_a_floor(case.objective, start, way):
        return None
    points = np.concatenate([[np.zeros_like(way)], way * _FAR[:, None]]) + start
    values = np.asarray(case.objective.value(points))
    falls = np.diff(values)
    names = case.run.variables
    main = int(np.argmax(np.abs(way)))
    moving = (names[main], *(v for j, v in enumerate(names) if j != main and abs(way[j]) > _PART * abs(way[main])))
    like_a_line = bool((falls[2:] <= _LIKE_A_LINE * falls[1:-1]).all() and falls[-1] < 0)
    endless = runs_to_minus_infinity(values) or (like_a_line and not isinstance(case.objective, Fit))
    return Fall(moving, float(points[-1, main]), endless)


def _falls(objective: Objective, start: Array, way: Array) -> bool:
    """Whether f falls from ``start`` (n,) along ``way`` (n,), at each of the places that are looked at."""
    for distances in (_FAR, _CLOSER):
        points = np.concatenate([[np.zeros_like(way)], way * distances[:, None]]) + start
        values = np.asarray(objective.value(points))
        falls = np.diff(values)
        if not ((np.isfinite(values).all() or runs_to_minus_infinity(values)) and falls[0] <= 0):
            return False
        noise = 1e-13 * np.abs(values[1:]) if distances is _CLOSER else 0.0
        if not bool((np.nan_to_num(falls, nan=0.0) <= noise).all()) or (distances is _FAR and not falls[0] < 0):
            return False
    return True


def _comes_to_a_floor(objective: Objective, start: Array, way: Array) -> bool:
    """Whether f falls as steeply as ever, and then not at all, as max(y, 0) does: no fading, a floor."""
    values = np.asarray(objective.value(start + way * _CLOSER[:, None]))
    slopes = -np.diff(values) / np.diff(_CLOSER)
    falling = np.flatnonzero(slopes > 0)
    if not len(falling) or falling[-1] + 1 == len(slopes):
        return False
    return bool(slopes[max(0, falling[-1] - 1) : falling[-1] + 1].max() > 0.5 * slopes[0])


def _has_minimum(objective: Objective) -> bool:
    """Whether it is a quadratic that has one, however far: a sum of squares, or one that curves up every way."""
    frame = quadratic_frame(objective, np.zeros(len(objective.variables)))
    return frame is not None and (isinstance(objective, Fit) or bool(frame.eigenvalues[0] >= 0))


def runs_to_minus_infinity(values: Array) -> bool:
    """Whether values (m,) fall beyond all numbers, and are none but that or finite."""
    return bool(np.isneginf(values).any() and not np.isnan(values).any() and not np.isposinf(values).any())
