"""Every code of a step against every other: random formulas, optimizers and schedules, and the same numbers of all.

Python's is the measure; machine code, batches in both, and the browser's code have to give its bits. In formulas with
sin, exp and their kin the browser has functions of its own: those are compared in :mod:`tests.ui.test_live_runs`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gdviz.descent import StopReason, descend, descend_batch
from gdviz.experiments import Experiment, ProblemError, Task
from gdviz.learning_rates import LEARNING_RATES, Constant, Schedule, SteeredRate
from gdviz.optimizers import OPTIMIZERS, ElementwiseOptimizer
from tests.ui.test_live_runs import answers, case, expect_run

METHODS = [name for name, cls in OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer)]
SCHEDULES = [Constant] * 5 + [
    cls for cls in LEARNING_RATES.values() if issubclass(cls, Schedule) and cls is not SteeredRate
]
ALGEBRA = ("({} + {})", "({} - {})", "({}*{})", "({}/(1 + {}^2))", "max({}, {})", "min({}, {})")
ALGEBRA_OF_ONE = ("-{}", "abs({})", "sqrt({}^2 + 1)", "{}^2", "{}^3", "if({} > 0, {}, 2)")
ANALYSIS = ("sin({})", "cos({})", "exp(-{}^2)", "tanh({})", "log({}^2 + 1)", "atan({})", "{}^1.5", "erf({})")


def formula(choose: random.Random, depth: int, analysis: bool) -> str:
    if depth == 0:
        return choose.choice(["x", "y", "x", "y", f"{choose.uniform(-3, 3):.3g}"])
    frames = ALGEBRA + ALGEBRA_OF_ONE + (ANALYSIS if analysis else ())
    frame = choose.choice(frames)
    return frame.format(*(formula(choose, depth - 1, analysis) for _ in range(frame.count("{}"))))


def drawn(seed: int, analysis: bool) -> Task:
    """An experiment of this seed that can be posed: one in two variables."""
    choose = random.Random(seed)
    while True:
        text = f"{formula(choose, choose.randint(1, 4), analysis)} + x^2 + {choose.uniform(0, 9):.3g}*y^2"
        rate = choose.choice(SCHEDULES)(10 ** choose.uniform(-4, 0))
        experiment = Experiment(
            "formula", formula=text, start=(choose.uniform(-3, 3), choose.uniform(-3, 3)), learning_rate=rate,
            epochs=choose.randint(1, 80), optimizer=choose.choice(METHODS), tolerance=choose.choice([0.0, 1e-8, 0.1]),
        )  # fmt: skip
        try:
            return experiment.posed()
        except (ProblemError, ValueError):
            continue


def ran(descent: Callable[..., Any], task: Task, engine: str, start: Any) -> Any:
    """What a descent from ``start``, or a batch of them, comes to."""
    e = task.experiment
    objective = task.problem.objective
    return descent(objective, start, e.learning_rate, e.epochs, e.optimizer, tolerance=e.tolerance, engine=engine)


def agrees(task: Task) -> None:
    e, said = task.experiment, str(task.experiment)
    starts = [e.start, *((e.start[0] + 0.37 * k, e.start[1] - 0.21 * k * k) for k in range(1, 9))]
    paths = [ran(descend, task, "python", start) for start in starts]
    native = ran(descend, task, "native", starts[0])
    assert native.stop_reason is paths[0].stop_reason, said
    for name in ("thetas", "values", "gradients"):
        np.testing.assert_array_equal(getattr(native, name), getattr(paths[0], name), err_msg=said)
    for engine in ("python", "native"):
        ends = ran(descend_batch, task, engine, starts)
        for k, alone in enumerate(paths):
            assert StopReason(ends.stop_reasons[k]) is alone.stop_reason, (engine, k, said)
            np.testing.assert_array_equal(ends.thetas[k], alone.thetas[-1], err_msg=f"{engine} {k} {said}")
            assert ends.values[k] == alone.values[-1] or np.isnan(ends.values[k]), (engine, k, said)


@pytest.mark.parametrize("seed", range(30))
def test_python_machine_code_and_batches(seed: int) -> None:
    agrees(drawn(seed, analysis=seed % 2 == 0))


def browser_agrees(seeds: range, cache: Path) -> None:
    """The same bits at a constant rate; the browser's cosines and powers of a schedule are its own."""
    tasks = [drawn(seed, analysis=False) for seed in seeds]
    for answer, one in zip(answers([case(one) for one in tasks], cache), tasks, strict=True):
        expect_run(answer, one, tolerance=0.0 if isinstance(one.experiment.learning_rate, Constant) else 1e-9)


def test_the_browser(tmp_path: Path) -> None:
    browser_agrees(range(1000, 1060), tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_a_thousand_of_all(part: int, tmp_path: Path) -> None:
    for seed in range(10_000 + 100 * part, 10_100 + 100 * part):
        agrees(drawn(seed, analysis=True))
    browser_agrees(range(20_000 + 100 * part, 20_100 + 100 * part), tmp_path)
