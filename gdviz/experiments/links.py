"""An experiment as the parameters of a link, and back. A link is a stranger's text: what is wrong in it is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from functools import partial
from math import isfinite
from typing import Any

from gdviz.datasets import Table
from gdviz.datasets.cells import MAX_ROWS
from gdviz.descent import MAX_EPOCHS
from gdviz.experiments.experiment import GRADIENT_SOURCES, Experiment
from gdviz.experiments.fitting import FITTED_FIELDS
from gdviz.experiments.posing import pose
from gdviz.experiments.problem import FIT, FORMULA, Problem, ProblemError
from gdviz.fits import LOSSES
from gdviz.learning_rates import LEARNING_RATES, make_learning_rate
from gdviz.optimizers import OPTIMIZERS, make_optimizer

LINK_LIMIT = 4096  # bytes of the encoded parameters

_ALWAYS = ("objective", "start", "learning_rate", "epochs", "optimizer")
_PLAIN_SCHEDULE: dict[str, Any] = {"schedule": Experiment.schedule, "schedule_parameters": ()}
_PLAIN_OPTIMIZER: dict[str, Any] = {"optimizer": Experiment.optimizer, "hyperparameters": ()}
_ONLY_FOR = {"formula": FORMULA} | dict.fromkeys((*FITTED_FIELDS, "batch_size", "shuffle_seed"), FIT)


def encode(experiment: Experiment) -> dict[str, str]:
    """Return the experiment as link parameters: always the main ones, the others where they differ from their defaults.

    ``decode(encode(e))`` gives ``e`` back to the last bit for every experiment that can run, if it holds no field of
    another objective and names no hyper-parameter that has its default value.
    """
    default = Experiment()
    texts: dict[str, str] = {}
    for f in fields(experiment):
        value = getattr(experiment, f.name)
        if f.name in ("hyperparameters", "schedule_parameters"):
            texts |= {name: _text(number) for name, number in value}
        elif f.name in _ALWAYS or (value != getattr(default, f.name) and _concerns(f.name, experiment.objective)):
            texts[f.name] = _text(value)
    return texts


def decode(parameters: Mapping[str, str], table: Table | None = None) -> tuple[Experiment, tuple[str, ...]]:
    """Return the experiment of a link's parameters, and a sentence for each value that had to fall back to its default.

    Never raises. ``table`` is the visitor's own data, which no link carries.
    """
    notes: list[str] = []
    named, problem = _decode_objective(parameters, table, notes)
    optimizer = _decode(parameters, "optimizer", _one_of(tuple(OPTIMIZERS)), "gd", notes)
    schedule = _decode(parameters, "schedule", _one_of(tuple(LEARNING_RATES)), Experiment.schedule, notes)
    if named["objective"] == FIT:
        named["batch_size"] = _decode(parameters, "batch_size", _whole(0, MAX_ROWS), Experiment.batch_size, notes)
        named["shuffle_seed"] = _decode(parameters, "shuffle_seed", _whole(0, 2**31 - 1), 0, notes)
    n = len(problem.variables)
    experiment = Experiment(
        **named,
        start=_decode(parameters, "start", _numbers(n, problem.variables), problem.start, notes),
        learning_rate=_decode(parameters, "learning_rate", _number(0, 1e6, above=True), problem.learning_rate, notes),
        epochs=_decode(parameters, "epochs", _whole(1, MAX_EPOCHS), problem.epochs, notes),
        optimizer=optimizer,
        hyperparameters=_decode_own(parameters, OPTIMIZERS[optimizer], partial(make_optimizer, optimizer), notes),
        schedule=schedule,
        schedule_parameters=_decode_own(
            parameters, LEARNING_RATES[schedule], partial(make_learning_rate, schedule, 0.1), notes
        ),
        gradient=_decode(parameters, "gradient", _one_of(GRADIENT_SOURCES), "exact", notes),
        h=_decode(parameters, "h", _number(0, 1, above=True), Experiment.h, notes),
        tolerance=_decode(parameters, "tolerance", _number(0, 1), Experiment.tolerance, notes),
        seed=_decode(parameters, "seed", _whole(0, 2**31 - 1), Experiment.seed, notes),
    )
    return _runnable(experiment, table, notes), tuple(notes)


def _runnable(experiment: Experiment, table: Table | None, notes: list[str]) -> Experiment:
    """Return the experiment, without a schedule or an optimizer that refuses to go with the rest of it."""
    plain = _PLAIN_SCHEDULE | _PLAIN_OPTIMIZER
    for plainer in ({}, _PLAIN_SCHEDULE, plain, plain | {"gradient": "exact"}):
        found = replace(experiment, **plainer)
        try:
            replace(found, epochs=1).run(table)
        except ValueError as error:
            note = f"{error} Plain gradient descent at a constant rate is used where these do not go together."
            notes.extend({note}.difference(notes))
        else:
            return found
    return Experiment()


def _decode_objective(
    parameters: Mapping[str, str], table: Table | None, notes: list[str]
) -> tuple[dict[str, Any], Problem]:
    """Return the fields that name the objective, and the problem they pose; the default one if they pose none."""
    objective = parameters.get("objective", Experiment.objective)
    named: dict[str, Any] = {"objective": objective}
    for name, read in _named_readers().items():
        if name in parameters and _concerns(name, objective):
            named[name] = _decode(parameters, name, read, getattr(Experiment, name), notes)
    try:
        return named, pose(**named, table=table)
    except ProblemError as error:
        shown = parameters.get(error.field, "")
        notes.append(f"{error.field} = “{_short(shown)}”: {error} The default is shown instead.")
    return {"objective": Experiment.objective}, pose(Experiment.objective)


def _decode_own(
    parameters: Mapping[str, str], cls: type[Any], build: Callable[..., Any], notes: list[str]
) -> tuple[tuple[str, Any], ...]:
    """Return the fields of an optimizer or a schedule that differ from their defaults, as (name, value) pairs."""
    found = []
    for f in fields(cls):
        if f.default is MISSING:
            continue
        text = bool(f.metadata.get("text"))
        read = str if text else _number(f.metadata["low"], f.metadata["high"])
        value = _decode(parameters, f.name, read, f.default, notes)
        try:
            build(**{f.name: value})
        except ValueError as error:
            notes.append(f"{error} Its default {_text(f.default)} is used instead.")
            value = f.default
        if value != f.default:
            found.append((f.name, value))
    return tuple(found)


def _decode(
    parameters: Mapping[str, str], name: str, read: Callable[[str], Any], default: Any, notes: list[str]
) -> Any:
    if name not in parameters:
        return default
    text = parameters[name]
    try:
        return read(text)
    except ValueError as error:
        notes.append(f"{name} = “{_short(text)}” {error}; its default {_text(default)} is used instead.")
        return default


def _named_readers() -> dict[str, Callable[[str], Any]]:
    """How each field that names the objective is read."""
    return {
        "formula": str,
        "data": str,
        "model": str,
        "target": str,
        "fit_loss": _one_of(tuple(LOSSES)),
        "delta": _number(0, 1e150, above=True),
        "ridge": _number(0, 1e100),
        "standardize": lambda text: _one_of(("0", "1"))(text) == "1",
        "data_noise": _number(0, 1e6),
    }


def _number(low: float, high: float, *, above: bool = False) -> Callable[[str], float]:
    """A reader of one finite number from low to high, low itself not allowed if ``above``."""

    def read(text: str) -> float:
        number = _finite(text)
        if not (low < number if above else low <= number) or number > high:
            raise ValueError(f"must be {'above' if above else 'at least'} {low:g} and at most {high:g}")
        return number

    return read


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = _finite(text)
        if number != int(number) or not low <= number <= high:
            raise ValueError(f"must be a whole number from {low:,} to {high:,}")
        return int(number)

    return read


def _numbers(count: int, names: tuple[str, ...]) -> Callable[[str], tuple[float, ...]]:
    def read(text: str) -> tuple[float, ...]:
        numbers = tuple(_finite(part) for part in text[:LINK_LIMIT].split(","))
        if len(numbers) != count:
            raise ValueError(f"must be {count} numbers with commas between them ({', '.join(names)})")
        return numbers

    return read


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


def _finite(text: str) -> float:
    if len(text) > 60:
        raise ValueError("is too long for a number")
    try:
        number = float(text)
    except ValueError:
        raise ValueError("is not a number") from None
    if not isfinite(number):
        raise ValueError("must be a finite number")
    return number


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(_text(part) for part in value)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def _concerns(name: str, objective: str) -> bool:
    return _ONLY_FOR.get(name, objective) == objective


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
