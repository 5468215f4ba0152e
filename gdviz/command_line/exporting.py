"""``gdviz export``: an experiment as a file, whose ending says of which kind."""

from __future__ import annotations

from math import inf
from pathlib import Path

import click

from gdviz.command_line.options import check_options, data_file, refuse_to_overwrite, words
from gdviz.command_line.progress import progress
from gdviz.command_line.requests import Refused, Request, read_request, refusing
from gdviz.command_line.training import training_file, with_training
from gdviz.command_line.writing import check_place, complain, write
from gdviz.comparisons import Contender
from gdviz.exports.formats import FORMATS, Wanted, export
from gdviz.exports.sizes import LENGTHS, PROFILES, Size, points
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
@training_file
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="The file; its ending decides what is made. - with --format for standard output.")  # fmt: skip
@click.option("--format", "ending", type=click.Choice(tuple(FORMATS)), help="Instead of the file's ending.")
@click.option("--figure", type=click.Choice(FIGURES),
              help="Which picture; theta without it, and in tex the formulas and a table.")  # fmt: skip
@click.option("--profile", "venue", type=click.Choice(tuple(PROFILES)), help="The size that a venue asks for.")
@click.option("--width", metavar="LENGTH", help=f"Such as {LENGTHS}.")
@click.option("--height", metavar="LENGTH", help="The picture's usual shape without it.")
@click.option("--font-size", type=float, metavar="POINTS", help="Of the numbers along the axes; at least 6.")
@click.option("--dpi", type=float, help="Resolution of a PNG.")
@click.option("--transparent", is_flag=True, help="Without paper.")
@click.option("--log-epochs", is_flag=True, help="Epochs on a log axis.")
@click.option("--slope", is_flag=True, help="The fitted slope of the rate, on log axes.")
@click.option("--error", is_flag=True, help="Theta as its distance from the minimizer, on a log axis.")
@click.option("--shared", is_flag=True, help="Theta and loss over one axis of epochs.")
@click.option("--seconds", type=float, default=Wanted.seconds, show_default=True, help="Length of a film.")
@click.option("--frames", type=int, default=Wanted.frames, show_default=True, help="Pictures of a film.")
@click.option("--matplotlib", is_flag=True, help="A script (.py) that draws, too.")
@click.option("--torch", is_flag=True, help="A script (.py) of PyTorch.")
@click.option("--input", "as_input", is_flag=True, help="LaTeX (.tex) to be put into a document by \\input.")
@click.option("--with-data", is_flag=True, help="The data of --data may be in the file.")
def export_command(
    settings: tuple[str, ...], data: Path | None, training: Path | None, output: Path, ending: str | None,
    figure: str | None, venue: str | None, width: str | None, height: str | None, font_size: float | None,
    dpi: float | None, transparent: bool, log_epochs: bool, slope: bool, error: bool, shared: bool, seconds: float,
    frames: int, matplotlib: bool, torch: bool, as_input: bool, with_data: bool,
) -> None:  # fmt: skip
    """Write an experiment to a file, whose ending says of which kind.

    \b
    gdviz export objective=rosenbrock optimizer=adam -o figure.pdf --profile ieee
    gdviz export objective=rosenbrock -o path.svg --figure contour --width 8.5cm
    gdviz export "?objective=booth&runs=gd@0.01;adam@0.1" -o both.png --figure loss
    gdviz export objective=booth -o theta.tex --figure theta --input
    gdviz export objective=rosenbrock --training checkpoints.npz -o both.html
    gdviz export objective=booth -o run.parquet
    gdviz export objective=booth -o everything.zip
    """
    kind = ending or output.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise Refused(f"{output}: the ending decides what is made; end it with one of .{', .'.join(FORMATS)}.")
    check_options(kind, _OF)
    with refusing():
        size = _size(venue, width, height, font_size, dpi, transparent)
    request = read_request(settings, data)
    refuse_to_overwrite(output, data, "the data")
    refuse_to_overwrite(output, training, "the training run")
    check_place(output)
    curves = Curves(log_epochs, slope, error, shared)
    wanted = Wanted(figure or "", size, curves, seconds, frames, matplotlib, torch, not as_input, with_data)
    with refusing(), progress(output.name) as told:
        content = export(subject(request, training), kind, wanted, lambda share: told(round(1000 * share), 1000))
    write(output, content)


def subject(request: Request, training: Path | None = None) -> Subject:
    """Return what is exported: the run, or the comparison where the link names runs, or a ``training`` run is to stand
    beside it."""
    contenders = request.contenders
    if training is not None and not contenders:
        contenders = (Contender.from_experiment(request.task.experiment),)
    if contenders:
        complain(request.remarks(comparing=True))
        return with_training(subject_of_comparison(request.task, contenders), training)
    found = subject_of(request.task, request.task.run(deadline=inf))
    complain(request.remarks())
    return found


def _size(
    venue: str | None, width: str | None, height: str | None, font_size: float | None, dpi: float | None,
    transparent: bool,
) -> Size:  # fmt: skip
    base = Size() if venue is None else PROFILES[venue]
    lengths = {name: points(text) for name, text in (("width", width), ("height", height)) if text is not None}
    return base.changed(**lengths, type_size=font_size, dpi=dpi, transparent=transparent)
