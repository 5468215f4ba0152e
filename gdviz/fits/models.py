"""Ready models: formula text for a visitor's columns.

A ready model is only a way to write text; what is fitted is that text. Where a formula would need more than eight
names, which few care to read, the text is ``linear(…)`` or ``polynomial(…)`` (:mod:`gdviz.fits.terms`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import floor, log10
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.fits.errors import FitError
from gdviz.fits.terms import MAX_DEGREE
from gdviz.formulas.functions import TYPED_NAMES
from gdviz.formulas.limits import MAX_CHARACTERS

INDEX = "index"  # what a column that only numbers the rows is called
_MOST_NAMES = 8  # of a formula that is written out
WORD = re.compile("[A-Za-z_][A-Za-z_0-9]*")
_TELLS_APART = re.compile(rf"(?i:{INDEX}|(.*_)?id|row_?names?|unnamed_0)|.*[a-z0-9]I[dD]")
_FAR = 5.0  # times its spread away from 0, a column is far: exp(-b*x) is then beyond the floats for a b that matters


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
    far      the shape for a column x that is far from 0; ``place`` is a number in its midst
    above_0  whether the column must be above 0 in every row
    linear   whether it is linear in its parameters, so that it can be standardized
    """

    key: str
    title: str
    shape: str
    note: str
    many: bool = False
    loss: str = "squared"
    degrees: tuple[int, int] | None = None
    far: str = ""
    above_0: bool = False
    linear: bool = False

    def write(
        self,
        inputs: Sequence[str],
        columns: Collection[str] = (),
        degree: int = 2,
        data: Mapping[str, ArrayLike] = MappingProxyType({}),
    ) -> str:
        """Return the model's text for the input columns, with parameters called like none of ``columns``.

        With ``data``, the columns' numbers (m,), it is written around the midst of a column that is far from 0, such
        as years. Raises FitError for no column, for several where one is needed, for a degree out of range, and for
        ``data`` that the model cannot describe.
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
        if self.degrees:
            return _polynomial(inputs[0], degree, taken)
        x = np.asarray(data.get(inputs[0], 1.0), dtype=float)
        self._check(x)
        place = _place(x) if self.far else None
        return _named(self.shape if place is None else self.far, inputs[0], taken, place or 0.0)

    def _check(self, x: Array) -> None:
        if self.above_0 and not (x > 0).all():
            raise FitError(
                "data", f"{self.title} needs a column above 0 in every row: take another model, or shift it."
            )


#: Every ready model by its key, in the order in which the page lists them. Read-only.
MODELS: Mapping[str, ReadyModel] = MappingProxyType(
    {
        model.key: model
        for model in (
            ReadyModel("line", "A line", "slope*x + intercept", "One column, a straight line.", linear=True),
            ReadyModel(
                "polynomial",
                "A polynomial",
                "b0 + b1*x + b2*x^2",
                "One column, a curve.",
                degrees=(1, MAX_DEGREE),
                linear=True,
            ),
            ReadyModel(
                "linear",
                "Linear in several columns",
                "b0 + b1*x1 + b2*x2",
                "A weight for each ticked column.",
                many=True,
                linear=True,
            ),
            ReadyModel(
                "exponential",
                "Exponential",
                "a*exp(-b*x) + c",
                "Decay to a level, or growth where b is negative.",
                far="a*exp(-b*(x - place)) + c",
            ),
            ReadyModel(
                "logistic_curve",
                "Logistic curve",
                "top/(1 + exp(-rate*(x - middle)))",
                "Growth that slows down toward a top: an S.",
            ),
            ReadyModel(
                "power",
                "Power law",
                "a*x^b",
                "A straight line on two log axes; x above 0.",
                far="a*(x/place)^b",
                above_0=True,
            ),
            ReadyModel(
                "sine",
                "Sine",
                "amplitude*sin(omega*x + phase) + level",
                "One period after another.",
                far="amplitude*sin(omega*(x - place) + phase) + level",
            ),
            ReadyModel(
                "logistic",
                "Logistic regression",
                "b0 + b1*x1 + b2*x2",
                "The log-odds of a target that is 0 or 1, a weight for each ticked column.",
                many=True,
                linear=True,
                loss="log",
            ),
        )
    }
)


# -- text --


def usual_target(columns: Sequence[str]) -> str:
    """Return the column to reproduce unless another is chosen: y, or the last."""
    return "y" if "y" in columns else columns[-1]


def first_model(columns: Mapping[str, ArrayLike], target: str) -> str:
    """Return a line in the first column that varies and is neither the target nor, where there is another, an id."""
    inputs = [name for name in columns if name != target]
    varying = [name for name in inputs if np.ptp(np.asarray(columns[name], dtype=float)) > 0] or inputs
    chosen = next((name for name in varying if not _tells_rows_apart(name)), varying[0])
    return MODELS["line"].write([chosen], tuple(columns))


def _tells_rows_apart(name: str) -> bool:
    """Whether a column so called tells the rows apart, and nothing about them: index, id, PassengerId."""
    return _TELLS_APART.fullmatch(name) is not None


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
    stems = chain("bwpqk", (f"weight{i}_" for i in range(1, len(taken) + 2)))
    return next(stem for stem in stems if not any(f"{stem}{i}" in taken for i in range(count)))


def _named(shape: str, column: str, taken: Collection[str], place: float) -> str:
    """``shape`` with x replaced by the column, and parameters that are called like a column renamed."""

    def renamed(found: re.Match[str]) -> str:
        word = found[0]
        if word in ("x", "place"):
            return column if word == "x" else _plain(place)
        if word in TYPED_NAMES:  # exp and sin are called, and stay what they are
            return word
        candidates = chain((word, f"{word}_fit"), (f"{word}_fit{i}" for i in range(2, len(taken) + 2)))
        return next(free for free in candidates if free not in taken)

    return WORD.sub(renamed, shape).replace("- -", "+ ")


# -- columns far from 0 --


def _place(x: Array) -> float | None:
    """A round number in the midst of a column that is far from 0, None for any other."""
    low, high = float(x.min()), float(x.max())
    middle, spread = low / 2 + high / 2, high - low
    if not 0 < _FAR * spread < abs(middle):
        return None
    unit = 10.0 ** floor(log10(spread / 2))
    return float(f"{round(middle / unit) * unit:.15g}")


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
