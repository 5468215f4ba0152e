"""A training run of another program beside the runs of a command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from gdviz.command_line.asking import Refused, read_file
from gdviz.command_line.writing import complain
from gdviz.comparisons import next_color
from gdviz.exports.subject import Subject
from gdviz.scenes import TrainingScene, beside_contenders
from gdviz.training import read_training

F = TypeVar("F", bound=Callable[..., Any])


def training_file(function: F) -> F:
    """Give a command the option for a file of a training run."""
    return click.option(
        "--training", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
        help="A training run of your own on this function, beside the others (see gdviz open).",
    )(function)  # fmt: skip


def with_training(subject: Subject, file: Path | None) -> Subject:
    """Return a comparison with the training run in ``file`` as one more result, if there is one.

    Raises Refused for a file that holds none, or one of another function.
    """
    if file is None:
        return subject
    run = read_file(file, read_training)
    try:
        scene = TrainingScene(run, subject.task)
    except ValueError as error:
        raise Refused(str(error)) from None
    complain(scene.remarks)
    color = next_color([result.contender for result in subject.results])
    return replace(subject, results=(*subject.results, beside_contenders(run, subject.task, color)))
