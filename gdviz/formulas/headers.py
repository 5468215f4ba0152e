"""What stands before a formula and only names it: f(x, y) = …, lambda x, y: …, @(x, y) …, def f(x): return …, min f = …

Tokens in, tokens out: the formula's own, without what was before it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from gdviz.formulas.shorthands import is_function
from gdviz.formulas.tokens import CLOSING, STARTS, Token, quoted

_VERBS = frozenset(["minimize", "minimise", "argmin", "plot", "graph"])
_OTHER_TASKS = frozenset(
    ["derivative", "differentiate", "integrate", "integral", "solve", "lim", "limit", "gradient", "find", "simplify",
     "expand", "factor", "evaluate", "compute", "calculate"]
)  # fmt: skip
_TYPES = frozenset(["double", "float", "const", "auto", "let", "var"])
_DECLARATIONS = frozenset([*_TYPES, "function"])
_BEGINS = ("name", "number", "fraction", "root", "frac", "|", "|(")
_QUOTED = 60  # characters of what stands before a formula
_MAXIMIZED = ("maximize", "maximise", "argmax")


@dataclass
class Header:
    """The formula's tokens; the names that stand as arguments before it; what to say."""

    tokens: list[Token]
    arguments: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    closed: bool = False  # after lambda, def and @ the formula itself begins
    calls_index: bool = False  # MATLAB's @(x): x(1) is the first element of x


def take_header(tokens: list[Token], text: str, known: Collection[str] = ()) -> Header:
    """Separate the formula from what stands before it; ``known`` names are no words such as min.

    Raises FormulaError for an equation and for a maximum.
    """
    header = Header(_without_types(tokens, known))
    for _ in range(4):  # such as: min f = lambda x, y: …
        if header.closed or not _take_one(header, text, known):
            break
    _take_body(header, text, known)
    _refuse_equation(header, text)
    left = _shown(text, tokens[0], header.tokens[0])
    if left not in ("", "="):
        header.notes.append(f"“{left}” only names what follows and is left out.")
    return header


def _without_types(tokens: list[Token], known: Collection[str]) -> list[Token]:
    """The tokens of double f(double x, double y) { … without the types, which say nothing here."""
    end = next((i for i, token in enumerate(tokens) if token.kind in (")", "{", "=")), 0)
    opens = any(token.kind in ("=", "{") for token in tokens)
    if tokens[0].text not in _TYPES or tokens[0].text in known or tokens[1].kind != "name" or not opens:
        return list(tokens)
    return [token for i, token in enumerate(tokens) if i >= end or token.text not in _TYPES]


def _take_body(header: Header, text: str, known: Collection[str]) -> None:
    """Separate the formula from { return …; } and return …; of programs."""
    tokens = header.tokens
    if tokens[0].kind == "{" and tokens[-2].kind == "}" and tokens[1].text == "return":
        last = -3 if tokens[-3].kind == ";" else -2
        header.tokens = [*tokens[1:last], tokens[-1]]
    if header.tokens[0].text == "return" and "return" not in known and text.rstrip().endswith((";", "}")):
        _drop(header, 1)


def unused_arguments(arguments: tuple[str, ...], tokens: list[Token]) -> list[str]:
    """A sentence if arguments on the left do not occur among the formula's own tokens."""
    written = {token.text for token in tokens if token.kind == "name"}
    stems = written | {name.rstrip("0123456789") for name in written}
    unused = [quoted(name, _QUOTED) for name in arguments if name not in stems]
    verb = "stands" if len(unused) == 1 else "stand"
    return [f"{', '.join(unused)} {verb} on the left alone: the formula does not depend on it."] if unused else []


def _take_one(header: Header, text: str, known: Collection[str]) -> bool:
    tokens = header.tokens
    first = tokens[0]
    if first.kind == "=" and text[: first.position].strip() in ("", "$"):
        return _drop(header, 1)
    if first.kind == "@" and tokens[1].kind == "(":
        return _take_arguments(header, 1, (), calls_index=True)
    if first.kind == "(":
        return _take_arguments(header, 0, ("arrow",))
    if first.kind != "name":
        return False
    if first.text in known:
        return _take_left_side(header, text)
    return _take_keyword(header, text) or _take_left_side(header, text)


def _take_keyword(header: Header, text: str) -> bool:
    """lambda, def, function, double, minimize, … before the formula."""
    tokens = header.tokens
    first, following = tokens[:2]
    word = first.text
    if word.lower() in _MAXIMIZED or (word in ("max", "Max") and following.kind in ("name", "number")):
        return _refuse_maximum(header, text)
    if word == "lambda" and following.kind in ("name", ":"):
        return _take_lambda(header)
    if word == "def" and following.kind == "name":
        return _take_arguments(header, 2, (":",))
    if word in _DECLARATIONS and (_is_left_side(tokens, 1) or _is_definition(tokens, 1)):
        return _drop(header, 1)
    if word == "function" and following.kind == "(":  # of R
        return _take_arguments(header, 1, ())
    if [token.kind for token in tokens[1:4]] == ["<", "-", "name"] and tokens[3].text == "function":
        return _drop(header, 3)
    if word.lower() in _VERBS and following.kind in (*STARTS, ":", "|", "-", "+"):
        return _drop(header, 1 + (following.kind == ":"))
    if word.lower() in _OTHER_TASKS and following.kind in ("name", "number"):
        raise first.error(
            f"'{word}' {first.at} asks for something else: write only the function whose minimum is looked "
            "for, such as x^2 + y^2."
        )
    if _is_definition(tokens, 0):
        return _take_arguments(header, 1, ())
    if word in ("min", "Min") and following.kind in _BEGINS:
        return _drop(header, 1)
    return bool(word.startswith(("min_", "argmin_")) and _is_left_side(tokens, 1)) and _drop(header, 1)


def _take_left_side(header: Header, text: str) -> bool:
    """f(x, y) = …, z = …, f: x ↦ … and x => …"""
    tokens = header.tokens
    if tokens[1].kind == "arrow":
        header.arguments = (tokens[0].text,)
        return _drop(header, 2)
    if tokens[1].kind == ":" and any(token.kind == "arrow" for token in tokens):
        return _drop(header, 2)
    end = _is_left_side(tokens, 0)
    if end is None:
        return False
    names = tuple(token.text.rstrip("_") for token in tokens[2:end] if token.kind == "name")  # f[x_] := x^2
    name = tokens[0].text
    if any(token.kind == "name" and token.text == name for token in tokens[end + 1 :]) and name not in names:
        left, right = _shown(text, tokens[0], tokens[end]), _shown(text, tokens[end + 1], tokens[-1])
        raise tokens[end].error(
            f"'{name}' stands on both sides of = {tokens[end].at}, which has two readings: write {right} for "
            f"the value of that side, or ({left} - ({right}))^2 for an equation to be solved."
        )
    if end > 1:
        header.arguments = names
    return _drop(header, end + 1)


def _is_left_side(tokens: list[Token], start: int) -> int | None:
    """Where the = stands if a name, or a name with names in parentheses, is before it."""
    if tokens[start].kind != "name" or is_function(tokens[start].text):
        return None
    end = start + 1
    if tokens[end].kind in CLOSING:
        end = _after_arguments(tokens, end) or 0
    return end if end and tokens[end].kind in ("=", ":=") else None


def _is_definition(tokens: list[Token], start: int) -> bool:
    """Whether a function of a program begins here: f(x, y) { return …"""
    if tokens[start].kind != "name" or tokens[start + 1].kind != "(":
        return False
    end = _after_arguments(tokens, start + 1)
    return end is not None and tokens[end].kind == "{" and tokens[end + 1].text == "return"


def _after_arguments(tokens: list[Token], opening: int) -> int | None:
    """Where (x, y) ends, None if that is not what stands at ``opening``."""
    position = opening + 1
    while tokens[position].kind == "name" and not is_function(tokens[position].text):
        position += 1
        if tokens[position].kind == CLOSING[tokens[opening].kind]:
            return position + 1
        if tokens[position].kind not in (",", ";"):
            return None
        position += 1
    return None


def _take_arguments(header: Header, opening: int, then: tuple[str, ...], calls_index: bool = False) -> bool:
    tokens = header.tokens
    end = _after_arguments(tokens, opening) if tokens[opening].kind == "(" else None
    if end is None or (then and tokens[end].kind not in then):
        return False
    header.arguments = tuple(token.text for token in tokens[opening:end] if token.kind == "name")
    header.calls_index = calls_index
    header.closed = True
    last = end + len(then)
    if then == (":",) and tokens[last].text == "return":
        last += 1
    return _drop(header, last)


def _take_lambda(header: Header) -> bool:
    tokens = header.tokens
    colon = next((i for i, token in enumerate(tokens) if token.kind == ":"), 0)
    before = tokens[1:colon]
    names = [token.text for token in before[::2] if token.kind == "name"]
    if not names or len(before) != 2 * len(names) - 1 or any(token.kind != "," for token in before[1::2]):
        raise tokens[0].error(
            f"'lambda' {tokens[0].at} has no names before a colon: write lambda x, y: x^2 + y^2, or lam for "
            "the letter λ."
        )
    header.arguments = tuple(names)
    header.closed = True
    return _drop(header, colon + 1)


def _drop(header: Header, count: int) -> bool:
    """Leave out the first tokens."""
    end = header.tokens[-1]
    header.tokens = header.tokens[count:] or [end]
    if header.tokens[0].kind == "end":
        raise header.tokens[0].error("Nothing stands after what names the formula: write it there, such as x^2 + y^2.")
    return True


def _refuse_maximum(header: Header, text: str) -> bool:
    tokens = header.tokens
    start = _is_left_side(tokens, 1) or 0
    formula = _shown(text, tokens[start + 1], tokens[-1]) or "…"
    raise tokens[0].error(
        f"'{tokens[0].text}' {tokens[0].at} asks for a maximum, and descent looks for a minimum: write "
        f"-({formula}), whose minimum is there, or max(x, y) for the larger of two."
    )


def _refuse_equation(header: Header, text: str) -> None:
    """An = outside all parentheses that is no left side."""
    level = 0
    tokens = header.tokens
    for i, token in enumerate(tokens[:-1]):
        level += (token.kind in (*CLOSING, "cases")) - (token.kind in (*CLOSING.values(), "endcases"))
        if token.kind in ("=", ":=") and level == 0:
            left, right = _shown(text, tokens[0], token) or "…", _shown(text, tokens[i + 1], tokens[-1]) or "…"
            raise token.error(
                f"'{token.text}' {token.at} makes this an equation: write only the right-hand side, or "
                f"({left} - ({right}))^2 to solve it."
            )


def _shown(text: str, first: Token, end: Token) -> str:
    """What was typed from one token on and before another, shortened."""
    return quoted(text[first.position : end.position], _QUOTED)
