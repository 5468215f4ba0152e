"""Bytes to lines of text: which encoding, which lines are comments, and what is no text at all."""

from __future__ import annotations

import re

from gdviz.datasets.table import TableError

_MOST_LINES = 1_000_000  # empty ones and comments among them: to pass over five million takes seconds
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_MARKS = ("#", "%", "!", "//")  # what a line of comment begins with
_ERROR = re.compile(r"#(?:N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!)", re.IGNORECASE)  # a spreadsheet's cell
_RULE = re.compile(r"[-=+|: \t]+")  # a line that is drawn under the names


def read_lines(data: bytes) -> tuple[list[str], list[str]]:
    """Return the lines, without blanks at their ends, and what there is to say about the encoding."""
    text, notes = _decode(data)
    if re.match(r"\s*<(!doctype|html|\?xml|svg)", text[:1000], re.IGNORECASE):
        raise TableError("This is a web page or XML, not a table: save the table alone as CSV.")
    if re.match(r"\s*(\{|\[\s*[\[{])", text[:1000]):
        raise TableError("This is JSON, not a table: save the table as CSV.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > _MOST_LINES:
        raise TableError(
            f"The file has {len(lines):,} lines, and at most {_MOST_LINES:,} can be read: leave out rows, and lines "
            "that are empty."
        )
    return [
        "" if ("---" in line or "===" in line) and _RULE.fullmatch(line) else line.rstrip(" ") for line in lines
    ], notes


def split_comments(lines: list[str]) -> tuple[list[str], dict[int, str]]:
    """Return the lines with empty ones in place of comments, and the comments by their line, counted from 1."""
    comments = {
        i: line
        for i, line in enumerate(lines, start=1)
        if (bare := line.lstrip(' \t"')).startswith(_MARKS) and not _ERROR.match(bare)
    }
    return ["" if i in comments else line for i, line in enumerate(lines, start=1)], comments


def without_mark(comment: str) -> str:
    """Return what a comment says."""
    return comment.lstrip(" \t#%!/")


def _decode(data: bytes) -> tuple[str, list[str]]:
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError("This is a spreadsheet or an archive, not a text file: save the sheet as CSV.")
    data = data.rstrip(b"\x1a")  # which old programs end a file with
    notes = []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
        notes.append("The text is UTF-16.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp1252":
            notes.append("The text is not UTF-8; it was read as Windows-1252, so check accents in the names.")
        break
    else:
        raise TableError("This is not a text file in a known encoding: save it as CSV in UTF-8.")
    found = _CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        message = f"This is not a text file (there is a control character in line {line}): save it as CSV in UTF-8."
        raise TableError(message, line=line)
    return text.removeprefix("\ufeff"), notes
