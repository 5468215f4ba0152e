"""``gdviz map basins|sweep|trainability …``: what its words ask for, the map, and what is said and written of it."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, NoReturn
from urllib.parse import urlencode

import numpy as np

from gdviz.command_line.writing import check_place
from gdviz.experiments import Task, encode
from gdviz.exports import to_image
from gdviz.exports.dive import SIDE, axis_of, scaled, to_dive
from gdviz.exports.encoding import MOST_FRAMES
from gdviz.figures import PRINT, map_figure
from gdviz.learning_rates import Constant
from gdviz.maps import Axis, LearningRateSweep, Trainability, basins, learning_rate_sweep, trainability
from gdviz.maps.axes import LEAST
from gdviz.maps.saved import Map, map_csv, map_npz
from gdviz.maps.usual import usual_axis, usual_names
from gdviz.maps.view import KINDS
from gdviz.numerals import format_number
from gdviz.scenes.map_bands import Picture

FILMS = (".mp4", ".gif")
SUFFIXES = (".npz", ".csv", ".png", ".svg", ".pdf", *FILMS)
LARGEST_SIDE = 16_384
_LARGEST_FILM = 1080

TaskOf = Callable[[Sequence[str], Path | None], Task]


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        hint = ", behind an equals sign if it begins with a minus: --to=-1,2" if "expected one" in message else ""
        raise ValueError(f"{message}{hint}; see gdviz map --help.")


def made_map(arguments: Sequence[str], task_of: TaskOf) -> tuple[str, Path, bytes]:
    """Make the map that ``arguments`` ask for; return a sentence on it, and the file to write with its content.

    Raises ValueError, in words, for what cannot be taken as it stands, before anything is run.
    """
    given = _parser().parse_intermixed_args(arguments)
    if given.output.suffix.lower() not in SUFFIXES:
        raise ValueError(f"{given.output}: name a file that ends with {', '.join(SUFFIXES)}.")
    check_place(given.output)
    if given.output.suffix.lower() in FILMS:
        return dive(given, task_of(given.settings, given.data))
    if given.to is not None:
        raise ValueError("--to is where a film goes: name an .mp4 or a .gif file.")
    _refuse(given, "depth", "seconds", what="what is no film (.mp4, .gif)")
    if given.kind != "sweep":
        _refuse(given, "rates", what=f"{given.kind}: it is for a sweep")
    size = _size(given.size, given.kind)
    task = task_of(given.settings, given.data)
    with _executor(given) as executor:
        found = _made(task, given, size, executor)
    return said(found), given.output, _content(found, given, task)


def usage() -> str:
    """Return what there is to say of the command's words."""
    return _parser().format_help()


def _parser() -> ArgumentParser:
    parser = _Parser(
        "gdviz map",
        description="Map where descents end: by their start (basins), by their learning rate (sweep), by two settings "
        "(trainability).",
        epilog="examples:\n"
        '  gdviz map basins "objective=himmelblau&learning_rate=0.01" --size 1024 -o basins.png\n'
        "  gdviz map sweep objective=rosenbrock --rates 1e-5,1 -o sweep.csv\n"
        "  gdviz map trainability objective=rosenbrock optimizer=momentum --x learning_rate,1e-4,1,log -o map.npz\n"
        '  gdviz map basins "objective=himmelblau&learning_rate=0.01" --to=-0.128,-1.9537 --depth 1e6 -o dive.mp4\n',
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("settings", nargs="*", metavar="name=value", help="or a whole link, with its question mark")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help=", ".join(SUFFIXES))
    parser.add_argument("--size", metavar="N", help="pixels of a side, or WIDTHxHEIGHT; of a sweep how many rates")
    parser.add_argument("--x", metavar="AXIS", help="of basins a parameter,low,high; of trainability any axis[,log]")
    parser.add_argument("--y", metavar="AXIS", help="the same")
    parser.add_argument("--rates", metavar="LOW,HIGH", help="the rates of a sweep: 1e-6,10")
    parser.add_argument("--to", metavar="X,Y", help="the place that a film (.mp4, .gif) goes down to")
    parser.add_argument("--depth", type=float, metavar="TIMES", help="how far down: 1000")
    parser.add_argument("--seconds", type=float, metavar="S", help="how long a film lasts: 8")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="keep tiles here, and go on from those that are")
    parser.add_argument("--data", type=Path, metavar="FILE", help="a CSV file to fit (implies objective=fit)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--workers", type=int, metavar="N", help="compute in so many processes")
    where.add_argument("--scheduler", metavar="ADDRESS", help="compute on a Dask cluster, such as tcp://host:8786")
    return parser


def _size(text: str | None, kind: str) -> tuple[int, int]:
    """Return width and height."""
    if text is None:
        return (2000, 1) if kind == "sweep" else (512, 512)
    match = re.fullmatch(r"(\d{1,7})(?:x(\d{1,7}))?", text)
    if match is None or (kind == "sweep" and match[2]):
        raise ValueError(f"--size is “{text}”; write one number, or WIDTHxHEIGHT for a map of two axes.")
    width, height = int(match[1]), int(match[2] or match[1])
    if not (1 <= width <= (1_000_000 if kind == "sweep" else LARGEST_SIDE) and height >= 1):
        raise ValueError(f"--size is “{text}”; a side has from 1 to {LARGEST_SIDE:,} pixels.")
    if kind != "sweep" and height > LARGEST_SIDE:
        raise ValueError(f"--size is “{text}”; a side has from 1 to {LARGEST_SIDE:,} pixels.")
    return width, height


@contextmanager
def _executor(given: Namespace) -> Iterator[Executor | None]:
    if given.workers is not None:
        if not 1 <= given.workers <= 256:
            raise ValueError(f"--workers is {given.workers}; it must be from 1 to 256.")
        with ProcessPoolExecutor(given.workers) as pool:
            yield pool
    elif given.scheduler is not None:
        with _client(given.scheduler) as client:
            yield client.get_executor(pure=False)
    else:
        yield None


def _client(address: str) -> Any:
    try:
        from distributed import Client
    except ImportError:
        raise ValueError("--scheduler needs Dask, which is not installed: pip install distributed.") from None
    try:
        made: Any = Client
        return made(address, timeout=20)
    except (OSError, ValueError, TimeoutError) as error:
        raise ValueError(f"--scheduler {address}: no scheduler answers there ({error}).") from None


# -- the map --


def _made(task: Task, given: Namespace, size: tuple[int, int], executor: Executor | None) -> Map:
    e, objective = task.experiment, task.descended
    if task.batched is not None:
        raise ValueError("Maps take whole gradients: leave batch_size out.")
    common: dict[str, Any] = {"epochs": e.epochs, "optimizer": e.optimizer, "tolerance": e.tolerance}
    if given.kind == "sweep":
        _refuse(
            given, "x", "y", "folder", "workers", "scheduler",
            what="a sweep, which is one row of rates and takes a moment",
        )  # fmt: skip
        if not isinstance(e.learning_rate, Constant):
            raise ValueError(f"A sweep is over constant learning rates: leave schedule={e.learning_rate.name} out.")
        low, high = _rates(given.rates or "1e-6,10")
        return learning_rate_sweep(objective, task.start, np.geomspace(low, high, size[0]), **common)
    where: dict[str, Any] = {
        "shape": size[::-1], "executor": executor, "folder": given.folder, "learning_rate": e.learning_rate,
        "start": task.start, "progress": Bar(), **common,
    }  # fmt: skip
    x, y = _axes(task, given)
    if given.kind == "trainability":
        return trainability(objective, x=x, y=y, **where)
    window = [(axis.low, axis.high) for axis in (x, y)]
    return basins(objective, window, variables=[x.name, y.name], minima=task.problem.minima, **where)


def _axes(task: Task, given: Namespace) -> tuple[Axis, Axis]:
    """Return both axes, the usual ones where none are named."""
    problem, optimizer, basins_asked = task.problem, task.experiment.optimizer, given.kind == "basins"
    if basins_asked and len(problem.variables) < 2:
        raise ValueError("Basins are a map of two parameters, and this function has one: map sweep or trainability.")
    if basins_asked and problem.standardized is not None:
        raise ValueError("Basins are in the data's own units: leave standardize out.")
    if basins_asked and any((text or "").endswith(",log") for text in (given.x, given.y)):
        raise ValueError("The axes of basins are linear: parameter,low,high.")
    x, y = (
        _axis(text, option) if text
        else usual_axis(name, problem.variables, problem.window, problem.learning_rate, optimizer)
        for name, text, option in zip(
            usual_names(given.kind, problem.variables, optimizer), (given.x, given.y), ("--x", "--y"), strict=True
        )
    )  # fmt: skip
    return x, y


def _axis(text: str, option: str) -> Axis:
    parts = text.split(",")
    if len(parts) not in (3, 4) or parts[3:] not in ([], ["log"], ["linear"]):
        raise ValueError(f"{option} is “{text}”; write name,low,high or name,low,high,log.")
    try:
        low, high = float(parts[1]), float(parts[2])
    except ValueError:
        raise ValueError(f"{option} is “{text}”; its ends must be numbers.") from None
    return Axis(parts[0], low, high, *parts[3:])


def _two_numbers(text: str, option: str, form: str) -> tuple[float, float]:
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError:
        raise ValueError(f"{option} is “{text}”; write {form}.") from None
    return first, second


def _rates(text: str) -> tuple[float, float]:
    low, high = _two_numbers(text, "--rates", "LOW,HIGH, such as 1e-5,1")
    if not (0 < low < high < np.inf):
        raise ValueError(f"--rates is “{text}”; it must be two numbers above 0, the lower first.")
    return low, high


def _refuse(given: Namespace, *names: str, what: str) -> None:
    for name in names:
        if getattr(given, name) is not None:
            raise ValueError(f"--{name} does not go with {what}.")


def dive(given: Namespace, task: Task) -> tuple[str, Path, bytes]:
    """Return a sentence on a film that goes down into a map, and its file and content."""
    if given.kind == "sweep":
        raise ValueError("A sweep is one row of rates; films go into basins and trainability.")
    _refuse(given, "folder", "workers", "scheduler", "rates", what="a film, which is made here")
    depth = 1000.0 if given.depth is None else given.depth
    seconds = 8.0 if given.seconds is None else given.seconds
    if given.to is None:
        raise ValueError("A film goes down to a place: name it, --to X,Y. Negative numbers: --to=-1,2.")
    if not 1 < depth <= 1 / LEAST:
        raise ValueError(
            f"--depth is {depth:g}; it says how many times the film magnifies: more than 1, and at most {1 / LEAST:g}, "
            "where the numbers end."
        )
    side = _size(given.size, given.kind)[0] if given.size else SIDE
    if side % 2 or not 16 <= side <= _LARGEST_FILM:
        raise ValueError(f"--size is {side}; a film has an even number of pixels, from 16 to {_LARGEST_FILM:,}.")
    if task.batched is not None:
        raise ValueError("Maps take whole gradients: leave batch_size out.")
    x, y = _axes(task, given)
    goal = _below((x, y), _two_numbers(given.to, "--to", "X,Y, such as 0.5,-1"), depth)
    frames = min(MOST_FRAMES, max(2, round(20 * seconds))) if np.isfinite(seconds) else 2
    bar, format = Bar(), given.output.suffix.lower()[1:]
    content = to_dive(
        Picture(given.kind, task, (x, y)), (x, y), goal, format, seconds, frames, side,
        lambda share: bar(round(1000 * share), 1000),
    )  # fmt: skip
    return f"{frames} frames, down to 1 / {format_number(depth, 4)} of the map.", given.output, content


def _below(whole: tuple[Axis, Axis], place: tuple[float, float], depth: float) -> tuple[Axis, Axis]:
    """Return the axes of a view that is so many times smaller, with the place in its middle as far as that goes."""
    made = []
    for axis, at in zip(whole, place, strict=True):
        if not axis.low <= at <= axis.high:
            raise ValueError(f"--to names {axis.name} = {at:g}; the map goes from {axis.low:g} to {axis.high:g}.")
        low, high = scaled(axis)
        middle = float(np.log(at)) if axis.spacing == "log" else at
        size = (high - low) / depth
        first = min(max(middle - size / 2, low), high - size)
        made.append(axis_of(axis, first, first + size))
    return made[0], made[1]


class Bar:
    """Progress on standard error: a bar that moves where a person looks, else a line for each tenth."""

    def __init__(self) -> None:
        self.begun, self.tenths = monotonic(), 0

    def __call__(self, done: int, count: int) -> None:
        if sys.stderr is None:
            return
        taken = monotonic() - self.begun
        left = taken * (count - done) / done
        words = f"{100 * done // count:3d} % of {count:,}, {_time(left)} left"
        if sys.stderr.isatty():
            filled = 30 * done // count
            end = "\n" if done == count else ""
            print(f"\r[{'#' * filled}{'.' * (30 - filled)}] {words}   ", end=end, file=sys.stderr, flush=True)
        elif 10 * done // count > self.tenths:
            self.tenths = 10 * done // count
            print(words, file=sys.stderr, flush=True)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


# -- what is said and written --


def said(found: Map) -> str:
    """Say in a sentence what the map shows."""
    if isinstance(found, LearningRateSweep):
        low, high = found.window
        if np.isnan(low):
            return "No rate works: none of them ends lower than it began."
        return (
            f"Rates from {format_number(low, 4)} to {format_number(high, 4)} work, {found.decades:.1f} powers of ten; "
            f"the fastest is {format_number(found.fastest, 4)}."
        )
    if isinstance(found, Trainability):
        share = 100 * float(found.trained.mean())
        edge = (
            "There is no boundary" if np.isnan(found.dimension) else f"Its boundary has dimension {found.dimension:.2f}"
        )
        return f"{share:.1f} % stay bounded. {edge}."
    parts = [
        f"{100 * share:.2f} ± {100 * error:.2f} % to the {kind} ({', '.join(format_number(x, 4) for x in point)})"
        for share, error, kind, point in zip(
            found.shares.tolist(), found.share_errors.tolist(), found.kinds, found.points.tolist(), strict=True
        )
    ]
    shown = parts[:12] + ([f"and to {len(parts) - 12} more limits"] if len(parts) > 12 else [])
    others = [(found.diverged, "diverge"), (found.ran_out, "run out of epochs")]
    shown += [f"{100 * share:.2f} % {words}" for share, words in others if share]
    return "Of all starts " + "; ".join(shown) + "."


def _content(found: Map, given: Namespace, task: Task) -> bytes:
    suffix = given.output.suffix.lower()
    if suffix == ".npz":
        return map_npz(found, {"map": given.kind, "link": f"?{urlencode(encode(task.experiment))}"})
    if suffix == ".csv":
        return map_csv(found).encode()
    figure = map_figure(found, task.experiment.optimizer.title, PRINT)
    side = 560 if given.kind == "sweep" else 900
    return to_image(figure, suffix[1:], 1000, side, 2.0 if suffix == ".png" else 1.0)
