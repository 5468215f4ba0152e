"""Characters that have no place in a formula, each refused by its name with what to write instead."""

from __future__ import annotations

import re
import unicodedata

from gdviz.formulas.errors import FormulaError

_ADVICE = {
    "=": "write only the right-hand side, such as x^2 + y^2",
    "!": "there is no factorial; write the product or the number itself",
    "%": "there is no remainder or percent; write 0.05 for 5 %",
    "'": "text has no place in a formula", '"': "text has no place in a formula", "`": "text has no place in a formula",
    "\\": "a LaTeX command such as \\sin has letters after it",
    "$": "a $ only stands around a whole formula in LaTeX", "#": "after it only a comment stands, on the same line",
    "&": "a condition joins its parts with and", "~": "for a negative number write -",
    "@": "for a product write *, and a function begins with @(x, y)",
    ".": "a period only stands in numbers such as 0.5; for a product write *",
}  # fmt: skip

# Letters and signs that look like ASCII but are not, beyond those that Unicode itself folds (full-width forms).
_LOOKALIKES = {
    lookalike: plain
    for plain, lookalikes in {
        "A": "АΑ", "B": "ВΒ", "C": "С", "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν",
        "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ", "Y": "УΥ", "Z": "Ζ", "a": "аɑ", "c": "с", "d": "ԁ",
        "e": "е", "g": "ɡ", "h": "һ", "i": "іı", "j": "ј", "o": "оο", "p": "р", "q": "ԛ", "s": "ѕ", "w": "ԝ", "x": "х",
        "y": "у", "-": "⁻", "*": "⁎", "+": "⁺", "|": "ǀ❘", ",": "٫，", "^": "ˆ",
    }.items()
    for lookalike in lookalikes
}  # fmt: skip

_SUMMED = {"Σ": "sum", "∑": "sum", "Π": "product", "∏": "product"}


def refusal(text: str, position: int) -> FormulaError:
    """Why the character at ``position`` is refused, by its Unicode name unless it is plain ASCII."""
    character = text[position]
    where = f"at character {position + 1}"
    if character == "." and text[position + 1 : position + 2].isalpha():
        return FormulaError(f"'.' {where} has no place here: a formula has no attributes or methods, write its terms "
                            "and functions, such as x^2 + sin(y).", position)  # fmt: skip
    if character.isascii() and character.isprintable():
        advice = _ADVICE.get(character, "write the formula with + - * / ^ and parentheses")
        return FormulaError(f"'{character}' {where} has no place here: {advice}.", position)
    name = unicodedata.name(character, "") or f"a character with the code U+{ord(character):04X}"
    shown = f" ('{character}')" if character.isprintable() and not unicodedata.combining(character) else ""
    return FormulaError(f"{name}{shown} {where} has no place in a formula: {_advice(character)}.", position)


def _advice(character: str) -> str:
    if character in _SUMMED:
        return f"for a {_SUMMED[character]} write its terms out, such as x1^2 + x2^2"
    if character in "‖∥":
        return "write sqrt(x^2 + y^2), or |x| for a number"
    right = _LOOKALIKES.get(character) or _folded(character)
    if right and unicodedata.decomposition(character).startswith("<super>"):
        return f"write ^{right}"
    if right:
        return f"it looks like {right} but is another character, write {right}"
    return "delete it" if unicodedata.category(character)[0] in "CZM" else "write it with plain letters and signs"


def _folded(character: str) -> str | None:
    """The ASCII text that Unicode itself folds the character to, such as x for a full-width x."""
    folded = unicodedata.normalize("NFKC", character)
    return folded if folded.isascii() and folded.isprintable() and folded.strip() else None


def greek_letter(character: str) -> str | None:
    """The name that a Greek letter stands for, such as theta; None for a letter that looks like a Latin one."""
    if character in _VARIANTS:
        return _VARIANTS[character]
    if character in _LOOKALIKES or character in _SUMMED:
        return None
    match = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER ([A-Z]+)", unicodedata.name(character, ""))
    if not match:
        return None
    word = "lam" if match[2] == "LAMDA" else match[2].lower()
    return word if match[1] == "SMALL" else word.capitalize()


_VARIANTS = {"ϑ": "theta", "ϕ": "phi", "ϵ": "epsilon", "ϱ": "rho", "ϖ": "pi", "ς": "sigma", "µ": "mu"}
