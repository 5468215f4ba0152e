"""``gdviz compare``: several ways to descend from one start, in one table."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape
from rich.table import Table

from gdviz.command_line.options import data_file, one_file, refuse_to_overwrite, words
from gdviz.command_line.requests import read_request, refusing
from gdviz.command_line.running import show_table
from gdviz.command_line.training import training_file, with_training
from gdviz.command_line.writing import STANDARD, bare_table, complain, say, write
from gdviz.comparisons import Result, encode_runs, usual_contenders
from gdviz.experiments import link_text
from gdviz.exports import to_csv
from gdviz.exports.subject import subject_of_comparison
from gdviz.numerals import format_number


@click.command("compare", short_help="Run several descents side by side.")
@words
@data_file
@one_file("--csv", "Write every epoch of every run to this file, - for standard output.")
@training_file
def compare_command(settings: tuple[str, ...], data: Path | None, csv: Path | None, training: Path | None) -> None:
    """Run several descents from one start and say who was first.

    Which ones, the link's runs say: optimizer@rate, then its settings. Without them: gradient descent, heavy ball and
    Adam at the rates that are offered for them.

    \b
    gdviz compare objective=booth
    gdviz compare objective=booth "runs=gd@0.01;momentum@0.01,beta=0.5;adam@0.1" --csv all.csv
    gdviz compare objective=rosenbrock --training checkpoints.npz
    """
    wanted = read_request(settings, data)
    if csv is not None:
        refuse_to_overwrite(csv, data, "the data")
        refuse_to_overwrite(csv, training, "the training run")
    contenders = wanted.contenders or usual_contenders(wanted.task.problem)
    with refusing():
        subject = with_training(subject_of_comparison(wanted.task, contenders), training)
    complain(wanted.remarks(comparing=True))
    if csv == STANDARD:
        say(to_csv(subject))
        return
    if csv is not None:
        write(csv, to_csv(subject))
    show_table(_table(subject.results))
    say(subject.verdict + "\n")
    say(link_text(wanted.task.experiment, {"runs": encode_runs(contenders)}) + "\n")


def _table(results: tuple[Result, ...]) -> Table:
    table = bare_table()
    table.add_column("run", no_wrap=True)
    for name in ("learning rate", "epochs to tolerance", "evaluations", "final value", "ended"):
        table.add_column(name, justify="right", no_wrap=True)
    for r in results:
        reached = "–" if r.epochs_to_tolerance is None else f"{r.epochs_to_tolerance:,}"
        paid = "–" if r.evaluations_to_tolerance is None else f"{r.evaluations_to_tolerance:,}"
        table.add_row(
            escape(r.label), "–" if r.recorded else format_number(r.contender.eta), reached, paid,
            format_number(r.value, 6), r.run.stop_reason.value,
        )  # fmt: skip
    return table
