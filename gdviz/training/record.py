"""A training run as it was recorded elsewhere, and what can be said of it without its function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.arrays import Array
from gdviz.cache import cached_property
from gdviz.descent import StopReason, Trajectory
from gdviz.numerals import format_count, format_number
from gdviz.theory import measured_rate
from gdviz.training.plane import BLOCK, Plane, leading_finite, principal_plane

MOST_CURVES = 8  # parameters whose curves can be told apart
_STEADY = 0.002  # by which a rate differs from 1 before steps are said to shrink or grow


@dataclass(frozen=True, eq=False)
class TrainingRun:
    """``thetas`` (k + 1, n) of floats, parameters at every epoch; ``losses`` (k + 1,) or None; ``names`` of the n
    parameters; ``epochs`` (k + 1,) are the numbers that the file gives them; ``left_out`` names what else it holds."""

    names: tuple[str, ...]
    thetas: NDArray[Any]
    losses: Array | None
    epochs: Array
    left_out: tuple[str, ...] = ()
    counted: bool = False  # whether the file numbers its epochs

    @property
    def last(self) -> int:
        """The number of steps, k."""
        return len(self.thetas) - 1

    @cached_property
    def finite(self) -> int:
        """How many epochs come before the first with a parameter that is no finite number."""
        return leading_finite(self.thetas)

    @cached_property
    def plane(self) -> Plane:
        """The path on the plane in which it moves most."""
        return principal_plane(self.thetas)

    def in_order(self, variables: Sequence[str]) -> Array | None:
        """Return theta (k + 1, n) in the order of ``variables`` (n): by their names, or, where the file calls them
        otherwise, as they stand; None where there are more or fewer of them."""
        if len(self.names) != len(variables):
            return None
        thetas = np.asarray(self.thetas, dtype=float)
        same = set(self.names) == set(variables)
        return thetas[:, [self.names.index(name) for name in variables]] if same else thetas

    @cached_property
    def moved(self) -> Array:
        """How far each epoch moved all parameters together, shape (k,)."""
        squares = np.zeros(self.last)
        with np.errstate(all="ignore"):
            for first in range(0, self.thetas.shape[1], BLOCK):
                steps = np.diff(np.asarray(self.thetas[:, first : first + BLOCK], dtype=float), axis=0)
                squares += np.einsum("ij,ij->i", steps, steps)
        return np.asarray(np.sqrt(squares))

    @cached_property
    def rate(self) -> float:
        """The factor by which the steps get shorter each epoch, nan where too few are known."""
        return measured_rate(self.moved) if len(self.moved) > 3 else float("nan")

    @cached_property
    def shown(self) -> NDArray[np.intp]:
        """The parameters whose curves are drawn: those that moved farthest, in their own order."""
        if len(self.names) <= MOST_CURVES:
            return np.arange(len(self.names))
        with np.errstate(all="ignore"):
            reach = np.nan_to_num(np.ptp(self.thetas, axis=0).astype(float), nan=0.0, posinf=np.finfo(float).max)
        return np.sort(np.argsort(reach)[-MOST_CURVES:])

    def trajectory(self) -> Trajectory:
        """Return the parameters that are drawn and the losses as figures take a run; gradients are not known."""
        thetas = np.asarray(self.thetas[:, self.shown], dtype=float)
        losses = np.full(len(thetas), np.nan) if self.losses is None else self.losses
        names = tuple(self.names[i] for i in self.shown)
        unknown = np.full_like(thetas, np.nan)
        return Trajectory(names, thetas, losses, unknown, np.full(self.last, np.nan), 0, StopReason.EPOCHS)

    @property
    def diverged(self) -> bool:
        """Whether it ends in numbers that are not finite, or its steps grow."""
        return self.finite < len(self.thetas) or self.rate > 1 + _STEADY

    @property
    def settles(self) -> bool:
        """Whether its steps shrink, or it rests."""
        return not self.diverged and (self.rate < 1 - _STEADY or not self.moved.any())

    @property
    def verdict(self) -> str:
        """What happened, in a sentence or two."""
        whole = self.finite == len(self.thetas)
        words = [self._course() if whole else self._broken(self.finite)]
        if self.losses is not None:
            words.append(self._loss(self.losses))
        return " ".join(words)

    @property
    def counts(self) -> bool:
        """Whether the file has every epoch: 0, 1, 2 … or, as some count, 1, 2, 3 …"""
        return bool((np.diff(self.epochs) == 1).all())

    @property
    def size(self) -> str:
        """How many parameters and epochs it has, in words."""
        return f"{format_count(len(self.names), 'parameter')}, {self._epochs}"

    @property
    def _epochs(self) -> str:
        return format_count(self.last, "epoch" if self.counts else "saved epoch")

    def _broken(self, row: int) -> str:
        return (
            f"Diverged: at epoch {format_number(float(self.epochs[row]), 9)} a parameter is no finite number any more."
        )

    def _course(self) -> str:
        count = self._epochs
        if not self.moved.any():
            return f"Nothing moved in {count}."
        last = format_number(float(self.moved[-1]))
        if not self.moved[-1]:
            return f"At rest: the last of {count} moved nothing any more."
        if isnan(self.rate):
            return f"After {count} an epoch still moves the parameters by {last}."
        if self.rate < 1 - _STEADY:
            left = self.moved[-1] * self.rate / (1 - self.rate)
            return (
                f"Settling: over the second half of {count} each step is {format_number(self.rate, 4)} times as long "
                f"as the one before; at this pace a way of {format_number(float(left))} is left to go."
            )
        if self.rate > 1 + _STEADY:
            times = format_number(self.rate, 4)
            return f"Growing: each step is {times} times as long as the one before, {last} at the end."
        return f"Not settled: after {count} each still moves the parameters by about {last}."

    def _loss(self, losses: Array) -> str:
        finite = losses[np.isfinite(losses)]
        if not len(finite):
            return "No loss is a finite number."
        lowest = int(np.nanargmin(np.where(np.isfinite(losses), losses, np.inf)))
        words = f"The loss goes from {format_number(float(finite[0]))} to {format_number(float(finite[-1]))}"
        if losses[lowest] == finite[-1]:
            return f"{words}."
        when = format_number(float(self.epochs[lowest]), 9)
        return f"{words}; it was lowest, {format_number(float(losses[lowest]))}, at epoch {when}."
