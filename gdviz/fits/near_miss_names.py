"""Names that are nearly those of columns: in a model they would be parameters, which is seldom what was meant."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from gdviz.fits.column_guess import column_meant
from gdviz.fits.fit import Fit
from gdviz.fits.models import MODELS, WORD
from gdviz.formulas.functions import CONSTANTS

_OF_FIT = re.compile("_fit[0-9]*$")  # what a parameter gets that would be called like a column
_USUAL = frozenset(word for model in MODELS.values() for word in WORD.findall(model.shape))


@dataclass(frozen=True)
class NearMiss:
    """A ``word`` of a model that is no column, and the ``column`` that it may have been meant to be."""

    word: str
    column: str

    def corrected(self, model: str) -> str:
        """Return the model with the column in the word's place."""
        return re.sub(rf"(?<![A-Za-z0-9_]){re.escape(self.word)}(?![A-Za-z0-9_])", lambda _: self.column, model)


def near_misses(fit: Fit) -> tuple[NearMiss, ...]:
    """Return the words of the model that may be slips: they are like a column that the model does not use.

    Where the model uses a column, usual names of parameters are taken for what they are.
    """
    used = fit.used_columns
    unused = [name for name in fit.columns if name not in used and name != fit.target]
    words = () if fit.terms is not None else dict.fromkeys(WORD.findall(fit.model))
    found: list[NearMiss] = []
    for word in words:
        if word in CONSTANTS:
            columns = [name for name in unused if name == f"{word}_column"]
        elif word not in fit.variables or (used and _is_usual(word)):
            continue
        else:
            columns = [name for name in (column_meant(word, unused),) if name]
        found.extend(NearMiss(word, name) for name in columns)
    return tuple(found)


def _is_usual(word: str) -> bool:
    """Whether parameters are often called so: a, b1, slope."""
    return len(word) == 1 or word[-1].isdigit() or _OF_FIT.sub("", word) in _USUAL


def about_renamed(model: str, columns: Collection[str]) -> str:
    """Say which words of a model, names of functions or numbers, are columns under another name; empty if none is."""
    renamed = [word for word in dict.fromkeys(WORD.findall(model)) if f"{word}_column" in columns]
    return "".join(f" The column “{word}” is called {word}_column in formulas." for word in renamed)


def about_names(fit: Fit) -> str:
    """Say that the model uses no column, and which of its names may be slips; empty if there is nothing to say."""
    misses = near_misses(fit)
    meant = " ".join(f"Did you mean the column “{miss.column}” by “{miss.word}”?" for miss in misses)
    if fit.used_columns:
        return meant
    others = [name for name in fit.columns if name != fit.target]
    listed = ", ".join(others[:10]) + (", …" if len(others) > 10 else "")
    names = ", ".join(fit.variables)
    are = f"{names} are parameters" if len(fit.variables) > 1 else f"{names} is a parameter"
    none = f"The model uses no column: {are}, and it says the same for every row."
    return f"{none} {meant or f'The columns are {listed}.'}"
