"""One step of a descent as a graph: objective × optimizer, traced.

The objective writes down its value and gradient, the optimizer's ``direction`` is called with graph numbers instead of
floats, and theta + rate · direction is the next theta. What comes out is made into code by :mod:`gdviz.codes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np

from gdviz.arrays import Array
from gdviz.cache import Recent
from gdviz.codes.step_graph import StepGraph, StepShape
from gdviz.codes.tracing import Tracer, finished
from gdviz.descent.stopping import tests
from gdviz.formulas.code import float_function
from gdviz.formulas.graph import Graph
from gdviz.formulas.graph_numbers import GraphNumber, as_number, graph_variable
from gdviz.formulas.lines import lines_of
from gdviz.objectives import Objective
from gdviz.optimizers import ElementwiseOptimizer, Optimizer, VectorOptimizer
from gdviz.pacing import pause

Owner = TypeVar("Owner")


def can_trace(objective: Objective, optimizer: Optimizer) -> bool:
    """Say whether a step of the optimizer can be written down as graph numbers.

    All of gdviz's own objectives can be; optimizers that treat every component alone, and those that look at whole
    vectors where these are short and the objective's second derivatives can be written down.
    """
    if not hasattr(objective, "kept_steps"):
        return False
    if isinstance(optimizer, VectorOptimizer):
        return len(objective.variables) <= optimizer.written_out and hasattr(objective, "trace_hessian")
    return True


def step_graph(objective: Any, optimizer: Optimizer) -> StepGraph:
    """Return the graph of one step of ``optimizer`` on ``objective``. Steps asked for lately are kept."""
    kept: Recent = objective.kept_steps
    return kept.get(optimizer, lambda: trace_step(objective, optimizer))  # type: ignore[no-any-return]


def trace_step(objective: Any, optimizer: Optimizer, members: Sequence[str] = ()) -> StepGraph:
    """Trace one step. The hyper-parameters named in ``members`` become numbers of a batch's member.

    Raises FormulaError where second derivatives are needed and too long to write down.
    """
    n = len(objective.variables)
    at = Tracer(n)
    value, gradient = objective.trace(at)
    rate, tolerance = graph_variable(at.graph, "rate"), graph_variable(at.graph, "tolerance")
    method = _with_members(optimizer, at.graph, members)
    plan = _Stateless(method, objective) if isinstance(method, VectorOptimizer) else _States(optimizer, method, n)
    directions, states = plan.trace(at, gradient)
    theta = [x + rate * d for x, d in zip(at.theta, directions, strict=True)]
    ends = tests(value, gradient, theta, tolerance)
    roots = [number.node for number in (value, *gradient, *theta, *states, *ends)]
    step, numbers = lines_of(*finished(at.graph, roots))
    rows, row_numbers = lines_of(*finished(at.row_graph, at.terms)) if at.terms else (None, ())
    shape = StepShape(n, len(states), plan.sequences, len(members), step, rows, len(at.columns))
    data = np.array(at.columns, dtype=float) if at.columns else np.empty((0, 0))
    return StepGraph(shape, numbers, row_numbers, data, plan.initial)


class Directions:
    """The optimizer's traced lines, run on floats from epoch 0 on, of ``epochs`` at most.

    ``state`` are the numbers that it remembers; those of entry j and component i stand at ``places[i, j]``.
    """

    def __init__(self, optimizer: ElementwiseOptimizer, n: int, epochs: int) -> None:
        at, plan = Tracer(n), _States(optimizer, optimizer, n)
        gradient = [graph_variable(at.graph, f"gradient{i}") for i in range(n)]
        directions, states = plan.trace(at, gradient)
        lines, numbers = lines_of(*finished(at.graph, [number.node for number in (*directions, *states)]))
        sequences = sequences_of(optimizer, n, epochs)
        kinds = (("gradient", n), ("theta", n), ("state", len(states)), ("sequence", len(sequences)))
        names = tuple(f"{kind}{i}" for kind, count in kinds for i in range(count))
        self._call = partial(float_function(lines, names), numbers)
        self._now = map(np.ndarray.tolist, sequences.T)  # one by one: all at once gives no way
        self._n, self.state = n, plan.initial
        self.places = np.array(plan.places, dtype=int).reshape(-1, n).T

    def following(self, gradient: Sequence[float], theta: Sequence[float]) -> tuple[float, ...]:
        """Return the direction (n,) of the next epoch at theta (n,), and go on to it; with inf and nan, no error."""
        found = self._call(*gradient, *theta, *self.state, *next(self._now))
        self.state = found[self._n :]
        return found[: self._n]


@dataclass(frozen=True, eq=False)
class Replayed:
    """``directions`` (k, n), and the ``states`` (k + 1, n, s) before each epoch and after the last."""

    directions: Array
    states: Array


def replay(optimizer: ElementwiseOptimizer, thetas: Array, gradients: Array) -> Replayed:
    """Run the optimizer's traced lines on recorded ``thetas`` (k, n) and ``gradients`` (k, n)."""
    epochs, n = gradients.shape
    steps = Directions(optimizer, n, epochs)
    directions, states = np.empty((epochs, n)), np.empty((epochs + 1, len(steps.state)))
    states[0] = steps.state
    for k, (slope, theta) in enumerate(zip(gradients, thetas, strict=True)):  # row by row: all at once gives no way
        pause()
        directions[k] = steps.following(slope.tolist(), theta.tolist())
        states[k + 1] = steps.state
    return Replayed(directions, states[:, steps.places])


def sequences_of(optimizer: Optimizer, n: int, epochs: int) -> Array:
    """Return the optimizer's numbers of each epoch, as (q, epochs): q as in the step's ``sequence0`` …"""
    if not isinstance(optimizer, ElementwiseOptimizer):
        return np.empty((0, epochs))
    columns = [column for array in optimizer.sequences(epochs, n) for column in np.atleast_2d(np.asarray(array).T)]
    return np.array(columns, dtype=float).reshape(len(columns), epochs)


class _Stateless:
    """A direction that follows from gradient and Hessian alone."""

    initial: tuple[float, ...] = ()
    sequences = 0

    def __init__(self, method: VectorOptimizer, objective: Any) -> None:
        self.method, self.objective = method, objective

    def trace(self, at: Tracer, gradient: Sequence[GraphNumber]) -> tuple[list[GraphNumber], list[GraphNumber]]:
        """Return the direction of each component, and no states."""
        directions = self.method.written(gradient, self.objective.trace_hessian(at))
        return [as_number(at.graph, direction) for direction in directions], []


class _States:
    """Which number of the step each component's state is.

    An entry that no gradient enters is the same for all components that begin alike, so they share one.
    """

    def __init__(self, optimizer: Any, method: Any, n: int) -> None:
        self.method = method
        entries = list(zip(*optimizer.initial_states(n), strict=True))
        alone = _entries_alone(optimizer, len(entries), n)
        places: list[list[int]] = []
        initial: list[float] = []
        for j, begin in enumerate(entries):
            shared = j in alone and len(set(begin)) == 1
            own = [len(initial)] * n if shared else list(range(len(initial), len(initial) + n))
            initial.extend(begin[:1] if shared else begin)
            places.append(own)
        self.n, self.places = n, places
        self.initial = tuple(float(x) for x in initial)
        self.widths = [np.ndim(array) == 2 for array in optimizer.sequences(1, n)]
        self.sequences = sum(n if wide else 1 for wide in self.widths)

    def trace(self, at: Tracer, gradient: Sequence[GraphNumber]) -> tuple[list[GraphNumber], list[GraphNumber]]:
        """Return the direction of each component and the next states, in their places."""
        directions: list[GraphNumber] = []
        following: dict[int, GraphNumber] = {}
        for i, (slope, theta) in enumerate(zip(gradient, at.theta, strict=True)):
            state = tuple(graph_variable(at.graph, f"state{places[i]}") for places in self.places)
            now = self._now(at.graph, i)
            direction, new = self.method.direction(*arguments(self.method, slope, state, theta, now))
            directions.append(as_number(at.graph, direction))
            following.update({p[i]: as_number(at.graph, s) for p, s in zip(self.places, new, strict=True)})
        return directions, [following[place] for place in range(len(self.initial))]

    def _now(self, graph: Graph, i: int) -> tuple[GraphNumber, ...]:
        numbers, first = [], 0
        for wide in self.widths:
            numbers.append(graph_variable(graph, f"sequence{first + i if wide else first}"))
            first += self.n if wide else 1
        return tuple(numbers)


def arguments(method: ElementwiseOptimizer, gradient: Any, state: Any, theta: Any, now: Any) -> tuple[Any, ...]:
    """Return what ``method.direction`` takes."""
    return (gradient, state, *([theta] if method.uses_theta else []), *([now] if method.uses_epoch else []))


def _entries_alone(method: ElementwiseOptimizer, count: int, n: int) -> set[int]:
    """Return the entries of the state that neither gradient nor theta ever enters, such as a running weight."""
    at = Tracer(1)
    graph = at.graph
    state = tuple(graph_variable(graph, f"entry{j}") for j in range(count))
    now = tuple(graph_variable(graph, f"now{k}") for k in range(len(method.sequences(1, n))))
    _, new = method.direction(*arguments(method, graph_variable(graph, "gradient"), state, at.theta[0], now))
    below = [_variables(graph, as_number(graph, number)) for number in new]
    alone = set(range(count))
    while True:
        fine = {j for j in alone if below[j] <= {f"entry{i}" for i in alone}}
        if fine == alone:
            return alone
        alone = fine


def _variables(graph: Graph, number: GraphNumber) -> set[str]:
    mask = graph.masks[number.node]
    return {name for k, name in enumerate(graph.names) if mask >> k & 1}


def _with_members(optimizer: Any, graph: Graph, members: Sequence[str]) -> Any:
    """Return the optimizer with variables of the graph in place of these hyper-parameters."""
    return with_numbers(optimizer, {name: graph_variable(graph, f"member{k}") for k, name in enumerate(members)})


def with_numbers(owner: Owner, numbers: Mapping[str, GraphNumber]) -> Owner:
    """Return an optimizer or a schedule with numbers of a graph in place of these fields."""
    if not numbers:
        return owner
    other = copy(owner)
    for name, number in numbers.items():
        object.__setattr__(other, name, number)
    return other
