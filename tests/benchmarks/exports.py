"""Exports: seconds and size of each kind of file, the first and the next; processor time of this program."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter, process_time

from gdviz import Experiment
from gdviz.exports import ExportError
from gdviz.exports.formats import FORMATS, Wanted, export
from gdviz.exports.images import stop_renderer
from gdviz.exports.subject import subject_of
from tests.benchmarks.tables import Table
from tests.benchmarks.timing import milliseconds, part

_NEXT = 3  # times, of which the best counts


def run(share: float = 1) -> Iterable[Table]:
    task = Experiment(
        objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=2000, optimizer="adam"
    ).posed()
    subject = subject_of(task)
    rows, times = [], part(_NEXT, share)
    for ending in FORMATS:
        if ending == "zip":
            continue  # the others together
        stop_renderer()
        try:
            first, content = _timed(subject, ending)
            best = min((_timed(subject, ending)[0] for _ in range(times)), key=lambda pair: pair[0])
        except ExportError as error:
            rows.append([ending, str(error), "", "", ""])
            continue
        size = f"{len(content) / 1000:,.0f} kB"
        rows.append([ending, milliseconds(first[0]), milliseconds(best[0]), milliseconds(best[1]), size])
    stop_renderer()
    yield Table("2,000 epochs of Adam on Rosenbrock", ["", "first", f"best of {times} next", "processor", "size"], rows)


def _timed(subject: object, ending: str) -> tuple[tuple[float, float], bytes]:
    wall, processor = perf_counter(), process_time()
    content = export(subject, ending, Wanted())  # type: ignore[arg-type]
    return (perf_counter() - wall, process_time() - processor), content
