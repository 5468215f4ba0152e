"""Scripts of PyTorch: its own optimizers come to the run's end."""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import io
import re

import numpy as np
import pytest

from gdviz import Experiment
from gdviz.datasets import read_csv
from gdviz.experiments import Task
from gdviz.exports import ExportError
from gdviz.exports.subject import subject_of
from gdviz.exports.torch_script import _TORCH, to_torch
from gdviz.learning_rates import Cosine

OPTIMIZERS = [cls.name for cls in _TORCH]
CURVE = Experiment(
    objective="fit", data="upload", model="a*exp(-b*x)", target="y", start=(1.0, 0.1), epochs=30, learning_rate=0.001,
    optimizer="adam",
).posed(read_csv(b"x,y\n0,5\n1,3\n2,2\n3,1.5\n4,1\n"))  # fmt: skip
SINES = Experiment(
    objective="formula", formula="sin(3*x)*exp(y/2) + x^2 + max(x, y) + cbrt(y) + (x > 1 ? x : 2)", start=(0.3, 0.8),
    epochs=40, learning_rate=Cosine(0.02), optimizer="nadam",
).posed()  # fmt: skip


def rosenbrock(optimizer: str) -> Task:
    return Experiment(
        objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=100, optimizer=optimizer
    ).posed()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_script_is_python_that_names_torchs_optimizer(optimizer: str) -> None:
    task = rosenbrock(optimizer)
    tree = ast.parse(to_torch(subject_of(task)))
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert names & {"SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "NAdam", "RAdam", "Adamax"}
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [alias.name for node in imports for alias in node.names] == ["torch"]


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="needs PyTorch")
@pytest.mark.parametrize("task", [*map(rosenbrock, OPTIMIZERS), CURVE, SINES], ids=[*OPTIMIZERS, "a fit", "functions"])
def test_torch_comes_to_the_same_end(task: Task) -> None:
    run = task.run()
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(to_torch(subject_of(task, run), with_data=True), {})  # noqa: S102
    found = [float(x) for x in re.findall(r" = (\S+)$", said.getvalue(), re.MULTILINE)]
    np.testing.assert_allclose(found, [*run.thetas[-1], run.values[-1]], rtol=1e-9)


@pytest.mark.parametrize("optimizer", ["lion", "bfgs", "noisy_gd", "steered_momentum"])
def test_what_torch_has_not_is_said(optimizer: str) -> None:
    task = rosenbrock(optimizer)
    with pytest.raises(ExportError, match="PyTorch has no"):
        to_torch(subject_of(task))


def test_own_data_need_a_word() -> None:
    with pytest.raises(ExportError, match="holds your data"):
        to_torch(subject_of(CURVE))
    assert "ROWS = 5" in to_torch(subject_of(CURVE), with_data=True)
