"""A training run of another program beside the runs of a command."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gdviz.command_line.options import one_file
from gdviz.command_line.requests import read_file, refusing
from gdviz.command_line.writing import complain
from gdviz.comparisons import next_color
from gdviz.exports.subject import Subject
from gdviz.scenes import TrainingScene, beside_contenders
from gdviz.training import read_training

training_file = one_file(
    "--training", "A training run of your own on this function, beside the others (see gdviz open)."
)


def with_training(subject: Subject, file: Path | None) -> Subject:
    """Return a comparison with the training run in ``file`` as one more result, if there is one.

    Raises Refused for a file that holds none, or one of another function.
    """
    if file is None:
        return subject
    run = read_file(file, read_training)
    with refusing():
        scene = TrainingScene(run, subject.task)
    complain(scene.remarks)
    color = next_color([result.contender for result in subject.results])
    return replace(subject, results=(*subject.results, beside_contenders(run, subject.task, color)))
