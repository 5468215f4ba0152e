"""Flat ground at the end of a run: directions in which the parameters may move without any change of f.

A Hessian's eigenvalues are in the units of the parameters, so a small one alone says nothing. Here each parameter is
counted in units of its own size. Where a curvature is next to nothing even so, the ground is tried out: along a
direction that is really flat f does not rise, be it on the floor of a valley, where the other parameters may follow, or
far out on a plateau. A minimum whose bottom is only flatter than a parabola, as that of x⁴ is, passes as a minimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdviz.arrays import Array, Flags
from gdviz.descent import Trajectory
from gdviz.fits import Fit
from gdviz.objectives import Objective
from gdviz.theory.curvature import Curvature, curvature
from gdviz.theory.prediction import named_direction

_LEVEL = 1e-8  # a curvature this small against the largest may be nothing: the ground there is tried out
_UNSEEN = 1e-12  # a rise this small against what the largest curvature would make of it is next to nothing
_ROUNDED = 1e-13  # and so is a rise this small against f itself
_SHARE = 0.1  # of a direction: a parameter with less than this is not named
_VALLEY = (0.03, 0.1)  # how far a floor is followed, in units of the parameters' size: it may be bent
_MORE = 0.01  # of a direction's square: with less beside it, a parameter moves alone
_FALLEN = 1e-6  # of what f was: a fall that is more than the fading of a slope
_FAR = 10.0 ** np.arange(-1, 7)  # how far along one parameter alone
_FOLLOWED = 12  # steps that the other parameters take to follow
_PURSUED = 6  # Newton steps after which a minimum must be nearer
_AWAY = (0.95, 2.0)  # a Newton step this long against the one before comes no nearer
_ALIKE = 0.9  # cosine of the angle between such steps: those that are noise go anywhere
_SHORT = 1e-6  # a Newton step this short, in units of the parameters' size, has arrived


@dataclass(frozen=True)
class FlatGround:
    """``names``: the parameters that may move. ``direction``: how, in words. ``floor``: whether both ways, as on the
    floor of a valley; else it is a plateau. ``together``: whether some may only move together. ``largest``: the largest
    curvature, in units of the parameters' size."""

    names: tuple[str, ...]
    direction: str
    floor: bool
    together: bool
    largest: float


def flat_ground(objective: Objective, run: Trajectory) -> FlatGround | None:
    """Return what is flat at the end of ``run``; None where the ground rises every way."""
    units = np.maximum(sizes(run), _natural_sizes(objective))
    n = len(units)
    found = curvature(objective, run.thetas[-1], units) or Curvature(np.zeros(n), np.eye(n))  # then only tried out
    course = max(abs(float(run.values[-1])), abs(float(run.values[-1] - run.values[0])))
    ground = _Ground(
        objective, run.thetas[-1], units, found.eigenvalues, found.eigenvectors, course, _without_a_model(objective)
    )
    ways = [(way, sides) for way in ground.candidates() if (sides := ground.flat_sides(way))]
    if not ways:
        away = ground.flight()
        ways = [] if away is None else [(away, 1)]
    if not ways:
        return None
    share = np.max([np.abs(way) for way, _ in ways], axis=0)
    names = tuple(name for name, part in zip(run.variables, share, strict=True) if part >= _SHARE)
    way = ways[0][0] * units
    direction = named_direction(run.variables, way / np.linalg.norm(way))
    floor = all(sides == 2 for _, sides in ways)
    together = any(np.count_nonzero(way) > 1 for way, _ in ways)
    return FlatGround(names, direction, floor, together, float(ground.eigenvalues.max()))


def _without_a_model(objective: Objective) -> float:
    return float(np.mean(objective.columns[objective.target] ** 2)) if isinstance(objective, Fit) else np.inf


def _natural_sizes(objective: Objective) -> Array:
    """The size that each parameter (n,) of a linear model needs to reach the target with its term alone, else 0: where
    there is nothing to explain, the parameters' own sizes are those of rounding."""
    if not isinstance(objective, Fit) or objective.design is None:
        return np.zeros(len(objective.variables))
    terms = np.abs(objective.design[0]).max(axis=0)
    largest = float(np.abs(objective.columns[objective.target]).max())
    return np.asarray(np.where(terms > 0, largest / np.where(terms > 0, terms, 1.0), 0.0))


def sizes(run: Trajectory) -> Array:
    """The size of each parameter (n,): the largest that it had, at least on the way; 1 for one that is always 0."""
    sizes = np.abs(np.stack([run.thetas[0], run.thetas[-1], run.thetas[-1] - run.thetas[0]])).max(axis=0)
    return np.where(sizes > 0, sizes, 1.0)


@dataclass(frozen=True, eq=False)
class _Ground:
    """The ground around ``end`` (n,), with each parameter counted in ``units`` (n,)."""

    objective: Objective
    end: Array
    units: Array
    eigenvalues: Array
    eigenvectors: Array
    course: float  # how much f was, and changed, on the way
    most: float  # of f, beyond which more does not matter: for a fit, what it is without a model

    @property
    def largest(self) -> float:
        return float(np.abs(self.eigenvalues).max(initial=0.0))

    @property
    def value(self) -> float:
        return float(self.objective.value(self.end))

    @property
    def level(self) -> Flags:
        """Which curvatures may be nothing, (n,)."""
        return np.asarray(np.abs(self.eigenvalues) <= self._nothing)

    @property
    def _nothing(self) -> float:
        return max(_LEVEL * self.largest, _ROUNDED * abs(self.value))

    def candidates(self) -> list[Array]:
        """The directions (n,) of no curvature: parameters alone, and eigenvectors that are more than those."""
        axes = np.eye(len(self.end))
        own = np.abs(self.eigenvalues @ self.eigenvectors.T**2) <= self._nothing
        alone = [axes[j] for j in np.flatnonzero(own).tolist() if self.flat_sides(axes[j])]
        taken = np.sum(alone, axis=0) if alone else np.zeros(len(self.end))
        ways = [self.eigenvectors[:, i] for i in np.flatnonzero(self.level).tolist()]
        return alone + [way for way in ways if np.sum((1 - taken) * way**2) > _MORE]

    def flat_sides(self, way: Array) -> int:
        """On how many sides along ``way`` f does not rise: 0, 1 or 2."""
        stays = self._stays_far if np.count_nonzero(way) == 1 else self._stays_on_the_floor
        return sum(bool(stays(side * way)) for side in (1.0, -1.0))

    def _stays_far(self, way: Array) -> bool:
        """Whether f does not rise, however far one parameter moves alone."""
        unit = float(np.abs(self.units * way).max())
        distances = np.append(_FAR, max(1.0, 1.0 / unit))  # a parameter may be small only because it never moved
        points = self.end + self.units * way * distances[:, None]
        values = np.asarray(self.objective.value(points))
        rises = values - self.value
        # Where all is level, lower ground far off is another place; else a fall is a way down from a saddle.
        falls = not self.level.all() and rises.min() < -_FALLEN * self.course
        return bool(np.all(rises <= self._unseen(np.minimum(distances, 1.0)))) and not falls

    def _stays_on_the_floor(self, way: Array) -> bool:
        """Whether f comes back to what it was, once the steep directions have followed a move along ``way``."""
        return all(self._followed(distance * way) - self.value <= self._unseen(distance) for distance in _VALLEY)

    def _followed(self, move: Array) -> float:
        steep = ~self.level
        axes, curvatures = self.eigenvectors[:, steep], np.abs(self.eigenvalues[steep])
        point, least = self.end + self.units * move, np.inf
        for _ in range(_FOLLOWED):
            value = float(self.objective.value(point))
            if not np.isfinite(value):
                break
            least = min(least, value)
            slope = self.units * self.objective.gradient(point)
            point = point - self.units * (axes @ ((axes.T @ slope) / curvatures))
        return least

    def _unseen(self, distance: Array | float) -> Array | float:
        """A rise that is next to nothing after a move over ``distance``."""
        return _ROUNDED * abs(self.value) + _UNSEEN * np.minimum(self.largest * np.square(distance), self.most)

    def flight(self) -> Array | None:
        """The direction (n,) in which the stationary point flees before Newton's steps, so that there is none; None if
        it does not."""
        point, last = self.end, np.zeros(len(self.end))
        for _ in range(_PURSUED):
            found = curvature(self.objective, point, self.units)
            if found is None or not np.all(found.eigenvalues):
                return None
            step = found.newton_step(self.units * self.objective.gradient(point))
            size, before = float(np.linalg.norm(step)), float(np.linalg.norm(last))
            flees = before == 0 or (
                _AWAY[0] * before <= size <= _AWAY[1] * before and float(step @ last) >= _ALIKE * size * before
            )
            if not (size > _SHORT and flees):
                return None
            point, last = point + self.units * step, step
        return last / float(np.linalg.norm(last))
