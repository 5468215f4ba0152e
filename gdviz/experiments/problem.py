"""What is minimized, with everything that a page has to know before it runs: start, window, minima, a sensible rate."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from gdviz.cache import Recent, cached_property
from gdviz.datasets import Table
from gdviz.fits import Fit
from gdviz.formulas.latex import name_latex
from gdviz.landscapes import Window
from gdviz.objectives import Objective

FORMULA = "formula"  # the visitor's own formula
FIT = "fit"  # a model fitted to data
UPLOAD = "upload"  # data that the visitor brought: it stays in the session and is in no link

Minima = tuple[tuple[tuple[float, ...], float], ...]


class ProblemError(ValueError):
    """What was asked for does not make an objective; ``field`` names the field of the experiment to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, eq=False)
class Problem:
    """An objective of n parameters with its ``start`` (n,), ``window`` (n pairs low, high) and known ``minima``.

    ``table`` and ``fit`` are set where data are fitted, ``standardized`` where a descent is to move on standardized
    terms (``objective``, ``start``, ``window`` and ``minima`` are in the data's own units all the same).
    ``learning_rate`` and ``epochs`` are sensible for plain gradient descent.
    """

    objective: Any  # Formula or Fit
    title: str
    start: tuple[float, ...]
    window: Window
    minima: Minima
    learning_rate: float
    epochs: int
    note: str = ""  # on the function, or the data
    run_note: str = ""  # on the run that the problem comes with, and on no other
    source: str = ""
    table: Table | None = None
    standardized: Fit | None = None

    @cached_property
    def kept(self) -> Recent:
        """What was computed of it lately, by what and where."""
        return Recent(32)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(self.objective.variables)

    @property
    def latex(self) -> str:
        """f(x, y) = … in LaTeX."""
        return f"f({', '.join(map(name_latex, self.variables))}) = {self.objective.latex}"

    @property
    def fit(self) -> Fit | None:
        return self.objective if isinstance(self.objective, Fit) else None

    @property
    def value_name(self) -> str | None:
        """What a fit calls its value, None where it has no name of its own."""
        return None if self.fit is None else self.fit.value_name

    @property
    def minimizers(self) -> list[tuple[float, ...]]:
        """Where the known minima are, each (n,)."""
        return [tuple(point) for point, _ in self.minima]

    @property
    def lowest(self) -> float | None:
        """The lowest known value, above which losses are drawn."""
        return min((value for _, value in self.minima if isfinite(value)), default=None)

    @property
    def digest(self) -> str:
        """What tells the fitted data from others; empty where no data are fitted."""
        return self.table.digest if self.table is not None else ""

    @property
    def readings(self) -> tuple[str, ...]:
        """A sentence for each thing in the typed text that was left out, renamed, or read in one of several ways."""
        return tuple(self.objective.notes)

    @property
    def descended(self) -> Any:
        """The objective that a descent moves on: a standardized fit has another theta than the one that is shown."""
        return self.objective if self.standardized is None else self.standardized

    def inner(self, start: tuple[float, ...]) -> tuple[float, ...]:
        """Return a start (n,) as :attr:`descended` knows it: standardized where the fit is."""
        scaled = self.standardized
        return start if scaled is None else tuple(scaled.from_own_units(start).tolist())


def usable_start(objective: Objective) -> tuple[float, ...]:
    """A start for a formula never seen: the first of a few round points with a finite value and a slope."""
    n = len(objective.variables)
    for scale in (1.0, 2.0, 0.5, -1.0):
        point = tuple(scale + 0.5 * i for i in range(n))
        slope = objective.gradient(point)
        if isfinite(objective.value(point)) and np.isfinite(slope).all() and slope.any():
            return point
    return (1.0,) * n
