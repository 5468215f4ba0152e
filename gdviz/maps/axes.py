"""The axes of a map: what each of them changes from member to member, and the grid of members that they span."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.optimizers import Optimizer

RATE = "learning_rate"
SPACINGS = ("linear", "log")
LEAST = 1e-13  # of the whole axis: where the numbers of a map end


@dataclass(frozen=True)
class Axis:
    """``name`` from ``low`` to ``high``, both included; ``spacing`` is even in the number or in its logarithm.

    ``name`` is ``learning_rate``, a variable of the objective (then it is that coordinate of the start) or a
    hyper-parameter of the optimizer. Raises ValueError for ends that make no axis.
    """

    name: str
    low: float
    high: float
    spacing: str = "linear"

    def __post_init__(self) -> None:
        for end in ("low", "high"):
            object.__setattr__(self, end, float(getattr(self, end)))
        if self.spacing not in SPACINGS:
            raise ValueError(f"The spacing of {self.name} is {self.spacing!r}; it must be 'linear' or 'log'.")
        if not (np.isfinite([self.low, self.high]).all() and self.low < self.high):
            raise ValueError(
                f"{self.name} goes from {self.low:g} to {self.high:g}; it needs two finite numbers, the lower first."
            )
        if self.spacing == "log" and self.low <= 0:
            raise ValueError(f"{self.name} starts at {self.low:g}; a logarithmic axis starts above 0.")

    def numbers(self, count: int) -> Array:
        """Return ``count`` numbers along the axis; a single one is its middle."""
        places = np.linspace(0.0, 1.0, count) if count > 1 else np.array([0.5])
        if self.spacing == "log":
            found = np.exp(np.log(self.low) + places * (np.log(self.high) - np.log(self.low)))
        else:
            found = self.low + places * (self.high - self.low)
        if count > 1:
            found[[0, -1]] = self.low, self.high
        return np.asarray(np.clip(found, self.low, self.high))


def read_axis(given: Any, called: str) -> Axis:
    """Return ``("beta", 0, 0.99)`` or ``("learning_rate", 1e-4, 1, "log")`` as an axis. Raises ValueError."""
    if isinstance(given, Axis):
        return given
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) not in (3, 4):
        raise ValueError(f"{called} is {given!r}; it must be (name, low, high) or (name, low, high, 'log').")
    name, low, high, *spacing = given
    try:
        return Axis(str(name), float(low), float(high), *map(str, spacing))
    except TypeError:
        raise ValueError(f"{called} is {given!r}; its ends must be numbers.") from None


def read_shape(shape: Any) -> tuple[int, int]:
    """Return (h, w). Raises ValueError unless they are two whole numbers above 0."""
    try:
        sides = [float(side) for side in shape]
        h, w = map(int, sides)
        fine = h >= 1 and w >= 1 and [h, w] == sides
    except (TypeError, ValueError, OverflowError):
        fine = False
    if not fine:
        raise ValueError(f"shape is {shape!r}; it must be two whole numbers above 0, rows and columns.")
    return h, w


def changeable(optimizer: Optimizer) -> tuple[str, ...]:
    """Return the names of the optimizer's hyper-parameters that an axis can change."""
    return tuple(f.name for f in fields(optimizer) if "low" in f.metadata and not f.metadata["whole"])


def place_of(name: str, variables: Sequence[str], optimizer: Optimizer) -> str:
    """Return which of ``"rate"``, ``"start"`` and ``"own"`` the axis ``name`` changes.

    Raises ValueError for a name that is none of them, saying what there is, or two of them.
    """
    kinds = {"rate": (RATE,), "start": tuple(variables), "own": changeable(optimizer)}
    found = [kind for kind, names in kinds.items() if name in names]
    if len(found) > 1:
        raise ValueError(
            f"“{name}” is a variable and a setting of {optimizer.title} too: rename the variable in the formula."
        )
    if not found:
        there = ", ".join(dict.fromkeys([RATE, *variables, *kinds["own"]]))
        raise ValueError(f"There is no axis “{name}” here; choose among {there}.")
    return found[0]


@dataclass(frozen=True, eq=False)
class Grid:
    """The members of a map, row after row: ``base`` (n + 1 + p,) are start, rate and own hyper-parameters of all of
    them, in which ``x`` (w,) takes the place ``x_place`` and ``y`` (h,) the place ``y_place``."""

    base: Array
    n: int
    x: Array
    y: Array
    x_place: int
    y_place: int

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.y), len(self.x)

    @property
    def count(self) -> int:
        return len(self.x) * len(self.y)

    def members(self, first: int, stop: int) -> tuple[Array, Array, Array]:
        """Return starts (n, M), rates (M,) and own hyper-parameters (p, M) of the members first … stop - 1."""
        rows, columns = np.divmod(np.arange(first, stop), len(self.x))
        numbers = np.repeat(self.base[:, None], stop - first, axis=1)
        numbers[self.y_place] = self.y[rows]
        numbers[self.x_place] = self.x[columns]
        return numbers[: self.n], numbers[self.n], numbers[self.n + 1 :]


def start_of(start: ArrayLike | None, variables: Sequence[str], axes: Sequence[str]) -> Array:
    """Return the start (n,), zeros where ``axes`` set it anyway.

    Raises ValueError where a coordinate is missing, not a finite number, or of another objective.
    """
    n = len(variables)
    if start is None:
        missing = [name for name in variables if name not in axes]
        if missing:
            raise ValueError(f"A start is needed for {', '.join(missing)}: pass start, {n} numbers.")
        return np.zeros(n)
    point = np.asarray(start, dtype=float)
    if point.shape != (n,):
        raise ValueError(f"start has shape {point.shape}; it must be {n} numbers ({', '.join(variables)}).")
    if not np.isfinite(point).all():
        raise ValueError(f"start is {point.tolist()}; every number of it must be finite.")
    return point
