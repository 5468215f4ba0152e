"""What every file says of itself: which experiment, which versions, which conventions, and what came of it."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from gdviz.comparisons import Result
from gdviz.descent import Trajectory
from gdviz.experiments import encode, link_text
from gdviz.exports.subject import Subject

RUN_FORMAT = "gdviz-run"
RUN_VERSION = 1

CONVENTIONS = (
    "Epoch 0 is the start: a run of k epochs has k + 1 rows. learning_rates[k] is the rate of the step that leaves row "
    "k, so there is one less of them.",
    "Momentum: velocity = beta*velocity + gradient, theta -= learning_rate*velocity. Adam and its kin: PyTorch's "
    "formulas, epsilon outside the root.",
    "Least squares is the mean of the squared error; its gradient carries the 2.",
    "A run has converged when the gradient's norm stays at most the tolerance (absolute). Numbers are float64; a run "
    "that overflows ends at its last finite point.",
)


def package_version() -> str:
    """Return gdviz's own version."""
    try:
        return version("gdviz")
    except PackageNotFoundError:  # run from its folder
        return "0.1.0"


def about(subject: Subject) -> dict[str, Any]:
    """Return what a file says of a run, or of a comparison, whose ``runs`` say it of each: plain texts, numbers and
    lists of them, ready for JSON."""
    task, results = subject.task, subject.results
    ended = (
        {"verdict": subject.verdict, "runs": [_compared(result) for result in results]}
        if results
        else _ended(subject.verdict, subject.run)
    )
    begun = {
        "format": RUN_FORMAT,
        "version": RUN_VERSION,
        "title": subject.title,
        "experiment": encode(task.experiment),
        "link": subject.link,
        "variables": list(task.problem.variables),
    }
    versions = {
        "gdviz": package_version(),
        "python": ".".join(map(str, sys.version_info[:3])),
        "numpy": np.__version__,
    }
    return begun | ended | {"versions": versions, "conventions": list(CONVENTIONS)}


def _compared(result: Result) -> dict[str, Any]:
    """One of several runs; no link opens one that another program made."""
    known = {} if result.recorded else {"link": link_text(result.experiment), "experiment": encode(result.experiment)}
    return {"label": result.label} | known | _ended(result.verdict.plain, result.run) | {"epochs": result.last_epoch}


def _ended(verdict: str, run: Trajectory) -> dict[str, Any]:
    return {
        "epochs": run.epochs,
        "stop_reason": run.stop_reason.value,
        "verdict": verdict,
        "evaluations": run.evaluations,
        "value_evaluations": run.value_evaluations,
        "hessian_evaluations": run.hessian_evaluations,
    }
