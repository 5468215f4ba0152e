"""Learning rates: the length of each step. A schedule is count → value; a line search looks along the direction.

Each is a frozen dataclass: first ``learning_rate``, the rate that the user sets, then its own hyper-parameters. To add
one: write a class and add it to LEARNING_RATES. Widgets, links and the command line follow from its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from gdviz.hyperparameters import make
from gdviz.learning_rates import schedules, searches
from gdviz.learning_rates.base import HIGHEST_RATE, LOWEST_RATE, LearningRate, LineSearch, Schedule, scheduled_rates
from gdviz.learning_rates.line import Line
from gdviz.learning_rates.schedules import Constant, SteeredRate

__all__ = [
    "HIGHEST_RATE",
    "LEARNING_RATES",
    "LOWEST_RATE",
    "Constant",
    "LearningRate",
    "Line",
    "LineSearch",
    "Schedule",
    "SteeredRate",
    "make_learning_rate",
    "scheduled_rates",
]

LEARNING_RATES: Mapping[str, type[Any]] = MappingProxyType(
    {
        cls.name: cls
        for cls in (
            schedules.Constant,
            schedules.StepDecay,
            schedules.ExponentialDecay,
            schedules.InverseTimeDecay,
            schedules.Cosine,
            schedules.WarmUpCosine,
            schedules.OneCycle,
            schedules.Triangular,
            schedules.FormulaRate,
            schedules.SteeredRate,
            searches.Backtracking,
            searches.StrongWolfe,
            searches.ExactSearch,
            searches.BarzilaiBorwein,
            searches.PolyakStep,
        )
    }
)

# Each of them by its class's name, gdviz.learning_rates.Cosine, so that a new one needs no line here.
globals().update({cls.__name__: cls for cls in LEARNING_RATES.values()})


def make_learning_rate(
    learning_rate: float | str | LearningRate, base: float | None = None, **hyperparameters: Any
) -> LearningRate:
    """Return a number as a constant learning rate, a name as that learning rate with ``base`` as the rate that the user
    sets.

    A learning rate is returned as it is. Raises ValueError for an unknown name (the known ones are listed), a missing
    ``base``, an unknown hyper-parameter or a value out of range.

    >>> make_learning_rate("step", 0.1, every=50)
    StepDecay(learning_rate=0.1, drop=0.5, every=50)
    """
    if isinstance(learning_rate, LearningRate):
        return learning_rate
    if not isinstance(learning_rate, str):  # NumPy's numbers too
        return Constant(float(learning_rate))
    if learning_rate not in LEARNING_RATES:
        raise ValueError(f"There is no learning rate “{learning_rate}”; choose one of {', '.join(LEARNING_RATES)}.")
    given = {} if base is None else {"learning_rate": base}
    made: LearningRate = make(LEARNING_RATES[learning_rate], given | hyperparameters, "hyper-parameter")
    return made
