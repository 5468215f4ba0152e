"""What is written: whole files or none, one line a sentence."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from errno import EISDIR
from pathlib import Path
from tempfile import mkstemp

from rich.table import Table

from gdviz.spreadsheets import on_one_line

STANDARD = Path("-")


def write(path: Path, content: str | bytes) -> None:
    """Write a file, or nothing: one that is cut off would look like a shorter run. Raises OSError that names it."""
    if path == STANDARD:
        _to_output(content)
        return
    try:
        if path.exists() and not path.is_file():  # a device, or a pipe
            _fill(path, content)
        else:
            _put(path.resolve(), content)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def check_place(path: Path) -> None:
    """Raise the OSError that writing there would end with, before work is done that would be lost."""
    if path == STANDARD or (path.exists() and not path.is_file() and not path.is_dir()):
        return
    try:
        if path.is_dir():
            raise OSError(EISDIR, os.strerror(EISDIR))
        handle, name = mkstemp(dir=path.resolve().parent)
        os.close(handle)
        os.unlink(name)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _put(path: Path, content: str | bytes) -> None:
    """Write a file of its own, and give it the name when it is whole."""
    handle, name = mkstemp(dir=path.parent)
    os.close(handle)
    whole = Path(name)
    try:
        _fill(whole, content)
        whole.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)


def _fill(path: Path, content: str | bytes) -> None:
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8", newline="")
    else:
        path.write_bytes(content)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _to_output(content: str | bytes) -> None:
    if isinstance(content, str):
        say(content)
    else:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def same(a: Path, b: Path) -> bool:
    """Say whether two paths are of one file."""
    return a.exists() and b.exists() and a.samefile(b)


def say(text: str) -> None:
    """Write on standard output. Raises OSError where that fails."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    sys.stdout.write(text)
    sys.stdout.flush()


def complain(sentences: Iterable[str]) -> None:
    """Write each sentence on a line of standard error."""
    for sentence in sentences:
        print(on_one_line(sentence), file=sys.stderr)


def bare_table() -> Table:
    """Return an empty table for the terminal, without lines."""
    return Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))


def let_go_of_output() -> None:
    """Leave nothing to be written when Python ends, which would fail once more."""
    with suppress(OSError, ValueError, AttributeError):  # some have no file beneath
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
