"""What a learning rate is: a number known beforehand for each epoch, or a search along the direction."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar

import numpy as np

from gdviz.arrays import Array
from gdviz.hyperparameters import check_hyperparameters
from gdviz.learning_rates.line import Line
from gdviz.numerals import format_number

LOWEST_RATE, HIGHEST_RATE = float(np.finfo(float).tiny), 1e6  # that a visitor can set

Number = Any  # an array of floats, or a number of a graph
State = tuple[Any, ...]


@dataclass(frozen=True)
class LearningRate:
    """What every learning rate has: the rate that the user sets, and its own hyper-parameters after it.

    ``name`` is its key in LEARNING_RATES, in links and on the command line; ``title`` is what people read. Raises
    ValueError unless ``learning_rate`` is finite and above 0 and every hyper-parameter in its range.
    """

    learning_rate: float

    name: ClassVar[str]
    title: ClassVar[str]

    def __post_init__(self) -> None:
        if not (isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(
                f"The learning rate is {format_number(self.learning_rate, 12)}; it must be a finite number above 0."
            )
        object.__setattr__(self, "learning_rate", float(self.learning_rate))
        check_hyperparameters(self)


@dataclass(frozen=True)
class Schedule(LearningRate):
    """A learning rate that depends on the epoch alone, and on how many there are."""

    def at(self, epochs: Number, total: Number) -> Number:
        """Return the rates of ``epochs`` (any shape; floats that count from 0) in a run of ``total`` epochs.

        Both may be numbers of a graph: then this is called once, and every code of the schedule is made of its lines.
        """
        raise NotImplementedError


@dataclass(frozen=True)
class LineSearch(LearningRate):
    """A learning rate that is found at each epoch, along the direction.

    ``step`` takes the objective along the direction and its own state, and returns the rate, or None where it finds
    none, with the next state. It goes with optimizers whose directions lead downhill; ``along_gradient`` says that it
    is made for the negative gradient itself.
    """

    along_gradient: ClassVar[bool] = False

    def step(self, line: Line, state: State) -> tuple[float | None, State]:
        """Return the rate for this epoch, or None, and the next state; the state is () at epoch 0."""
        raise NotImplementedError


def scheduled_rates(schedule: Schedule, epochs: int) -> Array:
    """Return the rates (epochs,) of a run. Raises ValueError, naming the epoch, unless each is finite and above 0."""
    counted = np.arange(epochs, dtype=float)
    rates = np.array(np.broadcast_to(schedule.at(counted, epochs), counted.shape))
    wrong = np.flatnonzero(~(np.isfinite(rates) & (rates > 0)))
    if wrong.size:
        k = int(wrong[0])
        raise ValueError(
            f"The learning rate at epoch {k} is {format_number(rates[k], 12)}; it must be a finite number above 0."
        )
    return rates
