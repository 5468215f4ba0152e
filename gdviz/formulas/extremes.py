"""The smallest, the largest and the sign, with the slopes of the first two: on floats, on arrays, and as a graph.

Each code has its own lines for them: floats and arrays made from those of the graph take 4 to 160 times as long.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gdviz.formulas.function import Builder, Expansion, Function, Nodes, Rule, zero_rule


def _extreme_rule(slope: str) -> Rule:
    def rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
        if len(set(derivatives)) == 1:
            return derivatives[0]
        return g.call(slope, *arguments, *derivatives)

    return rule


def _slope_rule(slope: str) -> Rule:
    """The selection itself does not move (away from the kink), so only what is selected is differentiated."""

    def rule(g: Builder, arguments: Sequence[int], derivatives: Sequence[int], node: int) -> int:
        half = len(arguments) // 2
        if len(set(derivatives[half:])) == 1:
            return derivatives[half]
        return g.call(slope, *arguments[:half], *derivatives[half:])

    return rule


def _float_sign(u: float) -> float:
    return 1.0 if u > 0.0 else -1.0 if u < 0.0 else 0.0 if u == 0.0 else u


def _float_max(*values: float) -> float:
    largest = values[0]
    for value in values[1:]:
        largest = largest if largest >= value else value if value > largest else largest + value  # nan stays nan
    return largest


def _float_min(*values: float) -> float:
    return -_float_max(*[-value for value in values])


def _array_max(*values: Any) -> Any:
    return functools.reduce(np.maximum, values)


def _array_min(*values: Any) -> Any:
    return functools.reduce(np.minimum, values)


def _float_slope(extreme: Callable[..., float]) -> Callable[..., float]:
    def slope(*values: float) -> float:
        half = len(values) // 2
        best = extreme(*values[:half])
        tied = [d for value, d in zip(values[:half], values[half:], strict=True) if value == best]
        return sum(tied[1:], tied[0]) / len(tied) if tied else math.nan

    return slope


def _array_slope(extreme: Callable[..., Any]) -> Callable[..., Any]:
    def slope(*values: Any) -> Any:
        half = len(values) // 2
        best = extreme(*values[:half])
        total: Any = 0.0
        count: Any = 0.0
        for value, derivative in zip(values[:half], values[half:], strict=True):
            total = total + np.where(value == best, derivative, 0.0)  # where, because 0 * inf is nan
            count = count + np.equal(value, best)
        return np.where(count > 0, total / count, math.nan)

    return slope


def _sign_of(g: Nodes, arguments: Sequence[int]) -> int:
    (u,) = arguments
    zero = g.number(0.0)
    below = g.add("where", g.add("less", u, zero), g.number(-1.0), u)  # 0 and nan stay what they are
    return g.add("where", g.add("less", zero, u), g.number(1.0), below)


def _largest_of(g: Nodes, arguments: Sequence[int]) -> int:
    largest = arguments[0]
    for u in arguments[1:]:
        otherwise = g.add("where", g.add("less", largest, u), u, g.add("add", largest, u))  # nan stays nan
        largest = g.add("where", g.add("less_equal", u, largest), largest, otherwise)
    return largest


def _smallest_of(g: Nodes, arguments: Sequence[int]) -> int:
    return g.add("neg", _largest_of(g, [g.add("neg", u) for u in arguments]))


def _slope_of(extreme: Expansion) -> Expansion:
    def expanded(g: Nodes, arguments: Sequence[int]) -> int:
        half = len(arguments) // 2
        best = extreme(g, arguments[:half])
        total = count = zero = g.number(0.0)
        for u, slope in zip(arguments[:half], arguments[half:], strict=True):
            tied = g.add("both", g.add("less_equal", u, best), g.add("less_equal", best, u))
            total = g.add("add", total, g.add("where", tied, slope, zero))
            count = g.add("add", count, tied)
        some = g.add("less", zero, count)
        return g.add("div", g.add("where", some, total, g.number(math.nan)), g.add("where", some, count, g.number(1.0)))

    return expanded


def _extreme(
    name: str, on_floats: Callable[..., float], on_arrays: Callable[..., Any], expanded: Expansion
) -> tuple[Function, Function]:
    """The rows of the smallest or the largest of several numbers, and of its derivative."""
    slope = f"{name}_slope"
    code = _float_slope(on_floats), _array_slope(on_arrays)
    return (
        Function(name, None, _extreme_rule(slope), on_floats, on_arrays, rf"\{name}", expanded=expanded),
        Function(slope, None, _slope_rule(slope), *code, "", False, _slope_of(expanded)),
    )


SIGN = Function("sign", 1, zero_rule, _float_sign, np.sign, r"\operatorname{sign}", expanded=_sign_of)
MIN = _extreme("min", _float_min, _array_min, _smallest_of)
MAX = _extreme("max", _float_max, _array_max, _largest_of)
