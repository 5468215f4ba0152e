"""``gdviz export``: an experiment as a file, whose ending says of which kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from gdviz.command_line.asking import Asked, Refused, asked
from gdviz.command_line.options import data_file, only, words
from gdviz.command_line.writing import STANDARD, check_place, complain, same, write
from gdviz.exports.formats import FORMATS, Wanted, export
from gdviz.exports.formats import Progress as Told
from gdviz.exports.sizes import PROFILES, Size, points, profile
from gdviz.exports.subject import FIGURES, Curves, Subject, subject_of, subject_of_comparison

_OF = {  # the kinds of files, besides the bundle of all, that take an option which not all take
    "figure venue width height font_size log_epochs slope error shared": ("png", "svg", "pdf", "tex"),
    "transparent": ("png", "svg", "pdf"),
    "dpi": ("png",),
    "seconds frames": ("gif", "mp4"),
    "matplotlib torch": ("py",),
    "as_input": ("tex",),
}


@click.command("export", short_help="Write an experiment to a file.")
@words
@data_file
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The file; its ending decides what is made. - with --format for standard output.")  # fmt: skip
@click.option("--format", "ending", type=click.Choice(tuple(FORMATS)), help="Instead of the file's ending.")
@click.option("--figure", type=click.Choice(FIGURES),
              help="Which picture; theta without it, and in tex the formulas and a table.")  # fmt: skip
@click.option("--profile", "venue", type=click.Choice(tuple(PROFILES)), help="The size that a venue asks for.")
@click.option("--width", metavar="LENGTH", help="Such as 8.5cm, 3.5in, 89mm or 640px.")
@click.option("--height", metavar="LENGTH", help="The picture's usual shape without it.")
@click.option("--font-size", type=float, metavar="POINTS", help="Of the numbers along the axes; at least 6.")
@click.option("--dpi", type=float, help="Resolution of a PNG.")
@click.option("--transparent", is_flag=True, help="Without paper.")
@click.option("--log-epochs", is_flag=True, help="Epochs on a log axis.")
@click.option("--slope", is_flag=True, help="The fitted slope of the rate, on log axes.")
@click.option("--error", is_flag=True, help="Theta as its distance from the minimizer, on a log axis.")
@click.option("--shared", is_flag=True, help="Theta and loss over one axis of epochs.")
@click.option("--seconds", type=float, default=6.0, show_default=True, help="Length of a film.")
@click.option("--frames", type=int, default=60, show_default=True, help="Pictures of a film.")
@click.option("--matplotlib", is_flag=True, help="A script (.py) that draws, too.")
@click.option("--torch", is_flag=True, help="A script (.py) of PyTorch.")
@click.option("--input", "as_input", is_flag=True, help="LaTeX (.tex) to be put into a document by \\input.")
@click.option("--with-data", is_flag=True, help="The data of --data may be in the file.")
def export_command(
    settings: tuple[str, ...], data: tuple[Path, ...], output: Path, ending: str | None, figure: str | None,
    venue: str | None, width: str | None, height: str | None, font_size: float | None, dpi: float | None,
    transparent: bool, log_epochs: bool, slope: bool, error: bool, shared: bool, seconds: float, frames: int,
    matplotlib: bool, torch: bool, as_input: bool, with_data: bool,
) -> None:  # fmt: skip
    """Write an experiment to a file, whose ending says of which kind.

    \b
    gdviz export objective=rosenbrock optimizer=adam -o figure.pdf --profile ieee
    gdviz export objective=rosenbrock -o path.svg --figure contour --width 8.5cm
    gdviz export "?objective=booth&runs=gd@0.01;adam@0.1" -o both.png --figure loss
    gdviz export objective=booth -o theta.tex --figure theta --input
    gdviz export objective=booth -o run.parquet
    gdviz export objective=booth -o everything.zip
    """
    kind = ending or output.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise Refused(f"{output}: the ending decides what is made; end it with one of .{', .'.join(FORMATS)}.")
    _check_options(kind)
    try:
        size = _size(venue, width, height, font_size, dpi, transparent)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    file = only("--data", data)
    request = asked(settings, file)
    if file is not None and same(output, file):
        raise Refused(f"{output} holds the data: write to another file.")
    check_place(output)
    curves = Curves(log_epochs, slope, error, shared)
    wanted = Wanted(figure or "", size, curves, seconds, frames, matplotlib, torch, not as_input, with_data)
    try:
        with _progress(output) as told:
            content = export(subject(request), kind, wanted, told)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    write(output, content)


def _check_options(kind: str) -> None:
    """Refuse what was given and is of no use to this kind of file."""
    context = click.get_current_context()
    for option in context.command.params:
        name = str(option.name)
        given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        kinds = next((kinds for names, kinds in _OF.items() if name in names.split()), ())
        if given and kinds and kind not in (*kinds, "zip"):
            raise Refused(f"{option.opts[0]} does not go with .{kind}: it is for .{', .'.join(kinds)}.")


def subject(request: Asked) -> Subject:
    """Return what is exported: the run, or the comparison where the link names runs."""
    if request.contenders:
        complain(request.remarks(comparing=True))
        return subject_of_comparison(request.task, request.contenders)
    found = subject_of(request.task, request.task.run(deadline=inf))
    complain(request.remarks())
    return found


def _size(
    venue: str | None, width: str | None, height: str | None, font_size: float | None, dpi: float | None,
    transparent: bool,
) -> Size:  # fmt: skip
    base = Size() if venue is None else profile(venue)
    lengths = {name: points(text) for name, text in (("width", width), ("height", height)) if text is not None}
    return base.changed(**lengths, type_size=font_size, dpi=dpi, transparent=transparent)


@contextmanager
def _progress(output: Path) -> Iterator[Told]:
    """A bar on standard error, where that is a terminal and something takes its time."""
    console = Console(stderr=True)
    if not console.is_terminal or output == STANDARD:
        yield lambda share: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        job = bar.add_task(output.name, total=1.0)
        yield lambda share: bar.update(job, completed=share)
