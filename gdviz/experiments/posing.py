"""From an experiment's fields to the problem that they pose."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from gdviz.datasets import Table
from gdviz.experiments.fitting import Fitted, of_fit
from gdviz.experiments.problem import (
    FIT,
    FORMULA,
    Problem,
    ProblemError,
    usable_start,
)
from gdviz.experiments.rates import sensible_learning_rate
from gdviz.experiments.readers import short
from gdviz.formulas import FormulaError
from gdviz.landscapes import choose_window
from gdviz.objectives import parse
from gdviz.pacing import OutOfTime
from gdviz.presets import PRESETS


def pose(objective: str, formula: str = "", table: Table | None = None, **fitted: Any) -> Problem:
    """Return the problem that these fields of an experiment name; ``table`` is the visitor's own data, if any.

    ``fitted`` are the fields of :class:`gdviz.experiments.fitting.Fitted`, which count where data are fitted.

    Raises ProblemError (its ``field`` says which field) for an unknown name, a formula with an error (its cause is the
    FormulaError), data that do not fit the model, or where it takes too long.
    """
    try:
        if objective in PRESETS:
            return _of_preset(objective)
        if objective == FORMULA:
            return _of_formula(formula)
        if objective == FIT:
            return of_fit(Fitted(**fitted), table)
    except OutOfTime as error:
        raise ProblemError("model" if objective == FIT else "formula", str(error)) from error
    raise ProblemError("objective", f"There is no objective “{short(objective)}”.")


@lru_cache(maxsize=64)
def _of_preset(key: str) -> Problem:
    preset = PRESETS[key]
    return Problem(
        preset.objective, preset.title, preset.start, preset.window, preset.minima,
        preset.learning_rate, preset.epochs, preset.note, preset.run_note, preset.source,
    )  # fmt: skip


@lru_cache(maxsize=128)
def _of_formula(text: str) -> Problem:
    try:
        objective = parse(text)
    except FormulaError as error:
        raise ProblemError("formula", str(error)) from error
    start = usable_start(objective)
    window = choose_window(objective, start)
    rate = sensible_learning_rate(objective, start)
    return Problem(objective, "Your formula", start, window, (), rate, 200, source="typed by you")
