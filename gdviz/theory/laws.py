"""How a method moves along one eigenvector of a quadratic: a linear recurrence with two constants.

Along an eigenvector with curvature lambda the error x obeys, with s = eta*lambda,

    x_{k+1} = T(s) x_k - D(s) x_{k-1}    and    x_1 = F(s) x_0,

so its fate is told by the roots of z² - T z + D: both inside the unit circle, it dies out. Plain descent has D = 0.

Sources: Polyak, USSR Comput. Math. Math. Phys. 4 (1964); Goh, "Why Momentum Really Works", Distill (2017); Lessard,
Recht & Packard, SIAM J. Optim. 26 (2016), section 2.2; Cohen et al., arXiv:2207.14484 (2022), for averaged momentum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.arrays import Array
from gdviz.numerals import format_number
from gdviz.theory.linear import LinearStep, linear_step

_CRITICAL = 1e-9  # how close, relatively, T² and 4D count as equal


class Regime(Enum):
    """How the error along one eigenvector goes, from epoch to epoch."""

    OVERDAMPED = "overdamped"  # straight home, never across
    CRITICAL = "critically damped"  # a double root: the border of swinging; for plain descent, home in one step
    UNDERDAMPED = "underdamped"  # swings around home with a period of several epochs
    OSCILLATING = "oscillating"  # to the other side at every epoch
    STILL = "still"  # no curvature, no movement
    ESCAPING = "escaping"  # downward curvature: away from a saddle or a maximum
    DIVERGING = "diverging"  # curved upward, but the steps are too long


class Form(Enum):
    """A method of the textbooks."""

    PLAIN = "gradient descent"
    HEAVY_BALL = "heavy ball"
    NESTEROV = "Nesterov"


@dataclass(frozen=True)
class Law:
    """``trace`` T, ``determinant`` D and ``first`` F as functions of s = eta*lambda (any shape), and the largest
    stable s; ``limit_text`` and ``limit_latex`` are that limit's formula, over L in the former; ``polynomial_latex`` is
    z² - T z + D with eta*L for s, empty where D = 0. ``form`` says
    whose method it is."""

    trace: Callable[[Array], Array]
    determinant: Callable[[Array], Array]
    first: Callable[[Array], Array]
    largest: float
    limit_text: str
    limit_latex: str
    polynomial_latex: str = ""
    form: Form | None = None


@lru_cache(maxsize=128)
def law_of(optimizer: Any) -> Law | None:
    """Return the exact law of ``optimizer`` on a quadratic, or None for a method that is not linear in the error.

    It is read off the optimizer's own lines (:mod:`gdviz.theory.linear`); where they are those of a textbook's method,
    the limit is said in its words.
    """
    step = linear_step(optimizer)
    if step is None or not step.exact:
        return None
    a, e, turn = step.a, step.e, step.a * step.e - step.b * step.c
    form = form_of(optimizer)
    return Law(
        lambda s: 1 + e + a * s,
        lambda s: e + turn * np.asarray(s, dtype=float),
        lambda s: 1 + a * s,
        step.largest,
        *(_WORDS[form] if form else _in_numbers(step)),
        form,
    )


@lru_cache(maxsize=128)
def form_of(optimizer: Any) -> Form | None:
    """Return whose lines these are; None for a method that no textbook has, or one without defaults."""
    try:
        step = linear_step(type(optimizer)())
    except (TypeError, ValueError):
        return None
    if step is None or not step.exact:
        return None
    if not step.moving:
        return Form.PLAIN if step.a == -1 else None
    forms = {Form.HEAVY_BALL: (-1.0, -step.e), Form.NESTEROV: (-1.0 - step.e, -(step.e**2))}
    return next((form for form, lines in forms.items() if np.allclose((step.a, step.b * step.c), lines)), None)


_WORDS: Mapping[Form, tuple[str, str, str]] = MappingProxyType(
    {
        Form.PLAIN: ("2/L", "2", ""),
        Form.HEAVY_BALL: ("(2 + 2β)/L", r"2 + 2\beta", r"z^2 - (1 + \beta - \eta L) z + \beta"),
        Form.NESTEROV: (
            "(2 + 2β)/((1 + 2β)L)",
            r"\frac{2 + 2\beta}{1 + 2\beta}",
            r"z^2 - (1 + \beta)(1 - \eta L) z + \beta (1 - \eta L)",
        ),
    }
)


def _in_numbers(step: LinearStep) -> tuple[str, str, str]:
    """Return the limit and the polynomial of a method that no textbook has."""
    largest = format_number(step.largest, 4)
    if not step.moving:
        return f"{largest}/L", largest, ""
    a, e, turn = f"{step.a:+.4g}", f"{step.e:.4g}", f"{step.a * step.e - step.b * step.c:+.4g}"
    polynomial = rf"z^2 - ({1 + step.e:.4g} {a}\, \eta L) z + ({e} {turn}\, \eta L)"
    return f"{largest}/L", largest, polynomial


def roots(law: Law, s: ArrayLike) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """Return the roots of z² - T z + D at s (any shape), the one of larger modulus first."""
    steps = np.asarray(s, dtype=float)
    trace, determinant = law.trace(steps), law.determinant(steps)
    root = np.sqrt((trace**2 - 4 * determinant).astype(complex))
    larger = (trace + np.where(trace < 0, -root, root)) / 2
    with np.errstate(all="ignore"):
        smaller = np.where(larger == 0, 0, determinant / np.where(larger == 0, 1, larger))
    return larger, smaller


def radius(law: Law, s: ArrayLike) -> Array:
    """Return the error's factor per epoch in the long run, the larger root's modulus, at s (any shape)."""
    steps = np.asarray(s, dtype=float)
    trace, determinant = law.trace(steps), law.determinant(steps)
    swings = trace**2 < 4 * determinant
    return np.asarray(np.where(swings, np.sqrt(np.abs(determinant)), np.abs(roots(law, steps)[0])))


def regimes(law: Law, s: ArrayLike) -> tuple[Regime, ...]:
    """Return the regime of each s (n,)."""
    steps = np.atleast_1d(np.asarray(s, dtype=float))
    trace, determinant = law.trace(steps), law.determinant(steps)
    rows = zip(steps, trace, determinant, radius(law, steps), strict=True)
    return tuple(_regime(*map(float, row)) for row in rows)


def _regime(s: float, trace: float, determinant: float, factor: float) -> Regime:
    if s == 0:
        return Regime.STILL
    if s < 0:
        return Regime.ESCAPING
    if factor > 1 + 1e-12:
        return Regime.DIVERGING
    gap = trace**2 - 4 * determinant
    if abs(gap) <= _CRITICAL * (trace**2 + 4 * abs(determinant)) or factor < 1e-12:
        return Regime.CRITICAL
    if gap < 0:
        return Regime.UNDERDAMPED
    return Regime.OSCILLATING if trace < 0 else Regime.OVERDAMPED


def solution(law: Law, s: ArrayLike, epochs: ArrayLike) -> Array:
    """Return x_k / x_0 at each of ``epochs`` (m,) and each s (n,), in closed form, as shape (m, n).

    x_k = F p_k - D p_{k-1} with p_k = (z1^k - z2^k)/(z1 - z2), written so that neither a double root nor a pair near
    one loses digits. Overflow gives inf or nan.
    """
    steps = np.atleast_1d(np.asarray(s, dtype=float))
    k = np.asarray(epochs, dtype=float)[:, None]
    trace, determinant = law.trace(steps), law.determinant(steps)
    with np.errstate(all="ignore"):
        now, before = np.split(_divided_powers(trace, determinant, np.concatenate([k, k - 1])), 2)
        later = law.first(steps) * now - determinant * before
    return np.where(k == 0, 1.0, later)


def following(law: Law, s: Array, before: Array, now: Array, epochs: Array) -> Array:
    """Return the errors so many ``epochs`` (m,) after they were ``now``, an epoch after ``before`` (n,), as (m, n)."""
    k = np.asarray(epochs, dtype=float)[:, None] + 1
    trace, determinant = law.trace(s), law.determinant(s)
    with np.errstate(all="ignore"):
        first, second = np.split(_divided_powers(trace, determinant, np.concatenate([k, k - 1])), 2)
        return np.asarray(
            np.where(now == 0, 0.0, first * now) - determinant * np.where(before == 0, 0.0, second * before)
        )


def bound(law: Law, s: ArrayLike, epochs: ArrayLike) -> Array:
    """Return an upper bound on |x_k / x_0|, without the swings, at each of ``epochs`` (m,) and each s (n,): (m, n).

    Where the roots are complex it is the amplitude, sqrt(D)^k times a constant; where they are real and of one sign it
    is |x_k / x_0| itself, which then has no swings.
    """
    steps = np.atleast_1d(np.asarray(s, dtype=float))
    trace, determinant, first = law.trace(steps), law.determinant(steps), law.first(steps)
    k = np.asarray(epochs, dtype=float)[:, None]
    with np.errstate(all="ignore"):
        # Complex roots r e^{±i phi}: x_k = r^k (cos k phi + c sin k phi), with |sin k phi / sin phi| at most k.
        size = np.sqrt(np.abs(determinant))
        turn = np.sqrt(np.maximum(4 * determinant - trace**2, 0)) / 2  # r sin phi
        drift = first - trace / 2
        amplitude = np.minimum(np.hypot(1, drift / turn), 1 + k * np.abs(drift) / size)
        swinging = size**k * np.where(np.isnan(amplitude), 1, amplitude)
        # Real roots of opposite sign: the sum of both parts.
        one, two = (np.real(root) for root in roots(law, steps))
        share = (first - two) / (one - two)
        apart = np.abs(share) * np.abs(one) ** k + np.abs(1 - share) * np.abs(two) ** k
        apart = np.where(k == 0, 1.0, np.where(k == 1, np.abs(first), apart))
    straight = np.abs(solution(law, steps, epochs))
    return np.asarray(np.where(trace**2 < 4 * determinant, swinging, np.where(determinant < 0, apart, straight)))


def _divided_powers(trace: Array, determinant: Array, k: Array) -> Array:
    """Return (z1^k - z2^k)/(z1 - z2) for k (m, 1), T and D of shape (n,), as shape (m, n); 0 where k is 0 or less."""
    gap = trace**2 - 4 * determinant
    half = np.sqrt(np.abs(gap)) / 2
    swings = gap < 0
    found = np.zeros((len(k), len(trace)))
    for columns, powers in ((swings, _swinging_powers), (~swings, _straight_powers)):
        if columns.any():
            found[:, columns] = powers(trace[columns], determinant[columns], half[columns], k)
    return np.where(k <= 0, 0.0, found)


def _swinging_powers(trace: Array, determinant: Array, half: Array, k: Array) -> Array:
    """Return the same for complex roots; ``half`` is half their distance."""
    # The angle is taken from the nearer end of the real axis: near a double root it is all that tells the roots apart.
    angle = np.arctan2(half, np.abs(trace) / 2)
    turns = np.where((trace < 0) & (k % 2 == 0), -1.0, 1.0)
    return np.asarray(turns * np.sqrt(np.abs(determinant)) ** (k - 1) * np.sin(k * angle) / np.sin(angle))


def _straight_powers(trace: Array, determinant: Array, half: Array, k: Array) -> Array:
    """Return the same for real roots."""
    larger = np.where(trace < 0, trace / 2 - half, trace / 2 + half)
    ratio = np.where(larger == 0, 0, determinant / larger**2)
    apart = np.where(larger == 0, 1, 2 * half / np.abs(larger))  # 1 - ratio, without cancellation
    close = -np.expm1(k * np.log1p(-np.minimum(apart, 0.5))) / apart
    series = np.where(apart == 0, k, np.where(apart < 0.5, close, (1 - ratio**k) / apart))
    return np.asarray(larger ** (k - 1) * series)
