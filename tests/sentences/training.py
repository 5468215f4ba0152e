"""What is said of a training run of another program."""

from __future__ import annotations

from functools import cache

import numpy as np

import gdviz
from gdviz.experiments import Experiment, Task
from gdviz.scenes import TrainingScene
from gdviz.training import TrainingRun, read_training
from gdviz.ui.pages.training import about_surface
from tests.sentences.case import Case


@cache
def read(text: str) -> TrainingRun:
    return read_training(text.encode())


def rows(values: list[float], every: int = 1, head: str = "epoch,x,loss") -> str:
    """A file of one parameter that has these values, and the loss that is their square."""
    return "\n".join([head, *(f"{every * k},{x!r},{x * x!r}" for k, x in enumerate(values))])


@cache
def on(formula: str) -> Task:
    f = gdviz.parse(formula)
    start = (1.0,) * len(f.variables)
    return Experiment(objective="formula", formula=formula, start=start, epochs=3).posed()


def surface(text: str, formula: str) -> str:
    task = on(formula)
    run = read(text)
    known = run.in_order(task.problem.variables) is not None
    return about_surface(TrainingScene(run, task if known else None), task)


HALVED = [0.5**k for k in range(20)]
GROWN = [1.5**k for k in range(20)]
PLANE = "x,y\n" + "\n".join(f"{0.5**k!r},{0.9**k!r}" for k in range(9))
TRAINING = [
    Case("Settling: over the second half of 19 epochs each step is 0.5 times as long",
         lambda: read(rows(HALVED)).verdict,
         lambda: bool(np.allclose(np.diff(HALVED)[1:], 0.5 * np.diff(HALVED)[:-1]))),
    Case("a way of 1.91 × 10⁻⁶ is left to go", lambda: read(rows(HALVED)).verdict,
         lambda: abs(HALVED[-1] - 1.907e-6) < 1e-9),
    Case("Growing: each step is 1.5 times as long as the one before, 739 at the end.",
         lambda: read(rows(GROWN)).verdict,
         lambda: round(GROWN[-1] - GROWN[-2]) == 739),
    Case("Not settled: after 19 epochs each still moves the parameters by about 1.",
         lambda: read(rows([float(k) for k in range(20)])).verdict, lambda: True),
    Case("After 2 epochs an epoch still moves the parameters by 0.25.", lambda: read(rows(HALVED[:3])).verdict,
         lambda: HALVED[1] - HALVED[2] == 0.25),
    Case("Nothing moved in 4 epochs.", lambda: read(rows([1.0] * 5)).verdict, lambda: True),
    Case("At rest: the last of 5 epochs moved nothing any more.", lambda: read(rows([*HALVED[:5], HALVED[4]])).verdict,
         lambda: True),
    Case("Diverged: at epoch 2 a parameter is no finite number any more.",
         lambda: read("epoch,x\n0,1\n1,9\n2,nan\n").verdict, lambda: True),
    Case("The loss goes from 1 to 3.64 × 10⁻¹².", lambda: read(rows(HALVED)).verdict,
         lambda: abs(HALVED[-1] ** 2 - 3.638e-12) < 1e-14),
    Case("it was lowest, 1, at epoch 2.",
         lambda: read("epoch,x,loss\n0,1,5\n1,2,3\n2,3,1\n3,4,2\n").verdict, lambda: True),
    Case("No loss is a finite number.", lambda: read("epoch,x,loss\n0,1,nan\n1,2,inf\n").verdict, lambda: True),
    Case("1 parameter, 4 saved epochs", lambda: read(rows(HALVED[:5], every=10)).size, lambda: True),
    Case("2 parameters, 8 epochs", lambda: read(PLANE).size, lambda: len(read(PLANE).thetas) == 9),
    Case("The surface is that of", lambda: surface(PLANE, "x^2 + y^2"),
         lambda: TrainingScene(read(PLANE), on("x^2 + y^2")).ground is not None),
    Case("There is no surface under the path", lambda: surface(rows(HALVED), "x^2"),
         lambda: TrainingScene(read(rows(HALVED)), on("x^2")).ground is None),
    Case("has 3 parameters. Choose the function or the fit", lambda: surface(PLANE, "x^2 + y^2 + z^2"),
         lambda: read(PLANE).in_order(("x", "y", "z")) is None),
]  # fmt: skip
