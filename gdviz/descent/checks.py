"""What a descent refuses, in words, before it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from gdviz.arrays import Array
from gdviz.hyperparameters import make
from gdviz.learning_rates import LearningRate, LineSearch
from gdviz.numerals import format_count
from gdviz.objectives import Objective
from gdviz.optimizers import OPTIMIZERS, Optimizer, VectorOptimizer

MAX_EPOCHS = 100_000  # what a browser can still draw and a visitor still wait for


def check_objective(objective: Objective) -> None:
    """Raise ValueError, saying what to write, for what is none: a formula's text, a preset, a function of Python."""
    if not hasattr(objective, "variables"):
        raise ValueError(
            f"A {type(objective).__name__} is no objective: take gdviz.parse(formula), gdviz.PRESETS[name].objective "
            "or gdviz.LeastSquares(model, data, target)."
        )


def check_together(objective: Objective, optimizer: Optimizer, learning_rate: LearningRate) -> None:
    """Raise ValueError, in words, if these do not go together: a fit's method without a fit, a search without a
    slope."""
    if (
        isinstance(optimizer, VectorOptimizer)
        and optimizer.needs == "residuals"
        and not hasattr(objective, "residuals")
    ):
        raise ValueError(
            f"{optimizer.title} needs data to fit and exact gradients: it looks at the errors of a model. "
            "For a plain function choose Newton or BFGS."
        )
    if not isinstance(learning_rate, LineSearch):
        return
    if learning_rate.along_gradient and not optimizer.steepest:
        fitting = " or ".join(name for name, cls in OPTIMIZERS.items() if cls.steepest)
        raise ValueError(
            f"{learning_rate.title} is the length of a plain gradient step and does not fit {optimizer.title}: "
            f"choose the optimizer {fitting}."
        )
    if not optimizer.downhill:
        fitting = ", ".join(name for name, cls in OPTIMIZERS.items() if cls.downhill)
        raise ValueError(
            f"{learning_rate.title} does not go with {optimizer.title}: {optimizer.no_search}. "
            f"Choose a constant learning rate or a schedule; searches go with {fitting}."
        )


def check_second_derivatives(objective: Objective, method: Optimizer, theta: tuple[float, ...]) -> None:
    """Raise FormulaError before the run where second derivatives are needed and too long to write down."""
    if isinstance(method, VectorOptimizer) and method.needs == "hessian":
        objective.hessian(theta)


def check_start(objective: Objective, start: Sequence[float]) -> tuple[float, ...]:
    """Return the start as floats. Raises ValueError unless it has a finite number for each variable."""
    check_objective(objective)
    point = tuple(float(x) for x in start)
    if len(point) != len(objective.variables):
        names = ", ".join(objective.variables)
        given = format_count(len(point), "number")
        raise ValueError(f"The start has {given}; this function needs {len(objective.variables)} ({names}).")
    if not all(np.isfinite(point)):
        raise ValueError(f"The start is {point}; every number of it must be finite.")
    return point


def check_epochs(epochs: int) -> int:
    """Return the epochs as an int. Raises ValueError unless they are a whole number within the limit."""
    if int(epochs) != epochs or not 1 <= epochs <= MAX_EPOCHS:
        raise ValueError(f"epochs is {epochs}; it must be a whole number from 1 to {MAX_EPOCHS:,}.")
    return int(epochs)


def check_tolerance(tolerance: float) -> None:
    """Raise ValueError for a tolerance below 0, and for nan."""
    if not tolerance >= 0:
        raise ValueError(f"The tolerance is {tolerance}; it must be 0 or above.")


def check_rates(rates: Array) -> None:
    """Raise ValueError for learning rates of which one makes no step."""
    if not (np.isfinite(rates).all() and (rates > 0).all()):
        raise ValueError("Every learning rate must be a finite number above 0.")


def check_own(method: Optimizer, own: Mapping[str, Array]) -> None:
    """Raise ValueError for a hyper-parameter that the method has not, or a value out of range, naming it."""
    for name, values in own.items():
        if values.size:
            odd = values.reshape(-1)[~np.isfinite(values.reshape(-1))][:1]
            for value in (values.min(), values.max(), *odd):
                make(type(method), {name: float(value)}, "hyper-parameter")
