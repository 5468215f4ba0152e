"""What a command asks for: its words are a link's parameters, or a whole link.

Where the page shows something else and says so, here nothing is run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gdviz.comparisons import Contender, decode_runs, decode_terms, usual_terms
from gdviz.datasets import Table, read_csv
from gdviz.experiments import (
    FIT,
    SWITCHES,
    UPLOAD,
    VIEW,
    Note,
    Problem,
    Task,
    given_twice,
    read_link,
    read_query,
)
from gdviz.exports.reopened import link_in
from gdviz.fits import about_names
from gdviz.lessons.scenarios import with_scenario
from gdviz.views import decode_views

T = TypeVar("T")

_EXPORTED = (".json", ".npz", ".zip", ".html", ".py", ".ipynb", ".tex", ".csv", ".parquet")  # what has a link in it


class Refused(Exception):
    """The command cannot be taken as it stands; each of its arguments says why, in a sentence."""


@contextmanager
def refusing() -> Iterator[None]:
    """Refuse what the block raises as ValueError, in its words."""
    try:
        yield
    except ValueError as error:
        raise Refused(str(error)) from None


@dataclass(frozen=True)
class Request:
    """What a command's words name: a task, and the contenders of a comparison where there are any."""

    parameters: dict[str, str]
    task: Task
    contenders: tuple[Contender, ...] = ()

    def remarks(self, comparing: bool = False) -> Iterator[str]:
        """What is to be known of a run that is none the less the one that was asked for."""
        shown = ("runs",) if comparing else ()
        idle = [name for name in self.parameters if name in (*VIEW, *SWITCHES, "seed") and name not in shown]
        if idle:
            yield f"Of the page alone, and without effect on this run: {', '.join(idle)}."
        problem: Problem = self.task.problem
        yield from problem.readings
        if problem.fit is not None and (said := about_names(problem.fit)):
            yield said


def read_request(settings: Sequence[str], data: Path | None = None) -> Request:
    """Return what the words name, and nothing else. Raises Refused, saying what cannot be taken as it stands."""
    parameters, table = _parameters(settings, data)
    task, notes = read_link(parameters, table)
    wrong = [note.problem for note in notes] or list(_wrong_views(parameters, task))
    if wrong:
        raise Refused(*wrong)
    runs, _ = decode_runs(parameters.get("runs", ""), task.experiment.eta)
    return Request(parameters, task, runs)


def _parameters(settings: Sequence[str], data: Path | None) -> tuple[dict[str, str], Table | None]:
    """Return the link's parameters and the data. Raises Refused for words that are no settings, and for the file."""
    pairs, notes = _pairs(settings)
    twice = given_twice(pairs)
    if notes or twice:
        raise Refused(*(note.problem for note in (*notes, *twice)))
    parameters = with_scenario(dict(pairs))
    if "objective" in parameters:
        parameters.pop("scenario", None)  # then it chooses no more than a card of the page
    if data is None:
        if parameters.get("data") == UPLOAD:
            raise Refused("data = “upload” is a file that no link carries: name it with --data FILE.")
        return parameters, None
    for name, value in (("objective", FIT), ("data", UPLOAD)):
        if parameters.get(name, value) != value:
            raise Refused(f"{name} = “{parameters[name]}” and --data do not go together: leave one of them out.")
    return {"objective": FIT, "data": UPLOAD} | parameters, read_file(data, read_csv)


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
        elif Path(word).suffix in _EXPORTED and Path(word).is_file():
            found, wrong = read_query(read_file(Path(word), link_in)[1:])
            pairs += found.items()
            notes += wrong
        elif not equals:
            raise Refused(_no_setting(word))
        else:
            pairs.append((name, value))
    return pairs, notes


def _no_setting(word: str) -> str:
    """What to say of a word that is neither name=value nor a file with a link in it."""
    path = Path(word)
    if path.suffix in _EXPORTED:
        return f"{word}: there is no such file."
    if word and path.is_file():
        return f"{word}: only files with a link in them open again: {', '.join(_EXPORTED)}."
    return f"“{word}” is no setting; write name=value, such as learning_rate=0.1."


def read_file(path: Path, reader: Callable[[bytes], T]) -> T:
    """Return what ``reader`` makes of a file. Raises Refused, in words, where it raises ValueError or none is there."""
    try:
        return reader(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}.") from None
    except ValueError as error:
        raise Refused(f"{path}: {error}") from None


def _wrong_views(parameters: dict[str, str], task: Task) -> Iterator[str]:
    """What is wrong with that part of a link which only the page shows."""
    yield from (note.problem for note in decode_views(parameters, task.problem.variables)[1])
    yield from decode_runs(parameters.get("runs", ""), task.experiment.eta)[1]
    yield from decode_terms(parameters.get("fair", ""), usual_terms(task.problem))[1]
