"""The whole loop of a descent as Python source, and a step of many members at once on arrays.

The source is made of names such as ``v7`` and ``theta0``; no word that a user typed is in it
(:mod:`gdviz.formulas.code`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from gdviz.arrays import Array
from gdviz.codes.step_graph import SUMS, StepGraph, StepShape, order_of_sums
from gdviz.formulas.code import CAREFUL, FLOATS, array_function, compiled, statements, unpacked
from gdviz.formulas.functions import ARRAY_NAMESPACE, CAREFUL_NAMESPACE, COMPARISONS, FLOAT_NAMESPACE, FUNCTIONS
from gdviz.formulas.limits import BLOCK
from gdviz.formulas.lines import Lines
from gdviz.formulas.text import names_of


@lru_cache(maxsize=256)
def float_loop(shape: StepShape, careful: bool) -> Callable[..., Any]:
    """Return ``advance(theta, state, rates, sequences, numbers, totals, count, record)``.

    It takes a step for each of ``rates``, hands ``record`` theta, the value and the gradient before each (2n + 1
    floats), and returns the theta and the state after the last. ``sequences`` are q lists as long as the rates;
    ``totals(*theta)`` gives a fit's sums over ``count`` rows. ``careful`` is for the steps on which the other raises
    ArithmeticError or ValueError: the same bits, slower, with inf and nan.
    """
    n, indent = shape.parameters, "        "
    step = shape.step.only((*shape.step.roots[:-4],))
    lines, texts = statements(step, CAREFUL if careful else FLOATS)
    value, gradient = texts[0], texts[1 : 1 + n]
    theta, state = names_of("theta", n), names_of("state", shape.states)
    sequences, totals = names_of("sequence", shape.sequences), names_of("total", shape.totals)
    per_epoch = f"{', '.join(['rate', *sequences])}"
    source = [
        "def advance(theta, state, rates, sequences, numbers, totals, count, record):",
        *unpacked(theta, "theta"),
        *unpacked(state, "state"),
        *unpacked(names_of("number", step.count("number")), "numbers"),
        f"    for {per_epoch} in {'zip(rates, *sequences)' if sequences else 'rates'}:",
        *([f"{indent}{', '.join(totals)}, = totals({', '.join(theta)})"] if totals else []),
        *[indent + line for line in lines],
        f"{indent}record(({', '.join([*theta, value, *gradient])}))",
        f"{indent}{', '.join([*theta, *state])}, = {', '.join(texts[1 + n :])},",
        f"    return ({', '.join(theta)},), ({''.join(name + ', ' for name in state)})",
    ]
    return compiled("\n".join(source), CAREFUL_NAMESPACE if careful else FLOAT_NAMESPACE, "advance")


def row_totals(shape: StepShape, numbers: Sequence[float], data: Array) -> Callable[..., tuple[float, ...]]:
    """Return a function (*theta) that gives a fit's sums over the rows of ``data`` (columns, m), in the one order of
    all codes."""
    assert shape.rows is not None
    theta, columns = names_of("theta", shape.parameters), names_of("column", shape.columns)
    call = _exact_function(shape.rows, ("own_theta", *theta, *columns))
    m = data.shape[1]
    blocks = [(first, min(first + BLOCK, m)) for first in range(0, m, BLOCK)]
    kinds = len(shape.rows.roots)

    def totals(*theta: float) -> tuple[float, ...]:
        point = np.array(theta, dtype=float)  # whose elements divide by 0 without an error
        sums = np.zeros((SUMS, kinds))
        own = np.resize(point, m)
        with np.errstate(all="ignore"):
            for first, stop in blocks:
                terms = call(numbers, own[first:stop], *point, *data[:, first:stop])
                sums = _added(sums, terms, stop - first)
            return tuple(order_of_sums(list(sums)).tolist())

    return totals


def array_step(step: StepGraph) -> Callable[..., Any]:
    """Return a function of M members at once: (theta (n, M), state (s, M), rates (M,), sequences (q,), numbers of the
    members (p, M), tolerance) → value (M,), next theta (n, M), next state (s, M), whether the gradient is small (M,),
    and whether value, gradient and next theta are finite (3, M). The caller sets ``np.errstate``."""
    shape = step.shape
    n, s = shape.parameters, shape.states
    kinds = (("theta", n), ("state", s), ("sequence", shape.sequences), ("member", shape.members),
             ("total", shape.totals))  # fmt: skip
    names = [name for kind, count in kinds for name in names_of(kind, count)]
    roots = (shape.value, *shape.next_theta, *shape.next_state, *shape.tests)
    call = _exact_function(shape.step.only(roots), ("rate", "tolerance", "count", *names))
    totals = _array_totals(step) if shape.rows is not None else lambda theta: ()

    def advance(theta: Array, state: Array, rates: Array, now: Array, members: Array, tolerance: float) -> Any:
        given = (*theta, *state, *now, *members, *totals(theta))
        found = np.array(
            np.broadcast_arrays(*call(step.numbers, rates, tolerance, float(step.rows), *given), rates)[:-1]
        )
        small, *fine = found[-4:] != 0
        return found[0], found[1 : 1 + n], found[1 + n : 1 + n + s], small, fine

    return advance


def _array_totals(step: StepGraph) -> Callable[[Array], Any]:
    """Return a function theta (n, M) → the sums over the rows (kinds, M), a bounded number of products at a time."""
    shape = step.shape
    assert shape.rows is not None
    names = ("own_theta", *names_of("theta", shape.parameters), *names_of("column", shape.columns))
    call = _exact_function(shape.rows, names)
    size, layers = max(1, BLOCK // max(1, step.rows)), -(-step.rows // SUMS)

    def totals(theta: Array) -> Array:
        sums = np.empty((shape.totals, theta.shape[1]))
        for first in range(0, theta.shape[1], size):
            part = theta[:, first : first + size, None]
            own = np.moveaxis(np.resize(part[..., 0], (step.rows, part.shape[1])), 0, 1)
            terms = call(step.row_numbers, own, *part, *step.data)
            for k, term in enumerate(terms):
                # One layer of SUMS rows is added after the other, to 0.0.
                table = np.zeros((1 + layers, SUMS, part.shape[1]))
                table[1:].reshape(layers * SUMS, -1)[: step.rows] = np.broadcast_to(term, (part.shape[1], step.rows)).T
                sums[k, first : first + size] = order_of_sums(
                    list(np.add.reduce(table.reshape(1 + layers, -1), axis=0).reshape(SUMS, -1))
                )
        return sums

    return totals


@lru_cache(maxsize=64)
def _exact_function(lines: Lines, variables: tuple[str, ...]) -> Callable[..., tuple[Any, ...]]:
    return array_function(lines, variables, _exact_namespace())


def _added(sums: Array, terms: Sequence[Any], count: int) -> Array:
    """Add the terms of ``count`` rows to ``sums`` (8, kinds), one row after the other."""
    whole = -(-count // SUMS) * SUMS
    table = np.zeros((whole, len(terms)))
    for k, term in enumerate(terms):
        table[:count, k] = term
    layers = table.reshape(-1, SUMS * len(terms))
    # Along the first axis NumPy adds one layer after the other.
    return np.asarray(np.add.reduce(np.concatenate([sums.reshape(1, -1), layers]), axis=0).reshape(sums.shape))


# -- the C library's functions on arrays --


@lru_cache(maxsize=1)
def _exact_namespace() -> dict[str, Any]:
    """NumPy where its bits are those of IEEE arithmetic, the C library's functions one number at a time elsewhere."""
    same = {"sqrt", "abs", "where", "both", *COMPARISONS}
    called = {
        name: _one_by_one(CAREFUL_NAMESPACE[name])
        for name, row in FUNCTIONS.items()
        if name not in same and row.expanded is None
    }
    return {**ARRAY_NAMESPACE, **called, "pow": _one_by_one(CAREFUL_NAMESPACE["pow"])}


def _one_by_one(function: Callable[..., float]) -> Callable[..., Any]:
    def apply(*operands: Any) -> Any:
        arrays = np.broadcast_arrays(*operands)
        if not arrays[0].ndim:
            return np.float64(function(*map(float, operands)))
        lists = [array.ravel().tolist() for array in arrays]
        return np.fromiter(map(function, *lists), float, arrays[0].size).reshape(arrays[0].shape)

    return apply
