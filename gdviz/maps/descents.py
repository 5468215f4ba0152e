"""The descents of a map: a grid of members that is ready to run, and what tells it from other maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.codes.native_batch import Ends
from gdviz.descent.checks import check_epochs, check_objective, check_own, check_rates, check_together, check_tolerance
from gdviz.descent.plans import GoOn, Plan, RunOptions, plan
from gdviz.descent.recorded import Engine
from gdviz.learning_rates import Constant, LearningRate, Schedule
from gdviz.maps.axes import RATE, Axis, Grid, place_of, start_of
from gdviz.maps.folder import Tile, digest
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer, make_optimizer


@dataclass(frozen=True, eq=False)
class Descents:
    """A ``grid`` of members with the ``plan`` that runs them. ``about`` says in words what they are."""

    plan: Plan
    grid: Grid
    epochs: int
    engine: Engine
    about: dict[str, Any]

    @property
    def seconds(self) -> float:
        """About how long one member takes."""
        return self.epochs * self.plan.epoch_seconds

    def ends(self, first: int, stop: int, threads: int | None, go_on: GoOn) -> Ends | None:
        """Run the members first … stop - 1; None if they were stopped on their way."""
        ends = self.plan.ends(*self.grid.members(first, stop), RunOptions(self.engine, threads, go_on))
        return ends if ends.reasons.all() else None

    def description(self) -> dict[str, Any]:
        return self.about | {"digest": digest(self.plan, self.grid, self.epochs)}


@dataclass(frozen=True, eq=False)
class Job:
    """What a tile of a map of ``descents`` is computed from; each kind of map says what it keeps of their ends. It can
    be pickled."""

    descents: Descents

    kind: ClassVar[str]

    @property
    def count(self) -> int:
        """How many members the map has."""
        return self.descents.grid.count

    @property
    def seconds(self) -> float:
        """About how long one member takes."""
        return self.descents.seconds

    def description(self) -> dict[str, Any]:
        """Return what tells this map from others, as JSON can write it."""
        return {"map": self.kind} | self.descents.description()

    def tile(self, first: int, stop: int, threads: int | None, go_on: GoOn) -> Tile | None:
        """Compute the members first … stop - 1, each array of the tile with a row for each; None if it was stopped."""
        found = self.descents.ends(first, stop, threads, go_on)
        return None if found is None else self.kept_of(found, first)

    def kept_of(self, ends: Ends, first: int) -> Tile:
        """Return the arrays of a tile whose members are numbered from ``first`` on."""
        raise NotImplementedError


@dataclass(frozen=True, eq=False)
class Common:
    """What all descents of a map have in common, but for what its axes change; as :func:`gdviz.descend` takes it."""

    objective: Objective
    start: ArrayLike | None
    learning_rate: float | LearningRate
    epochs: int
    optimizer: str | Optimizer
    tolerance: float
    engine: Engine = None
    hyperparameters: Mapping[str, float] = field(default_factory=dict)


def descents(common: Common, axes: tuple[Axis, Axis], shape: tuple[int, int]) -> Descents:
    """Make the descents of a map ready, ``shape`` (h, w) of them along the axes x and y.

    Raises ValueError, in words, for what makes no sense, alone or together.
    """
    check_objective(common.objective)
    variables, names = tuple(common.objective.variables), [axis.name for axis in axes]
    epochs = check_epochs(common.epochs)
    check_tolerance(common.tolerance)
    if names[0] == names[1]:
        raise ValueError(f"Both axes are {names[0]}: choose two different ones.")
    numbers = axes[0].numbers(shape[1]), axes[1].numbers(shape[0])
    along = dict(zip(names, numbers, strict=True))
    given = {name: value for name, value in common.hyperparameters.items() if name not in names}
    method = make_optimizer(common.optimizer, **given)
    own = tuple(name for name in names if place_of(name, variables, method) == "own")
    check_own(method, {name: along[name] for name in own})
    rate, length = _rate_and_length(common.learning_rate, names)
    check_together(common.objective, method, length)
    if RATE in along:
        check_rates(along[RATE])
    point = start_of(common.start, variables, names)
    places = [*variables, RATE, *own]
    base = np.array([*point, rate, *[getattr(method, name) for name in own]], dtype=float)
    for name, line in along.items():
        base[places.index(name)] = line[0]
    grid = Grid(base, len(variables), *numbers, places.index(names[0]), places.index(names[1]))
    ready = plan(common.objective, length, epochs, method, common.tolerance, own)
    return Descents(ready, grid, epochs, common.engine, _about(common, method, point, axes, numbers, epochs))


def _about(
    common: Common, method: Optimizer, start: Array, axes: tuple[Axis, Axis], numbers: Sequence[Array], epochs: int
) -> dict[str, Any]:
    """What the descents are, in words."""
    return {
        "objective": str(getattr(common.objective, "text", common.objective.latex)),
        "optimizer": repr(method),
        "learning rate": "along an axis" if RATE in [axis.name for axis in axes] else repr(common.learning_rate),
        "start": [float(x) for x in start],
        "x": _in_words(axes[0], numbers[0]),
        "y": _in_words(axes[1], numbers[1]),
        "epochs": epochs,
        "tolerance": float(common.tolerance),
    }


def _rate_and_length(learning_rate: float | LearningRate, names: Sequence[str]) -> tuple[float, LearningRate]:
    """Return what each member's rate is, and the learning rate that it multiplies."""
    if isinstance(learning_rate, LearningRate):
        if RATE not in names:
            return 1.0, learning_rate
        return 1.0, _of_rate_one(learning_rate)
    try:
        rate = float(learning_rate)
    except (TypeError, ValueError):
        raise ValueError(f"learning_rate is {learning_rate!r}; it must be a number, a schedule or a search.") from None
    if RATE not in names and not (np.isfinite(rate) and rate > 0):
        raise ValueError(f"learning_rate is {rate:g}; it must be a finite number above 0.")
    return rate, Constant(1.0)


def _of_rate_one(learning_rate: LearningRate) -> LearningRate:
    """Return the schedule or search at the rate 1, which members multiply. Raises ValueError for one that is not
    proportional to the rate."""
    one, two = (replace(learning_rate, learning_rate=rate) for rate in (1.0, 2.0))
    if isinstance(one, Schedule) and isinstance(two, Schedule):
        epochs = np.arange(8, dtype=float)
        if not np.allclose(np.multiply(2.0, one.at(epochs, 8)), two.at(epochs, 8), rtol=1e-12, atol=0):
            raise ValueError(f"{learning_rate.title} is not proportional to the learning rate: choose another axis.")
    return one


def _in_words(axis: Axis, numbers: Array) -> str:
    spacing = ", logarithmic" if axis.spacing == "log" else ""
    return f"{axis.name} from {axis.low!r} to {axis.high!r} at {len(numbers)} places{spacing}"
