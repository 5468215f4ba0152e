"""Lines as Python source: functions of floats and of arrays.

The source is made only of names such as ``v7`` and ``number2``, operators and the function names of
``functions.FUNCTIONS``; no word that a user typed is in it, and it runs with no builtins. Numbers are arguments, so
that formulas of one shape share a function. An array function holds few temporaries: a name is used again once its
value is dead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from gdviz.formulas.functions import ARRAY_NAMESPACE, CAREFUL_NAMESPACE, FLOAT_NAMESPACE
from gdviz.formulas.graph import Graph
from gdviz.formulas.limits import MAX_INLINE_DEPTH
from gdviz.formulas.lines import Lines, lines_of
from gdviz.formulas.lowering import lower
from gdviz.formulas.text import INFIX, names_of, written

FLOATS = {**INFIX, "both": "(1.0 if {} and {} else 0.0)", "where": "({1} if {0} else {2})"}
CAREFUL = {**FLOATS, "div": "div({}, {})"}
ARRAYS = {name: INFIX[name] for name in ("add", "sub", "mul", "div", "neg")}

_VALUE_NAME = re.compile(r"\bv(\d+)\b")


def compile_float(graph: Graph, roots: Sequence[int], variables: Sequence[str]) -> Callable[..., Any]:
    """Return the function of Python floats that gives the roots; it may raise ArithmeticError or ValueError."""
    lines, numbers, names = _lowered(graph, roots, variables)
    return partial(_function(lines, names, "floats"), numbers)


def compile_array(graph: Graph, roots: Sequence[int], variables: Sequence[str]) -> Callable[..., Any]:
    """Return the function of NumPy arrays and scalars that gives the roots; the caller sets ``np.errstate``."""
    lines, numbers, names = _lowered(graph, roots, variables)
    return partial(array_function(lines, names), numbers)


def _lowered(
    graph: Graph, roots: Sequence[int], variables: Sequence[str]
) -> tuple[Lines, tuple[float, ...], tuple[str, ...]]:
    names = {name: f"x{k}" for k, name in enumerate(variables)}
    lines, numbers = lines_of(*lower(graph, roots), names)
    return lines, numbers, tuple(names.values())


@lru_cache(maxsize=256)
def float_function(lines: Lines, variables: tuple[str, ...]) -> Callable[..., tuple[float, ...]]:
    """Return a function (numbers, *variables) of floats that gives the roots, with inf and nan and never an error."""
    return _function(lines, variables, "careful")


def array_function(
    lines: Lines, variables: tuple[str, ...], namespace: Mapping[str, Any] | None = None
) -> Callable[..., tuple[Any, ...]]:
    """Return a function (numbers, *variables) of floats and arrays that gives the roots; the caller sets
    ``np.errstate``.

    Its functions are NumPy's, which are fast and may differ from the C library's in the last digit, or those of a
    ``namespace`` of other array functions.
    """
    if namespace is None:
        return _function(lines, variables, "arrays")
    return _written_function(lines, variables, ARRAYS, namespace)


_KINDS: dict[str, tuple[Mapping[str, str], Mapping[str, Any]]] = {
    "floats": (FLOATS, FLOAT_NAMESPACE),
    "careful": (CAREFUL, CAREFUL_NAMESPACE),
    "arrays": (ARRAYS, ARRAY_NAMESPACE),
}


@lru_cache(maxsize=512)
def _function(lines: Lines, variables: tuple[str, ...], kind: str) -> Callable[..., Any]:
    return _written_function(lines, variables, *_KINDS[kind])


def _written_function(
    lines: Lines, variables: Sequence[str], spelling: Mapping[str, str], namespace: Mapping[str, Any]
) -> Callable[..., Any]:
    body, texts = _names_reused(*written(lines, spelling, MAX_INLINE_DEPTH))
    source = [
        f"def call({', '.join(['numbers', *variables])}):",
        *unpacked(names_of("number", lines.count("number")), "numbers"),
        *[f"    {line}" for line in body],
        f"    return ({''.join(text + ', ' for text in texts)})",
    ]
    return compiled("\n".join(source), namespace, "call")


def statements(lines: Lines, spelling: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the statements that compute the roots, and the text of each root."""
    found, texts = written(lines, spelling, MAX_INLINE_DEPTH)
    return [f"v{node} = {text}" for node, text in found], texts


def unpacked(names: Sequence[str], source: str) -> list[str]:
    """Return the line that gives these names to the elements of ``source``; none for no names."""
    return [f"    {', '.join(names)}, = {source}"] if names else []


def compiled(source: str, namespace: Mapping[str, Any], name: str) -> Callable[..., Any]:
    """Return the function ``name`` of a generated source, which runs with no builtins but ``zip``."""
    scope = {**namespace, "zip": zip}
    # Generated text only: names of our own, and function names of the table; never what a user typed.
    exec(compile(source, "<generated code>", "exec"), scope)  # noqa: S102
    made: Callable[..., Any] = scope[name]
    return made


def _names_reused(found: Sequence[tuple[int, str]], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Rename so that a statement may take over the name of a value that is not read any more."""
    last_read = {name: place for place, (_, text) in enumerate(found) for name in _VALUE_NAME.findall(text)}
    kept = {name for text in texts for name in _VALUE_NAME.findall(text)}
    renamed: dict[str, str] = {}
    free: list[str] = []
    lines: list[str] = []
    for place, (node, text) in enumerate(found):
        line = _VALUE_NAME.sub(lambda match: renamed[match[1]], text)
        free += [renamed[name] for name in dict.fromkeys(_VALUE_NAME.findall(text))
                 if last_read[name] == place and name not in kept]  # fmt: skip
        renamed[str(node)] = free.pop() if free else f"v{len(lines)}"
        lines.append(f"{renamed[str(node)]} = {line}")
    return lines, [_VALUE_NAME.sub(lambda match: renamed[match[1]], text) for text in texts]
