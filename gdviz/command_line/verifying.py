"""``gdviz verify``: whether a link says what it seems to say, and whether its run comes out the same."""

from __future__ import annotations

from math import inf
from pathlib import Path

import click
import numpy as np

from gdviz.command_line.options import data_file, words
from gdviz.command_line.requests import Refused, Request, read_request, refusing
from gdviz.command_line.writing import complain, say
from gdviz.descent import Trajectory, descend
from gdviz.experiments import Task, link_text
from gdviz.lessons.published import recompute


@click.command("verify", short_help="Check a link, or the published numbers.")
@words
@data_file
def verify_command(settings: tuple[str, ...], data: Path | None) -> None:
    """Check that a link opens as it stands and that its run comes out the same, to the last bit, from all codes.

    Without words: recompute the published numbers of the Verified page. Ends with 2 where something does not hold.

    \b
    gdviz verify "?objective=rosenbrock&start=-1.2,1&learning_rate=0.001&epochs=2000&optimizer=gd"
    gdviz verify
    """
    if not settings:
        _published()
        return
    request = read_request(settings, data)
    complain(request.remarks(comparing=True))
    _link(request)


def _published() -> None:
    rows = recompute()
    wrong = [row for row in rows if not row.holds]
    say(f"{len(rows) - len(wrong)} of {len(rows)} published numbers come out as published.\n")
    if wrong:
        raise Refused(
            *(f"{row.case.source}, {row.case.quantity}: {row.case.published} does not come out." for row in wrong)
        )


def _link(request: Request) -> None:
    task = request.task
    with refusing():
        run = task.run(deadline=inf)
    say(f"The link opens as it stands: {task.problem.title}, {run.epochs:,} epochs.\n")
    other = _by_another_code(task)
    if other is None:
        say("Its method has one code only, so there is nothing to compare its numbers with.\n")
    elif not _same_bits(run, other):
        raise Refused("Python and machine code differ in the last digits of this run.")
    else:
        say("Python and machine code give the same numbers to the last bit.\n")
    say(f"{task.verdict(run).plain}\n{link_text(task.experiment)}\n")


def _by_another_code(task: Task) -> Trajectory | None:
    """The run once more, as Python; None where there is no second code."""
    e = task.experiment
    if task.batched is not None or task.problem.standardized is not None:
        return None
    return descend(task.descended, task.start, e.learning_rate, e.epochs, e.optimizer, tolerance=e.tolerance,
                   deadline=inf, engine="python")  # fmt: skip


def _same_bits(a: Trajectory, b: Trajectory) -> bool:
    pairs = ((a.thetas, b.thetas), (a.values, b.values), (a.gradients, b.gradients))
    return all(x.shape == y.shape and bool(np.array_equal(x, y, equal_nan=True)) for x, y in pairs)
