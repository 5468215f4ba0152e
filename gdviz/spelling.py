"""Near misses: what a name that is not known was probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType

_LONGEST = 40  # characters of a name that are looked at
_NOT_A_SIGN = re.compile(r"[^0-9a-z]")
_NONE: Mapping[str, str] = MappingProxyType({})


def did_you_mean(name: str, known: Iterable[str], others_say: Mapping[str, str] = _NONE) -> str:
    """Return “; did you mean learning_rate?” where ``name`` is nearly one of ``known``, else an empty text.

    Case, blanks, hyphens and underscores do not count. ``others_say`` maps what a thing is called elsewhere to its
    name here.

    >>> did_you_mean("learningrate", ["learning_rate", "epochs"])
    '; did you mean learning_rate?'
    >>> did_you_mean("lr", ["learning_rate", "epochs"], {"lr": "learning_rate"})
    '; did you mean learning_rate?'
    >>> did_you_mean("banana", ["learning_rate", "epochs"])
    ''
    """
    known = tuple(known)
    if name in known:
        return ""
    meant = {_bare(other): own for other, own in others_say.items()} | {_bare(own): own for own in known}
    bare = _bare(name)
    near = [bare] if bare in meant else get_close_matches(bare, meant, n=1, cutoff=0.75)
    return f"; did you mean {meant[near[0]]}?" if bare and near else ""


def _bare(name: str) -> str:
    return _NOT_A_SIGN.sub("", name[:_LONGEST].lower())
