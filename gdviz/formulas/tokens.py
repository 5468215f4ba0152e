"""From characters to tokens: signs in every spelling become one kind, so that the parser knows each by one name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from gdviz.formulas.characters import greek_letter, refusal
from gdviz.formulas.errors import FormulaError
from gdviz.formulas.limits import MAX_CHARACTERS, MAX_CONSTANT, MAX_LITERAL_CHARACTERS, MAX_TOKENS, MIN_LITERAL
from gdviz.formulas.shorthands import constant, is_function, may_be_function
from gdviz.numerals import FROM_SUPERSCRIPTS


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    ``kind``: number, fraction (½), name, root (√ ∛ ∜), superscript, command (of LaTeX), arrow, and, end, or the sign
    itself: + - * / ^ ( ) [ ] { } | , ; ? : & _ @ = < <= > >= == != :=. ``text`` is what it stands for.
    """

    kind: str
    text: str
    position: int
    spaced: bool  # white space stands before it

    @property
    def at(self) -> str:
        """Where in the text it stands; people count from 1."""
        return f"at character {self.position + 1}"

    def error(self, message: str) -> FormulaError:
        """Return what is wrong with the formula, here."""
        return FormulaError(message, self.position)


STARTS = ("number", "fraction", "name", "(", "[", "{", "root", "frac", "cases", "|(")
"""Kinds with which a factor begins; a bar is one where none is open."""
CLOSING = {"(": ")", "[": "]", "{": "}"}

SPACES = " \t\r\n\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# In LaTeX x_1x_2 is a product and x_{1} a name, so that a name ends before an underscore unless words follow it.
_LATEX_NAME = re.compile(r"[A-Za-z]_[0-9]+|[A-Za-z]+(?:_[A-Za-z][A-Za-z0-9]*)+(?![_{])|[A-Za-z][A-Za-z0-9]*")
_MODULE = re.compile(
    r"(?:(?:np|numpy|jnp|jax\.numpy|torch|cp|cupy)(?:\.linalg)?|math|Math|cmath|tf(?:\.math)?|sp|sympy|mp|mpmath"
    r"|scipy\.special|torch\.special|torch\.nn\.functional)\.(?=([A-Za-z]\w*))|std::(?=([A-Za-z]\w*))"
)
_CELL = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}")  # of a spreadsheet
_COMMAND = re.compile(r"\\(?:[A-Za-z]+\*?|[\x20-\x7e])")
_SUPERSCRIPT = re.compile("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_SUBSCRIPT = re.compile("[₀₁₂₃₄₅₆₇₈₉]+|[ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ]+")
_INDEX = re.compile("_?[0-9]+|_[A-Za-z][A-Za-z0-9]*")
_SIGNS = (
    {sign: sign for sign in "+-*/^()[]{}|,;?:&_@=<>"}
    | dict.fromkeys("·⋅×∗∙•", "*")
    | dict.fromkeys("−–—‐‑‒―﹣", "-")
    | dict.fromkeys("÷∕⁄", "/")
    | dict.fromkeys("√∛∜", "root")
    | {"≤": "<=", "⩽": "<=", "≥": ">=", "⩾": ">=", "≠": "!=", "∣": "|", "↦": "arrow", "→": "arrow", "⇒": "arrow"}
    | {"∧": "and", "∨": "or", "¬": "not", "≔": ":="}
)
_LONG_SIGNS = {
    "**": "^", ".^": "^", ".*": "*", "./": "/", "<=": "<=", ">=": ">=", "==": "==", "!=": "!=", "~=": "!=", "<>": "!=",
    ":=": ":=", "=>": "arrow", "->": "arrow", "&&": "and",
}  # fmt: skip


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Tokens of ``text`` from ``start`` to ``end``, the last of kind "end".

    Raises FormulaError at the first character that does not fit.
    """
    tokens: list[Token] = []
    position = start
    latex = is_latex(text)
    text = text[:end].rstrip(SPACES)
    end = len(text)
    while True:
        before = position
        while position < end and text[position] in SPACES:
            position += 1
        if (
            tokens
            and tokens[-1].kind != ":"
            and not latex
            and ("\n" in text[before:position] or "\r" in text[before:position])
        ):
            raise FormulaError(f"A line break at character {before + 1}: write the formula on one line.", before)
        if position >= end:
            tokens.append(Token("end", "", max(position, start), position > before))
            return tokens
        token, position = _read(text, position, position > before, latex)
        if len(tokens) == MAX_TOKENS:
            raise token.error(
                f"The formula has more than {MAX_TOKENS} numbers, names and signs, which is the limit: "
                f"shorten it from character {token.position + 1} on."
            )
        tokens.append(token)


def quoted(text: str, most: int) -> str:
    """Return what was typed as a sentence can quote it: on one line, and no longer than ``most`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"


def check_length(text: str) -> None:
    """Raise FormulaError for a text beyond the limit."""
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            f"The formula has {len(text):,} characters, the limit is {MAX_CHARACTERS}: shorten it.", MAX_CHARACTERS
        )


def is_latex(text: str) -> bool:
    """Whether the text is in LaTeX, where x_{1} is a name and letters side by side are a product."""
    return "\\" in text or "_{" in text or ("$" in text and not is_spreadsheet(text))


def is_spreadsheet(text: str) -> bool:
    """Whether the text begins with =, as what is typed into a cell."""
    return text.lstrip(SPACES).startswith("=")


def _read(text: str, position: int, spaced: bool, latex: bool) -> tuple[Token, int]:
    """The token at ``position`` and where it ends."""
    character = text[position]
    if match := _NUMBER.match(text, position):
        _check_number(text, match)
        return Token("number", match[0], position, spaced), match.end()
    if (match := _CELL.match(text, position)) and "$" in match[0] and is_spreadsheet(text):
        return Token("name", match[0].replace("$", ""), position, spaced), match.end()
    if match := _MODULE.match(text, position):
        return _of_module(match, spaced)
    if match := (_LATEX_NAME if latex else _NAME).match(text, position):
        name, end = _with_subscript(text, match[0], match.end())
        return Token("name", name, position, spaced), end
    if match := _SUPERSCRIPT.match(text, position):
        return Token("superscript", match[0].translate(FROM_SUPERSCRIPTS), position, spaced), match.end()
    if latex and (match := _COMMAND.match(text, position)):
        return Token("command", match[0][1:], position, spaced), match.end()
    sign = text[position : position + 2]
    if sign in _LONG_SIGNS:
        return Token(_LONG_SIGNS[sign], sign, position, spaced), position + 2
    if character in _SIGNS:
        return Token(_SIGNS[character], character, position, spaced), position + 1
    if unicodedata.decomposition(character).startswith("<fraction>") and character != "⅟":
        quotient = unicodedata.normalize("NFKC", character).replace("⁄", "/")
        return Token("fraction", quotient, position, spaced), position + 1
    if greek := greek_letter(character):
        return _greek(text, greek, position, spaced)
    raise refusal(text, position)


def _of_module(match: re.Match[str], spaced: bool) -> tuple[Token, int]:
    """sin for np.sin: a module's name says nothing more, as long as the function is one of this table."""
    name, position = match[1] or match[2], match.start()
    end = match.end() + len(name)
    called = match.string[end:].lstrip(SPACES).startswith("(")
    if name == "E":  # Math.E
        return Token("name", "e", position, spaced), end
    if not (is_function(name) or constant(name) or (called and may_be_function(name))):
        advice = (
            "write the terms out, such as x0^2 + x1^2"
            if name in ("sum", "dot", "prod", "mean", "inner", "matmul")
            else "write it with sin, cos, exp, log, sqrt and their kin"
        )
        raise FormulaError(f"'{match[0][:30]}{name[:30]}' at character {position + 1} is not known here: {advice}.",
                           position)  # fmt: skip
    return Token("name", name, position, spaced), end


def _with_subscript(text: str, name: str, end: int) -> tuple[str, int]:
    """x₁ is x1, xᵢ is x_i, and log₂ is log_2, the logarithm to that base."""
    match = _SUBSCRIPT.match(text, end)
    if not match:
        return name, end
    plain = unicodedata.normalize("NFKC", match[0])
    return (f"{name}{plain}" if plain.isdigit() and name != "log" else f"{name}_{plain}"), match.end()


def _greek(text: str, name: str, position: int, spaced: bool) -> tuple[Token, int]:
    end = position + 1
    if name[0].isupper() and text[end : end + 1].isalpha():
        letter = text[end]
        raise FormulaError(
            f"'{text[position]}{letter}' at character {position + 1} has two readings: write {name}*{letter}, or one "
            f"name, such as d{letter}.",
            position,
        )
    if (match := _INDEX.match(text, end)) and name not in ("pi", "tau"):
        name, end = name + match[0], match.end()
    name, end = _with_subscript(text, name, end)
    return Token("name", name, position, spaced), end


def _check_number(text: str, match: re.Match[str]) -> None:
    digits, position = match[0], match.start()
    following = text[match.end() : match.end() + 1]
    if len(digits) > MAX_LITERAL_CHARACTERS:
        raise FormulaError(
            f"The number at character {position + 1} has {len(digits)} characters, the limit is "
            f"{MAX_LITERAL_CHARACTERS}: write it shorter, such as 1e20.",
            position,
        )
    if following == "." and text[match.end() + 1 : match.end() + 2] not in ("*", "/", "^"):
        raise FormulaError(f"The number at character {position + 1} has two decimal points: keep one.", match.end())
    if following in ("f", "F") and "." in digits and not text[match.end() + 1 : match.end() + 2].isalnum():
        raise FormulaError(
            f"'{digits}{following}' at character {position + 1} has two readings: write {digits} for the number, or "
            f"{digits}*{following} for a product.",
            match.end(),
        )
    if following == "_":
        raise FormulaError(f"An underscore in the number at character {position + 1}: delete it.", match.end())
    if digits == "0" and re.match(r"[xXbBoO][0-9A-Fa-f]", text[match.end() : match.end() + 2]):
        raise FormulaError(f"The number at character {position + 1} is not decimal: write it in decimal.", position)
    value = float(digits)
    if value > MAX_CONSTANT:
        raise FormulaError(f"The number {digits} at character {position + 1} is above the limit 1e150: reduce it.",
                           position)  # fmt: skip
    if value < MIN_LITERAL and re.search("[1-9]", re.split("[eE]", digits)[0]):
        raise FormulaError(f"The number {digits} at character {position + 1} is below the limit 1e-150: write 0.",
                           position)  # fmt: skip
