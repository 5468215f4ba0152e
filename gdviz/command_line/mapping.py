"""``gdviz map``: a map of many descents, into a file."""

from __future__ import annotations

import click

from gdviz.command_line.asking import Refused, asked
from gdviz.command_line.map_making import made_map, usage
from gdviz.command_line.writing import say, write


@click.command(
    "map", short_help="Map where descents end.", add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True},
)  # fmt: skip
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def map_command(words: tuple[str, ...]) -> None:
    """Map where many descents end, by their start, their learning rate, or two settings."""
    if not words or {"-h", "--help"} & set(words):
        say(usage())
        click.get_current_context().exit()
    try:
        sentence, path, content = made_map(words, lambda settings, data: asked(settings, data).task)
    except ValueError as error:
        raise Refused(str(error)) from None
    write(path, content)
    say(f"{sentence}\n")
