"""Learning rates that are found along the direction: Armijo, strong Wolfe, exact; and two that look back, or down."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import ClassVar

from gdviz.hyperparameters import hyperparameter
from gdviz.learning_rates.base import LineSearch, State
from gdviz.learning_rates.line import Line, dot
from gdviz.numerals import format_number

_SHORTEST = 1e-20  # times the first trial: no shorter step is tried
_FARTHEST = 1e10  # times the first trial: an exact search looks no further
_MOST_TRIALS = 60
_FLAT = 1e-10  # share of the first slope at which an exact search ends


def _c1() -> float:
    return hyperparameter(  # type: ignore[no-any-return]
        1e-4, 0.0, 0.5, "Share of the decrease that the slope promises, which a step must give.", open_low=True
    )


@dataclass(frozen=True)
class Backtracking(LineSearch):
    r"""Armijo backtracking: the first of η, ηq, ηq², … that lowers f by at least :math:`c_1` of what the slope
    promises.

    Source: Armijo, Pacific J. Mathematics 16 (1966); Nocedal & Wright (2006), algorithm 3.1. Every epoch begins with
    the learning rate, so set it long: 1 for Newton and BFGS.
    """

    shrink: float = hyperparameter(0.5, 0.01, 0.95, "What is left of a step that is too long.")
    c1: float = _c1()

    name: ClassVar[str] = "backtracking"
    title: ClassVar[str] = "Armijo backtracking"

    def step(self, line: Line, state: State) -> tuple[float | None, State]:
        t = self.learning_rate
        while t > _SHORTEST * self.learning_rate:
            if line.lowers(t, self.c1):
                return t, state
            t *= self.shrink
        return None, state


@dataclass(frozen=True)
class StrongWolfe(LineSearch):
    r"""A step that lowers f enough and has left the slope behind: :math:`|\varphi'(t)| \le c_2 |\varphi'(0)|`.

    Source: Nocedal & Wright (2006), algorithms 3.5 and 3.6, trial steps by quadratic interpolation, else by halves. The
    first trial is the learning rate. They advise c2 = 0.9 for Newton and BFGS, 0.1 for conjugate gradients.
    """

    c1: float = _c1()
    c2: float = hyperparameter(
        0.9, 0.0, 1.0, "Share of the slope that may be left; above c1.", open_low=True, open_high=True
    )

    name: ClassVar[str] = "strong_wolfe"
    title: ClassVar[str] = "Strong Wolfe search"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.c1 < self.c2:
            raise ValueError(
                f"c2 of {self.title} is {format_number(self.c2, 12)}; "
                f"it must be above c1 = {format_number(self.c1, 12)} and below 1."
            )

    def step(self, line: Line, state: State) -> tuple[float | None, State]:
        """Algorithm 3.5: lengthen the step until an interval holds one that will do."""
        before, t = 0.0, self.learning_rate
        for trial in range(_MOST_TRIALS):
            slope = line.slope(t) if line.lowers(t, self.c1) else nan
            if not isfinite(slope) or (trial and line.value(t) > line.value(before) + line.rounding):
                return self._zoom(line, before, t), state
            if abs(slope) <= -self.c2 * line.initial_slope:
                return t, state
            if slope >= 0:
                return self._zoom(line, t, before), state
            before, t = t, 2.0 * t
        return before, state

    def _zoom(self, line: Line, low: float, high: float) -> float | None:
        """Algorithm 3.6: narrow the interval; ``low`` is the end with the lower value."""
        for _ in range(_MOST_TRIALS):
            t = _between(line, low, high)
            if not line.lowers(t, self.c1) or line.value(t) > line.value(low) + line.rounding:
                high = t
                continue
            slope = line.slope(t)
            if abs(slope) <= -self.c2 * line.initial_slope:
                return t
            if slope * (high - low) >= 0:
                high = low
            low = t
        return low or None


def _between(line: Line, low: float, high: float) -> float:
    """Return the minimum of the parabola through value and slope at low and value at high, if it is well inside."""
    width = high - low
    drop = line.slope(low) * width
    rise = line.value(high) - line.value(low) - drop
    share = -drop / (2.0 * rise) if rise > 0 and isfinite(rise) else 0.5
    return low + (share if 0.1 <= share <= 0.9 else 0.5) * width


@dataclass(frozen=True)
class ExactSearch(LineSearch):
    r"""The lowest point along the direction: the root of :math:`\varphi'` next to 0.

    Source: Boyd & Vandenberghe, Convex Optimization (2004), section 9.3.2; on a quadratic the rate is
    :math:`-g^\top d / d^\top H d`. The root is found by the secant through the last two slopes, which on a quadratic is
    exact at once: two gradients an epoch, of which the next epoch uses one. The first trial is the learning rate, later
    ones the last rate found.
    """

    name: ClassVar[str] = "exact"
    title: ClassVar[str] = "Exact line search"

    def step(self, line: Line, state: State) -> tuple[float | None, State]:
        low, high = 0.0, float("inf")  # between them the slope turns positive
        before, slope_before = 0.0, line.initial_slope
        t = first = state[0] if state else self.learning_rate
        for _ in range(2 * _MOST_TRIALS):
            slope = line.slope(t)
            if abs(slope) <= -_FLAT * line.initial_slope or low >= high * (1.0 - 1e-15):
                return t, (t,)
            if slope < 0:
                low = t
            else:  # uphill, or beyond where f has values
                high = t
            secant = t - slope * (t - before) / (slope - slope_before) if slope != slope_before else nan
            before, slope_before = t, slope
            if high < float("inf"):
                t = secant if low < secant < high else (low + high) / 2.0
            elif low > _FARTHEST * first:
                break  # downhill as far as one can see: the next epoch goes on from there
            else:
                t = secant if low < secant < 100.0 * low else 10.0 * low
        return (low, (low,)) if low else (None, state)


@dataclass(frozen=True)
class BarzilaiBorwein(LineSearch):
    r"""The rate that would have fitted the last step: :math:`s^\top s / s^\top y`, s the step, y the gradient's change.

    Source: Barzilai & Borwein, IMA J. Numerical Analysis 8 (1988), eq. 5, the longer of their two; the other is
    :math:`s^\top y / y^\top y`. It costs no evaluation and lets f rise now and then. The first epoch, and those with
    :math:`s^\top y \le 0`, take the learning rate.
    """

    name: ClassVar[str] = "barzilai_borwein"
    title: ClassVar[str] = "Barzilai–Borwein"
    along_gradient: ClassVar[bool] = True

    def step(self, line: Line, state: State) -> tuple[float | None, State]:
        rate = self.learning_rate
        if state:
            s = tuple(a - b for a, b in zip(line.theta, state[0], strict=True))
            y = tuple(a - b for a, b in zip(line.gradient, state[1], strict=True))
            curved = dot(s, y)
            if curved > 0 and isfinite(dot(s, s) / curved):
                rate = dot(s, s) / curved or rate
        return rate, (line.theta, line.gradient)


@dataclass(frozen=True)
class PolyakStep(LineSearch):
    r"""Polyak's step for a known minimum value: :math:`(f(\theta) - f_{\min}) / \lVert \nabla f(\theta) \rVert^2`.

    Source: Polyak, Introduction to Optimization (1987), section 5.3.2. The learning rate that the user sets is not
    used. Ends as stalled once f is at ``f_min`` or below it.
    """

    f_min: float = hyperparameter(0.0, -1e15, 1e15, "The function's least value.")

    name: ClassVar[str] = "polyak"
    title: ClassVar[str] = "Polyak's step"
    along_gradient: ClassVar[bool] = True

    def step(self, line: Line, state: State) -> tuple[float | None, State]:
        above = line.value(0.0) - self.f_min
        return (above / -line.initial_slope if above > 0 else None), state
