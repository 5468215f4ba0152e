"""From characters to tokens; every character that has no place in a formula is refused by its name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.limits import MAX_CHARACTERS, MAX_CONSTANT, MAX_LITERAL_CHARACTERS, MAX_TOKENS, MIN_LITERAL


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``kind``: number, name, root, end, or the sign itself: + - * / ^ ( ) | , and superscript."""

    kind: str
    text: str
    position: int
    spaced: bool  # white space stands before it


_SPACES = " \t\r\n\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SUPERSCRIPT = re.compile("⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FROM_SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_SIGNS = {**{sign: sign for sign in "+-*/^()|,"}, "·": "*", "⋅": "*", "×": "*", "−": "-", "÷": "/"}
_SYMBOLS = {"π": "pi", "τ": "tau"}

_ADVICE = {
    "=": "write only the right-hand side, such as x^2 + y^2",
    "<": "a formula has no comparisons; abs, sign, min and max are there for cases",
    ">": "a formula has no comparisons; abs, sign, min and max are there for cases",
    ";": "write one formula, without a semicolon",
    ":": "write one formula, for division use /",
    "!": "there is no factorial; write the product or the number itself",
    "%": "there is no remainder or percent; write 0.05 for 5 %",
    "[": "use round parentheses ( )", "]": "use round parentheses ( )",
    "{": "use round parentheses ( )", "}": "use round parentheses ( )",
    "'": "text has no place in a formula", '"': "text has no place in a formula", "`": "delete it",
    "\\": "write plain text such as sqrt(x), not LaTeX",
    "$": "delete it", "#": "delete it and what follows", "@": "for a product write *", "&": "delete it",
    "~": "for a negative number write -", "?": "delete it",
    ".": "a period only stands in numbers such as 0.5; for a product write *",
}  # fmt: skip

# Letters and signs that look like ASCII but are not, beyond those that Unicode itself folds (full-width forms).
_LOOKALIKES = {
    lookalike: plain
    for plain, lookalikes in {
        "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
        "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ", "a": "аɑ", "c": "с", "d": "ԁ",
        "e": "е", "g": "ɡ", "h": "һ", "i": "іı", "j": "ј", "o": "оο", "p": "р", "q": "ԛ", "s": "ѕ", "w": "ԝ", "x": "х",
        "y": "у", "-": "–—‐‑‒―⁻", "/": "∕⁄", "*": "∗⁎•∙", "+": "⁺", "|": "∣ǀ❘‖", ",": "٫，", "^": "ˆ",
    }.items()
    for lookalike in lookalikes
}  # fmt: skip
_GREEK_VARIANTS = {"ϑ": "theta", "ϕ": "phi", "ϵ": "epsilon", "ϱ": "rho", "ϖ": "pi", "ς": "sigma", "µ": "mu", "λ": "lam"}


def tokenize(text: str) -> list[Token]:
    """Tokens of ``text``, the last of kind "end". Raises FormulaError at the first character that does not fit."""
    if len(text) > MAX_CHARACTERS:
        raise FormulaError(
            f"The formula has {len(text):,} characters, the limit is {MAX_CHARACTERS}: shorten it.", MAX_CHARACTERS
        )
    tokens: list[Token] = []
    position = 0
    end = len(text.rstrip(_SPACES))
    while True:
        start = position
        while position < end and text[position] in _SPACES:
            position += 1
        if tokens and ("\n" in text[start:position] or "\r" in text[start:position]):
            raise FormulaError(f"A line break at character {start + 1}: write the formula on one line.", start)
        if position >= end:
            tokens.append(Token("end", "", position, position > start))
            return tokens
        token, position = _read(text, position, position > start)
        if len(tokens) == MAX_TOKENS:
            raise FormulaError(
                f"The formula has more than {MAX_TOKENS} numbers, names and signs, which is the limit: "
                f"shorten it from character {token.position + 1} on.",
                token.position,
            )
        tokens.append(token)


def _read(text: str, position: int, spaced: bool) -> tuple[Token, int]:
    """The token at ``position`` and where it ends."""
    character = text[position]
    if match := _NUMBER.match(text, position):
        _check_number(text, match)
        return Token("number", match[0], position, spaced), match.end()
    if match := _NAME.match(text, position):
        return Token("name", match[0], position, spaced), match.end()
    if match := _SUPERSCRIPT.match(text, position):
        return Token("superscript", match[0].translate(_FROM_SUPERSCRIPT), position, spaced), match.end()
    if text.startswith("**", position):
        return Token("^", "**", position, spaced), position + 2
    if character in _SIGNS:
        return Token(_SIGNS[character], character, position, spaced), position + 1
    if character in _SYMBOLS:
        return Token("name", _SYMBOLS[character], position, spaced), position + 1
    if character == "√":
        return Token("root", character, position, spaced), position + 1
    raise _refusal(text, position)


def _check_number(text: str, match: re.Match[str]) -> None:
    digits, position = match[0], match.start()
    following = text[match.end() : match.end() + 1]
    if len(digits) > MAX_LITERAL_CHARACTERS:
        raise FormulaError(
            f"The number at character {position + 1} has {len(digits)} characters, the limit is "
            f"{MAX_LITERAL_CHARACTERS}: write it shorter, such as 1e20.",
            position,
        )
    if following == ".":
        raise FormulaError(f"The number at character {position + 1} has two decimal points: keep one.", match.end())
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


def _refusal(text: str, position: int) -> FormulaError:
    """Why the character at ``position`` is refused, by its Unicode name unless it is plain ASCII."""
    character = text[position]
    where = f"at character {position + 1}"
    if character.isascii() and character.isprintable():
        return FormulaError(f"'{character}' {where} has no place here: {_ADVICE[character]}.", position)
    name = unicodedata.name(character, "") or f"a character with the code U+{ord(character):04X}"
    greek = _GREEK_VARIANTS.get(character) or _greek_name(name)
    right = _LOOKALIKES.get(character) or _folded(character)
    shown = f" ('{character}')" if character.isprintable() and not unicodedata.combining(character) else ""
    if greek and not (right and name.split()[1] == "CAPITAL"):
        advice = f"write {greek}"
    elif unicodedata.decomposition(character).startswith("<fraction>"):
        advice = f"write ({unicodedata.normalize('NFKC', character).replace('⁄', '/')})"
    elif right and unicodedata.decomposition(character).startswith("<super>"):
        advice = f"write ^{right}"
    elif right:
        advice = f"it looks like {right} but is another character, write {right}"
    else:
        advice = "delete it" if unicodedata.category(character)[0] in "CZM" else "write it with plain letters and signs"
    return FormulaError(f"{name}{shown} {where} has no place in a formula: {advice}.", position)


def _greek_name(name: str) -> str | None:
    match = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (\w+)", name)
    if not match:
        return None
    word = "lambda" if match[2] == "LAMDA" else match[2].lower()
    if word == "lambda":
        return "lam"
    return word if match[1] == "SMALL" else word.capitalize()


def _folded(character: str) -> str | None:
    """The ASCII text that Unicode itself folds the character to, such as x for a full-width x."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if folded.isascii() and folded.isprintable() and folded.strip() else None
