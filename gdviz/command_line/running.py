"""``gdviz run``: one descent, its verdict, a table of its epochs."""

from __future__ import annotations

from math import inf
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from gdviz.command_line.options import data_file, one_file, refuse_to_overwrite, words
from gdviz.command_line.requests import Request, read_request, refusing
from gdviz.command_line.writing import STANDARD, bare_table, complain, say, write
from gdviz.descent import Trajectory
from gdviz.experiments import link_text
from gdviz.exports import run_csv, to_csv
from gdviz.exports.latex import first_and_last
from gdviz.exports.subject import subject_of
from gdviz.numerals import format_number

_WIDEST = 2000  # signs


@click.command("run", short_help="Run one descent.")
@words
@data_file
@one_file("--csv", "Write every epoch to this file, - for standard output.")
@click.option("--plain", is_flag=True, help="Two lines only: the verdict, and the link; in a CSV, numbers only.")
def run_command(settings: tuple[str, ...], data: Path | None, csv: Path | None, plain: bool) -> None:
    """Run one descent and say what happened.

    \b
    gdviz run objective=rosenbrock learning_rate=0.001 epochs=2000
    gdviz run "?objective=gentle_bowl&learning_rate=0.5"
    gdviz run --data points.csv model="a*x + b" target=y --csv run.csv
    """
    wanted = read_request(settings, data)
    if csv is not None:
        refuse_to_overwrite(csv, data, "the data")
    run = done(wanted)
    numbers = "" if csv is None else run_csv(run) if plain else to_csv(subject_of(wanted.task, run))
    if csv == STANDARD:
        say(numbers)
        return
    sentence = wanted.task.verdict(run).plain
    if csv is not None:
        write(csv, numbers)
    if not plain:
        show_table(epochs_table(run))
    say(f"{sentence}\n{link_text(wanted.task.experiment)}\n")


def done(wanted: Request) -> Trajectory:
    """Return the run that is asked for, and say what is to be known of it. Raises Refused where it cannot run."""
    with refusing():
        run = wanted.task.run(deadline=inf)
    complain(wanted.remarks())
    return run


def epochs_table(run: Trajectory) -> Table:
    """Return the first and the last epochs of a run as a table."""
    table = bare_table()
    for name in ("epoch", *run.variables, "f", "slope", "learning rate"):
        table.add_column(escape(name), justify="right", no_wrap=True)
    for k in first_and_last(run.epochs):
        if k is None:
            table.add_row("…")
            continue
        rate = format_number(float(run.learning_rates[k])) if k < run.epochs else ""
        numbers = [*run.thetas[k].tolist(), float(run.values[k]), float(run.gradient_norms[k])]
        table.add_row(f"{k:,}", *[format_number(x, 6) for x in numbers], rate)
    return table


def show_table(table: Table) -> None:
    """Write a table on standard output, in colors where that is a terminal; no number in it is ever cut."""
    console = Console(highlight=False)
    console.width = max(console.width, Measurement.get(console, console.options.update(width=_WIDEST), table).maximum)
    with console.capture() as captured:
        console.print(table)
    say(captured.get() + "\n")
