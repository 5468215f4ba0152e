"""Experiments as the browser runs them: where its modules are, and every number that such a run is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from gdviz.descent import MAX_EPOCHS
from gdviz.descent.browser import StepModule, rates_javascript, step_module, with_defaults
from gdviz.descent.step import can_trace
from gdviz.experiments import Task
from gdviz.experiments.described import described as numbers
from gdviz.experiments.described import numbers_of, settings_of
from gdviz.learning_rates import Schedule
from gdviz.optimizers import ElementwiseOptimizer
from gdviz.ui.server.modules import Module, modules
from gdviz.ui.server.questions import finite

MOST_OPERATIONS = 400_000_000
"""Of one run in the browser, which takes it some seconds; longer ones are left to the server's machine code."""

MOST_AT_ONCE = 1_000_000
"""Operations of one epoch: more would not let the page move between two of them."""

_MOST_TEXT = 3_000_000  # characters of a module, which hold a fit's rows


@dataclass(frozen=True)
class Shown:
    """A task that the page shows, what it is called, and how its arrow looks."""

    task: Task
    title: str
    color: str
    dash: str = "solid"


def name_of(task: Task, *more: Any) -> str:
    """What stands for a run."""
    return hashlib.blake2b(repr((task.key, *more)).encode(), digest_size=12).hexdigest()


def described(shown: Shown, name: str, whole: bool = True) -> dict[str, Any]:
    """Return what the browser has to know of an experiment, whose run at rest is called ``name``.

    Without a ``step`` it has to ask for runs; and for the run at rest if that is not ``whole``, because the server had
    no time for more.
    """
    task, e = shown.task, shown.task.experiment
    module = _step(task)
    most = (
        0
        if module is None
        else min(MAX_EPOCHS, MOST_OPERATIONS // module.facts.price, module.facts.epochs or MAX_EPOCHS)
    )
    return {
        "name": name,
        "whole": whole,
        "title": shown.title,
        "color": shown.color,
        "dash": shown.dash,
        **numbers(task),
        "step": None if module is None else module.path,
        "rates": None if module is None else _rates(e.learning_rate).path,
        "most": most,
        "price": 1 if module is None else module.facts.price,
        "live": [] if module is None else [*module.facts.settings, *numbers_of(e.learning_rate)],
    }  # fmt: skip


def changed(task: Task, changes: object) -> Task:
    """Return the task with the ``changes`` that a hand made: start, epochs, and settings by their names.

    Raises ValueError for anything that makes no sense.
    """
    if not isinstance(changes, Mapping):
        raise ValueError("Changes have names.")
    e = task.experiment
    method, rate = numbers_of(e.optimizer), numbers_of(e.learning_rate)
    new = {name: _changed_field(task, name, value) for name, value in changes.items()}
    own = {name: new.pop(name) for name in list(new) if name in method}
    of_rate = {name: new.pop(name) for name in list(new) if name in rate}
    return task.changed(optimizer=replace(e.optimizer, **own), learning_rate=replace(e.learning_rate, **of_rate), **new)


def _changed_field(task: Task, name: str, value: object) -> Any:
    if name == "start":
        numbers = value if isinstance(value, list | tuple) else ()
        if len(numbers) != len(task.problem.variables):
            raise ValueError("A start has a number for each parameter.")
        return tuple(finite(number) for number in numbers)
    number = finite(value)
    if name == "epochs":
        if number != int(number) or not 1 <= number <= MAX_EPOCHS:
            raise ValueError(f"{number:g} is no number of epochs.")
        return int(number)
    if name not in settings_of(task):
        raise ValueError("There is no such setting.")
    return number


def _step(task: Task) -> Module | None:
    """The module of the task's steps, None where they are left to the server."""
    e = task.experiment
    method, objective = e.optimizer, task.descended
    if not isinstance(method, ElementwiseOptimizer) or not isinstance(e.learning_rate, Schedule) or task.batched:
        return None
    if not can_trace(objective, method):
        return None
    plain = with_defaults(method)
    epochs = e.epochs if method.sequences(1, 1) else 1

    def make() -> tuple[str, StepModule]:
        made = step_module(objective, plain, epochs)
        return made.text, replace(made, text="")

    known = modules().get(f"{task.ground_key} {e.gradient} {e.h} {plain!r} {epochs}", make)
    facts: StepModule = known.facts
    return known if facts.price <= MOST_AT_ONCE and facts.size <= _MOST_TEXT else None


def _rates(schedule: Any) -> Module:
    texts = {f.name: getattr(schedule, f.name) for f in fields(schedule) if f.metadata.get("text")}
    return modules().get(f"{type(schedule).__name__} {texts}", lambda: (rates_javascript(schedule), None))
