"""Unpacks zip archives of strangers, within bounds: a few hundred bytes can unpack to gigabytes.

So nothing is unpacked but by small pieces of a kind whose pieces stay small, and no more than was allowed.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from tokenize import TokenError
from typing import IO

from gdviz.pacing import OutOfTime, pause

_PIECE = 2**18  # bytes
_KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others Python unpacks the whole at the first byte
_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError, RuntimeError, TypeError,
    ArithmeticError, MemoryError, SyntaxError, TokenError,
)  # fmt: skip


class ArchiveError(ValueError):
    """An archive that cannot be read, with a sentence that says why."""


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open an archive for the block. Whatever is wrong with it there, also within what it holds, is an ArchiveError."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive
    except (ArchiveError, OutOfTime):
        raise
    except _BROKEN as error:
        raise ArchiveError(f"The archive cannot be read: {str(error)[:100] or 'it is damaged'}.") from None


def unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    """Return a file of the archive, to be read in pieces."""
    if info.compress_type not in _KINDS:
        raise ArchiveError("The archive is packed in an unusual way: pack it as ZIP with the usual compression.")
    return archive.open(info)


def first_bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """Return the first bytes of a file of the archive, ``most`` at most."""
    found = bytearray()
    with unpacked(archive, info) as file:
        while len(found) < most and (piece := file.read(min(_PIECE, most - len(found)))):
            pause()
            found += piece
    return bytes(found)
