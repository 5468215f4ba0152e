"""Cells of text that a spreadsheet shows and does not run."""

from __future__ import annotations

# A cell that begins with one of these is a formula or a command to some spreadsheet; the wide ones are read alike.
_RUNS = tuple("=+-@|%\t\r\n＝＋－＠｜％﹢﹣−")


def plain_cell(text: str) -> str:
    """Return ``text`` on one line, with an apostrophe before it where a spreadsheet would run it.

    >>> plain_cell("=1+1"), plain_cell("Adam"), plain_cell(" ＝1")
    ("'=1+1", 'Adam', "' ＝1")
    """
    begins = text.lstrip(" \u00a0\u200b\ufeff\u3000'\"").startswith(_RUNS) or text.startswith(_RUNS)
    line = "".join(c if c.isprintable() else " " for c in text)
    return f"'{line}" if begins else line
