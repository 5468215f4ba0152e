"""Optimizers that scale each component by the gradients it has seen: Adagrad, RMSprop, Adam and their kin.

Formulas and defaults are PyTorch's (2.13) wherever it has the optimizer. Two things differ between implementations
and matter in the last digits or at tiny gradients: epsilon stands outside the root here (inside it in Adadelta), and
Adam's bias corrections, :math:`1 - \beta^k`, are kept as the running sum of the weights, ``weight``, which is the same
number without a power at each epoch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gdviz.formulas.graph_numbers import choice, larger, sign
from gdviz.hyperparameters import hyperparameter
from gdviz.optimizers.base import ElementwiseOptimizer, Number, State


def _epsilon(default: float) -> float:
    return hyperparameter(default, 0.0, 1.0, "Keeps the divisor away from zero.")  # type: ignore[no-any-return]


def _beta1() -> float:
    help = "Share of the mean gradient kept from one epoch to the next."
    return hyperparameter(0.9, 0.0, 1.0, help, open_high=True)  # type: ignore[no-any-return]


def _beta2() -> float:
    help = "Share of the mean squared gradient kept from one epoch to the next."
    return hyperparameter(0.999, 0.0, 1.0, help, open_high=True)  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Adagrad(ElementwiseOptimizer):
    r"""Adagrad: :math:`s_{k+1} = s_k + g_k^2`, :math:`\theta_{k+1} = \theta_k - \eta\, g_k / (\sqrt{s_{k+1}} +
    \epsilon)`.

    Source: Duchi, Hazan & Singer, JMLR 12 (2011). Steps only ever get shorter. PyTorch starts s at 0 and
    has epsilon outside the root; Keras and optax start s at 0.1 and have it inside.
    """

    epsilon: float = _epsilon(1e-10)

    name: ClassVar[str] = "adagrad"
    title: ClassVar[str] = "Adagrad"
    usual_learning_rate: ClassVar[float] = 0.01
    initial: ClassVar[State] = (0.0,)
    downhill: ClassVar[bool] = True

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        total = state[0] + gradient * gradient
        return -gradient / (total**0.5 + self.epsilon), (total,)


@dataclass(frozen=True)
class RMSProp(ElementwiseOptimizer):
    r"""RMSprop: :math:`s_{k+1} = \alpha s_k + (1 - \alpha) g_k^2`, :math:`\theta_{k+1} = \theta_k - \eta\, g_k /
    (\sqrt{s_{k+1}} + \epsilon)`.

    Source: Tieleman & Hinton, Lecture 6.5 of "Neural Networks for Machine Learning" (2012). PyTorch keeps alpha = 0.99
    and adds epsilon outside the root; the lecture, Keras and optax have 0.9, the last two epsilon inside the root.
    There is no bias correction, so the first steps are :math:`1/\sqrt{1 - \alpha}` times too long.
    """

    alpha: float = hyperparameter(
        0.99, 0.0, 1.0, "Share of the mean squared gradient kept from one epoch to the next.", open_high=True
    )
    epsilon: float = _epsilon(1e-8)

    name: ClassVar[str] = "rmsprop"
    title: ClassVar[str] = "RMSprop"
    usual_learning_rate: ClassVar[float] = 0.01
    initial: ClassVar[State] = (0.0,)
    downhill: ClassVar[bool] = True

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        square = self.alpha * state[0] + (1.0 - self.alpha) * gradient * gradient
        return -gradient / (square**0.5 + self.epsilon), (square,)


@dataclass(frozen=True)
class CenteredRMSProp(RMSProp):
    r"""RMSprop over the variance: the mean gradient's square is taken from s, :math:`\sqrt{s_{k+1} - m_{k+1}^2}`.

    Source: Graves, arXiv:1308.0850 (2013), eq. 38-45, as PyTorch's ``RMSprop(centered=True)`` has it; Graves has
    epsilon inside the root. Where rounding makes the variance of an unchanging gradient negative it counts as 0 here;
    PyTorch gives nan.
    """

    name: ClassVar[str] = "rmsprop_centered"
    title: ClassVar[str] = "RMSprop, centered"
    initial: ClassVar[State] = (0.0, 0.0)

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        square = self.alpha * state[0] + (1.0 - self.alpha) * gradient * gradient
        mean = self.alpha * state[1] + (1.0 - self.alpha) * gradient
        variance = larger(square - mean * mean, 0.0)
        return -gradient / (variance**0.5 + self.epsilon), (square, mean)


@dataclass(frozen=True)
class Adadelta(ElementwiseOptimizer):
    r"""Adadelta: steps as long as recent steps, :math:`\Delta_k = \sqrt{u_k + \epsilon} / \sqrt{s_{k+1} + \epsilon}\;
    g_k`.

    :math:`s_{k+1} = \rho s_k + (1 - \rho) g_k^2`, :math:`u_{k+1} = \rho u_k + (1 - \rho) \Delta_k^2`,
    :math:`\theta_{k+1} = \theta_k - \eta \Delta_k`. Source: Zeiler, arXiv:1212.5701 (2012), which has no learning rate:
    1, PyTorch's default, is its method; Keras's default 0.001 is a thousand times slower. Epsilon is inside both roots,
    and it sets the length of the first steps.
    """

    rho: float = hyperparameter(
        0.9, 0.0, 1.0, "Share of both averages kept from one epoch to the next.", open_high=True
    )
    epsilon: float = _epsilon(1e-6)

    name: ClassVar[str] = "adadelta"
    title: ClassVar[str] = "Adadelta"
    usual_learning_rate: ClassVar[float] = 1.0
    initial: ClassVar[State] = (0.0, 0.0)
    no_search: ClassVar[str] = "it learns the length of its steps from the steps it took"

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        square, moved = state
        square = self.rho * square + (1.0 - self.rho) * gradient * gradient
        delta = (moved + self.epsilon) ** 0.5 / (square + self.epsilon) ** 0.5 * gradient
        moved = self.rho * moved + (1.0 - self.rho) * delta * delta
        return -delta, (square, moved)


@dataclass(frozen=True)
class _Averaging(ElementwiseOptimizer):
    """What Adam's kin have in common: a mean m of the gradients and one v of their squares."""

    beta1: float = _beta1()
    beta2: float = _beta2()
    epsilon: float = _epsilon(1e-8)

    no_search: ClassVar[str] = "its mean gradient may point uphill"

    def means(self, gradient: Number, mean: Number, square: Number) -> tuple[Number, Number]:
        """Return the next m and v."""
        return (
            self.beta1 * mean + (1.0 - self.beta1) * gradient,
            self.beta2 * square + (1.0 - self.beta2) * gradient * gradient,
        )


@dataclass(frozen=True)
class Adam(_Averaging):
    r"""Adam: :math:`m = \beta_1 m + (1 - \beta_1) g`, :math:`v = \beta_2 v + (1 - \beta_2) g^2`, and
    :math:`\theta_{k+1} = \theta_k - \eta\, \hat m / (\sqrt{\hat v} + \epsilon)` with
    :math:`\hat m = m / (1 - \beta_1^{k+1})`, :math:`\hat v = v / (1 - \beta_2^{k+1})`.

    Source: Kingma & Ba, ICLR (2015), algorithm 1; PyTorch has the same epsilon. TensorFlow's and Keras's epsilon is the
    paper's "epsilon hat", which is not divided by the bias correction, so theirs differs while gradients are tiny.
    For small curvature changes it behaves as averaged momentum on the preconditioned Hessian and is stable up to
    2 (1 + beta1)/(1 - beta1) over its largest eigenvalue (Cohen et al., arXiv:2207.14484).
    """

    name: ClassVar[str] = "adam"
    title: ClassVar[str] = "Adam"
    initial: ClassVar[State] = (0.0, 0.0, 0.0, 0.0)

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        mean, square, weight1, weight2 = state
        mean, square = self.means(gradient, mean, square)
        weight1 = self.beta1 * weight1 + (1.0 - self.beta1)
        weight2 = self.beta2 * weight2 + (1.0 - self.beta2)
        return -mean / (weight1 * ((square / weight2) ** 0.5 + self.epsilon)), (mean, square, weight1, weight2)


@dataclass(frozen=True)
class AdamW(Adam):
    r"""Adam with decoupled weight decay: :math:`\theta_{k+1} = (1 - \eta\lambda) \theta_k - \eta\, \hat m / (\sqrt{\hat
    v} + \epsilon)`.

    Source: Loshchilov & Hutter, ICLR (2019), algorithm 2. The decay is multiplied by the learning rate, as in PyTorch
    and optax; the paper multiplies it by the schedule's share of it only. It pulls the end of the path from the minimum
    toward zero, on purpose.
    """

    weight_decay: float = hyperparameter(
        0.01, 0.0, 1e6, "Pull toward zero, as a share of theta per unit of learning rate."
    )

    name: ClassVar[str] = "adamw"
    title: ClassVar[str] = "AdamW"
    uses_theta: ClassVar[bool] = True

    def direction(self, gradient: Number, state: State, theta: Number) -> tuple[Number, State]:  # type: ignore[override]
        direction, following = super().direction(gradient, state)
        return direction - self.weight_decay * theta, following


@dataclass(frozen=True)
class AMSGrad(_Averaging):
    r"""Adam with the largest v so far: :math:`\bar v = \max(\bar v, v)` in place of v, so that steps cannot grow again.

    Source: Reddi, Kale & Kumar, ICLR (2018). As PyTorch's ``Adam(amsgrad=True)``: the maximum is taken before the bias
    correction of v. The paper has no bias correction; Keras takes the maximum as PyTorch does.
    """

    name: ClassVar[str] = "amsgrad"
    title: ClassVar[str] = "AMSGrad"
    initial: ClassVar[State] = (0.0, 0.0, 0.0, 0.0, 0.0)

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        mean, square, largest, weight1, weight2 = state
        mean, square = self.means(gradient, mean, square)
        largest = larger(largest, square)
        weight1 = self.beta1 * weight1 + (1.0 - self.beta1)
        weight2 = self.beta2 * weight2 + (1.0 - self.beta2)
        direction = -mean / (weight1 * ((largest / weight2) ** 0.5 + self.epsilon))
        return direction, (mean, square, largest, weight1, weight2)


@dataclass(frozen=True)
class NAdam(_Averaging):
    r"""Adam with Nesterov's look ahead: :math:`\hat m = \frac{\mu_{k+1} m}{1 - \prod_{i \le k+1} \mu_i} + \frac{(1 -
    \mu_k) g}{1 - \prod_{i \le k} \mu_i}`.

    :math:`\mu_k = \beta_1 (1 - \tfrac12\, 0.96^{k \psi})` with k from 1 and :math:`\psi` the ``momentum_decay``; m, v
    and the rest as in Adam. Source: Dozat, ICLR workshop (2016). PyTorch and Keras warm mu up like this (Keras without
    a setting); optax's nadam keeps beta1 constant. PyTorch holds the product of the mu in its default dtype, float32,
    even for float64 parameters; here all is float64.
    """

    momentum_decay: float = hyperparameter(
        0.004, 0.0, 1e3, "How fast the momentum warms up from half of beta1 to beta1."
    )

    name: ClassVar[str] = "nadam"
    title: ClassVar[str] = "NAdam"
    usual_learning_rate: ClassVar[float] = 0.002
    initial: ClassVar[State] = (0.0, 0.0, 0.0, 1.0)
    uses_epoch: ClassVar[bool] = True

    def at_epoch(self, epoch: Number) -> tuple[Number, ...]:
        now, following = (
            self.beta1 * (1.0 - 0.5 * 0.96 ** ((epoch + ahead) * self.momentum_decay)) for ahead in (1.0, 2.0)
        )
        return now, following

    def direction(self, gradient: Number, state: State, now: State) -> tuple[Number, State]:  # type: ignore[override]
        mean, square, weight2, product = state
        mu, mu_next = now
        mean, square = self.means(gradient, mean, square)
        weight2 = self.beta2 * weight2 + (1.0 - self.beta2)
        product = product * mu
        ahead = (1.0 - mu) / (1.0 - product) * gradient + mu_next / (1.0 - product * mu_next) * mean
        return -ahead / ((square / weight2) ** 0.5 + self.epsilon), (mean, square, weight2, product)


@dataclass(frozen=True)
class RAdam(_Averaging):
    r"""Adam without scaling until v can be trusted: while :math:`\rho_k \le 5` the direction is :math:`-\hat m`, then
    it is :math:`-r_k\, \hat m / \hat v^{1/2}` with :math:`r_k = \sqrt{\frac{(\rho_k - 4)(\rho_k -
    2)\rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\rho_k}}`.

    :math:`\rho_\infty = 2/(1 - \beta_2) - 1` and :math:`\rho_k = \rho_\infty - 2 k \beta_2^k / (1 - \beta_2^k)` with k
    from 1. Source: Liu et al., ICLR (2020), algorithm 2, which scales from rho > 4 on; PyTorch and optax wait for 5.
    With the default beta2 the first five steps are unscaled, hence as long as the gradient is. Epsilon is added to the
    root of v before the bias correction.
    """

    name: ClassVar[str] = "radam"
    title: ClassVar[str] = "RAdam"
    initial: ClassVar[State] = (0.0, 0.0, 0.0)
    uses_epoch: ClassVar[bool] = True

    def at_epoch(self, epoch: Number) -> tuple[Number, ...]:
        k = epoch + 1.0
        # A power at each epoch: rho is a small difference of large numbers, in which a running sum's rounding shows.
        power2 = self.beta2**k
        longest = 2.0 / (1.0 - self.beta2) - 1.0
        rho = longest - 2.0 * k * power2 / (1.0 - power2)
        with np.errstate(all="ignore"):
            share = (rho - 4.0) * (rho - 2.0) * longest / ((longest - 4.0) * (longest - 2.0) * rho)
        rectified = choice(rho > 5.0, share, 0.0) ** 0.5
        return rectified, (1.0 - power2) ** 0.5

    def direction(self, gradient: Number, state: State, now: State) -> tuple[Number, State]:  # type: ignore[override]
        mean, square, weight1 = state
        rectified, root2 = now
        mean, square = self.means(gradient, mean, square)
        weight1 = self.beta1 * weight1 + (1.0 - self.beta1)
        scaled = rectified * root2 / (square**0.5 + self.epsilon) * mean / weight1
        return -choice(rectified > 0.0, scaled, mean / weight1), (mean, square, weight1)


@dataclass(frozen=True)
class Adamax(ElementwiseOptimizer):
    r"""Adam in the largest-component norm: :math:`u = \max(\beta_2 u, |g| + \epsilon)`, :math:`\theta_{k+1} = \theta_k
    - \eta\, \hat m / u`.

    Source: Kingma & Ba, ICLR (2015), algorithm 2, which has no epsilon. PyTorch and optax add it to each |g|,
    Keras to u when dividing.
    """

    beta1: float = _beta1()
    beta2: float = hyperparameter(
        0.999, 0.0, 1.0, "Share of the largest gradient kept from one epoch to the next.", open_high=True
    )
    epsilon: float = _epsilon(1e-8)

    name: ClassVar[str] = "adamax"
    title: ClassVar[str] = "Adamax"
    usual_learning_rate: ClassVar[float] = 0.002
    initial: ClassVar[State] = (0.0, 0.0, 0.0)
    no_search: ClassVar[str] = "its mean gradient may point uphill"

    def direction(self, gradient: Number, state: State) -> tuple[Number, State]:
        mean, largest, weight1 = state
        mean = self.beta1 * mean + (1.0 - self.beta1) * gradient
        largest = larger(self.beta2 * largest, abs(gradient) + self.epsilon)
        weight1 = self.beta1 * weight1 + (1.0 - self.beta1)
        return -mean / (weight1 * largest), (mean, largest, weight1)


@dataclass(frozen=True)
class Lion(ElementwiseOptimizer):
    r"""Lion: only the sign counts, :math:`\theta_{k+1} = \theta_k - \eta\,(\operatorname{sign}(\beta_1 m + (1 -
    \beta_1) g) + \lambda \theta_k)`, then :math:`m = \beta_2 m + (1 - \beta_2) g`.

    Source: Chen et al., NeurIPS (2023), algorithm 2. Each component moves by exactly the learning rate, so it never
    settles closer than that; the paper advises a third to a tenth of Adam's rate. There is no weight decay by default
    here; optax has 0.001. PyTorch has no Lion.
    """

    beta1: float = _beta1()
    beta2: float = hyperparameter(
        0.99, 0.0, 1.0, "Share of the mean gradient remembered for the epochs to come.", open_high=True
    )
    weight_decay: float = hyperparameter(
        0.0, 0.0, 1e6, "Pull toward zero, as a share of theta per unit of learning rate."
    )

    name: ClassVar[str] = "lion"
    title: ClassVar[str] = "Lion"
    usual_learning_rate: ClassVar[float] = 0.0001
    initial: ClassVar[State] = (0.0,)
    uses_theta: ClassVar[bool] = True
    no_search: ClassVar[str] = "the sign of its mean gradient may point uphill"

    def direction(self, gradient: Number, state: State, theta: Number) -> tuple[Number, State]:  # type: ignore[override]
        (mean,) = state
        step = sign(self.beta1 * mean + (1.0 - self.beta1) * gradient)
        mean = self.beta2 * mean + (1.0 - self.beta2) * gradient
        return -(step + self.weight_decay * theta), (mean,)
