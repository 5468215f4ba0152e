"""What is minimized, with everything that a page has to know before it runs: start, window, minima, a sensible rate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np

from gdviz.datasets import DATASETS, Table
from gdviz.formulas import FormulaError
from gdviz.landscapes import choose_window, nearby_minimum
from gdviz.objectives import LeastSquares, Objective, parse
from gdviz.presets import PRESETS
from gdviz.theory import curvature

FORMULA = "formula"  # the visitor's own formula
FIT = "fit"  # a model fitted to data
UPLOAD = "upload"  # data that the visitor brought: it stays in the session and is in no link

Window = tuple[tuple[float, float], ...]
Minima = tuple[tuple[tuple[float, ...], float], ...]


class ProblemError(ValueError):
    """What was asked for does not make an objective; ``field`` names the field of the experiment to mend."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, eq=False)
class Problem:
    """An objective of n parameters with its ``start`` (n,), ``window`` (n pairs low, high) and known ``minima``.

    ``table`` and ``fit`` are set where data are fitted. ``learning_rate`` and ``epochs`` are sensible for plain
    gradient descent.
    """

    objective: Any  # Formula or LeastSquares
    title: str
    start: tuple[float, ...]
    window: Window
    minima: Minima
    learning_rate: float
    epochs: int
    note: str = ""
    source: str = ""
    table: Table | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(self.objective.variables)

    @property
    def fit(self) -> LeastSquares | None:
        return self.objective if isinstance(self.objective, LeastSquares) else None


def pose(
    objective: str, formula: str = "", data: str = "", model: str = "", target: str = "", table: Table | None = None
) -> Problem:
    """Return the problem that these fields of an experiment name; ``table`` is the visitor's own data, if any.

    Raises ProblemError (its ``field`` says which field) for an unknown name, a formula with an error (its cause is the
    FormulaError) or data that do not fit the model.
    """
    if objective in PRESETS:
        return _of_preset(objective)
    if objective == FORMULA:
        return _of_formula(formula)
    if objective == FIT:
        return _of_fit(data or "line", model, target, table)
    raise ProblemError("objective", f"There is no objective “{objective}”.")


@lru_cache(maxsize=64)
def _of_preset(key: str) -> Problem:
    preset = PRESETS[key]
    return Problem(
        preset.objective, preset.title, preset.start, preset.window, preset.minima,
        preset.learning_rate, preset.epochs, preset.note, preset.source,
    )  # fmt: skip


@lru_cache(maxsize=128)
def _of_formula(text: str) -> Problem:
    try:
        objective = parse(text)
    except FormulaError as error:
        raise ProblemError("formula", str(error)) from error
    start = _usable_start(objective)
    window = choose_window(objective, start)
    rate = sensible_learning_rate(objective, start)
    return Problem(objective, "Your formula", start, window, (), rate, 200, source="typed by you")


def _usable_start(objective: Objective) -> tuple[float, ...]:
    """A start for a formula never seen: the first of a few round points with a finite value and a slope."""
    n = len(objective.variables)
    for scale in (1.0, 2.0, 0.5, -1.0):
        point = tuple(scale + 0.5 * i for i in range(n))
        slope = objective.gradient(point)
        if isfinite(objective.value(point)) and np.isfinite(slope).all() and slope.any():
            return point
    return (1.0,) * n


def sensible_learning_rate(objective: Objective, start: tuple[float, ...]) -> float:
    """Return half the stability limit, 1/L, to one significant digit; 0.01 where there is no curvature.

    L is the largest curvature of the start and of a minimum near it: a rate for one can be too large for the other.
    """
    points = [start, nearby_minimum(objective, start)]
    found = [curvature(objective, point) for point in points if point is not None]
    largest = max((max(abs(c.L), abs(c.mu)) for c in found if c is not None), default=0.0)
    rate = 1 / largest if largest > 0 else 0.01
    return float(f"{min(max(rate, 1e-9), 1.0):.0e}")


def _of_fit(data: str, model: str, target: str, table: Table | None) -> Problem:
    if data == UPLOAD:
        if table is None:
            raise ProblemError("data", "A link does not carry your own data: upload the file again.")
        return _fit(table, model or _line(table, target), target or table.names[-1])
    if data not in DATASETS:
        raise ProblemError("data", f"There is no data set “{data}”.")
    dataset = DATASETS[data]
    if model in ("", dataset.model) and target in ("", dataset.target):
        return _of_dataset(data)
    return _fit(dataset.table, model or dataset.model, target or dataset.target)


@lru_cache(maxsize=64)
def _of_dataset(key: str) -> Problem:
    dataset = DATASETS[key]
    fit = dataset.objective
    return Problem(
        fit, dataset.title, dataset.start, dataset.window, _exact_minimum(fit) or dataset.minima,
        dataset.learning_rate, dataset.epochs, dataset.note, dataset.source, dataset.table,
    )  # fmt: skip


def _line(table: Table, target: str) -> str:
    inputs = [name for name in table.names if name != (target or table.names[-1])]
    return f"slope*{inputs[0]} + intercept"


@lru_cache(maxsize=8)  # a table is equal to another with the same digest, and may hold megabytes
def _fit(table: Table, model: str, target: str) -> Problem:
    if target not in table.columns:
        raise ProblemError("target", f"There is no column “{target}”; the columns are {', '.join(table.names)}.")
    try:
        fit = LeastSquares(model, table.columns, target)
    except FormulaError as error:
        raise ProblemError("model", str(error)) from error
    except ValueError as error:
        raise ProblemError("data", str(error)) from error
    for name in fit.used_columns:
        if np.ptp(table.columns[name]) == 0:
            raise ProblemError("data", f"Every “{name}” is the same number: a curve needs at least two different ones.")
    start = (0.0,) * len(fit.variables) if fit.quadratic is not None else _usable_start(fit)
    minima = _exact_minimum(fit)
    window = choose_window(fit, start, [point for point, _ in minima])
    rate = sensible_learning_rate(fit, start)
    return Problem(fit, "Your fit", start, window, minima, rate, 1000, table=table)


def _exact_minimum(fit: LeastSquares) -> Minima:
    """The least-squares solution of a model that is linear in its parameters."""
    if fit.quadratic is None:
        return ()
    return ((tuple(fit.quadratic.center.tolist()), fit.quadratic.constant),)
