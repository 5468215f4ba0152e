"""The scales that Adam and its kin divide each component by, recomputed along a recorded run.

While they change slowly, such a method is plain or averaged descent on the Hessian divided by them, P^-1/2 H P^-1/2,
and its limit is that of plain, averaged or averaged Nesterov momentum (Cohen et al., arXiv:2207.14484, section 2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent import Trajectory

Array = NDArray[np.float64]

_BLOCK = 256  # epochs of a running mean that one matrix product makes


@dataclass(frozen=True)
class Preconditioner:
    """``along`` gives the scales P (k + 1, n) of a run, those of the step that leaves each row; ``largest`` is the
    largest stable learning_rate * eigenvalue of the Hessian seen through them, ``limit_text`` its formula over eta."""

    along: Callable[[Trajectory], Array]
    largest: float
    limit_text: str


def preconditioner_of(optimizer: Any) -> Preconditioner | None:
    """Return the preconditioner of ``optimizer``, or None for one that has no such scales."""
    make = _MADE.get(optimizer.name)
    return None if make is None else make(optimizer)


def _plain(along: Callable[[Any, Trajectory], Array]) -> Callable[[Any], Preconditioner]:
    return lambda optimizer: Preconditioner(lambda run: along(optimizer, run), 2.0, "2/η")


def _averaged(along: Callable[[Any, Trajectory], Array]) -> Callable[[Any], Preconditioner]:
    def make(optimizer: Any) -> Preconditioner:
        beta = optimizer.beta1
        return Preconditioner(lambda run: along(optimizer, run), 2 * (1 + beta) / (1 - beta), "(2 + 2β₁)/((1 − β₁)η)")

    return make


def _averaged_nesterov(along: Callable[[Any, Trajectory], Array]) -> Callable[[Any], Preconditioner]:
    def make(optimizer: Any) -> Preconditioner:
        beta = optimizer.beta1
        largest = (2 + 2 * beta) / ((1 + 2 * beta) * (1 - beta))
        return Preconditioner(lambda run: along(optimizer, run), largest, "(2 + 2β₁)/((1 + 2β₁)(1 − β₁)η)")

    return make


def _adagrad(optimizer: Any, run: Trajectory) -> Array:
    return np.asarray(np.sqrt(np.cumsum(run.gradients**2, axis=0)) + optimizer.epsilon)


def _rmsprop(optimizer: Any, run: Trajectory) -> Array:
    return np.asarray(np.sqrt(running_mean(run.gradients**2, optimizer.alpha)) + optimizer.epsilon)


def _centered(optimizer: Any, run: Trajectory) -> Array:
    square = running_mean(run.gradients**2, optimizer.alpha)
    variance = square - running_mean(run.gradients, optimizer.alpha) ** 2
    return np.asarray(np.sqrt(np.maximum(variance, 0)) + optimizer.epsilon)


def _adadelta(optimizer: Any, run: Trajectory) -> Array:
    square = running_mean(run.gradients**2, optimizer.rho)
    deltas = np.diff(run.thetas, axis=0) / run.learning_rates[:, None]
    moved = np.concatenate([np.zeros((1, square.shape[1])), running_mean(deltas**2, optimizer.rho)])
    return np.asarray(np.sqrt(square + optimizer.epsilon) / np.sqrt(moved + optimizer.epsilon))


def _adam(optimizer: Any, run: Trajectory) -> Array:
    square = running_mean(run.gradients**2, optimizer.beta2)
    root = np.sqrt(square / _weight(optimizer.beta2, len(square)))
    return np.asarray(_weight(optimizer.beta1, len(square)) * (root + optimizer.epsilon))


def _amsgrad(optimizer: Any, run: Trajectory) -> Array:
    square = np.maximum.accumulate(running_mean(run.gradients**2, optimizer.beta2))
    root = np.sqrt(square / _weight(optimizer.beta2, len(square)))
    return np.asarray(_weight(optimizer.beta1, len(square)) * (root + optimizer.epsilon))


def _nadam(optimizer: Any, run: Trajectory) -> Array:
    square = running_mean(run.gradients**2, optimizer.beta2)
    k = np.arange(1, len(square) + 1, dtype=float)
    mu = optimizer.beta1 * (1 - 0.5 * 0.96 ** (k * optimizer.momentum_decay))
    root = np.sqrt(square / _weight(optimizer.beta2, len(square)))
    return np.asarray((1 - np.cumprod(mu))[:, None] * (root + optimizer.epsilon))


def _adamax(optimizer: Any, run: Trajectory) -> Array:
    sizes = np.abs(run.gradients) + optimizer.epsilon
    with np.errstate(divide="ignore"):
        decay = np.arange(len(sizes))[:, None] * np.log(max(optimizer.beta2, 1e-300))
        largest = np.exp(np.maximum.accumulate(np.log(sizes) - decay) + decay)
    return np.asarray(_weight(optimizer.beta1, len(sizes)) * largest)


_MADE: Mapping[str, Callable[[Any], Preconditioner]] = MappingProxyType(
    {
        "adagrad": _plain(_adagrad),
        "rmsprop": _plain(_rmsprop),
        "rmsprop_centered": _plain(_centered),
        "adadelta": _plain(_adadelta),
        "adam": _averaged(_adam),
        "adamw": _averaged(_adam),
        "amsgrad": _averaged(_amsgrad),
        "nadam": _averaged_nesterov(_nadam),
        "adamax": _averaged(_adamax),
    }
)


def _weight(beta: float, count: int) -> Array:
    """Return the bias corrections 1 - beta^k for k = 1 … count, as shape (count, 1)."""
    return np.asarray(-np.expm1(np.arange(1, count + 1) * np.log(max(beta, 1e-300))))[:, None]


def running_mean(values: Array, keep: float) -> Array:
    """Return m_k = keep * m_{k-1} + (1 - keep) * values_k, from m_{-1} = 0, for values of shape (k, n)."""
    size = min(_BLOCK, max(1, len(values)))
    lag = np.arange(size)[:, None] - np.arange(size)
    weights = np.where(lag >= 0, (1 - keep) * keep ** np.maximum(lag, 0), 0.0)
    fade = keep ** np.arange(1, size + 1)[:, None]
    result, last = np.empty_like(values), np.zeros(values.shape[1])
    for first in range(0, len(values), size):
        block = values[first : first + size]
        count = len(block)
        result[first : first + count] = weights[:count, :count] @ block + fade[:count] * last
        last = result[first + count - 1]
    return result
