"""A comparison as CSV: every row of every run, one line a run, and fair mode’s sweeps. Numbers keep all digits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from gdviz.comparisons.fair import FairComparison
from gdviz.comparisons.results import Result
from gdviz.hyperparameters import settings
from gdviz.spreadsheets import or_empty, plain_cell, rows_of, table_text


def runs_csv(results: Sequence[Result]) -> str:
    """Return all runs below each other: run, epoch, evaluations, each theta, value, each partial derivative, rate.

    ``learning_rate`` is that of the step leaving the row; it is empty in a run's last row.
    """
    names = results[0].run.variables if results else ()
    head = ["run", "epoch", "evaluations", *names, "value", *(f"gradient_{name}" for name in names), "learning_rate"]
    return table_text(head, (row for result in results for row in _rows(result)))


def _rows(result: Result) -> Iterator[Sequence[Any]]:
    run, label = result.run, plain_cell(result.label)
    rates = np.append(run.learning_rates, np.nan)
    for epoch, cost, *row, rate in rows_of(result.epochs, result.costs, run.thetas, run.values, run.gradients, rates):
        yield [label, round(epoch), round(cost), *row, or_empty(rate)]


def results_csv(results: Sequence[Result]) -> str:
    """Return one line a run: what it was, how soon it reached the tolerance (empty if never), where it ended."""
    names = results[0].run.variables if results else ()
    head = [
        "run", "optimizer", "hyperparameters", "learning_rate", "schedule", "schedule_parameters", "epochs",
        "evaluations", "epochs_to_tolerance", "evaluations_to_tolerance", *names, "value", "stop_reason", "verdict",
    ]  # fmt: skip
    rows = [
        [
            plain_cell(r.label),
            *(_EMPTY if r.recorded else _method(r)),
            r.last_epoch,
            round(float(r.costs[-1])),
            "" if r.epochs_to_tolerance is None else r.epochs_to_tolerance,
            "" if r.evaluations_to_tolerance is None else r.evaluations_to_tolerance,
            *r.run.thetas[-1].tolist(),
            r.value,
            r.run.stop_reason.value,
            plain_cell(r.verdict.sentence),
        ]
        for r in results
    ]
    return table_text(head, rows)


def sweeps_csv(fair: FairComparison) -> str:
    """Return every trial of fair mode: run, learning rate, epochs, final value (empty if it diverged), works, best."""
    rows = [
        [
            plain_cell(result.label),
            rate,
            epochs,
            "" if value != value else value,
            str(works).lower(),
            str(place == result.best).lower(),
        ]
        for result in fair.results
        for place, (rate, epochs, value, works) in enumerate(
            zip(
                result.sweep.rates.tolist(),
                result.sweep.epochs.tolist(),
                result.sweep.values.tolist(),
                result.works.tolist(),
                strict=True,
            )
        )
    ]
    return table_text(["run", "learning_rate", "epochs", "value", "works", "best"], rows)


_EMPTY = ("", "", "", "", "")  # of a run that another program made


def _method(r: Result) -> tuple[Any, ...]:
    method, rate = r.contender.optimizer, r.contender.learning_rate
    return method.name, plain_cell(_settings(method)), r.contender.eta, rate.name, plain_cell(_settings(rate))


def _settings(owner: Any) -> str:
    return " ".join(f"{name}={value!r}" for name, value in settings(owner).items())
