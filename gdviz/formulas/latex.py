"""LaTeX from the graph, close to what was typed; one loop in topological order, with lengths bounded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from gdviz.formulas.functions import COMPARISONS, FUNCTIONS
from gdviz.formulas.graph import Graph, Node
from gdviz.formulas.names import GREEK_CAPITALS, GREEK_NAMES

CONDITION, SUM, NEGATIVE, PRODUCT, POWER, ATOM = range(6)
_SUFFIXED = re.compile(r"([A-Za-z]+?)_?(\d+)$")
_FLOAT = re.compile(r"(\d*\.?\d*)(?:[eE]([+-]?\d+))?$")
_CONSTANTS = {"pi": r"\pi", "tau": r"\tau", "e": "e"}
_CASES, _END_CASES = r"\begin{cases}", r"\end{cases}"
_SLOPES = {"max_slope": "max", "min_slope": "min"}


class Piece(NamedTuple):
    """LaTeX text and how tightly it binds."""

    text: str
    level: int


def render(graph: Graph, roots: Sequence[int], spelling: dict[float, str], longest: int) -> list[str]:
    """LaTeX of each root; one longer than ``longest`` characters is replaced by an honest short text.

    ``spelling`` maps a number to how the user wrote it.
    """
    pieces: dict[int, Piece | None] = {}
    for node in graph.reachable(roots):
        operands = [pieces[argument] for argument in graph.arguments(node)]
        known = [operand for operand in operands if operand is not None]
        piece = _piece(graph, node, known, spelling) if len(known) == len(operands) else None
        # Shared parts are printed once per use, so lengths can grow exponentially: stop early.
        pieces[node] = piece if piece is not None and len(piece.text) <= longest else None
    return [_text(graph, root, pieces[root]) for root in roots]


def _text(graph: Graph, root: int, piece: Piece | None) -> str:
    if piece is not None:
        return piece.text
    count = len(graph.reachable([root]))
    return rf"\text{{(too long to print: {count} operations)}}"


def _piece(graph: Graph, node: int, operands: list[Piece], spelling: dict[float, str]) -> Piece:
    operation, *arguments = graph.nodes[node]
    if operation == "number":
        return number_piece(float(arguments[0]), spelling)
    if operation == "named":
        return Piece(_CONSTANTS[arguments[0]], ATOM)
    if operation == "var":
        return Piece(name_latex(arguments[0]), ATOM)
    if operation in _INFIX:
        return _INFIX[operation](*operands)
    if operation == "pow":
        return _power(graph, arguments[0], *operands)
    if operation in COMPARISONS:
        return _comparison(graph, operation, arguments, operands)
    if operation == "where":
        return _choice(graph, arguments, operands)
    return _call(operation, operands)


def number_piece(value: float, spelling: dict[float, str]) -> Piece:
    """A number as it was typed, or with up to 12 digits; ``1e-5`` as ``10^{-5}``."""
    text = spelling.get(abs(value)) or format(abs(value), ".12g")
    match = _FLOAT.match(text)
    level = ATOM
    if match and match[2]:
        ten = f"10^{{{int(match[2])}}}"
        plain = float(match[1]) == 1.0
        text, level = (ten, POWER) if plain else (rf"{match[1]} \times {ten}", PRODUCT)
    return Piece("-" + text, NEGATIVE) if value < 0 else Piece(text, level)


def name_latex(name: str) -> str:
    """x1 -> x_{1}, theta -> \\theta, slope -> \\mathrm{slope}."""
    match = _SUFFIXED.fullmatch(name)
    stem, suffix = (match[1], f"_{{{match[2]}}}") if match else (name, "")
    stem = {"lam": "lambda", "Lam": "Lambda"}.get(stem, stem)
    if stem in GREEK_NAMES or stem in GREEK_CAPITALS or stem == "Lambda":
        return f"\\{stem}{suffix}" if stem != "omicron" else f"o{suffix}"
    if len(stem) == 1:
        return stem + suffix
    escaped = name.replace("_", r"\_")
    return rf"\mathrm{{{escaped}}}"


def _group(piece: Piece, level: int) -> str:
    return piece.text if piece.level >= level else rf"\left({piece.text}\right)"


def _add(a: Piece, b: Piece) -> Piece:
    return Piece(f"{_group(a, SUM)} + {_group(b, PRODUCT)}", SUM)


def _subtract(a: Piece, b: Piece) -> Piece:
    return Piece(f"{_group(a, SUM)} - {_group(b, PRODUCT)}", SUM)


def _negate(a: Piece) -> Piece:
    return Piece(f"-{_group(a, PRODUCT)}", NEGATIVE)


def _multiply(a: Piece, b: Piece) -> Piece:
    left = a.text if a.level == NEGATIVE else _group(a, PRODUCT)
    right = _group(b, PRODUCT)
    return Piece(f"{left}{_product_sign(left, right)}{right}", NEGATIVE if left.startswith("-") else PRODUCT)


def _product_sign(left: str, right: str) -> str:
    r"""A space, or \cdot where a space would be read otherwise: 2 3, 2 1/3, x (y), a word beside a word."""
    if right[0].isdigit() or right.startswith("."):
        return r" \cdot "
    if left[-1].isdigit() and right.startswith(r"\frac"):
        return r" \cdot "
    if right.startswith(r"\left(") and not left[-1].isdigit() and not left.endswith((")", r"\pi")):
        return r" \cdot "
    if r"\mathrm" in left or right.startswith(r"\mathrm"):
        return r" \, "
    return " "


def _divide(a: Piece, b: Piece) -> Piece:
    if a.level == NEGATIVE:  # the sign in front of the fraction is easier to read
        return Piece(rf"-\frac{{{a.text[1:]}}}{{{b.text}}}", NEGATIVE)
    return Piece(rf"\frac{{{a.text}}}{{{b.text}}}", PRODUCT)


_INFIX: dict[str, Callable[..., Piece]] = {
    "add": _add,
    "sub": _subtract,
    "mul": _multiply,
    "div": _divide,
    "neg": _negate,
}


def _power(graph: Graph, base_node: int, base: Piece, exponent: Piece) -> Piece:
    row = FUNCTIONS.get(graph.nodes[base_node][0])
    if row is not None and row.arity == 1 and row.name not in ("abs", "sqrt", "cbrt", "exp") and exponent.level == ATOM:
        # \sin^{2}\left(x\right); not for -1, which reads as the inverse function.
        head = row.latex if "_" not in row.latex else None
        if head is not None and base.text.startswith(head):
            return Piece(f"{head}^{{{exponent.text}}}{base.text[len(head) :]}", POWER)
    fraction = base.text.startswith(r"\frac")
    grouped = rf"\left({base.text}\right)" if fraction else _group(base, ATOM)
    return Piece(f"{grouped}^{{{exponent.text}}}", POWER)


def _call(operation: str, operands: list[Piece]) -> Piece:
    texts = [operand.text for operand in operands]
    if operation == "abs":
        return Piece(rf"\left|{texts[0]}\right|", ATOM)
    if operation in ("sqrt", "cbrt"):
        return Piece(rf"{FUNCTIONS[operation].latex}{{{texts[0]}}}", ATOM)
    if operation == "exp":
        return Piece(f"e^{{{texts[0]}}}", POWER)
    if operation in _SLOPES:
        return _selection(_SLOPES[operation], texts)
    return Piece(rf"{FUNCTIONS[operation].latex}\left({', '.join(texts)}\right)", ATOM)


def _comparison(graph: Graph, operation: str, arguments: Sequence[int], operands: list[Piece]) -> Piece:
    """With what varies on the left: x > 0 rather than 0 < x."""
    left, right = (_group(operand, SUM) for operand in operands)
    sign = FUNCTIONS[operation].latex
    if not graph.masks[arguments[0]] and graph.masks[arguments[1]]:
        left, right = right, left
        sign = {"<": ">", r"\le": r"\ge"}.get(sign, sign)
    return Piece(f"{left} {sign} {right}", CONDITION)


def _choice(graph: Graph, arguments: Sequence[int], operands: list[Piece]) -> Piece:
    """Cases, or the and, or and not that conditions are joined with."""
    condition, chosen, otherwise = operands
    one, zero = ("number", "1.0"), ("number", "0.0")
    yes, no = graph.nodes[arguments[1]], graph.nodes[arguments[2]]
    sides = condition.text.replace(r" \ge ", r" \le ").split(r" \le ")
    if no == zero and len(sides) == 2 and _is_equality(yes, graph.nodes[arguments[0]]):
        return Piece(" = ".join(sides), CONDITION)
    if condition.level == CONDITION and (yes, no) == (zero, one):
        return Piece(rf"\lnot \left({condition.text}\right)", CONDITION)
    if condition.level == chosen.level == CONDITION and no == zero:
        return Piece(rf"\left({condition.text}\right) \land \left({chosen.text}\right)", CONDITION)
    if condition.level == otherwise.level == CONDITION and yes == one:
        return Piece(rf"\left({condition.text}\right) \lor \left({otherwise.text}\right)", CONDITION)
    rest = rf"{otherwise.text} & \text{{otherwise}}"
    if graph.nodes[arguments[2]][0] == "where" and otherwise.level == ATOM:  # one list of cases, not nested ones
        rest = otherwise.text.removeprefix(_CASES).removesuffix(_END_CASES)
    return Piece(rf"{_CASES}{chosen.text} & \text{{if }} {condition.text} \\ {rest}{_END_CASES}", ATOM)


def _is_equality(one: Node, other: Node) -> bool:
    """Whether a is at most b, and b at most a."""
    return one[0] == other[0] == "less_equal" and one[1:] == other[:0:-1]


def _selection(extreme: str, texts: list[str]) -> Piece:
    """The derivative of min or max: the slope of whichever argument is the extreme one."""
    half = len(texts) // 2
    whole = rf"\{extreme}\left({', '.join(texts[:half])}\right)"
    rows = [rf"{slope} & \text{{if }} {value} = {whole}"
            for value, slope in zip(texts[:half], texts[half:], strict=True)]  # fmt: skip
    return Piece(_CASES + r" \\ ".join(rows) + _END_CASES, ATOM)
