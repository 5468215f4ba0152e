"""``gdviz open``: a training run of another program."""

from __future__ import annotations

from pathlib import Path

import click
from plotly.graph_objects import Figure

from gdviz.command_line.asking import Refused
from gdviz.command_line.writing import same, say, write
from gdviz.exports.camera import camera_ready
from gdviz.exports.sizes import PROFILES, Size, points, profile
from gdviz.figures import CAMERA, loss_figure, theta_figure
from gdviz.figures.plane import plane_figure
from gdviz.training import Plane, TrainingError, TrainingRun, principal_plane, read_training

_IMAGES = ("png", "svg", "pdf")


@click.command("open", short_help="Open a training run of your own.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="A picture: .png, .svg or .pdf.")
@click.option("--figure", type=click.Choice(("plane", "theta", "loss")), default="plane", show_default=True)
@click.option("--profile", "venue", type=click.Choice(tuple(PROFILES)), help="The size that a venue asks for.")
@click.option("--width", metavar="LENGTH", help="Such as 8.5cm.")
def open_command(file: Path, output: Path | None, figure: str, venue: str | None, width: str | None) -> None:
    """Open parameters (and losses) that any program saved at each epoch: CSV, or NPZ by numpy.savez.

    \b
    gdviz open run.csv
    gdviz open checkpoints.npz -o path.pdf --profile ieee
    gdviz open checkpoints.npz -o loss.svg --figure loss
    """
    try:
        size = (Size() if venue is None else profile(venue)).changed(width=points(width) if width else None)
        run = read_training(file.read_bytes())
        plane = principal_plane(run.thetas)
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}.") from None
    except (TrainingError, ValueError) as error:
        raise Refused(f"{file}: {error}") from None
    if output is not None:
        kind = output.suffix.lstrip(".").lower()
        if kind not in _IMAGES:
            raise Refused(f"{output}: a picture's name ends with .png, .svg or .pdf.")
        if same(output, file):
            raise Refused(f"{output} holds the run: write the picture to another file.")
        write(output, camera_ready(_drawn(run, plane, figure), kind, size))  # type: ignore[arg-type]
    say(_summary(run, plane))


def _drawn(run: TrainingRun, plane: Plane, figure: str) -> Figure:
    if figure == "plane":
        return plane_figure(plane, CAMERA)
    if figure == "theta":
        return theta_figure(run.trajectory(), palette=CAMERA)
    if run.losses is None:
        raise Refused("The file has no losses: add a column or an array called loss.")
    return loss_figure(run.trajectory(), palette=CAMERA, gradient=False, value_name="loss")


def _summary(run: TrainingRun, plane: Plane) -> str:
    first, second = (100 * share for share in plane.shares)
    lines = [
        f"{len(run.names):,} parameters, {run.last:,} epochs.",
        run.verdict,
        f"Its path lies in a plane to {first + second:.1f} % of its variance ({first:.1f} % and {second:.1f} %).",
    ]
    return "\n".join(lines) + "\n"
