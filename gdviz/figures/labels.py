"""Names of variables as they are written in mathematics: theta_1 as θ₁."""

from __future__ import annotations

from html import escape

from gdviz.formulas.names import GREEK

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def symbol(name: str) -> str:
    """Return a name for an axis title or hover text: Greek letters spelt out become letters, digits behind subscripts.

    >>> symbol("theta_1"), symbol("slope"), symbol("w2")
    ('θ₁', 'slope', 'w₂')
    """
    head, _, tail = name.partition("_")
    if not tail:
        letters = head.rstrip("0123456789")
        if letters in GREEK or len(letters) == 1:
            head, tail = letters, head[len(letters) :]
    if head.lower() in GREEK:
        letter = GREEK[head.lower()]
        head = letter.upper() if head[0].isupper() else letter
    elif len(head) > 1 and tail and not tail.isdigit():
        return escape(name, quote=False)
    if tail.isdigit():
        return escape(head, quote=False) + tail.translate(_SUBSCRIPTS)
    return escape(head, quote=False) + (f"<sub>{escape(symbol(tail), quote=False)}</sub>" if tail else "")


def symbols(names: tuple[str, ...]) -> str:
    """Return names separated by commas, as arguments of f."""
    return ", ".join(symbol(name) for name in names)
