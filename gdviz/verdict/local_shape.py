"""The ground close around a point, tried out: what curvature does not tell, as where all of it is zero."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from gdviz.arrays import Array
from gdviz.objectives import Objective

_RINGS = 10.0 ** np.arange(-4.0, 0.0)  # in units of the point's size
_SOME = 64  # ways besides the parameters' own and their diagonals
_MOST_DIAGONALS = 8  # parameters
_NOISE = 1e-13  # of f: less is rounding
_CLOSE, _APART = 1e-8, 1e-2  # where slopes are compared on both sides of a corner
_JUMP = 1e-4  # of how they differ apart, they differ close by: the slope jumps


def lies_in_a_hollow(objective: Objective, point: Array) -> bool:
    """Whether f is higher every way on some ring around ``point`` (n,): then it has a minimum within the ring."""
    return any(least > noise for least, _, noise in _rings(objective, point))


def nothing_lower_around(objective: Objective, point: Array) -> bool:
    """Whether f is nowhere lower on rings around ``point`` (n,), and on each of them higher one way or another."""
    return all(least >= -noise and most > noise for least, most, noise in _rings(objective, point))


def _rings(objective: Objective, point: Array) -> Iterator[tuple[float, float, float]]:
    """By how much f is higher on each ring around ``point`` (n,), at least and at most (nan where it has no value
    somewhere), and how much of that is rounding."""
    value = float(objective.value(point))
    size = np.maximum(1.0, np.abs(point))
    for ring in _RINGS:
        rises = np.asarray(objective.value(point + ring * size * _ways(len(point)))) - value
        rises = rises if np.isfinite(rises).all() else np.array([np.nan])
        yield float(rises.min()), float(rises.max()), _NOISE * abs(value)


def has_a_corner(objective: Objective, point: Array) -> bool:
    """Whether some slope of f jumps at ``point`` (n,): it differs as much close by, on both sides, as farther apart."""
    size = np.maximum(1.0, np.abs(point))
    for axis in np.eye(len(point)):
        close, apart = (
            np.abs(objective.gradient(point + away) - objective.gradient(point - away)).max()
            for away in (_CLOSE * size * axis, _APART * size * axis)
        )
        if not close <= _JUMP * apart:
            return True
    return False


def _ways(n: int) -> Array:
    """Directions (m, n) in which to look: both ways along each parameter, along diagonals, and some more."""
    axes = np.eye(n)
    pairs = combinations(range(min(n, _MOST_DIAGONALS)), 2)
    diagonals = [(axes[i] + sign * axes[j]) / np.sqrt(2) for i, j in pairs for sign in (1, -1)]
    some = np.random.default_rng(0).normal(size=(_SOME, n))
    some /= np.linalg.norm(some, axis=1, keepdims=True)
    ways = np.concatenate([axes, *([np.array(diagonals)] if diagonals else []), some])
    return np.asarray(np.concatenate([ways, -ways]))
