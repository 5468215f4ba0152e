"""A model over rows of data at one theta: the fast lane of every fit, where it asks for one number at a time.

Nothing is allocated but what the model's own arithmetic needs: columns are laid out once, in blocks that stay in the
cache, and each partial derivative is summed up as soon as it is there. A loss comes in as two functions of prediction
and target, its value and its slope, both row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from gdviz.arrays import Array
from gdviz.formulas import Expression
from gdviz.formulas.limits import BLOCK
from gdviz.pacing import pause

RowLoss = Callable[[Any, Array], Array]  # prediction (m,) or a number, target (m,) → (m,)


class Rows(Protocol):
    """A model of n parameters over m rows of data; theta is n floats."""

    @property
    def count(self) -> int: ...
    def mean(self, theta: Sequence[float], value: RowLoss) -> float:
        """Return the mean of ``value`` over the rows."""
        ...

    def mean_gradient(self, theta: Sequence[float], slope: RowLoss) -> tuple[float, ...]:
        """Return the mean over the rows of ``slope`` times ∂model/∂theta, n floats.

        It may raise ZeroDivisionError, as everything that computes on floats does.
        """
        ...


class FormulaRows:
    """A formula over rows: ``columns`` (m,) by name and a ``target`` (m,); its other names are the ``parameters``."""

    def __init__(
        self, expression: Expression, parameters: Sequence[str], columns: Mapping[str, Array], target: Array
    ) -> None:
        names = expression.variables
        self._kernel = expression.partial_kernel(tuple(parameters))
        self._values = expression.value_kernel
        self._places = [names.index(name) for name in parameters]
        self._arguments: list[Any] = [None if name in parameters else columns[name] for name in names]
        self._target = target
        self._cut()

    @property
    def count(self) -> int:
        return len(self._target)

    def mean(self, theta: Sequence[float], value: RowLoss) -> float:
        total = 0.0
        with np.errstate(all="ignore"):
            for block, target in self._blocks:
                pause()
                total += float(value(self._values(*self._filled(block, theta))[0], target).sum())
        return total / self.count

    def mean_gradient(self, theta: Sequence[float], slope: RowLoss) -> tuple[float, ...]:
        sums = [0.0] * len(self._places)
        with np.errstate(all="ignore"):
            for block, target in self._blocks:
                pause()
                prediction, *partials = self._kernel(*self._filled(block, theta))
                slopes = slope(prediction, target)
                for i, partial in enumerate(partials):
                    # The same for every row where no column is in it, as for an intercept.
                    whole = np.dot(slopes, partial) if np.ndim(partial) else partial * slopes.sum()
                    sums[i] += float(whole)
        count = self.count
        return tuple([total / count for total in sums])

    def _cut(self) -> None:
        """Lay out the kernel's arguments and the target block by block; the parameters' places stay free."""
        starts = range(0, self.count, BLOCK)
        self._blocks = [
            ([None if a is None else a[i : i + BLOCK] for a in self._arguments], self._target[i : i + BLOCK])
            for i in starts
        ]

    def _filled(self, block: list[Any], theta: Sequence[float]) -> list[Any]:
        arguments = block.copy()
        for place, number in zip(self._places, theta, strict=True):
            arguments[place] = number
        return arguments


class DesignRows:
    """A model linear in its parameters over rows: ``design`` (m, n) times theta plus ``offset``, against ``target``.

    ``offset`` is (m,), or None for none.
    """

    def __init__(self, design: Array, offset: Array | None, target: Array) -> None:
        self.design, self.offset, self.target = np.ascontiguousarray(design), offset, target

    @property
    def count(self) -> int:
        return len(self.target)

    def mean(self, theta: Sequence[float], value: RowLoss) -> float:
        with np.errstate(all="ignore"):
            return float(value(self._prediction(theta), self.target).sum()) / self.count

    def mean_gradient(self, theta: Sequence[float], slope: RowLoss) -> tuple[float, ...]:
        with np.errstate(all="ignore"):
            slopes = slope(self._prediction(theta), self.target)
            return tuple((np.dot(slopes, self.design) / self.count).tolist())

    def _prediction(self, theta: Sequence[float]) -> Array:
        prediction: Array = np.dot(self.design, np.array(theta))
        return prediction if self.offset is None else prediction + self.offset
