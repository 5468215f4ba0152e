"""What ``import gdviz`` promises: these names, their examples, and no drawing library."""

from __future__ import annotations

import doctest
import subprocess
import sys

import numpy as np
import pytest

import gdviz
from gdviz import numerals
from gdviz.optimizers import OPTIMIZERS

NAMES = {
    "parse", "Formula", "FormulaError", "LeastSquares", "Quadratic", "EstimatedGradient", "descend",
    "descend_batch", "step_javascript", "Trajectory", "BatchResult", "StopReason", "gradient_step",
    "difference_quotient", "partial_difference_quotient", "estimate_gradient", "central_difference_quotient",
    "central_gradient", "PRESETS", "DATASETS", "OPTIMIZERS", "LEARNING_RATES", "Experiment", "encode", "decode",
    "judge", "Verdict", "Comparison", "Contender", "compare", "fair_comparison", "save_page",
    "read_csv", "basins", "Basins", "learning_rate_sweep", "LearningRateSweep", "trainability", "Trainability",
}  # fmt: skip


def test_the_public_names_are_these_and_the_optimizers_and_no_others():
    optimizers = {cls.__name__ for cls in OPTIMIZERS.values()}
    assert set(gdviz.__all__) == NAMES | optimizers
    assert len(gdviz.__all__) == len(set(gdviz.__all__))
    for cls in OPTIMIZERS.values():
        assert getattr(gdviz, cls.__name__) is cls


@pytest.mark.parametrize("name", sorted(NAMES - {"PRESETS", "DATASETS", "OPTIMIZERS", "LEARNING_RATES"}))
def test_every_public_name_explains_itself(name: str):
    assert len(getattr(gdviz, name).__doc__.split()) >= 4


@pytest.mark.parametrize("module", [gdviz, numerals], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_give_what_they_say(module):
    results = doctest.testmod(module)
    assert results.attempted > 2
    assert results.failed == 0


@pytest.mark.parametrize("module", ["gdviz", "gdviz.theory", "gdviz.experiments", "gdviz.landscapes"])
def test_the_core_imports_without_a_drawing_library_or_the_page(module: str):
    code = f"import sys, {module}\nprint([m for m in ('plotly', 'streamlit', 'kaleido', 'pandas') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "[]", result.stderr


def test_the_contract_of_the_readme_works_as_written():
    f = gdviz.parse("(1 - x)**2 + 100*(y - x**2)**2")
    assert f.variables == ("x", "y")
    assert f.value([0.5, 1.0]) == pytest.approx(56.5)
    assert f.gradient([0.5, 1.0]) == pytest.approx([-151, 150])
    assert f.hessian([0.5, 1.0]) == pytest.approx(np.array([[-98, -200], [-200, 200]]))
    assert "x" in f.latex
    run = gdviz.descend(f, start=[-1.2, 1.0], learning_rate=0.001, epochs=50, optimizer="momentum", beta=0.5)
    same = gdviz.descend(f, [-1.2, 1.0], 0.001, 50, gdviz.Momentum(beta=0.5))
    assert run.thetas.tolist() == same.thetas.tolist()
    assert run.gradients.shape == run.thetas.shape == (51, 2)
    assert run.values.shape == (51,)
    fit = gdviz.LeastSquares("slope*x + intercept", data={"x": [0, 1, 2], "y": [1, 3, 5]}, target="y")
    assert fit.variables == ("slope", "intercept")
    rosenbrock = gdviz.PRESETS["rosenbrock"]
    assert rosenbrock.objective.value(rosenbrock.start) == pytest.approx(24.2)
    assert rosenbrock.window
    assert rosenbrock.minima
    assert rosenbrock.source


def test_a_formula_error_is_a_value_error_that_knows_where():
    with pytest.raises(gdviz.FormulaError) as caught:
        gdviz.parse("x^2 + ?")
    assert isinstance(caught.value, ValueError)
    assert caught.value.position == 6


def test_gradient_step_moves_along_the_gradient_and_descent_passes_a_negative_step():
    assert gdviz.gradient_step([1.0, 2.0], [4.0, -2.0], 0.5) == [3.0, 1.0]
    assert gdviz.gradient_step([1.0, 2.0], [4.0, -2.0], -0.5) == [-1.0, 3.0]
    with pytest.raises(ValueError, match=r"2 elements.*1"):
        gdviz.gradient_step([1.0, 2.0], [4.0], 0.5)
