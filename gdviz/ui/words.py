"""Words that came with a link, or were typed, shown as the text that they are."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:&.])")


def plain(text: str) -> str:
    """Return Markdown that shows ``text`` letter by letter.

    >>> plain("[here](x)")
    '\\\\[here\\\\]\\\\(x\\\\)'
    """
    return _MARKDOWN.sub(r"\\\1", text)
