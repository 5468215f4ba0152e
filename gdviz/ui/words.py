"""Words that came with a link, or were typed, shown as the text that they are."""

from __future__ import annotations

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:&.])")

# What Streamlit would make a link of whatever is escaped: an invisible joiner keeps it apart.
_LINKS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)


def plain(text: str) -> str:
    """Return Markdown that shows ``text`` letter by letter.

    >>> plain("[here](x)")
    '\\\\[here\\\\]\\\\(x\\\\)'
    """
    return _MARKDOWN.sub(r"\\\1", _LINKS.sub("\u2060", text))
