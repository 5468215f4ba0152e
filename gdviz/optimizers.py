"""Optimizers: from gradients to a direction. The next iterate is theta + learning_rate * direction.

Each optimizer is a frozen dataclass of its hyper-parameters. ``direction`` works on one component's numbers with plain
arithmetic (+ - * / **), so the same lines run on Python floats, for one path, and on NumPy arrays, for a batch. What it
has to remember from one epoch to the next goes in and out as ``state``; ``initial`` is the state at epoch 0.

To add one: write a class here and add it to OPTIMIZERS. Widgets, links and the command line follow from its fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, ClassVar, Protocol, TypeVar

Number = TypeVar("Number", float, Any)  # a Python float, or an array of floats
State = tuple[Any, ...]


def hyperparameter(default: float, low: float, high: float, help: str, *, open_high: bool = False) -> Any:
    """Declare a hyper-parameter: its default, its legal range low ≤ value ≤ high (< high if ``open_high``), its help."""
    return field(default=default, metadata={"low": low, "high": high, "open_high": open_high, "help": help})


class Optimizer(Protocol):
    """What the descent loop asks of an optimizer."""

    name: ClassVar[str]
    title: ClassVar[str]
    initial: ClassVar[State]

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        """Return one component's direction and its next state."""
        ...


@dataclass(frozen=True)
class GradientDescent:
    r"""Plain gradient descent: :math:`\theta_{k+1} = \theta_k - \eta \nabla f(\theta_k)`.

    Source: Cauchy, Comptes Rendus 25 (1847). On a quadratic it is stable for learning rates below 2/L, L the largest
    curvature.
    """

    name: ClassVar[str] = "gd"
    title: ClassVar[str] = "Gradient descent"
    initial: ClassVar[State] = ()

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        return -gradient, state


@dataclass(frozen=True)
class Momentum:
    r"""Heavy ball: :math:`v_{k+1} = \beta v_k + \nabla f(\theta_k)`, :math:`\theta_{k+1} = \theta_k - \eta v_{k+1}`.

    Source: Polyak, USSR Comput. Math. Math. Phys. 4 (1964). The convention is PyTorch's and Distill's: the gradient is
    not scaled by 1 - beta, so a beta of 0.9 makes steady steps ten times as long. On a quadratic it is stable for
    learning rates below (2 + 2 beta)/L. Raises ValueError unless 0 ≤ beta < 1.
    """

    beta: float = hyperparameter(0.9, 0.0, 1.0, "Share of the velocity kept from one epoch to the next.", open_high=True)

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum (heavy ball)"
    initial: ClassVar[State] = (0.0,)

    def __post_init__(self) -> None:
        check_hyperparameters(self)

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        velocity = self.beta * state[0] + gradient
        return -velocity, (velocity,)


OPTIMIZERS: Mapping[str, type[Any]] = MappingProxyType({cls.name: cls for cls in (GradientDescent, Momentum)})


def make_optimizer(optimizer: str | Optimizer, **hyperparameters: float) -> Optimizer:
    """Return an optimizer from its name and hyper-parameters; an optimizer is returned as it is.

    Raises ValueError for an unknown name (the known ones are listed), an unknown hyper-parameter or a value out of range.
    """
    if not isinstance(optimizer, str):
        return optimizer
    if optimizer not in OPTIMIZERS:
        raise ValueError(f"There is no optimizer “{optimizer}”; choose one of {', '.join(OPTIMIZERS)}.")
    cls = OPTIMIZERS[optimizer]
    known = {f.name for f in fields(cls)}
    for name in hyperparameters:
        if name not in known:
            has = ", ".join(sorted(known)) or "none"
            raise ValueError(f"{cls.title} has no hyper-parameter “{name}”; it has: {has}.")
    made: Optimizer = cls(**hyperparameters)
    return made


def check_hyperparameters(optimizer: Any) -> None:
    """Raise ValueError, naming the hyper-parameter and its legal range, if one is out of range."""
    for f in fields(optimizer):
        value, low, high, open_high = getattr(optimizer, f.name), *(f.metadata[k] for k in ("low", "high", "open_high"))
        if not (low <= value < high or (value == high and not open_high)):
            upper = f"below {high:g}" if open_high else f"at most {high:g}"
            raise ValueError(f"{f.name} of {optimizer.title} is {value:g}; it must be at least {low:g} and {upper}.")
