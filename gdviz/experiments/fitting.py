"""A fit as a problem: which data, which model, which loss, on which scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from gdviz.cache import SHARES, Recent
from gdviz.datasets import DATASETS, Table, line_table
from gdviz.experiments.problem import UPLOAD, Minima, Problem, ProblemError, usable_start
from gdviz.experiments.rates import minimum_near, sensible_learning_rate
from gdviz.experiments.readers import short
from gdviz.fits import LOSSES, Fit, FitError, about_renamed, first_model, make_loss, start_near_data, usual_target
from gdviz.formulas import FormulaError
from gdviz.landscapes import choose_window
from gdviz.learning_rates import LOWEST_RATE

_FIELDS = {"loss": "fit_loss"}  # where an experiment calls a field of a fit by another name
_LAID_OUT = 8  # times the columns in a model are laid out for its descents, at most about
_NOISY = "line"  # the data set whose noise can be set


@dataclass(frozen=True)
class Fitted:
    """The fields of an experiment that say what is fitted.

    ``data`` names a data set or is ``"upload"``; ``data_noise`` is the standard deviation of noise added to the
    notebook's line. ``model`` is a formula over the columns, ``target`` a column. ``fit_loss`` is a name of LOSSES or
    empty for the usual one, ``delta`` Huber's; ``standardize`` lets the descent move on standardized terms.
    """

    data: str = ""
    model: str = ""
    target: str = ""
    fit_loss: str = ""
    delta: float = 1.0
    ridge: float = 0.0
    standardize: bool = False
    data_noise: float = 0.0


FITTED_FIELDS = tuple(f.name for f in fields(Fitted))
BATCH_FIELDS = ("batch_size", "shuffle_seed")


def posing(named: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that pose the problem: how rows are taken into steps does not change what is fitted."""
    return {name: value for name, value in named.items() if name not in BATCH_FIELDS}


def of_fit(fitted: Fitted, table: Table | None) -> Problem:
    """Return the problem of fitting. Raises ProblemError where the fields, or the visitor's ``table``, pose none."""
    key = fitted.data or _NOISY
    if key == UPLOAD:
        if table is None:
            raise ProblemError("data", "This link needs your file: upload it again.")
        target = fitted.target or usual_target(table.names)
        return _posed(
            table, fitted.model or first_model(table.columns, target), target, _options(fitted, "squared"), ""
        )
    if key not in DATASETS:
        raise ProblemError("data", f"There is no data set “{short(key)}”.")
    dataset = DATASETS[key]
    noise = fitted.data_noise if key == _NOISY else 0.0
    return _posed(
        line_table(noise) if noise else dataset.table,
        fitted.model or dataset.model,
        fitted.target or dataset.target,
        _options(fitted, dataset.loss),
        key,
    )


Options = tuple[str, float, float, bool]
_PLAIN = (Fitted.delta, Fitted.ridge, Fitted.standardize)


def _options(fitted: Fitted, usual_loss: str) -> Options:
    return fitted.fit_loss or usual_loss, fitted.delta, fitted.ridge, fitted.standardize


def _weight(problem: Problem) -> float:
    """Bytes that a fit takes in the end: its table, and what descents lay out of the columns that the model reads."""
    fit, table = problem.objective, problem.table
    columns = 0 if table is None else len(table.columns)
    return 8 * int(fit.rows) * (columns + _LAID_OUT * (len(fit.variables) + len(fit.used_columns)))


_PROBLEMS = Recent(SHARES["problems"], _weight)


def _posed(table: Table, model: str, target: str, options: Options, key: str) -> Problem:
    """Pose the problem; those posed lately are kept. A table is equal to another with the same digest."""
    found: Problem = _PROBLEMS.get(
        (table, model, target, options, key), lambda: _pose(table, model, target, options, key)
    )
    return found


def _pose(table: Table, model: str, target: str, options: Options, key: str) -> Problem:
    fit = _fit(table, model, target, options)
    own = fit.own()
    minima = _exact_minimum(own)
    dataset = DATASETS.get(key)
    if dataset is not None and (model, target, options) == (dataset.model, dataset.target, (dataset.loss, *_PLAIN)):
        return Problem(
            own, dataset.title, dataset.start, dataset.window, minima or dataset.minima,
            dataset.learning_rate, dataset.epochs, dataset.note, dataset.run_note, dataset.source, table,
        )  # fmt: skip
    start = _start(own)
    if dataset is not None and (model, target) == (dataset.model, dataset.target) and _is_near(own, dataset.start):
        start = dataset.start
    scaled = fit if fit.standardize else None
    rate = sensible_learning_rate(fit, tuple(fit.from_own_units(start).tolist()))
    if rate <= LOWEST_RATE:
        raise ProblemError(
            "data", "The loss bends more steeply than any learning rate could follow: scale the columns down."
        )
    near = None if minima else minimum_near(own, start)
    window = choose_window(own, start, [point for point, _ in minima] if near is None else [near])
    return Problem(own, "Your fit", start, window, minima, rate, 1000, table=table, standardized=scaled)


def _fit(table: Table, model: str, target: str, options: Options) -> Fit:
    loss, delta, ridge, standardize = options
    if target not in table.columns:
        raise ProblemError("target", f"There is no column “{short(target)}”; the columns are {', '.join(table.names)}.")
    try:
        chosen = make_loss(loss, **({"delta": delta} if loss == "huber" else {}))
        return Fit(model, table.columns, target, chosen, ridge, standardize)
    except FormulaError as error:
        raise ProblemError("model", f"{error}{about_renamed(model, table.names)}") from error
    except FitError as error:
        raise ProblemError(_FIELDS.get(error.field, error.field), str(error)) from error
    except ValueError as error:
        raise ProblemError("fit_loss" if loss not in LOSSES else "data", str(error)) from error


def _start(fit: Fit) -> tuple[float, ...]:
    """A start near the data. Raises ProblemError where the model has no value on them."""
    try:
        return start_near_data(fit)
    except FitError as error:
        start = usable_start(fit)
        if np.isfinite(fit.value(start)) and np.isfinite(fit.gradient(start)).all():
            return start
        raise ProblemError(error.field, str(error)) from error


def _is_near(fit: Fit, start: tuple[float, ...]) -> bool:
    """Whether a start explains more than the target's mean does; classes have no such measure."""
    target = fit.columns[fit.target]
    return fit.loss.classes or float(np.mean((fit.score(start) - target) ** 2)) < float(np.var(target))


def _exact_minimum(fit: Fit) -> Minima:
    """The exact solution of a model that is linear in its parameters, for the squared loss."""
    if fit.quadratic is None:
        return ()
    return ((tuple(fit.quadratic.center.tolist()), fit.quadratic.constant),)
