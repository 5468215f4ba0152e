"""``parse_expression``: text to an ``Expression`` that knows its value, derivatives, kinks and LaTeX."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from typing import Any

from numpy.typing import ArrayLike

from gdviz.arrays import Array
from gdviz.cache import cached_property
from gdviz.formulas import arrays, code, latex
from gdviz.formulas.derivatives import gradient, hessian
from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import KINKED
from gdviz.formulas.graph import Graph
from gdviz.formulas.kinks import Kinks
from gdviz.formulas.limits import MAX_CHARACTERS, MAX_GRADIENT_NODES, MAX_HESSIAN_NODES, MAX_LATEX_CHARACTERS, MAX_NODES
from gdviz.formulas.names import order_variables
from gdviz.formulas.parser import Parsed, parse

Floats = tuple[float, ...]
Matrix = tuple[tuple[Array, ...], ...]


def parse_expression(text: str, known: Collection[str] = ()) -> Expression:
    """Read a formula such as ``"(1 - x)^2 + 100(y - x^2)^2"``.

    ``known`` names are variables whatever they look like or else mean: those of columns. Raises only FormulaError,
    with ``.position`` the 0-based index in ``text``. Results are cached (256 texts).
    """
    if not isinstance(text, str):
        raise FormulaError(f"A formula is text, not {type(text).__name__}: write one, such as x^2 + y^2.", 0)
    if len(text) > MAX_CHARACTERS:
        return Expression(text)  # raises; a huge text is not even hashed
    return _cached(text, frozenset(known))


@functools.lru_cache(maxsize=256)
def _cached(text: str, known: frozenset[str]) -> Expression:
    return Expression(text, known)


class Expression:
    """A formula: an immutable value, equal and hashed by its text and the ``known`` names in it.

    ``notes`` has a sentence for each thing in the text that was left out, renamed, or read in one of several ways.

    ``variables`` is the order of all arguments: single letters (with a number: x, y, x1, x_2) sorted, otherwise as they
    first appear. Functions named ``float_`` take and give Python floats and may raise OverflowError,
    ZeroDivisionError or ValueError; ``array_`` ones take arrays of broadcastable shapes and give float64 arrays of the
    broadcast shape (0-d for scalars), with inf and nan.
    The gradient is derived at once; code, Hessian and LaTeX on first use.
    """

    text: str
    known: frozenset[str]
    variables: tuple[str, ...]
    notes: tuple[str, ...]

    def __init__(self, text: str, known: frozenset[str] = frozenset()) -> None:
        parsed = parse(text, known)
        variables = order_variables(parsed.graph.names)
        graph = parsed.graph.copy(MAX_GRADIENT_NODES, "The gradient of the formula")
        slopes = gradient(graph, parsed.root, variables)
        self.__dict__.update(
            text=text, known=known.intersection(variables), variables=variables, notes=parsed.notes, _parsed=parsed,
            _graph=graph, _slopes=tuple(slopes),
        )  # fmt: skip

    _parsed: Parsed
    _graph: Graph
    _slopes: tuple[int, ...]

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"an Expression is immutable, {name!r} cannot be set")

    __delattr__ = __setattr__  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return (self.text, self.known) == (other.text, other.known)

    def __hash__(self) -> int:
        return hash((Expression, self.text, self.known))

    def __repr__(self) -> str:
        return f"parse_expression({self.text!r})"

    def __reduce__(self) -> tuple[Callable[..., Expression], tuple[str, frozenset[str]]]:
        return parse_expression, (self.text, self.known)

    @property
    def nodes(self) -> tuple[Graph, int, tuple[int, ...]]:
        """The graph, the value's node in it and those of the partial derivatives, in the order of ``variables``."""
        return self._graph, self._parsed.root, self._slopes

    @cached_property
    def second_nodes(self) -> tuple[Graph, tuple[tuple[int, ...], ...]]:
        """The graph of the second derivatives and their nodes in it, row by row, in the order of ``variables``.

        Raises FormulaError if they need more than 12,000 operations.
        """
        graph, rows = self._second(self.variables)
        count = len(rows)
        return graph, tuple(tuple(rows[min(i, j)][abs(j - i)] for j in range(count)) for i in range(count))

    # ------------------------------------------------------------------ LaTeX

    @cached_property
    def latex(self) -> str:
        """LaTeX of the formula, as it was read."""
        parsed = self._parsed
        return latex.render(parsed.graph, [parsed.root], parsed.spelling, 5 * MAX_LATEX_CHARACTERS)[0]

    @cached_property
    def gradient_latex(self) -> tuple[str, ...]:
        """LaTeX of each partial derivative; one above 2,000 characters is described instead."""
        parsed = self._parsed
        graph = parsed.graph.copy(2 * MAX_GRADIENT_NODES, "The gradient of the formula")
        try:
            slopes = gradient(graph, parsed.root, self.variables, textbook=True)
        except FormulaError:  # the form for readers may need more operations than the one for computing
            slopes, graph = list(self._slopes), self._graph
        return tuple(latex.render(graph, slopes, parsed.spelling, MAX_LATEX_CHARACTERS))

    # ------------------------------------------------------------------ one point, fast

    @cached_property
    def float_value(self) -> Callable[..., float]:
        """``float_value(*floats) -> float``; may raise OverflowError, ZeroDivisionError, ValueError."""
        call = code.compile_float(self._graph, [self._parsed.root], self.variables)
        return lambda *floats: call(*floats)[0]

    @cached_property
    def float_gradient(self) -> Callable[..., Floats]:
        """``float_gradient(*floats) -> (∂f/∂v, ...)``; raises as ``float_value`` does."""
        return code.compile_float(self._graph, self._slopes, self.variables)

    # ------------------------------------------------------------------ many points

    def array_value(self, *points: ArrayLike) -> Array:
        """Values at the points given by one array per variable."""
        return arrays.evaluate(self.value_kernel, points)[0]

    def array_gradient(self, *points: ArrayLike) -> tuple[Array, ...]:
        """One array per variable."""
        return arrays.evaluate(self._gradient_kernel, points)

    def array_hessian(self, *points: ArrayLike) -> Matrix:
        """Rows of second derivatives; (i, j) and (j, i) are the same array object.

        Raises FormulaError on first use if the Hessian needs more than 12,000 operations.
        """
        return self.array_second_partials(self.variables)(*points)

    def array_partials(self, names: Sequence[str]) -> Callable[..., tuple[Array, tuple[Array, ...]]]:
        """A function of all variables: (values, derivatives with respect to ``names``), in one pass.

        Raises ValueError for a name that is not a variable.
        """
        kernel = self.partial_kernel(self._known(names))

        def partials(*points: ArrayLike) -> tuple[Array, tuple[Array, ...]]:
            value, *slopes = arrays.evaluate(kernel, points)
            return value, tuple(slopes)

        return partials

    def array_second_partials(self, names: Sequence[str]) -> Callable[..., Matrix]:
        """A function of all variables: rows of second derivatives with respect to ``names``."""
        known = self._known(names)
        kernel = self._second_kernel(known)
        count = len(known)

        def second_partials(*points: ArrayLike) -> Matrix:
            entries = iter(arrays.evaluate(kernel, points))
            upper = {(i, j): next(entries) for i in range(count) for j in range(i, count)}
            return tuple(tuple(upper[min(i, j), max(i, j)] for j in range(count)) for i in range(count))

        return second_partials

    @cached_property
    def value_kernel(self) -> Callable[..., Any]:
        """A function of one array for each variable that returns the value, as the only one of a sequence."""
        return self._array_kernel(self._graph, [self._parsed.root])

    @cached_property
    def _gradient_kernel(self) -> Callable[..., Any]:
        return self._array_kernel(self._graph, self._slopes)

    @cached_property
    def _kernels(self) -> dict[tuple[str, tuple[str, ...]], Callable[..., Any]]:
        return {}

    def partial_kernel(self, names: tuple[str, ...]) -> Callable[..., Any]:
        """Return a function of one array for each variable that returns the value, then the slope in each of
        ``names``."""
        key = ("partials", names)
        if key not in self._kernels:
            roots = [self._parsed.root, *[self._slopes[self.variables.index(name)] for name in names]]
            self._kernels[key] = self._array_kernel(self._graph, roots)
        return self._kernels[key]

    def _second_kernel(self, names: tuple[str, ...]) -> Callable[..., Any]:
        key = ("second", names)
        if key not in self._kernels:
            graph, rows = self._second(names)
            self._kernels[key] = self._array_kernel(graph, [entry for row in rows for entry in row])
        return self._kernels[key]

    def _second(self, names: Sequence[str]) -> tuple[Graph, list[list[int]]]:
        """Return a graph of the second derivatives; row i has the entries j >= i."""
        graph = self._graph.copy(MAX_HESSIAN_NODES, "The Hessian of the formula")
        return graph, hessian(graph, [self._slopes[self.variables.index(name)] for name in names], names)

    def _array_kernel(self, graph: Graph, roots: Sequence[int]) -> Callable[..., Any]:
        return code.compile_array(graph, roots, self.variables)

    def _known(self, names: Sequence[str]) -> tuple[str, ...]:
        unknown = [name for name in names if name not in self.variables]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is not a variable of this formula, which has {', '.join(self.variables)}")
        return tuple(dict.fromkeys(names))

    # ------------------------------------------------------------------ structure

    def is_linear_in(self, names: Sequence[str]) -> bool:
        """True when the graph proves that f is affine in ``names`` jointly; names that do not occur are ignored."""
        mask = self._graph.mask_of(name for name in names if name in self.variables)
        for node in self._graph.reachable([self._parsed.root]):
            # abs, sign, min, max: the second derivative is 0 almost everywhere, and yet they are not affine.
            if self._graph.nodes[node][0] in KINKED and self._graph.masks[node] & mask:
                return False
        slopes = [self._slopes[self.variables.index(name)] for name in names if name in self.variables]
        return not any(self._graph.masks[slope] & mask for slope in slopes)

    @cached_property
    def size(self) -> int:
        """How many nodes the formula has."""
        return len(self._graph.reachable([self._parsed.root]))

    @property
    def operations(self) -> frozenset[str]:
        """The operations and functions that occur, such as ``sin``."""
        return frozenset(self._graph.nodes[node][0] for node in self._graph.reachable([self._parsed.root]))

    @property
    def has_kinks(self) -> bool:
        """Whether abs, sign, min, max or a comparison of variables occurs at all."""
        return bool(self._kinks)

    def at_kink(self, *floats: float, tolerance: float = 0.0) -> bool:
        """Whether an argument of abs or sign, the gap of the two largest (smallest) arguments of max (min), or of the
        sides of a comparison whose branches do not join smoothly, is within ``tolerance`` of 0 at this point. nan is
        not near anything."""
        return bool(self._kinks) and self._kinks.at(floats, tolerance)

    @cached_property
    def _kinks(self) -> Kinks:
        return Kinks(self._graph, self._parsed.root, self.variables)


assert MAX_NODES < MAX_GRADIENT_NODES < MAX_HESSIAN_NODES
