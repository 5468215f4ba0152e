"""What was exported, opened again: the link in a file, or in a text that was pasted. The bytes are a stranger's."""

from __future__ import annotations

import json
import re
from html import unescape

from gdviz import archives
from gdviz.experiments import LINK_LIMIT
from gdviz.exports.about import RUN_FORMAT

MOST_BYTES = 16 * 2**20
_MOST_INSIDE = 16 * 2**20  # of a file in an archive, unpacked
_SIGNS = rf"[^\s\"'<>`\\]{{0,{LINK_LIMIT}}}"
_LINK = re.compile(rf"\?[\w.]+={_SIGNS}", re.ASCII)


BEGINNINGS = ("objective", "formula", "data", "model", "scenario")  # a link of ours has one of these first
_OURS = re.compile(rf"\?(?:{'|'.join(BEGINNINGS)})={_SIGNS}", re.ASCII)


class NotOurs(ValueError):
    """A file that holds no run of gdviz, with a sentence for the user."""


def link_in(data: bytes | str) -> str:
    """Return the link, from its question mark on, in an exported file or in a pasted text.

    Understood are what gdviz writes with a link in it: JSON, CSV, NPZ, Parquet, scripts, notebooks, LaTeX, the page as
    one file, and a bundle of them; and an address. Raises :class:`NotOurs`. Nothing of the file is run.
    """
    if len(data) > MOST_BYTES:
        raise NotOurs("The file is larger than 16 MB: open its link instead, which the file names.")
    if isinstance(data, bytes) and data[:2] == b"PK":
        return _in_archive(data)
    return _in_document(data if isinstance(data, str) else data.decode("utf-8", errors="replace"))


def _in_document(text: str) -> str:
    if text.lstrip("\ufeff \n").startswith("{"):
        return _in_json(text)
    return _in_text(text)


def _in_archive(data: bytes) -> str:
    """Of a bundle its run.json, of a NumPy archive its metadata."""
    try:
        with archives.opened(data) as archive:
            for info in archive.infolist():
                name = info.filename.rpartition("/")[2]
                if name not in ("run.json", "README.txt", "metadata.npy") or info.file_size > _MOST_INSIDE:
                    continue
                content = archives.first_bytes(archive, info, _MOST_INSIDE)
                if name == "metadata.npy":
                    return _in_json(_numpy_text(content))
                return _in_document(content.decode("utf-8", errors="replace"))
    except archives.ArchiveError as error:
        raise NotOurs(str(error)) from None
    raise NotOurs("The archive holds no run of gdviz: neither run.json nor metadata.")


def _numpy_text(content: bytes) -> str:
    """The text of an array of one text, as NumPy saves it (four bytes a sign), from its first brace on."""
    start = content.find("{".encode("utf-32-le"), 64)
    return content[start:].decode("utf-32-le", errors="replace") if start >= 0 else ""


def _in_json(text: str) -> str:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotOurs("This is no JSON that can be read.") from None
    if isinstance(found, dict):
        own = found if found.get("format") == RUN_FORMAT else found.get("metadata", {})
        own = own.get("gdviz", own) if isinstance(own, dict) else {}
        link = own.get("link") if isinstance(own, dict) else None
        if isinstance(link, str) and _LINK.fullmatch(link):
            return link
    raise NotOurs("This JSON is no run of gdviz: it names no link.")


def _in_text(text: str) -> str:
    found = _OURS.search(unescape(text.replace("\\u0026", "&")))  # as JSON inside of a page has it
    if found is None:
        raise NotOurs("There is no link of gdviz in this: it has a question mark, and name=value after it.")
    return found[0].rstrip(").,;")
