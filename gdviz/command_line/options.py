"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from gdviz.command_line.requests import Refused
from gdviz.command_line.writing import same

F = TypeVar("F", bound=Callable[..., Any])


def words(function: F) -> F:
    """Give a command its words: settings, or a whole link."""
    return click.argument("settings", nargs=-1, metavar="[LINK | name=value …]")(function)


def one_file(option: str, help: str) -> Callable[[F], F]:
    """Give a command an option for a file: the command gets its path, or None."""
    return click.option(
        option, multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=help, callback=_only
    )


def _only(_: click.Context, option: click.Parameter, paths: Sequence[Path]) -> Path | None:
    """Return the one path of an option, None for none. Raises Refused for several."""
    if len(paths) > 1:
        raise Refused(f"{option.opts[0]} is given {len(paths)} times: give it once.")
    return paths[0] if paths else None


data_file = one_file("--data", "A CSV file to fit (implies objective=fit).")


def refuse_to_overwrite(output: Path, source: Path | None, what: str) -> None:
    """Refuse to write to the file that something was read from."""
    if source is not None and same(output, source):
        raise Refused(f"{output} holds {what}: write to another file.")


def check_options(kind: str, only_for: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse an option that was given and is of no use to this kind of file, "" for no file.

    ``only_for`` are the kinds that take an option, under the options' names; the bundle of all takes each.
    """
    context = click.get_current_context()
    for option in context.command.params:
        name = str(option.name)
        given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        kinds = next((kinds for names, kinds in only_for.items() if name in names.split()), ())
        if given and kinds and kind not in (*kinds, "zip"):
            here = f".{kind}" if kind else "no file (-o)"
            raise Refused(f"{option.opts[0]} does not go with {here}: it is for .{', .'.join(kinds)}.")
