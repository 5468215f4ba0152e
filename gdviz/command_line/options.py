"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from gdviz.command_line.asking import Refused

F = TypeVar("F", bound=Callable[..., Any])


def words(function: F) -> F:
    """Give a command its words: settings, or a whole link."""
    return click.argument("settings", nargs=-1, metavar="[LINK | name=value …]")(function)


def data_file(function: F) -> F:
    """Give a command the option for a file of data to fit."""
    return click.option(
        "--data", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
        help="A CSV file to fit (implies objective=fit).",
    )(function)  # fmt: skip


def only(option: str, paths: Sequence[Path]) -> Path | None:
    """Return the one path of an option, None for none. Raises Refused for several."""
    if len(paths) > 1:
        raise Refused(f"{option} is given {len(paths)} times: give it once.")
    return paths[0] if paths else None
