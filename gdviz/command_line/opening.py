"""``gdviz open``: a training run of another program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from pathlib import Path
from types import MappingProxyType

import click
from rich.table import Table

from gdviz.command_line.options import check_options, data_file, refuse_to_overwrite, words
from gdviz.command_line.requests import Refused, Request, read_file, read_request, refusing
from gdviz.command_line.running import show_table
from gdviz.command_line.writing import bare_table, complain, say, write
from gdviz.descent import Trajectory
from gdviz.exports import to_html
from gdviz.exports.camera_ready import camera_ready
from gdviz.exports.pgfplots import to_pgfplots
from gdviz.exports.sizes import PROFILES, Size, points
from gdviz.exports.training_data import training_csv, training_json, training_npz
from gdviz.figures import CAMERA, PRINT
from gdviz.numerals import format_number
from gdviz.scenes import TRAINING_TITLES, TrainingScene
from gdviz.scenes.training_scene import OURS
from gdviz.training import TrainingRun, read_training

_SHAPE = 0.75  # height for a width

Maker = Callable[[TrainingScene, str, Size], str | bytes]


def _image(kind: str) -> Maker:
    return lambda scene, name, size: camera_ready(scene.figures()[name](CAMERA), kind, size, _SHAPE)  # type: ignore[arg-type]


_KINDS: Mapping[str, Maker] = MappingProxyType(
    {
        "png": _image("png"),
        "svg": _image("svg"),
        "pdf": _image("pdf"),
        "html": lambda scene, name, size: to_html(scene.figures()[name](PRINT), TRAINING_TITLES[name]),
        "tex": lambda scene, name, size: to_pgfplots(scene.figures()[name](CAMERA), size, _SHAPE),
        "csv": lambda scene, name, size: training_csv(scene),
        "json": lambda scene, name, size: training_json(scene),
        "npz": lambda scene, name, size: training_npz(scene),
    }
)
_OF = {  # the kinds of files that take an option which not all take
    "figure": ("png", "svg", "pdf", "html", "tex"),
    "venue width": ("png", "svg", "pdf", "tex"),
}


@click.command("open", short_help="Open a training run of your own.")
@click.argument("file", type=click.Path(path_type=Path))
@words
@data_file
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE",
              help=f"A picture or the numbers: .{', .'.join(_KINDS)}.")  # fmt: skip
@click.option("--figure", type=click.Choice(tuple(TRAINING_TITLES)), default="plane", show_default=True)
@click.option("--profile", "venue", type=click.Choice(tuple(PROFILES)), help="The size that a venue asks for.")
@click.option("--width", metavar="LENGTH", help="Such as 8.5cm.")
def open_command(
    file: Path, settings: tuple[str, ...], data: Path | None, output: Path | None, figure: str, venue: str | None,
    width: str | None,
) -> None:  # fmt: skip
    """Open parameters (and losses) that any program saved at each epoch: CSV, or NPZ by numpy.savez.

    A column or an array called loss holds the losses, all others parameters. Words after the file name the function
    that was minimized, or the fit: its surface lies under the path then, and gdviz's own run beside it.

    \b
    gdviz open run.csv
    gdviz open checkpoints.npz -o path.pdf --profile ieee
    gdviz open run.csv objective=rosenbrock learning_rate=0.001 -o both.svg
    gdviz open run.csv model="a*x + b" target=y --data points.csv -o loss.png --figure loss
    gdviz open checkpoints.npz -o plane.csv
    """
    kind = "" if output is None else output.suffix.lstrip(".").lower()
    if output is not None and kind not in _KINDS:
        raise Refused(f"{output}: the ending decides what is made; end it with one of .{', .'.join(_KINDS)}.")
    check_options(kind, _OF)
    if output is not None:
        refuse_to_overwrite(output, file, "the run")
        refuse_to_overwrite(output, data, "the data")
    with refusing():
        size = (Size() if venue is None else PROFILES[venue]).changed(width=points(width) if width else None)
    run = read_file(file, read_training)
    scene = _scene(run, read_request(settings, data) if settings or data is not None else None)
    if output is not None:
        if figure not in scene.figures():
            raise Refused("The file has no losses: add a column or an array called loss.")
        write(output, _KINDS[kind](scene, figure, size))
    complain(scene.remarks)
    say(_summary(scene))
    if scene.known is not None and scene.ours is not None:
        show_table(_beside(scene.known, scene.ours, run))


def _scene(run: TrainingRun, wanted: Request | None) -> TrainingScene:
    if wanted is None:
        return TrainingScene(run)
    with refusing():
        scene = TrainingScene(run, wanted.task, wanted.task.run(deadline=inf))
    complain(wanted.remarks())
    return scene


def _summary(scene: TrainingScene) -> str:
    run = scene.run
    return "\n".join([f"{run.size}.", run.verdict, scene.shares]) + "\n"


def _beside(theirs: Trajectory, ours: Trajectory, run: TrainingRun) -> Table:
    """The file's run and gdviz's, a line each."""
    table = bare_table()
    for name in ("run", "epochs", "first value", "final value", "final slope"):
        table.add_column(name, justify="left" if name == "run" else "right", no_wrap=True)
    saved = f"{run.last:,}" if run.counts else f"{run.last:,} saved"
    for name, epochs, found in (("the file’s", saved, theirs), (OURS, f"{ours.epochs:,}", ours)):
        ends = (found.values[0], found.values[-1], found.gradient_norms[-1])
        table.add_row(name, epochs, *[format_number(float(x), 6) for x in ends])
    return table
