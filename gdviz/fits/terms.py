"""Linear models of up to 100 columns, which no formula could hold: ``linear(sqft, rooms)``, ``polynomial(x, 9)``.

Such a text stands where a formula may stand. Its parameters are b0, the intercept, and b1, b2, … in the order of the
columns, or of the powers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.fits.column_guess import column_meant
from gdviz.fits.errors import FitError
from gdviz.formulas.latex import name_latex
from gdviz.objectives.row_model import uses_target

MAX_TERMS = 100  # besides the intercept
MAX_DEGREE = 20  # beyond it the powers of a column can no longer be told apart in float64

_CALL = re.compile(r"\s*(linear|polynomial)\s*\(([^()]*)\)\s*")


@dataclass(frozen=True)
class Terms:
    """b0 + b1·term 1 + b2·term 2 + …: each term is ``powers[i]`` of the column ``columns[i]``."""

    columns: tuple[str, ...]
    powers: tuple[int, ...]

    @property
    def parameters(self) -> tuple[str, ...]:
        return tuple(f"b{i}" for i in range(len(self.columns) + 1))

    @property
    def used_columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.columns))

    @property
    def latex(self) -> str:
        """The model; of more than six terms the first and the last."""
        terms = [
            rf"b_{{{i}}}\,{name_latex(name)}" + (f"^{{{power}}}" if power > 1 else "")
            for i, (name, power) in enumerate(zip(self.columns, self.powers, strict=True), start=1)
        ]
        if len(terms) > 6:
            terms = [*terms[:2], r"\dots", terms[-1]]
        return " + ".join(["b_0", *terms])

    def design(self, columns: Mapping[str, ArrayLike]) -> Array:
        """Return the terms over ``columns`` of shape (m,), as (m, n) with ones first."""
        arrays = np.broadcast_arrays(*(np.asarray(column, dtype=float) for column in columns.values()))
        known = dict(zip(columns, arrays, strict=True))
        with np.errstate(all="ignore"):
            terms = [known[name] ** power for name, power in zip(self.columns, self.powers, strict=True)]
        return np.stack([np.ones(len(arrays[0])), *terms], axis=1)


def read_terms(text: str, names: Sequence[str], target: str) -> Terms | None:
    """Return the model that ``text`` names, None if it is not of this kind. ``linear(*)`` takes all columns.

    Raises FitError for a column that is not there, the target, a degree out of range or too many terms.
    """
    call = _CALL.fullmatch(text)
    if call is None:
        return None
    kind, inside = call[1], [part.strip() for part in call[2].split(",")]
    if kind == "polynomial":
        return _polynomial(inside, names, target)
    chosen = [name for name in names if name != target] if inside == ["*"] else inside
    for name in chosen:
        _check_column(name, names, target)
    if len(set(chosen)) < len(chosen):
        raise FitError("model", "The model names a column twice: name each once.")
    if not 1 <= len(chosen) <= MAX_TERMS:
        raise FitError("model", f"A linear model takes 1 to {MAX_TERMS} columns; this one has {len(chosen)}.")
    return Terms(tuple(chosen), (1,) * len(chosen))


def _polynomial(inside: Sequence[str], names: Sequence[str], target: str) -> Terms:
    if len(inside) != 2 or not re.fullmatch("[0-9]{1,3}", inside[1]):
        raise FitError("model", "A polynomial is written with a column and a degree, such as polynomial(x, 9).")
    _check_column(inside[0], names, target)
    degree = int(inside[1])
    if not 1 <= degree <= MAX_DEGREE:
        raise FitError("model", f"The degree is {degree}; it must be from 1 to {MAX_DEGREE}.")
    return Terms((inside[0],) * degree, tuple(range(1, degree + 1)))


def _check_column(name: str, names: Sequence[str], target: str) -> None:
    if name == target:
        raise FitError("model", uses_target(target))
    if name not in names:
        listed = ", ".join(names[:10]) + (", …" if len(names) > 10 else "")
        near = column_meant(name, [other for other in names if other != target])
        meant = f" Did you mean “{near}”?" if near else ""
        raise FitError("model", f"There is no column “{name[:40]}”; the columns are {listed}.{meant}")
