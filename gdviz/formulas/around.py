"""What people leave around a formula: quotes, the $ of LaTeX, a comment, a semicolon at the end.

Only the span of the formula is found here, so that positions stay those of the text. Every round takes at least one
character off, so a hostile text costs its length at most.
"""

from __future__ import annotations

import re

from gdviz.formulas.errors import FormulaError
from gdviz.formulas.functions import CONSTANTS, TYPED_NAMES
from gdviz.formulas.tokens import SPACES

_PAIRS = (
    ("```", "```"), ('"""', '"""'), ("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"), ('"', '"'), ("'", "'"), ("`", "`"),
    ("$", "$"), ("“", "”"), ("„", "“"), ("‘", "’"), ("«", "»"),
)  # fmt: skip
_DISPLAYED = "{\\displaystyle "  # as Wikipedia's formulas are copied
_SPACING = ("\\quad", "\\qquad", "\\,", "\\;", "\\:", "\\!")
_COMMENT = re.compile(r"#|//|/\*|(?<=[ \t;])%+(?=[ \t]*(?:[A-Za-z] )?[A-Za-z]{2})")  # % of MATLAB and TeX before a word
_WORD = re.compile(r"[A-Za-z]+")


def find_formula(text: str) -> tuple[int, int, list[str]]:
    """Where the formula starts and ends in ``text``, and a sentence for what else stands there.

    Raises FormulaError for // that may be a comment or a division.
    """
    start, end = _stripped(text, 0, len(text))
    end, notes = _before_comment(text, start, end)
    while True:
        start, end = _stripped(text, start, end)
        spacing = next((word for word in _SPACING if text.endswith(word, start, end)), None)
        pair = next((p for p in _PAIRS if _stands_around(text[start:end], p)), None)
        if text.startswith(_DISPLAYED, start, end) and text[end - 1] == "}":
            start, end = start + len(_DISPLAYED), end - 1
        elif spacing is not None:
            end -= len(spacing)
        elif pair is not None:
            start, end = start + len(pair[0]), end - len(pair[1])
        elif text[start:end].endswith(";"):
            end -= 1
            if not notes or "semicolon" not in notes[-1]:
                notes.append("The semicolon at the end is left out.")
        elif "\\" in text and text[start:end].endswith((".", ",")) and not text[start:end].endswith("\\,"):
            end -= 1  # a sentence's, in a text that was set
        else:
            return start, end, notes


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in SPACES:
        start += 1
    while start < end and text[end - 1] in SPACES:
        end -= 1
    return start, end


def _stands_around(text: str, pair: tuple[str, str]) -> bool:
    opening, closing = pair
    inside = text[len(opening) : -len(closing)]
    return (
        len(text) >= len(opening) + len(closing)
        and text.startswith(opening)
        and text.endswith(closing)
        and opening not in inside
        and closing not in inside
    )


def _before_comment(text: str, start: int, end: int) -> tuple[int, list[str]]:
    """Where a comment begins, if one does: it goes on to the end of the text."""
    match = _COMMENT.search(text, start, end)
    if not match or match.start() == start or "\n" in text[match.end() : end]:
        return end, []
    comment = text[match.end() : end].strip()
    if match[0] == "/*":
        if not comment.endswith("*/") or "*/" in comment[:-2]:
            return end, []
        comment = comment[:-2].strip()
    if match[0][0] == "%":
        word = _WORD.match(comment)
        if " " not in comment and text[: match.start()].rstrip()[-1:] != ";":
            return end, []  # x % period may be a remainder
        if word and (word[0] in TYPED_NAMES or word[0] in CONSTANTS or word[0] in text[start : match.start()]):
            return end, []
    if match[0] == "//":
        word = _WORD.match(comment)
        known = word is None or len(word[0]) < 2 or word[0] in TYPED_NAMES or word[0] in CONSTANTS
        if (known and comment) or (word and re.search(rf"\b{word[0]}\b", text[start : match.start()])):
            raise FormulaError(
                f"'//' at character {match.start() + 1} has two readings, a comment or a division that drops the "
                "remainder: begin a comment with #, and for a quotient write /.",
                match.start(),
            )
    shown = " ".join("".join(c if c.isprintable() else " " for c in comment).split())
    shown = f"{shown[:40]}…" if len(shown) > 41 else shown
    return match.start(), [f"The comment “{shown}” is left out." if shown else "The comment at the end is left out."]
