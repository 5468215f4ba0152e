"""What an optimizer is: two base classes, and the arithmetic that Python floats and NumPy arrays do not share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, TypeVar

import numpy as np

from gdviz.arrays import Array
from gdviz.hyperparameters import check_hyperparameters

Number = TypeVar("Number", float, Any)  # a Python float, or an array of floats
State = tuple[Any, ...]


@dataclass(frozen=True)
class Optimizer:
    """What every optimizer has besides its hyper-parameters. Raises ValueError for one that is out of range.

    ``name`` is its key in OPTIMIZERS, in links and on the command line; ``title`` is what people read.
    ``usual_learning_rate`` is PyTorch's default, or its source's. ``downhill`` says that every direction leads downhill
    at first, so that a line search makes sense; where it does not, ``no_search`` says why not. ``steepest`` says that
    every direction is the negative gradient itself. ``divides_by`` names the curvature that it divides the gradient by,
    ``"hessian"`` or that of the ``"residuals"``; ``climbs`` says that it leads uphill where the ground curves down.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    usual_learning_rate: ClassVar[float] = 0.001
    downhill: ClassVar[bool] = False
    no_search: ClassVar[str] = "its directions need not lead downhill"
    steepest: ClassVar[bool] = False
    divides_by: ClassVar[str] = ""
    climbs: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_hyperparameters(self)

    @property
    def heavy_ball(self) -> float | None:
        """The momentum of a heavy ball, which a hand can steer while it rolls; None for all other methods."""
        return None


@dataclass(frozen=True)
class ElementwiseOptimizer(Optimizer):
    """An optimizer that treats every component alike and alone.

    ``direction`` works on one component's numbers with plain arithmetic (+ - * / **), comparisons and the functions of
    :mod:`gdviz.formulas.graph_numbers`. It is called once, with numbers that write these lines down; every code of a
    step is made from what it wrote. So it must not ask ``if`` of a number: ``choice(condition, a, b)`` stands for that.

    What it has to remember from one epoch to the next goes in and out as ``state``; ``initial`` is the state at
    epoch 0. What depends on the epoch alone comes from ``at_epoch``: it is computed once for all epochs.
    """

    initial: ClassVar[State] = ()
    uses_theta: ClassVar[bool] = False  # then direction takes theta's component as its next argument
    uses_epoch: ClassVar[bool] = False  # then direction takes the epoch's numbers as its last argument

    def initial_states(self, n: int) -> tuple[State, ...]:
        """Return the states of n components at epoch 0."""
        return (self.initial,) * n

    def at_epoch(self, epoch: Number) -> tuple[Number, ...]:
        """Return the numbers of an epoch, counted from 0, that ``direction`` takes as its last argument.

        In plain arithmetic like its own, powers included; of an array of epochs too.
        """
        return ()

    def sequences(self, epochs: int, n: int) -> tuple[Array, ...]:
        """Return the numbers of all epochs from 0 on. What is no arithmetic of the epoch, such as draws, is made here.

        Each array has shape (epochs,), or (epochs, n) where they differ between the n components.
        """
        return self.at_epoch(np.arange(float(epochs)))

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        """Return one component's direction and its next state."""
        raise NotImplementedError


class Here(Protocol):
    """What a VectorOptimizer can ask about the objective. Every answer is counted; none is paid for twice.

    ``theta`` has shape (n,).
    """

    theta: Array

    def value_at(self, theta: Array) -> float:
        """Return the objective's value at theta (n,)."""
        ...

    def hessian(self) -> Array:
        """Return the Hessian (n, n) at ``self.theta``; it may hold inf or nan."""
        ...

    def residuals(self, theta: Array | None = None) -> tuple[Array, Array]:
        """Return, for a fit, errors (m,) and their Jacobian (m, n) at theta (n,), without one at ``self.theta``.

        Counted with the gradient there, elsewhere as a value.
        """
        ...


@dataclass(frozen=True)
class VectorOptimizer(Optimizer):
    """An optimizer whose components depend on each other, such as Newton's method.

    ``direction`` takes the gradient (n,), its state and :class:`Here`, and returns a direction (n,), or None where it
    finds no step, with the next state. Batches go through it one member at a time, except for up to ``written_out``
    parameters, for which it is ``written`` as plain arithmetic. ``needs`` names what it asks of the objective besides
    gradients: ``"hessian"`` or ``"residuals"``.
    """

    usual_learning_rate: ClassVar[float] = 1.0
    initial: ClassVar[State] = ()
    needs: ClassVar[str] = ""
    ends_itself: ClassVar[bool] = False  # finds no step where rounding allows no better; no tolerance need stop it
    written_out: ClassVar[int] = 0

    def direction(self, gradient: Array, state: State, here: Here) -> tuple[Array | None, State]:
        """Return the direction and the next state."""
        raise NotImplementedError

    def written(self, gradient: Sequence[Number], hessian: Sequence[Sequence[Number]]) -> Sequence[Number]:
        """Return the direction of each component, from the gradient (n) and the Hessian (n × n), as plain arithmetic.

        Called once, with numbers that write its lines down, like :meth:`ElementwiseOptimizer.direction`.
        """
        raise NotImplementedError
