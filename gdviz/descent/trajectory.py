"""What a descent gives: a recorded path, or the ends of many, and why each ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.cache import cached_property


class StopReason(Enum):
    """Why a descent ended."""

    EPOCHS = "epochs"  # ran out of epochs
    CONVERGED = "converged"  # the gradient's norm fell to the tolerance
    DIVERGED = "diverged"  # the next point, its value or its gradient is not finite
    STALLED = "stalled"  # a line search found no step
    DEADLINE = "deadline"  # the time allowed for one run was up


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A recorded descent of k epochs in n parameters.

    ``thetas`` (k + 1, n), ``values`` (k + 1,), ``gradients`` (k + 1, n): at every iterate, the start included.
    ``learning_rates`` (k,): the rate really used at each epoch. ``evaluations``: gradient evaluations paid for, those
    of a line search and the last one, which only tells whether the end is stationary, included; ``value_evaluations``
    and ``hessian_evaluations``: what the method asked for besides (``values`` are computed for the record and not
    counted). ``paid`` (k + 1, 2): gradients and Hessians paid for by the time each iterate's gradient was known; None
    where that is simply one gradient an epoch. ``experiment``: what it is a run of, if any. ``moved``: the same descent
    in the terms that it moved on, where these are others, as those of a standardized fit are. ``source``: what
    :func:`gdviz.descend` was asked for (objective, optimizer, learning rate, epochs, tolerance), where it made the run.
    """

    variables: tuple[str, ...]
    thetas: Array
    values: Array
    gradients: Array
    learning_rates: Array
    evaluations: int
    stop_reason: StopReason
    experiment: Any = None
    value_evaluations: int = 0
    hessian_evaluations: int = 0
    paid: NDArray[np.int64] | None = None
    moved: Trajectory | None = None
    source: tuple[Any, ...] | None = None

    @property
    def epochs(self) -> int:
        """The number of steps taken, k."""
        return len(self.thetas) - 1

    @property
    def epoch_numbers(self) -> Array:
        """The number of each iterate's epoch, 0 to k, shape (k + 1,)."""
        return np.arange(self.epochs + 1.0)

    def show(self) -> Any:
        """Return the run as a live page that a notebook shows: landscape, theta, loss, with rate and start to move."""
        return _Shown(self)

    def _repr_html_(self) -> str:
        # Pictures stand above this folder, so they are asked for by name.
        return str(import_module("gdviz.exports.shown").frame_of(self))

    @cached_property
    def gradient_norms(self) -> Array:
        """Euclidean norm of each gradient, shape (k + 1,)."""
        return norms(self.gradients)


class _Shown:
    """What a notebook shows of a run."""

    def __init__(self, run: Trajectory) -> None:
        self._run = run

    def _repr_html_(self) -> str:
        return self._run._repr_html_()

    def save(self, path: str) -> None:
        """Write the page to a file."""
        text = import_module("gdviz.exports.shown").page_of(self._run)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


@dataclass(frozen=True, eq=False)
class BatchResult:
    """The last iterate only of many descents: a million of them must not keep their paths.

    ``thetas`` (*batch, n), ``values`` (*batch,), ``epochs`` (*batch,) int, ``stop_reasons`` (*batch,) of StopReason.
    """

    thetas: Array
    values: Array
    epochs: NDArray[np.int64]
    stop_reasons: NDArray[Any]


def norms(vectors: Array) -> Array:
    """Euclidean norms along the last axis, without overflow on the way to a finite norm."""
    with np.errstate(all="ignore"):
        size = np.max(np.abs(vectors), axis=-1, keepdims=True)
        scaled = np.divide(vectors, size, out=np.zeros_like(vectors), where=(size > 0) & np.isfinite(size))
        return np.asarray(size[..., 0] * np.sqrt(np.sum(scaled * scaled, axis=-1)))
