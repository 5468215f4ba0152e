"""What a verdict is, and what the judgments look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.cache import cached_property
from gdviz.descent import StopReason, Trajectory
from gdviz.fits import Fit
from gdviz.numerals import digits_between, format_assignment, format_count, format_number
from gdviz.objectives import Objective
from gdviz.optimizers import Optimizer
from gdviz.theory.curvature import Curvature, curvature_of, hessian_at
from gdviz.theory.laws import Law, law_of

Minima = Sequence[tuple[Sequence[float], float]]

_LOST_PLACE = 1e-12  # of the largest parameter: less may be lost in rounding
_ROUNDING = 4 * float(np.finfo(float).eps)  # of what the slope makes of the point's own size: a value lost in rounding
_SEEN_PLACE, _SEEN_VALUE = 1e-6, 1e-12  # of the start's: more is seen, whatever the tolerance
_LOST_VALUE = 1e-30  # of the value at the start
TAIL = 20  # steps at the end of a run in which a steady habit must show
_TOO_SLOW = 2  # times the epochs so far: a run that needs more than these is too slow
GROWS = 1.0001  # a factor per epoch above this is growth, below it may be rounding


class Kind(Enum):
    """What kind of end a descent came to."""

    CONVERGED = "converged"
    SLOW = "slow"
    RAN_OUT = "ran out"
    OSCILLATING = "oscillating"
    EDGE = "at the edge of stability"
    DIVERGING = "diverging"
    UNBOUNDED = "unbounded"
    UNDEFINED = "undefined"
    SADDLE = "saddle"
    MAXIMUM = "maximum"
    KINK = "kink"
    FLAT = "flat"
    NO_MINIMUM = "no finite minimum"
    STALLED = "stalled"

    @property
    def look(self) -> str:
        """How it is shown: as "success", "info", "warning" or "error"."""
        if self is Kind.CONVERGED:
            return "success"
        if self is Kind.RAN_OUT:
            return "info"
        return "error" if self in (Kind.DIVERGING, Kind.UNBOUNDED, Kind.UNDEFINED) else "warning"


@dataclass(frozen=True)
class Verdict:
    """``sentence`` says what happened, ``why`` how that follows; ``numbers`` are those in them, by name.

    ``numbers`` may hold: limit (the largest stable learning rate), largest_curvature, smallest_curvature,
    predicted_rate and measured_rate (error factor per epoch), stride (the length of each step), remaining_epochs,
    best_learning_rate, path_limit (the largest learning rate that is stable at the steepest point of the path).
    A number that theory cannot tell is nan.
    """

    kind: Kind
    sentence: str
    why: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)

    @property
    def plain(self) -> str:
        """The sentence without the marks of Markdown, for whatever is no Markdown."""
        return self.sentence.replace("**", "")


@dataclass(frozen=True)
class Case:
    """Everything that the judgments below look at."""

    objective: Objective
    run: Trajectory
    optimizer: Optimizer
    learning_rate: float
    tolerance: float
    minima: Minima
    shown: Array | None = None  # the end in the units that the reader sees, where the run's are others
    batch_size: int = 0  # rows that each step of a fit saw; 0 for all of them
    h: float | None = None  # the spacing with which the run's gradients were estimated, if they were

    @property
    def end(self) -> Array:
        return np.asarray(self.run.thetas[-1])

    @cached_property
    def curvature(self) -> Curvature | None:
        """The curvature at the end."""
        return None if self._hessian is None else curvature_of(self._hessian)

    def curvature_in(self, units: Array) -> Curvature | None:
        """The curvature at the end with each parameter counted in its own of the ``units`` (n,)."""
        return None if self._hessian is None else curvature_of(self._hessian, units)

    @cached_property
    def _hessian(self) -> Array | None:
        return hessian_at(self.objective, self.end)

    @property
    def where(self) -> str:
        place = self._without_rounding() if self.shown is None else self.shown
        place = np.where(np.abs(place) <= self._place_resolution, 0.0, place)
        return format_assignment(self.run.variables, place, 4)

    @cached_property
    def _converged_curvature(self) -> float:
        """The least curvature, where a run has converged by it; else infinite: then every digit is told."""
        found = self.curvature if self.run.stop_reason is StopReason.CONVERGED and self.run.epochs else None
        return np.inf if found is None or not found.mu > 0 else found.mu

    @property
    def _place_resolution(self) -> float:
        """A distance that the tolerance does not tell from 0: within it the slope is that of a converged run."""
        return min(self.tolerance / self._converged_curvature, _SEEN_PLACE * float(np.abs(self.run.thetas[0]).max()))

    @property
    def _value_resolution(self) -> float:
        """The same of f, which is higher than at the minimum by the square of the slope over twice the curvature."""
        return min(self.tolerance**2 / self._converged_curvature, _SEEN_VALUE * abs(float(self.run.values[0])))

    def _without_rounding(self) -> Array:
        """The end, with 0 for every parameter that is lost in rounding: so small, and f is the same without it."""
        end, value = self.end.copy(), float(self.run.values[-1])
        size = max(1e-300, float(np.abs(end).max()), float(np.abs(self.run.thetas[0]).max()))
        for i in np.flatnonzero((np.abs(end) < _LOST_PLACE * size) & (end != 0)) if self.run.epochs else ():
            without = np.where(np.arange(len(end)) == i, 0.0, end)
            if abs(float(self.objective.value(without)) - value) <= max(self._zero_value, 1e-15 * abs(value)):
                end = without
        return end

    @property
    def value(self) -> str:
        """What f is at the end: "f = 1.2"."""
        value = value_at(self.run, -1)
        least = max(self._zero_value, self._value_resolution)
        mean = isinstance(self.objective, Fit)  # never below 0 but for rounding
        return f"f = {format_number(0.0 if abs(value) < least or (mean and value < 0) else value)}"

    @property
    def _zero_value(self) -> float:
        """A value that is zero beside that of the start."""
        return _LOST_VALUE * min(1.0, abs(float(self.run.values[0])))

    @property
    def out_of(self) -> str:
        """When and where a run ended that had not arrived."""
        by = " (the time allowed was up)" if self.run.stop_reason is StopReason.DEADLINE else ""
        return f"{self.when}{by} at {self.where}"

    @property
    def when(self) -> str:
        return "from the start" if self.run.epochs == 0 else f"after {format_count(self.run.epochs, 'epoch')}"

    @property
    def eta_text(self) -> str:
        """The learning rate as the user typed it."""
        return format_number(self.learning_rate, 12)

    @property
    def constant(self) -> bool:
        """Whether every step was taken at the learning rate that the user set."""
        return bool(np.all(self.run.learning_rates == self.learning_rate))

    @property
    def last_eta(self) -> float:
        """The rate of the last step."""
        return self.eta_at(self.run.epochs)

    def eta_at(self, row: int) -> float:
        """The rate of the step that leaves ``row``; for the last row, of the step that led there."""
        rates = self.run.learning_rates
        return float(rates[min(row, len(rates) - 1)]) if len(rates) else self.learning_rate

    def is_slow(self, remaining: float) -> bool:
        """Whether the epochs that remain are many beside those that were taken."""
        return remaining > _TOO_SLOW * self.run.epochs

    @property
    def noisy(self) -> bool:
        """Whether noise was added to the gradients."""
        return getattr(self.optimizer, "noise", 0.0) > 0

    @property
    def law(self) -> Law | None:
        return law_of(self.optimizer)


def value_at(run: Trajectory, row: int) -> float:
    """f at a ``row`` of the run, 0 where it is no more than what rounding leaves: cos(1.5π) is about −2 × 10⁻¹⁶."""
    value = float(run.values[row])
    terms = float(np.sum(np.abs(run.gradients[row] * run.thetas[row])))
    return 0.0 if abs(value) <= _ROUNDING * terms else value


def limit_name(case: Case) -> str:
    """Return the stability limit's formula, such as 2/L, or what to call it."""
    return case.law.limit_text if case.law is not None else "its limit"


def limit_beside(case: Case, limit: float, eta: float | None = None) -> str:
    """The limit with as many digits as it takes to tell it from the learning rate, or from ``eta``."""
    eta = case.learning_rate if eta is None else eta
    digits = 12 if limit == eta else digits_between(limit, eta)
    return f"the stability limit {limit_name(case)} = {format_number(limit, digits)}"


def own_expression(case: Case) -> Any:
    """The formula of theta itself; None where the objective is another kind, such as a model's error on data."""
    expression = getattr(case.objective, "expression", None)
    return expression if expression is not None and expression.variables == case.run.variables else None
