"""Near misses: what a name that is not known was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from types import MappingProxyType

_LONGEST = 40  # characters of a name that are looked at
_NEAR = 0.75  # share of the signs that two names have in common
_NOT_A_SIGN = re.compile(r"[^0-9a-z]")
_NONE: Mapping[str, str] = MappingProxyType({})


def did_you_mean(name: str, known: Iterable[str], others_say: Mapping[str, str] = _NONE) -> str:
    """Return “; did you mean learning_rate?” where ``name`` is nearly one of ``known``, else an empty text.

    Case, blanks, hyphens and underscores do not count. ``others_say`` maps names that others use to ours; those must
    be met exactly.

    >>> did_you_mean("learningrate", ["learning_rate", "epochs"])
    '; did you mean learning_rate?'
    >>> did_you_mean("lr", ["learning_rate", "epochs"], {"lr": "learning_rate"})
    '; did you mean learning_rate?'
    >>> did_you_mean("banana", ["learning_rate", "epochs"])
    ''
    """
    meant = nearest(name, known, others_say)
    return f"; did you mean {meant}?" if meant else ""


def nearest(name: str, known: Iterable[str], others_say: Mapping[str, str] = _NONE) -> str:
    """Return the one of ``known`` that ``name`` nearly is, else an empty text, as :func:`did_you_mean` says it."""
    names = {_bare(own): own for own in known}
    bare = _bare(name)
    if not bare or name in names.values():
        return ""
    same = names | {_bare(other): own for other, own in others_say.items() if _bare(other) not in names}
    if bare in same:
        return same[bare]
    alike = {own: SequenceMatcher(None, plain, bare).ratio() for plain, own in names.items()}
    near = max(alike, key=alike.__getitem__, default="")
    return near if near and alike[near] >= _NEAR else ""


def _bare(name: str) -> str:
    return _NOT_A_SIGN.sub("", name[:_LONGEST].lower())
