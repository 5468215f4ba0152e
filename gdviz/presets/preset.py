"""What a preset is: one named test function with everything that a first run of it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gdviz.cache import cached_property
from gdviz.landscapes import Window
from gdviz.objectives import Formula, parse

Point = tuple[float, ...]
Extremum = tuple[Point, float]


@dataclass(frozen=True)
class Preset:
    """A named objective, with a start, a drawn box and a learning rate at which plain gradient descent shows something.

    With n the number of variables of ``formula`` (alphabetical: x, y, z):

    key            what the link says, letters, digits and underscores only
    title          what the page says
    formula        text for ``gdviz.parse``
    start          (n,) the published starting point where there is one, else one that is good for teaching
    window         (n, 2) per variable the (low, high) of the drawn box; it holds ``start``, and the minima unless
                   ``note`` says otherwise
    minima         ((point, value), ...) every known global minimum inside the window's region of interest, to about
                   six digits or exactly; empty where the function is not bounded below
    learning_rate  for plain gradient descent from ``start``
    epochs         how many are worth looking at, with that learning rate
    source         paper or book, with the year
    note           one or two plain sentences for a student on the function, true of every run
    run_note       the same on the run from ``start`` at ``learning_rate``: what is to be seen, what to try
    """

    key: str
    title: str
    formula: str
    start: Point
    window: Window
    minima: tuple[Extremum, ...]
    learning_rate: float
    epochs: int
    source: str
    note: str
    run_note: str = ""

    @cached_property
    def objective(self) -> Formula:
        """The parsed formula, with exact gradient and hessian; parsed once."""
        return parse(self.formula)


def random_start(where: Preset | Sequence[Sequence[float]], seed: int) -> Point:
    """A start drawn uniformly from a preset's window, or from a window given as n pairs (low, high).

    The same seed gives the same start, on every machine: NumPy's ``default_rng(seed)`` (PCG64).

    >>> random_start([(-10, 10), (-10, 10)], seed=0) == random_start([(-10, 10), (-10, 10)], seed=0)
    True
    """
    window = np.asarray(where.window if isinstance(where, Preset) else where, dtype=np.float64)
    start = np.random.default_rng(seed).uniform(window[:, 0], window[:, 1])
    return tuple(float(value) for value in start)
