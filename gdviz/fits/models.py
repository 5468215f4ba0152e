"""Ready models: formula text for a visitor's columns, and a rough start from which descent gets somewhere.

A ready model is only a way to write text; what is fitted is that text. Where a formula would need more than eight
names, which few care to read, the text is ``linear(…)`` or ``polynomial(…)`` (:mod:`gdviz.fits.terms`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.fits.errors import FitError
from gdviz.fits.terms import MAX_DEGREE
from gdviz.formulas.limits import MAX_CHARACTERS

Array = NDArray[np.float64]
Start = tuple[float, ...]

T = TypeVar("T")

_LOOKED_AT = 400  # rows that a guess looks at
_MOST_NAMES = 8  # of a formula that is written out
_WORD = re.compile("[A-Za-z_][A-Za-z_0-9]*")


@dataclass(frozen=True)
class ReadyModel:
    """A kind of model, for the page to offer.

    key      what links say
    title    what the page says
    shape    the formula for a column x, for the page to show
    note     when to take it
    many     whether it takes several columns
    loss     the loss that belongs to it
    degrees  the lowest and highest degree, None if it has none
    """

    key: str
    title: str
    shape: str
    note: str
    many: bool = False
    loss: str = "squared"
    degrees: tuple[int, int] | None = None

    def write(self, inputs: Sequence[str], columns: Collection[str] = (), degree: int = 2) -> str:
        """Return the model's text for the input columns, with parameters called like none of ``columns``.

        Raises FitError for no column, for several where one is needed, and for a degree out of range.
        """
        if not inputs:
            raise FitError("model", f"{self.title} needs a column: tick at least one.")
        if len(inputs) > 1 and not self.many:
            raise FitError("model", f"{self.title} takes one column, not {len(inputs)}: choose one.")
        low, high = self.degrees or (degree, degree)
        if not low <= degree <= high:
            raise FitError("model", f"The degree is {degree}; it must be from {low} to {high}.")
        taken = {*inputs, *columns}
        if self.many:
            return _linear(inputs, taken)
        return _polynomial(inputs[0], degree, taken) if self.degrees else _named(self.shape, inputs[0], taken)

    def start(self, x: ArrayLike, y: ArrayLike, parameters: int) -> Start:
        """Return a rough start: round numbers for which the curve has about the data's shape; zeros if linear.

        ``x`` and ``y`` have shape (m,). Raises FitError where the model cannot be fitted to such x at all.
        """
        guess = _GUESSES.get(self.key)
        if guess is None:
            return (0.0,) * parameters
        x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
        every = max(1, len(x) // _LOOKED_AT)
        with np.errstate(all="ignore"):
            found = guess(x[::every], y[::every])
        return tuple(float(f"{number:.0e}") if np.isfinite(number) else 1.0 for number in found)


#: Every ready model by its key, in the order in which the page lists them. Read-only.
MODELS: Mapping[str, ReadyModel] = MappingProxyType(
    {
        model.key: model
        for model in (
            ReadyModel("line", "A line", "slope*x + intercept", "One column, a straight line."),
            ReadyModel(
                "polynomial", "A polynomial", "b0 + b1*x + b2*x^2", "One column, a curve.", degrees=(1, MAX_DEGREE)
            ),
            ReadyModel(
                "linear",
                "Linear in several columns",
                "b0 + b1*x1 + b2*x2",
                "A weight for each ticked column.",
                many=True,
            ),
            ReadyModel(
                "exponential", "Exponential", "a*exp(-b*x) + c", "Decay to a level, or growth where b is negative."
            ),
            ReadyModel(
                "logistic_curve",
                "Logistic curve",
                "top/(1 + exp(-rate*(x - middle)))",
                "Growth that slows down toward a top: an S.",
            ),
            ReadyModel("power", "Power law", "a*x^b", "A straight line on two log axes; x above 0."),
            ReadyModel("sine", "Sine", "amplitude*sin(omega*x + phase) + level", "One period after another."),
            ReadyModel(
                "logistic",
                "Logistic regression",
                "b0 + b1*x1 + b2*x2",
                "The log-odds of a target that is 0 or 1, a weight for each ticked column.",
                many=True,
                loss="log",
            ),
        )
    }
)


# -- text --


def _linear(inputs: Sequence[str], taken: Collection[str]) -> str:
    letter = _letter(len(inputs) + 1, taken)
    text = " + ".join([f"{letter}0", *(f"{letter}{i}*{name}" for i, name in enumerate(inputs, start=1))])
    short = 2 * len(inputs) + 1 <= _MOST_NAMES and len(text) <= MAX_CHARACTERS
    return text if short else f"linear({', '.join(inputs)})"


def _polynomial(name: str, degree: int, taken: Collection[str]) -> str:
    if degree + 2 > _MOST_NAMES:
        return f"polynomial({name}, {degree})"
    letter = _letter(degree + 1, taken)
    powers = [f"{letter}{i}*{name}" + (f"^{i}" if i > 1 else "") for i in range(1, degree + 1)]
    return " + ".join([f"{letter}0", *powers])


def _letter(count: int, taken: Collection[str]) -> str:
    """A letter that with the numbers 0 … count - 1 is no column's name."""
    free = [letter for letter in "bwpqk" if not any(f"{letter}{i}" in taken for i in range(count))]
    return free[0] if free else "weight"


def _named(shape: str, column: str, taken: Collection[str]) -> str:
    """``shape`` with x replaced by the column, and parameters that are called like a column renamed."""

    def renamed(found: re.Match[str]) -> str:
        word = found[0]
        if word == "x":
            return column
        return next(free for free in (word, f"{word}_fit", f"{word}_of_fit") if free not in taken)

    return _WORD.sub(renamed, shape)


# -- rough starts --


def _exponential(x: Array, y: Array) -> Sequence[float]:
    rates = np.geomspace(0.3, 10, 16) / np.ptp(x)
    b, (a, c) = _scan([*rates, *-rates], lambda b: np.stack([np.exp(-b * x), np.ones_like(x)], axis=1), y)
    return a, b, c


def _logistic_curve(x: Array, y: Array) -> Sequence[float]:
    rates = np.geomspace(2, 40, 10) / np.ptp(x)
    middles = np.linspace(x.min(), x.max(), 11)
    pairs = [(rate, middle) for rate in (*rates, *-rates) for middle in middles]
    (rate, middle), (top,) = _scan(pairs, lambda p: 1 / (1 + np.exp(-p[0] * (x - p[1])))[:, None], y)
    return top, rate, middle


def _power(x: Array, y: Array) -> Sequence[float]:
    if not (x > 0).all():
        raise FitError("data", "A power law needs a column above 0 in every row: take another model, or shift it.")
    usable = y > 0
    if np.ptp(x[usable]) == 0 if usable.any() else True:
        return 1.0, 1.0
    b, log_a = np.polyfit(np.log(x[usable]), np.log(y[usable]), 1)
    return float(np.exp(log_a)), float(b)


def _sine(x: Array, y: Array) -> Sequence[float]:
    omegas = np.linspace(0.5, min(len(x) / 2, 60), 240) * np.pi / np.ptp(x)
    omega, (s, c, level) = _scan(
        list(omegas), lambda w: np.stack([np.sin(w * x), np.cos(w * x), np.ones_like(x)], axis=1), y
    )
    return float(np.hypot(s, c)), omega, float(np.arctan2(c, s)), level


def _scan(candidates: Sequence[T], design: Callable[[T], Array], y: Array) -> tuple[T, Array]:
    """Return the candidate whose ``design`` (m, k) comes closest to y by least squares, and its k weights."""
    best, best_error = candidates[0], np.inf
    best_weights: Array = np.ones(design(best).shape[1])
    for candidate in candidates:
        terms = design(candidate)
        if not np.isfinite(terms).all():
            continue
        weights: Array = np.asarray(np.linalg.lstsq(terms, y, rcond=None)[0], dtype=np.float64)
        error = float(np.sum((terms @ weights - y) ** 2))
        if error < best_error:
            best, best_error, best_weights = candidate, error, weights
    return best, best_weights


_GUESSES: Mapping[str, Callable[[Array, Array], Sequence[float]]] = {
    "exponential": _exponential,
    "logistic_curve": _logistic_curve,
    "power": _power,
    "sine": _sine,
}
