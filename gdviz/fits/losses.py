"""Losses: what one row's prediction costs. A fit minimizes the mean over the rows.

A loss is one small frozen class: its value, and the value's first and second derivative with respect to the
prediction, each row by row. To add one: write the class and add it to LOSSES.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from gdviz.arrays import Array
from gdviz.fits.errors import FitError
from gdviz.formulas.graph_numbers import exp, larger, log1p, sign, smaller
from gdviz.hyperparameters import check_hyperparameters, hyperparameter, make
from gdviz.numerals import format_number


@dataclass(frozen=True)
class Loss:
    """What every loss has besides its hyper-parameters. Raises ValueError for one that is out of range.

    ``prediction`` and ``target`` are arrays (…, m) and (m,), or graph numbers of one row: plain arithmetic and the
    functions of :mod:`gdviz.formulas.graph_numbers` take both. ``convention`` is the sentence to stand beside the
    curve; ``latex`` has the fields ``{prediction}`` and ``{target}``. ``classes`` says that the target is 0 or 1 and
    the prediction the log-odds of 1. ``largest_curvature`` is the largest that ``curvature`` returns for any row;
    infinite for a corner. ``short`` is what the mean over the rows is called beside a curve.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    short: ClassVar[str]
    convention: ClassVar[str]
    latex: ClassVar[str]
    largest_curvature: ClassVar[float]
    classes: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_hyperparameters(self)

    def value(self, prediction: Any, target: Any) -> Any:
        """Return the loss of each row."""
        raise NotImplementedError

    def slope(self, prediction: Any, target: Any) -> Any:
        """Return its first derivative with respect to the prediction."""
        raise NotImplementedError

    def curvature(self, prediction: Any, target: Array) -> Array:
        """Return its second derivative with respect to the prediction."""
        raise NotImplementedError


@dataclass(frozen=True)
class SquaredError(Loss):
    r"""The squared error :math:`r^2` with :math:`r` = prediction - target. Its slope is :math:`2r`.

    The notebook's. Elsewhere half of it is taken, or the sum instead of the mean: learning rates differ by that factor.
    """

    name: ClassVar[str] = "squared"
    largest_curvature: ClassVar[float] = 2.0
    title: ClassVar[str] = "Mean squared error"
    short: ClassVar[str] = "MSE"
    convention: ClassVar[str] = "The loss is the mean of the squared error; its gradient carries the 2."
    latex: ClassVar[str] = r"\left({prediction} - {target}\right)^2"

    def value(self, prediction: Any, target: Any) -> Any:
        error = prediction - target
        return error * error

    def slope(self, prediction: Any, target: Any) -> Any:
        return 2.0 * (prediction - target)

    def curvature(self, prediction: Any, target: Array) -> Array:
        return np.full_like(prediction - target, 2.0)


@dataclass(frozen=True)
class AbsoluteError(Loss):
    r"""The absolute error :math:`|r|`; its slope is the sign of r, and 0 at r = 0. Every row's error is a kink."""

    name: ClassVar[str] = "absolute"
    largest_curvature: ClassVar[float] = float("inf")
    title: ClassVar[str] = "Mean absolute error"
    short: ClassVar[str] = "MAE"
    convention: ClassVar[str] = "The loss is the mean of the absolute error; its slope at an error of 0 counts as 0."
    latex: ClassVar[str] = r"\left|{prediction} - {target}\right|"

    def value(self, prediction: Any, target: Any) -> Any:
        return abs(prediction - target)

    def slope(self, prediction: Any, target: Any) -> Any:
        return sign(prediction - target)

    def curvature(self, prediction: Any, target: Array) -> Array:
        return np.zeros_like(prediction - target)


@dataclass(frozen=True)
class Huber(Loss):
    r"""Huber's loss: :math:`\tfrac12 r^2` where :math:`|r| \le \delta`, else :math:`\delta(|r| - \tfrac12\delta)`.

    Source: Huber, Annals of Mathematical Statistics 35 (1964); PyTorch's ``HuberLoss``. With the half, so that its
    slope is r near 0 and delta beyond.
    """

    delta: float = hyperparameter(
        1.0, 0.0, 1e150, "The error from which on the loss grows in proportion, in the target's unit.", open_low=True
    )

    name: ClassVar[str] = "huber"
    largest_curvature: ClassVar[float] = 1.0
    title: ClassVar[str] = "Huber loss"
    short: ClassVar[str] = "Huber loss"
    convention: ClassVar[str] = "The loss is the mean of Huber’s: half the squared error up to delta, linear beyond."
    latex: ClassVar[str] = r"H_\delta\left({prediction} - {target}\right)"

    def value(self, prediction: Any, target: Any) -> Any:
        size = abs(prediction - target)
        near = smaller(size, self.delta)
        return near * (size - 0.5 * near)

    def slope(self, prediction: Any, target: Any) -> Any:
        return larger(smaller(prediction - target, self.delta), -self.delta)

    def curvature(self, prediction: Any, target: Array) -> Array:
        return np.asarray(np.abs(prediction - target) <= self.delta, dtype=float)


@dataclass(frozen=True)
class LogLoss(Loss):
    r"""Log loss (cross entropy) of a target 0 or 1, where the model gives the log-odds of 1:
    :math:`\log(1 + e^{-s})`, :math:`s` = prediction for 1 and -prediction for 0.

    The same as :math:`-\log p` and :math:`-\log(1 - p)` with :math:`p = 1/(1 + e^{-\text{prediction}})`, but exact for
    log-odds of any size. Natural logarithm.
    """

    name: ClassVar[str] = "log"
    largest_curvature: ClassVar[float] = 0.25
    title: ClassVar[str] = "Log loss (logistic regression)"
    short: ClassVar[str] = "log loss"
    convention: ClassVar[str] = "The loss is the mean of -log of the probability that the model gives to what happened."
    latex: ClassVar[str] = (
        r"\log\left(1 + \exp\left(\left(1 - 2\,{target}\right)\left({prediction}\right)\right)\right)"
    )
    classes: ClassVar[bool] = True

    def value(self, prediction: Any, target: Any) -> Any:
        against = (1.0 - 2.0 * target) * prediction
        return larger(against, 0.0) + log1p(exp(-abs(against)))

    def slope(self, prediction: Any, target: Any) -> Any:
        against = 1.0 - 2.0 * target
        return against * probability(against * prediction)

    def curvature(self, prediction: Any, target: Array) -> Array:
        return np.asarray(probability(prediction) * probability(-prediction) + 0.0 * target)


#: Every loss by its name, in the order in which the page lists them. Read-only.
LOSSES: Mapping[str, type[Any]] = MappingProxyType(
    {cls.name: cls for cls in (SquaredError, AbsoluteError, Huber, LogLoss)}
)


def make_loss(loss: str | Loss, **hyperparameters: float) -> Loss:
    """Return a loss from its name and hyper-parameters; a loss is returned as it is.

    Raises ValueError for an unknown name (the known ones are listed) or a hyper-parameter out of range.
    """
    if not isinstance(loss, str):
        return loss
    if loss not in LOSSES:
        raise ValueError(f"There is no loss “{loss}”; choose one of {', '.join(LOSSES)}.")
    made: Loss = make(LOSSES[loss], hyperparameters, "hyper-parameter")
    return made


def probability(log_odds: Any) -> Any:
    """Return 1/(1 + exp(-log_odds)), for any shape; 0 and 1 at the ends of the floats."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + exp(-log_odds))


def check_classes(target: str, column: Array) -> None:
    """Raise FitError unless the ``column`` (m,) called ``target`` holds zeros and ones, and both."""
    found = np.unique(column)
    if not np.isin(found, (0.0, 1.0)).all():
        shown = ", ".join(f"{format_number(x)}" for x in found[:3]) + (", …" if len(found) > 3 else "")
        raise FitError("target", f"Log loss needs a target of zeros and ones; “{target}” holds {shown}.")
    if len(found) < 2:
        raise FitError(
            "target", f"Every “{target}” is {format_number(found[0])}: logistic regression needs both classes, 0 and 1."
        )
