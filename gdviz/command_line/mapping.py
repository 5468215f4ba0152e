"""``gdviz map``: a map of many descents."""

from __future__ import annotations

from pathlib import Path

import click

from gdviz.command_line.asking import Refused, asked
from gdviz.command_line.options import data_file, only, words


@click.command("map", short_help="Map where descents end.")
@words
@data_file
def map_command(settings: tuple[str, ...], data: tuple[Path, ...]) -> None:
    """Map where many descents end, by their start or their learning rate."""
    asked(settings, only("--data", data))
    raise Refused("Maps are not made on the command line yet: open the Maps page.")
