"""``gdviz map``: a map of many descents, into a file."""

from __future__ import annotations

from pathlib import Path

import click

from gdviz.command_line.map_making import FILMS, SUFFIXES, MapRequest, made_file
from gdviz.command_line.options import data_file, refuse_to_overwrite, words
from gdviz.command_line.requests import Refused, read_request, refusing
from gdviz.command_line.writing import check_place, complain, say, write
from gdviz.maps.view import KINDS


@click.command("map", short_help="Map where descents end.")
@click.argument("kind", type=click.Choice(KINDS), metavar=f"[{'|'.join(KINDS)}]")
@words
@data_file
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help=f"The file; its ending decides what is made: {', '.join(SUFFIXES)}.")  # fmt: skip
@click.option("--size", metavar="N", help="Pixels of a side, or WIDTHxHEIGHT; of a sweep how many rates.")
@click.option("--x", metavar="AXIS", help="Of basins a parameter,low,high; of trainability any axis[,log].")
@click.option("--y", metavar="AXIS", help="The same.")
@click.option("--rates", metavar="LOW,HIGH", help="The rates of a sweep: 1e-6,10.")
@click.option("--to", metavar="X,Y", help="The place that a film (.mp4, .gif) goes down to.")
@click.option("--depth", type=float, metavar="TIMES", help="How far down: 1000.")
@click.option("--seconds", type=float, metavar="S", help="How long a film lasts: 8.")
@click.option("--folder", type=click.Path(path_type=Path), metavar="DIR",
              help="Keep tiles here, and go on from those that are.")  # fmt: skip
@click.option("--workers", type=int, metavar="N", help="Compute in so many processes.")
@click.option("--scheduler", metavar="ADDRESS", help="Compute on a Dask cluster, such as tcp://host:8786.")
def map_command(
    kind: str, settings: tuple[str, ...], data: Path | None, output: Path, size: str | None, x: str | None,
    y: str | None, rates: str | None, to: str | None, depth: float | None, seconds: float | None,
    folder: Path | None, workers: int | None, scheduler: str | None,
) -> None:  # fmt: skip
    """Map where descents end: by their start (basins), their learning rate (sweep), or two settings (trainability).

    \b
    gdviz map basins "objective=himmelblau&learning_rate=0.01" --size 1024 -o basins.png
    gdviz map sweep objective=rosenbrock --rates 1e-5,1 -o sweep.csv
    gdviz map trainability objective=rosenbrock optimizer=momentum --x learning_rate,1e-4,1,log -o map.npz
    gdviz map basins "objective=himmelblau&learning_rate=0.01" --to -0.128,-1.9537 --depth 1e6 -o dive.mp4
    """
    suffix = output.suffix.lower()
    if suffix not in SUFFIXES:
        raise Refused(f"{output}: name a file that ends with {', '.join(SUFFIXES)}.")
    refuse_to_overwrite(output, data, "the data")
    check_place(output)
    request = MapRequest(kind, suffix[1:], size, x, y, rates, to, depth, seconds, folder, workers, scheduler)
    _check(request)
    wanted = read_request(settings, data)
    with refusing():
        sentence, content = made_file(wanted.task, request)
    complain(wanted.remarks())
    write(output, content)
    say(f"{sentence}\n")


def _check(request: MapRequest) -> None:
    """Refuse what was given and is of no use to this kind of map, or of file."""
    if request.format in FILMS:
        if request.kind == "sweep":
            raise Refused("A sweep is one row of rates; films go into basins and trainability.")
        _refuse(request, "folder", "workers", "scheduler", "rates", what="a film, which is made here")
        return
    if request.to is not None:
        raise Refused("--to is where a film goes: name an .mp4 or a .gif file.")
    _refuse(request, "depth", "seconds", what="what is no film (.mp4, .gif)")
    if request.kind == "sweep":
        what = "a sweep, which is one row of rates and takes a moment"
        _refuse(request, "x", "y", "folder", "workers", "scheduler", what=what)
    else:
        _refuse(request, "rates", what=f"{request.kind}: it is for a sweep")
    if request.workers is not None:
        _refuse(request, "scheduler", what="--workers: give one of them")


def _refuse(request: MapRequest, *names: str, what: str) -> None:
    for name in names:
        if getattr(request, name) is not None:
            raise Refused(f"--{name} does not go with {what}.")
