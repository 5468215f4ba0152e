"""The objective along one direction, which is all that a line search looks at."""

from __future__ import annotations

from collections.abc import Callable
from sys import float_info

Vector = tuple[float, ...]

_ROUNDING = 4 * float_info.epsilon  # relative error of a difference of two values


class Line:
    r"""The function :math:`\varphi(t) = f(\theta + t d)`: ``value(t)`` is phi, ``slope(t)`` its derivative.

    ``theta``, ``gradient`` (at theta) and ``direction`` are tuples of n floats. ``value_at`` and ``gradient_at`` take
    such a tuple, may give inf or nan, and remember what they were asked: asking twice costs nothing.
    """

    def __init__(
        self,
        theta: Vector,
        gradient: Vector,
        direction: Vector,
        value_at: Callable[[Vector], float],
        gradient_at: Callable[[Vector], Vector],
    ) -> None:
        self.theta, self.gradient, self.direction = theta, gradient, direction
        self._value_at, self._gradient_at = value_at, gradient_at
        self.initial_slope = dot(gradient, direction)

    def point(self, t: float) -> Vector:
        """Return theta + t * direction, the very floats of the next iterate."""
        return tuple([x + t * d for x, d in zip(self.theta, self.direction, strict=True)])

    def value(self, t: float) -> float:
        return self._value_at(self.point(t) if t else self.theta)

    def slope(self, t: float) -> float:
        return dot(self._gradient_at(self.point(t)), self.direction) if t else self.initial_slope

    def lowers(self, t: float, c1: float) -> bool:
        r"""Say whether t lowers the value enough: :math:`\varphi(t) \le \varphi(0) + c_1 t \varphi'(0)`, Armijo's
        condition.

        Where the wanted change is below the values' rounding error their slopes decide instead:
        :math:`\varphi'(t) \le (2 c_1 - 1) \varphi'(0)` (Hager & Zhang, SIAM J. Optimization 16, 2005, eq. 4.1), or no
        search would come closer to a minimum of value 1 than a gradient of 1e-8.
        """
        change = self.value(t) - self.value(0.0)
        wanted = c1 * t * self.initial_slope
        if change <= wanted:
            return True
        rounding = self.rounding
        return -wanted <= rounding and change <= rounding and self.slope(t) <= (2 * c1 - 1) * self.initial_slope

    @property
    def rounding(self) -> float:
        """The size of a difference of values near theta that means nothing."""
        return _ROUNDING * abs(self.value(0.0))


def dot(a: Vector, b: Vector) -> float:
    """Return the inner product."""
    return sum([x * y for x, y in zip(a, b, strict=True)])
