"""How an optimizer answers to the gradient, read off its traced lines: what is linear in it, and by what it divides.

A method such as heavy ball is linear: its direction is a·g + b·v, with a state v that goes on as c·g + e·v. Along an
eigenvector with curvature lambda, g = lambda·x, so with s = eta·lambda the error obeys the recurrence of
:class:`gdviz.theory.laws.Law` with T = 1 + e + a s and D = e + (a e - b c) s.

Adam and its kin are linear too, once the numbers that they divide by are held still (Cohen et al., arXiv:2207.14484,
section 2): every entry of the state that the gradient enters in any other way, or that divides, is taken as it was in
the run. What is left is plain or averaged descent on the gradient over a scale P: a steady gradient g gives the
direction -g/P.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.codes.tracing import Tracer, finished
from gdviz.descent import Trajectory
from gdviz.descent.step import arguments, replay
from gdviz.formulas.code import array_function
from gdviz.formulas.derivatives import differentiate
from gdviz.formulas.functions import COMPARISONS
from gdviz.formulas.graph import Graph, copied
from gdviz.formulas.graph_numbers import as_number, graph_variable
from gdviz.formulas.lines import lines_of
from gdviz.optimizers import ElementwiseOptimizer

_LONG_RUN = 100_000  # epochs after which what depends on the epoch has settled
_JUMPING = {*COMPARISONS, "sign", "floor"}  # flat wherever they have a slope: what they add to a step is not in it
_SETTLED = 400  # epochs after which the states of a steady gradient have


@dataclass(frozen=True)
class LinearStep:
    """direction = ``a`` g + ``b`` v, next v = ``c`` g + ``e`` v.

    Without a state v, ``moving`` is false and b = c = e = 0. Where numbers of the run enter a and b, these are those of
    the long run, over the scale, and ``held`` gives them along a run. ``exact`` says that there is nothing else: no
    number held, no noise, no pull that is not the gradient's.
    """

    a: float
    b: float
    c: float
    e: float
    moving: bool
    exact: bool
    held: _Held | None = None

    @property
    def largest(self) -> float:
        """The largest stable eta * lambda, over the scale: the roots of z² - T z + D pass -1 where T + D = -1."""
        falls = -(self.a + self.a * self.e - self.b * self.c)
        return (2.0 + 2.0 * self.e) / falls if falls > 0 else inf


@dataclass(frozen=True, eq=False)
class _Held:
    """Lines from ``state{j}``, ``after{j}`` and ``now{k}`` (the state before and after the step, and the epoch's
    numbers) to a and b."""

    call: Any
    numbers: tuple[float, ...]

    def at(self, before: Array, after: Array, now: Array) -> tuple[Array, Array]:
        """Return a and b (k, n) for states (k, n, s) and the epochs' numbers (k, n, q)."""
        columns = [*np.moveaxis(before, -1, 0), *np.moveaxis(after, -1, 0), *np.moveaxis(now, -1, 0)]
        with np.errstate(all="ignore"):
            a, b = self.call(self.numbers, *columns)
        shape = before.shape[:2]
        return np.broadcast_to(a, shape), np.broadcast_to(b, shape)


@lru_cache(maxsize=128)
def linear_step(optimizer: Any) -> LinearStep | None:
    """Return how ``optimizer`` answers to the gradient; None for one that is not linear in it in this sense, or that
    looks at whole vectors."""
    if not isinstance(optimizer, ElementwiseOptimizer):
        return None
    graph, direction, states = _traced(optimizer)
    count = len(states)
    moving = {j for j in range(count) if _is_linear(graph, states[j], j)}
    while True:
        found = _answer(graph, direction, states, moving)
        if found is not None or not moving:
            break
        moving = set(sorted(moving)[:-1])  # an entry that divides is held, such as the mean of a variance
    if found is None or len(moving) > 1:
        return None
    return _numbered(optimizer, found, moving)


def _traced(optimizer: ElementwiseOptimizer) -> tuple[Graph, int, list[int]]:
    """Return the graph of one component's direction and next states, and their nodes."""
    at = Tracer(1)
    graph = at.graph
    count = len(optimizer.initial_states(1)[0])
    state = tuple(graph_variable(graph, f"state{j}") for j in range(count))
    now = tuple(graph_variable(graph, f"now{k}") for k in range(len(optimizer.sequences(1, 1))))
    gradient = graph_variable(graph, "gradient")
    direction, new = optimizer.direction(*arguments(optimizer, gradient, state, at.theta[0], now))
    return graph, as_number(graph, direction).node, [as_number(graph, number).node for number in new]


def _is_linear(graph: Graph, node: int, j: int) -> bool:
    """Say whether the next state is a number times the gradient plus a number times this state."""
    slopes = [_slope(graph, node, name) for name in ("gradient", f"state{j}")]
    return all(graph.constants[slope] is not None for slope in slopes) and graph.constants[slopes[0]] != 0


@dataclass(frozen=True)
class _Answer:
    """The derivatives of the direction and of the moving state, nodes of ``graph``."""

    graph: Graph
    a: int
    b: int
    c: float
    e: float


def _answer(graph: Graph, direction: int, states: list[int], moving: set[int]) -> _Answer | None:
    """Return the derivatives with all entries but the ``moving`` ones held; None unless they are linear then."""
    held = {node: f"after{j}" for j, node in enumerate(states) if j not in moving and graph.arguments(node)}
    cut, roots = _cut(graph, [direction, *[states[j] for j in sorted(moving)]], held)
    names = ["gradient", *[f"state{j}" for j in sorted(moving)]]
    table = [[_slope(cut, root, name) for name in names] for root in roots]
    inside = cut.mask_of(name for name in names if name in cut.names)
    jumps = [node for node in cut.reachable(roots) if cut.nodes[node][0] in _JUMPING]
    if any(cut.masks[node] & inside for node in [*jumps, *[slope for row in table for slope in row]]):
        return None
    zero = cut.number(0.0)
    (a, *b), *moved = table
    if len(moving) > 1:
        return None
    c, e = (cut.constants[node] for node in moved[0]) if moved else (0.0, 0.0)
    if c is None or e is None or not abs(e) < 1:
        return None
    return _Answer(cut, a, b[0] if b else zero, c, e)


def _cut(graph: Graph, roots: list[int], held: dict[int, str]) -> tuple[Graph, list[int]]:
    """Return a graph of the roots in which each node in ``held`` is a variable of that name."""
    cut = Graph(graph.limit)

    def added(kind: str, *operands: int) -> int:
        if kind == "mul" and any(cut.constants[operand] == 0 for operand in operands):
            return cut.number(0.0)  # a share of nothing: what it is of does not count
        return cut.add(kind, *operands)

    return cut, copied(graph, roots, cut, lambda node: cut.variable(held[node]) if node in held else None, added)


def _slope(graph: Graph, node: int, name: str) -> int:
    return differentiate(graph, [node], name)[0] if name in graph.names else graph.number(0.0)


def _numbered(optimizer: ElementwiseOptimizer, found: _Answer, moving: set[int]) -> LinearStep | None:
    graph = found.graph
    a, b = graph.constants[found.a], graph.constants[found.b]
    if a == b == 0:
        return None  # a sign, or a velocity whose share changes on the way
    entries, sequences = len(optimizer.initial_states(1)[0]), len(optimizer.sequences(1, 1))
    if len(moving) == entries and a is not None and b is not None:
        exact = not sequences and not optimizer.uses_theta
        return LinearStep(a, b, found.c, found.e, bool(moving), exact)
    lines, numbers = lines_of(*finished(graph, [found.a, found.b]))
    kinds = (("state", entries), ("after", entries), ("now", sequences))
    held = _Held(array_function(lines, tuple(f"{kind}{k}" for kind, count in kinds for k in range(count))), numbers)
    a, b = _in_the_long_run(optimizer, held)
    answer = a * (1.0 - found.e) + b * found.c  # to a steady gradient, times 1 - e
    if not answer or not np.isfinite(answer):
        return None  # it stands still, as Adadelta with an epsilon of 0 does, or never settles
    scale = (found.e - 1.0) / answer
    return LinearStep(a * scale, b * scale, found.c, found.e, bool(moving), exact=False, held=held)


def _in_the_long_run(optimizer: ElementwiseOptimizer, held: _Held) -> tuple[float, float]:
    """Return a and b after a steady gradient of 1, and late in the run."""
    steady = np.ones((_SETTLED, 1))
    before, after, _ = _states(optimizer, steady, steady)
    late = [np.ravel(array[-1])[:1] for array in optimizer.sequences(_LONG_RUN, 1)]
    a, b = held.at(before[-1:], after[-1:], np.reshape(late, (1, 1, len(late))))
    return float(a[0, 0]), float(b[0, 0])


# -- scales --


def scales_along(optimizer: ElementwiseOptimizer, step: LinearStep, run: Trajectory) -> Array:
    """Return the scales P (k + 1, n) that a steady gradient is divided by, of the step that leaves each row."""
    assert step.held is not None
    a, b = step.held.at(*_states(optimizer, run.thetas, run.gradients))
    with np.errstate(all="ignore"):
        return np.asarray(-1.0 / (a + b * (step.c / (1.0 - step.e))))


def _states(optimizer: ElementwiseOptimizer, thetas: Array, gradients: Array) -> tuple[Array, Array, Array]:
    """Return the states before and after each step (k, n, s), and the epochs' numbers (k, n, q)."""
    k, n = gradients.shape
    states = replay(optimizer, thetas, gradients).states
    arrays = [np.broadcast_to(np.reshape(array, (k, -1)), (k, n)) for array in optimizer.sequences(k, n)]
    now = np.stack(arrays, axis=-1) if arrays else np.empty((k, n, 0))
    return states[:-1], states[1:], now


@lru_cache(maxsize=128)
def steady_gain(optimizer: Any) -> float:
    """Return how long the steps of a steady gradient become, as a multiple of the first: 1 for plain descent,
    1/(1 - beta) for heavy ball; 1 where nothing is known of it."""
    step = linear_step(optimizer)
    if step is not None:
        return (step.a + step.b * step.c / (1.0 - step.e)) / step.a
    if not isinstance(optimizer, ElementwiseOptimizer):
        return 1.0
    steady = np.ones((_SETTLED, 1))
    first, *_, last = np.abs(replay(optimizer, steady, steady).directions[:, 0])
    return float(last / first) if first > 0 else 1.0


def divides(optimizer: Any) -> bool:
    """Say whether the method divides the gradient by what it has seen of it, or looks at its sign alone."""
    step = linear_step(optimizer)
    return (step is not None and step.held is not None) or ignores_size(optimizer)


@lru_cache(maxsize=128)
def ignores_size(optimizer: Any) -> bool:
    """Say whether a gradient a thousand times as large leads to about the same first step: methods that divide by
    what they have seen, or that look at the sign alone."""
    if not isinstance(optimizer, ElementwiseOptimizer):
        return False
    small, large = (abs(replay(optimizer, np.zeros((1, 1)), np.array([[g]])).directions[0, 0]) for g in (1.0, 1000.0))
    return bool(0 < large < 2 * small)
