"""The command line: ``python -m gdviz objective=rosenbrock learning_rate=0.001 epochs=2000`` runs that experiment.

Its words are a link's parameters, so what the address bar of the page holds can be run here, and the other way round.
Where the page shows something else and says so, here nothing is run.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from io import TextIOWrapper
from math import inf
from pathlib import Path
from tempfile import mkstemp
from typing import NoReturn
from urllib.parse import urlencode

from gdviz.comparisons import decode_runs, decode_terms, usual_terms
from gdviz.datasets import Table, TableError, read_csv
from gdviz.descent import Trajectory
from gdviz.experiments import (
    FIT,
    SWITCHES,
    UPLOAD,
    VIEW,
    Note,
    Problem,
    Task,
    encode,
    given_twice,
    read_link,
    read_query,
)
from gdviz.exports import ExportError, run_csv
from gdviz.fits import about_names
from gdviz.learning_rates import LEARNING_RATES
from gdviz.lessons.scenarios import with_scenario
from gdviz.map_command import map_command
from gdviz.optimizers import OPTIMIZERS
from gdviz.presets import PRESETS
from gdviz.views import decode_views

_NOT_WRITTEN, _NOT_UNDERSTOOD, _INTERRUPTED, _PIPE_CLOSED = 1, 2, 130, 141
_STANDARD = Path("-")
_EXITS = """exit codes:
  0    the run was made, also where it diverges
  1    the run was made, but its result could not be written
  2    something in the command cannot be taken as it stands: nothing was run, nothing was written
  130  interrupted
  141  the program that reads the output stopped reading"""


class _Refused(Exception):
    """The command cannot be taken as it stands; each of its arguments says why, in a sentence."""


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Refused(f"{message}; see python -m gdviz --help.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the experiment that ``arguments`` name (the command line's by default); return the exit code.

    0: the run was made. 1: its result could not be written. 2: a mistake in the command, and nothing was run. What is
    wrong is said on standard error, a line each.
    """
    try:
        _say(_command(arguments))
    except _Refused as refused:
        _complain(refused.args)
        return _NOT_UNDERSTOOD
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _let_go_of_output()
        return _PIPE_CLOSED
    except OSError as error:
        _complain([f"{error.filename or 'The result'} could not be written: {error.strerror or error}."])
        _let_go_of_output()
        return _NOT_WRITTEN
    return 0


def _command(arguments: Sequence[str] | None) -> str:
    """Do what is asked for; return what is to be said on standard output. Raises _Refused, and OSError in writing."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["map"]:
        return _mapped(words[1:])
    given = _parser().parse_intermixed_args(words)
    data, csv = _only("--data", given.data), _only("--csv", given.csv)
    parameters, table = _asked(given.settings, data)
    if csv is not None and data is not None and _same(csv, data):
        raise _Refused(f"{csv} holds the data: write the epochs to another file.")
    task, run = _run(parameters, table)
    if csv == _STANDARD:
        return run_csv(run)
    sentence = task.verdict(run).sentence.replace("**", "")
    if csv is not None:
        _write(csv, run_csv(run))
    return f"{sentence}\n?{urlencode(encode(task.experiment))}\n"


def _parser() -> ArgumentParser:
    parser = _Parser(
        "python -m gdviz",
        description="Run a gradient descent and say what happened. The settings are those of the page's links.",
        epilog=f"objective: formula, fit, {', '.join(PRESETS)}.\noptimizer: {', '.join(OPTIMIZERS)}.\n"
        f"schedule: {', '.join(LEARNING_RATES)}.\n\nMaps of many descents: python -m gdviz map --help.\n\n{_EXITS}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("settings", nargs="*", metavar="name=value", help="or a whole link, with its question mark")
    parser.add_argument(
        "--data", action="append", type=Path, metavar="FILE", help="a CSV file to fit (implies objective=fit)"
    )
    parser.add_argument(
        "--csv",
        action="append",
        type=Path,
        metavar="FILE",
        help="write every epoch to this file, - for standard output",
    )
    return parser


# -- what is asked for --


def _only(option: str, paths: Sequence[Path] | None) -> Path | None:
    if paths is not None and len(paths) > 1:
        raise _Refused(f"{option} is given {len(paths)} times: give it once.")
    return paths[0] if paths else None


def _asked(settings: Sequence[str], data: Path | None) -> tuple[dict[str, str], Table | None]:
    """Return the link's parameters and the data. Raises _Refused for words that are no settings, and for the file."""
    pairs, notes = _pairs(settings)
    twice = given_twice(pairs)
    if notes or twice:
        raise _Refused(*(note.problem for note in (*notes, *twice)))
    parameters = with_scenario(dict(pairs))
    if "objective" in parameters:
        parameters.pop("scenario", None)  # then it chooses no more than a card of the page
    if data is None:
        if parameters.get("data") == UPLOAD:
            raise _Refused("data = “upload” is a file that no link carries: name it with --data FILE.")
        return parameters, None
    for name, value in (("objective", FIT), ("data", UPLOAD)):
        if parameters.get(name, value) != value:
            raise _Refused(f"{name} = “{parameters[name]}” and --data do not go together: leave one of them out.")
    try:
        return {"objective": FIT, "data": UPLOAD} | parameters, read_csv(data.read_bytes())
    except OSError as error:
        raise _Refused(f"{data}: {error.strerror}.") from None
    except (TableError, ValueError) as error:
        raise _Refused(f"{data}: {error}") from None


def _pairs(words: Sequence[str]) -> tuple[list[tuple[str, str]], list[Note]]:
    """Return the settings by name and value, and what is wrong with links among them."""
    pairs: list[tuple[str, str]] = []
    notes: list[Note] = []
    for word in words:
        before, mark, query = word.partition("?")
        name, equals, value = word.partition("=")
        if (mark and "=" not in before) or "&" in word:
            found, wrong = read_query((query if mark and "=" not in before else word).partition("#")[0])
            pairs += found.items()
            notes += wrong
        elif not equals:
            raise _Refused(f"“{word}” is no setting; write name=value, such as learning_rate=0.1.")
        else:
            pairs.append((name, value))
    return pairs, notes


def _run(parameters: dict[str, str], table: Table | None) -> tuple[Task, Trajectory]:
    """Run what is asked for, and nothing else. Raises _Refused, saying what cannot be taken as it stands."""
    task = _task(parameters, table)
    try:
        run = task.run(deadline=inf)
    except ValueError as error:
        raise _Refused(str(error)) from None
    _complain(_remarks(parameters, task.problem))
    return task, run


def _task(parameters: dict[str, str], table: Table | None) -> Task:
    task, notes = read_link(parameters, table)
    wrong = [note.problem for note in notes] or list(_wrong_views(parameters, task))
    if wrong:
        raise _Refused(*wrong)
    return task


def _mapped(words: Sequence[str]) -> str:
    """Make a map, and write it; return the sentence on it."""
    try:
        sentence, path, content = map_command(words, lambda settings, data: _task(*_asked(settings, data)))
    except (ValueError, ExportError) as error:
        raise _Refused(str(error)) from None
    _write(path, content)
    return f"{sentence}\n"


def _remarks(parameters: dict[str, str], problem: Problem) -> Iterator[str]:
    """What is to be known of a run that is none the less the one that was asked for."""
    idle = [name for name in parameters if name in (*VIEW, *SWITCHES, "seed")]
    if idle:
        yield f"Of the page alone, and without effect on this run: {', '.join(idle)}."
    yield from problem.readings
    if problem.fit is not None and (said := about_names(problem.fit)):
        yield said


def _wrong_views(parameters: dict[str, str], task: Task) -> Iterator[str]:
    """What is wrong with that part of a link which only the page shows."""
    yield from (note.problem for note in decode_views(parameters, task.problem.variables)[1])
    yield from decode_runs(parameters.get("runs", ""), task.experiment.eta)[1]
    yield from decode_terms(parameters.get("fair", ""), usual_terms(task.problem))[1]


# -- what is written --


def _write(path: Path, text: str | bytes) -> None:
    """Write a file, or nothing: one that is cut off would look like a shorter run. Raises OSError that names it."""
    try:
        if path.exists() and not path.is_file():  # a device, or a pipe
            _fill(path, text)
        else:
            _put(path.resolve(), text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _put(path: Path, text: str | bytes) -> None:
    """Write a file of its own, and give it the name when it is whole."""
    handle, name = mkstemp(dir=path.parent)
    os.close(handle)
    whole = Path(name)
    try:
        _fill(whole, text)
        whole.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        whole.replace(path)
    finally:
        whole.unlink(missing_ok=True)


def _fill(path: Path, content: str | bytes) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content, encoding="utf-8", newline="")


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _same(a: Path, b: Path) -> bool:
    return a.exists() and b.exists() and a.samefile(b)


def _say(text: str) -> None:
    if sys.stdout is None:
        raise OSError("standard output is closed")
    sys.stdout.write(text)
    sys.stdout.flush()


def _complain(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print("".join(c if c.isprintable() else " " for c in sentence), file=sys.stderr)


def _let_go_of_output() -> None:
    """Leave nothing to be written when Python ends, which would fail once more."""
    with suppress(OSError, ValueError, AttributeError):  # some have no file beneath
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console of few signs shows the others by their codes
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
