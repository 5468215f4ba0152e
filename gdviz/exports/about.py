"""What every file says of itself: which experiment, which versions, which conventions, and what came of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from gdviz.comparisons import Result, standing
from gdviz.descent import Trajectory
from gdviz.experiments import Task, encode, link_text
from gdviz.verdict import Verdict

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


def about(task: Task, run: Trajectory) -> dict[str, Any]:
    """Return what a file says of a run: plain texts, numbers and lists of them, ready for JSON."""
    return _begun(task, task.problem.title, link_text(task.experiment)) | _ended(task.verdict(run), run) | _made()


def about_all(task: Task, results: Sequence[Result], link: str) -> dict[str, Any]:
    """Return what a file says of a comparison; ``runs`` says of each what :func:`about` says of one."""
    said = standing(results, task.experiment.tolerance).replace("**", "")
    runs = [_compared(result) for result in results]
    return _begun(task, f"{task.problem.title}: compared", link) | {"verdict": said, "runs": runs} | _made()


def _compared(result: Result) -> dict[str, Any]:
    """One of several runs; no link opens one that another program made."""
    known = {} if result.recorded else {"link": link_text(result.experiment), "experiment": encode(result.experiment)}
    return {"label": result.label} | known | _ended(result.verdict, result.run) | {"epochs": result.last_epoch}


def _begun(task: Task, title: str, link: str) -> dict[str, Any]:
    return {
        "format": RUN_FORMAT,
        "version": RUN_VERSION,
        "title": title,
        "experiment": encode(task.experiment),
        "link": link,
        "variables": list(task.problem.variables),
    }


def _ended(verdict: Verdict, run: Trajectory) -> dict[str, Any]:
    return {
        "epochs": run.epochs,
        "stop_reason": run.stop_reason.value,
        "verdict": verdict.plain,
        "evaluations": run.evaluations,
        "value_evaluations": run.value_evaluations,
        "hessian_evaluations": run.hessian_evaluations,
    }


def _made() -> dict[str, Any]:
    return {
        "versions": {
            "gdviz": package_version(),
            "python": ".".join(map(str, sys.version_info[:3])),
            "numpy": np.__version__,
        },
        "conventions": list(CONVENTIONS),
    }
