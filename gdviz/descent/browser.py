"""The descent as JavaScript modules, and the learning rates of its epochs as another."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields, replace
from functools import lru_cache
from typing import Any

from gdviz.codes import javascript
from gdviz.codes.tracing import finished
from gdviz.descent.checks import check_epochs
from gdviz.descent.recorded import price
from gdviz.descent.step import can_trace, sequences_of, step_graph, trace_step, with_numbers
from gdviz.fits import Fit
from gdviz.formulas.graph import Graph
from gdviz.formulas.graph_numbers import as_number, graph_variable
from gdviz.formulas.lines import Lines, lines_of
from gdviz.learning_rates import Schedule
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, make_optimizer


@dataclass(frozen=True)
class StepModule:
    """The ``text`` of a module, ``size`` characters long, the ``settings`` that it takes, and the ``price`` of an epoch
    in operations.

    ``epochs`` is how many it can run, None for any number.
    """

    text: str
    size: int
    settings: tuple[str, ...]
    price: int
    epochs: int | None


def step_javascript(
    objective: Objective, optimizer: str | Optimizer = "gd", epochs: int = 1000, **hyperparameters: Any
) -> str:
    """Return an ES module whose ``descend(start, rates, tolerance)`` is :func:`gdviz.descend` in the browser.

    ``start`` are n numbers, ``rates`` the learning rate of each epoch or one number for ``epochs`` of them; it returns
    ``{thetas, gradients, values, stop}``: Float64Arrays that hold the rows of a :class:`Trajectory` one after the
    other, (k + 1) * n numbers, (k + 1) * n and k + 1, and a :class:`StopReason`'s value. The module needs nothing else:
    a fit's rows and the optimizer's numbers of each of the ``epochs`` are inside it. Those of more epochs, or of other
    hyper-parameters, it computes itself (NAdam, RAdam, steered momentum), with the browser's own powers. Draws it
    cannot make: with noise, more than ``epochs`` rates raise a RangeError there.

    The optimizer's hyper-parameters may be passed by their names after the tolerance, as in ``{beta: 0.5}``;
    ``SETTINGS`` holds those that can be, with their values. ``begin`` and ``advance`` are the same descent for those
    who cannot wait for its end.

    Where objective and optimizer have only + - * / and roots the numbers are the core's to the last bit; elsewhere they
    are within 1e-12 over 200 epochs where the descent is not chaotic, since each browser has its own sin and exp.
    Raises ValueError for optimizers that look at whole vectors or search, which stay in Python (Newton's method in more
    than two parameters among them).
    """
    method = make_optimizer(optimizer, **hyperparameters)
    if not can_trace(objective, method):
        raise ValueError(f"{method.title} has no JavaScript: it looks at more than each component alone.")
    return step_module(objective, method, check_epochs(epochs)).text


def step_module(objective: Objective, method: Any, epochs: int) -> StepModule:
    """Return the module of a method's steps on an objective; see :func:`step_javascript`."""
    settings = free_settings(method)
    n = len(objective.variables)
    step = trace_step(objective, method, settings) if settings else step_graph(objective, method)
    values = {name: float(getattr(method, name)) for name in settings}
    lines = _sequence_lines(method, settings) if _writes_sequences(method) else None
    text = javascript.module(step, sequences_of(method, n, epochs), epochs, values, lines)
    return StepModule(text, len(text), settings, price(step), None if lines or not step.shape.sequences else epochs)


def rates_javascript(schedule: Schedule) -> str:
    """Return an ES module whose ``rates(epochs, settings)`` gives the learning rate of each epoch.

    It is traced from the schedule's own line. ``settings`` names the schedule's numbers, ``learning_rate`` first.
    """
    graph = Graph(sys.maxsize)
    names = _numbers_of(schedule)
    written = with_numbers(schedule, {name: graph_variable(graph, name) for name in names})
    rate = as_number(graph, written.at(graph_variable(graph, "epoch"), graph_variable(graph, "epochs")))
    return javascript.rates_module(*lines_of(*finished(graph, [rate.node])), names)


def curve_javascript(fit: Fit, name: str, first: float, last: float, count: int) -> str:
    """Return an ES module whose ``rates(count, {theta0, …})`` is a fit's curve over the column ``name``.

    Its places are ``count`` from ``first`` to ``last``; other columns stand at their means. theta is in the data's own
    units.
    """
    graph = Graph(sys.maxsize)
    names = tuple(f"theta{i}" for i in range(len(fit.variables)))
    place = first + graph_variable(graph, "epoch") * ((last - first) / (count - 1))
    columns: dict[str, Any] = {other: float(fit.columns[other].mean()) for other in fit.used_columns}
    height = fit.trace_curve([graph_variable(graph, theta) for theta in names], {**columns, name: place})
    return javascript.rates_module(*lines_of(*finished(graph, [height.node])), names)


def _numbers_of(owner: Any) -> tuple[str, ...]:
    """Return the names of an optimizer's or a schedule's fields that are numbers."""
    return tuple(f.name for f in fields(owner) if not f.metadata.get("text"))


def free_settings(method: Any) -> tuple[str, ...]:
    """Return the hyper-parameters that may change without another module: all but those that draws are made of."""
    names = _numbers_of(method)
    return names if _writes_sequences(method) else tuple(name for name in names if not _shapes_sequences(method, name))


def with_defaults(method: Any) -> Any:
    """Return the method with the defaults of all hyper-parameters that no sequence is made of: those need no module of
    their own. The others do, because the powers of a browser may differ in the last digit."""
    usual = {f.name: f.default for f in fields(method) if f.default is not MISSING and not f.metadata.get("text")}
    return replace(method, **{name: value for name, value in usual.items() if not _shapes_sequences(method, name)})


def _writes_sequences(method: Any) -> bool:
    """Whether the method's numbers of an epoch, if it has any, are arithmetic that can be written down."""
    return not isinstance(method, ElementwiseOptimizer) or type(method).sequences is ElementwiseOptimizer.sequences


def _sequence_lines(method: Any, settings: Sequence[str]) -> tuple[Lines, Sequence[float]] | None:
    """Return the lines that compute an epoch's numbers from ``epoch`` and the ``settings``, None where there are
    none."""
    if not isinstance(method, ElementwiseOptimizer) or not method.uses_epoch:
        return None
    graph = Graph(sys.maxsize)
    written = with_numbers(method, {name: graph_variable(graph, name) for name in settings})
    numbers = [as_number(graph, number) for number in written.at_epoch(graph_variable(graph, "epoch"))]
    return lines_of(*finished(graph, [number.node for number in numbers]))


@lru_cache(maxsize=256)
def _shapes_sequences(method: Any, name: str) -> bool:
    metadata = next(f.metadata for f in fields(method) if f.name == name)
    places = [metadata["low"] + share * (metadata["high"] - metadata["low"]) for share in (0.25, 0.5)]
    others = [replace(method, **{name: round(x) if metadata["whole"] else x}) for x in places]
    return any((sequences_of(method, 1, 8) != sequences_of(other, 1, 8)).any() for other in others)
