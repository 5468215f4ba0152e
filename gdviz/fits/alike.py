"""Which of some names another one was probably meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_ALIKE = 0.8  # how alike two names are of which one may be a slip
_LONGEST = 40  # characters that are looked at


def nearest(word: str, names: Iterable[str]) -> str | None:
    """Return the name that ``word`` may have been meant to be: in other case, cut short, or with a slip in it."""
    bare = _bare(word)
    by_bare = {_bare(name): name for name in reversed(list(names))}
    if bare in by_bare:
        return by_bare[bare]
    if f"{bare}column" in by_bare:
        return by_bare[f"{bare}column"]
    if len(bare) < 3:
        return None
    longer = [name for name in by_bare if name.startswith(bare)]
    near = longer or get_close_matches(bare, by_bare, 1, _ALIKE)
    return by_bare[near[-1]] if near else None


def _bare(name: str) -> str:
    return name[:_LONGEST].lower().replace("_", "")
