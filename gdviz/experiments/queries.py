"""The text of a link after its question mark, as parameters.

A form writes a blank as a plus sign. People who type a link write ``formula=x^2+y^2`` and mean the sum. So where a
formula is meant a plus sign stands for itself, unless the text shows that a program wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qsl, quote_plus, unquote, unquote_plus, urlencode

from gdviz.experiments.readers import Note, short

MOST_PARAMETERS = 200

_FORMULAS = ("formula", "model", "rate_formula")  # the parameters that hold one
ALWAYS = ("objective", "start", "learning_rate", "epochs", "optimizer")  # what every link that we write names
_PLUS = "\ue000"  # a plus sign of the link, while it is not yet known what it stands for
_EXPONENT = re.compile(rf"(?<=[0-9.][eE]){_PLUS}(?=[0-9])")  # 1e+06
_BESIDE_A_SIGN = re.compile(rf"[^\w)\]}}|.{_PLUS}]{_PLUS}|{_PLUS}[^\w(\[{{|.\\√{_PLUS}]")
_IN_RUNS = re.compile(r"(?<=rate_formula=)[^,;]*")


def read_query(query: str) -> tuple[dict[str, str], tuple[Note, ...]]:
    """Return the parameters of a link's text, and a note on what cannot be taken as it stands. Never raises.

    >>> read_query("objective=formula&formula=x^2+y^2")
    ({'objective': 'formula', 'formula': 'x^2+y^2'}, ())
    >>> read_query("objective=formula&formula=x%5E2+%2B+y%5E2")
    ({'objective': 'formula', 'formula': 'x^2 + y^2'}, ())
    """
    query = query.encode("utf-8", "replace").decode()  # half a character, as a shell may hand it on, is none
    parts = [part for part in query.split("&") if part]
    written = [part.partition("=") for part in parts[:MOST_PARAMETERS]]
    ours = _is_ours(query)
    pairs = [(unquote_plus(name), _value(unquote_plus(name), value, ours)) for name, _, value in written]
    notes = list(given_twice(pairs))
    if len(parts) > MOST_PARAMETERS:
        wrong = f"The link has {len(parts):,} parameters, more than {MOST_PARAMETERS}"
        notes.append(Note(wrong, "The others are not read."))
    if ours:
        notes += [
            Note(f"{name} = “{short(unquote_plus(value))}”: a plus sign in such a link is a blank; for a sum write %2B")
            for name, _, value in written
            if name in _FORMULAS and "+" in value and not _BESIDE_A_SIGN.search(_marked(value))
        ]
    return dict(pairs), tuple(notes)


def given_twice(pairs: Sequence[tuple[str, str]]) -> tuple[Note, ...]:
    """Return a note on each name that has more than one value."""
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return tuple(
        Note(f"{short(name, 40)} is given {len(given)} times: {_quoted(given)}", "The last one counts.")
        for name, given in values.items()
        if len(set(given)) > 1
    )


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{short(text)}”" for text in texts[:3]) + ", …" * (len(texts) > 3)


def _is_ours(query: str) -> bool:
    """Whether it is a link that we wrote: a form's encoding from end to end, with all that our links name.

    Then every plus sign is a blank, as it always was.
    """
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(pairs) == query and {name for name, _ in pairs}.issuperset(ALWAYS)


def _value(name: str, value: str, ours: bool) -> str:
    if ours or "+" not in value:
        return unquote_plus(value)
    marked = _marked(value)
    if name in _FORMULAS:
        blanks = _is_encoded(value) and _BESIDE_A_SIGN.search(marked)
        return marked.replace(_PLUS, " " if blanks else "+")
    if name == "runs" and not _is_encoded(value):
        marked = _IN_RUNS.sub(lambda formula: formula[0].replace(_PLUS, "+"), marked)
    return _EXPONENT.sub("+", marked).replace(_PLUS, " ")


def _marked(value: str) -> str:
    return _PLUS.join(unquote(part) for part in value.split("+"))


def _is_encoded(value: str) -> bool:
    """Whether it may be a form's encoding: that never leaves a ^, and by hand nobody writes %5E. An * may be left."""
    return quote_plus(unquote_plus(value), safe="*").lower() == value.lower().replace("%2a", "*")
