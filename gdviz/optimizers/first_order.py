"""Gradient descent, plain, noisy and with momentum."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.hyperparameters import hyperparameter
from gdviz.learning_rates.changes import read_changes
from gdviz.numerals import format_number
from gdviz.optimizers.base import ElementwiseOptimizer, Number, State

_MODULUS = 2147483647  # 2**31 - 1, a prime
_MULTIPLIER = 16807
_DRAWS = 12  # uniform numbers whose sum is one of the noise
_MOST_SEEDS = 2**31 - 1


@dataclass(frozen=True)
class GradientDescent(ElementwiseOptimizer):
    r"""Plain gradient descent: :math:`\theta_{k+1} = \theta_k - \eta \nabla f(\theta_k)`.

    Source: Cauchy, Comptes Rendus 25 (1847). On a quadratic it is stable for learning rates below 2/L, L the largest
    curvature.
    """

    name: ClassVar[str] = "gd"
    title: ClassVar[str] = "Gradient descent"
    downhill: ClassVar[bool] = True
    steepest: ClassVar[bool] = True

    @property
    def heavy_ball(self) -> float:
        return 0.0

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        return -gradient, state


@dataclass(frozen=True)
class NoisyGradientDescent(ElementwiseOptimizer):
    r"""Gradient descent on gradients with noise: :math:`\theta_{k+1} = \theta_k - \eta\,(\nabla f(\theta_k) + \sigma
    z_k)`.

    A stand-in for stochastic gradients on a plain function: each component of z is drawn afresh, with mean 0 and
    variance 1. Source: Robbins & Monro, Annals of Mathematical Statistics 22 (1951). With a constant learning rate it
    does not settle but hovers around the minimum; a falling one lets it settle. Recorded gradients are without noise.

    The draws are the sums of 12 uniform numbers less 6 (close to normal, never beyond ±6) from the generator of Park &
    Miller, Communications of the ACM 31 (1988). All its products are whole numbers below 2**53, so a seed gives the
    same path on every machine. Members of a batch share their draws.
    """

    noise: float = hyperparameter(1.0, 0.0, 1e6, "Standard deviation of the noise in each component of the gradient.")
    noise_seed: float = hyperparameter(0.0, 0.0, _MOST_SEEDS, "Each seed draws its own noise.", whole=True)

    name: ClassVar[str] = "noisy_gd"
    title: ClassVar[str] = "Gradient descent with noise"
    no_search: ClassVar[str] = "its noisy directions need not lead downhill"
    uses_epoch: ClassVar[bool] = True

    def sequences(self, epochs: int, n: int) -> tuple[Array, ...]:
        draw = Random(int(self.noise_seed)).random  # the one method that Python promises to keep
        seeds = np.array([1 + int(draw() * (_MODULUS - 2.0)) for _ in range(n)], dtype=np.int64)
        draws = _powers(epochs * _DRAWS).reshape(epochs, _DRAWS, 1) * seeds % _MODULUS
        normal = np.full((epochs, n), -6.0)
        for k in range(_DRAWS):
            normal = normal + draws[:, k] / _MODULUS
        return (normal,)

    def direction(self, gradient: Number, state: State, now: State) -> tuple[Number, State]:  # type: ignore[override]
        (normal,) = now
        return -(gradient + self.noise * normal), state


def _powers(count: int) -> NDArray[np.int64]:
    """Return the first ``count`` powers of the generator's multiplier, from the first on; all products fit 63 bits."""
    powers = np.array([_MULTIPLIER], dtype=np.int64)
    while len(powers) < count:
        powers = np.concatenate([powers, powers * powers[-1] % _MODULUS])
    return powers[:count]


@dataclass(frozen=True)
class Momentum(ElementwiseOptimizer):
    r"""Heavy ball: :math:`v_{k+1} = \beta v_k + \nabla f(\theta_k)`, :math:`\theta_{k+1} = \theta_k - \eta v_{k+1}`.

    Source: Polyak, USSR Comput. Math. Math. Phys. 4 (1964). The convention is PyTorch's and Distill's: the gradient is
    not scaled by 1 - beta, so a beta of 0.9 makes steady steps ten times as long. Elsewhere the velocity is an average,
    :math:`\beta v + (1 - \beta) \nabla f`, or holds the learning rate, which differs once the rate changes. On a
    quadratic it is stable for learning rates below (2 + 2 beta)/L. Raises ValueError unless 0 ≤ beta < 1.
    """

    beta: float = hyperparameter(
        0.9, 0.0, 1.0, "Share of the velocity kept from one epoch to the next.", open_high=True
    )

    name: ClassVar[str] = "momentum"
    title: ClassVar[str] = "Momentum (heavy ball)"
    initial: ClassVar[State] = (0.0,)
    no_search: ClassVar[str] = "its velocity may carry it uphill"

    @property
    def heavy_ball(self) -> float:
        return self.beta

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        velocity = self.beta * state[0] + gradient
        return -velocity, (velocity,)


@dataclass(frozen=True)
class SteeredMomentum(ElementwiseOptimizer):
    r"""Heavy ball whose beta a hand changed while the run went: :math:`v_{k+1} = \beta_k v_k + \nabla f(\theta_k)`.

    ``beta_changes`` says from which epoch on which beta holds (:mod:`gdviz.learning_rates.changes`); before the first,
    ``beta``. The velocity is kept over a change. A beta of 0 is plain gradient descent. Source: Polyak's method as in
    :class:`Momentum` (1964). Raises ValueError unless every beta is at least 0 and below 1.
    """

    beta: float = hyperparameter(0.9, 0.0, 1.0, "Share of the velocity kept from epoch 0 on.", open_high=True)
    beta_changes: str = field(
        default="",
        metadata={"text": True, "help": "Pairs such as 20:0.5 80:0.95: the epoch, and beta from there on."},
    )

    name: ClassVar[str] = "steered_momentum"
    title: ClassVar[str] = "Momentum, steered by hand"
    initial: ClassVar[State] = (0.0,)
    uses_epoch: ClassVar[bool] = True
    no_search: ClassVar[str] = "its velocity may carry it uphill"

    @property
    def heavy_ball(self) -> float:
        return self.beta

    def __post_init__(self) -> None:
        super().__post_init__()
        for beta in read_changes(self.beta_changes).values:
            if not 0 <= beta < 1:
                raise ValueError(
                    f"beta of {self.title} is {format_number(beta, 12)}; it must be at least 0 and below 1."
                )

    def beta_at(self, epoch: float) -> float:
        """Return the beta that holds at ``epoch``."""
        return read_changes(self.beta_changes).at(epoch, self.beta)

    def at_epoch(self, epoch: Number) -> tuple[Number, ...]:
        return (read_changes(self.beta_changes).written(epoch, self.beta),)

    def direction(self, gradient: Number, state: State, now: State) -> tuple[Number, State]:  # type: ignore[override]
        (beta,) = now
        velocity = beta * state[0] + gradient
        return -velocity, (velocity,)


@dataclass(frozen=True)
class Nesterov(ElementwiseOptimizer):
    r"""Nesterov's momentum: :math:`v_{k+1} = \beta v_k + g_k`, :math:`\theta_{k+1} = \theta_k - \eta (g_k + \beta
    v_{k+1})`.

    Source: Nesterov, Soviet Math. Doklady 27 (1983), in the form of Sutskever et al., ICML (2013), as PyTorch's
    ``SGD(nesterov=True)`` has it: the recorded iterates are the points looked ahead to, at which the gradient is
    taken. Nesterov's own form lists the points before looking ahead and lets beta grow with k. On a quadratic it is
    stable for learning rates below (2 + 2 beta)/(1 + 2 beta)/L, lower than heavy ball's limit.
    """

    beta: float = hyperparameter(
        0.9, 0.0, 1.0, "Share of the velocity kept from one epoch to the next.", open_high=True
    )

    name: ClassVar[str] = "nesterov"
    title: ClassVar[str] = "Nesterov's momentum"
    initial: ClassVar[State] = (0.0,)
    no_search: ClassVar[str] = "its velocity may carry it uphill"

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        velocity = self.beta * state[0] + gradient
        return -(gradient + self.beta * velocity), (velocity,)
