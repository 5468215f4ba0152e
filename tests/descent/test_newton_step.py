"""Newton's step in one or two parameters, written out: the same step in every code."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest
from deno import find_deno_bin
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz import StopReason
from gdviz.descent.step import can_trace

NEWTON = gdviz.Newton()
CUBE_ROOTS = gdviz.parse("(x^4 - 6x^2*y^2 + y^4)/4 - x")
FORMULAS = [
    CUBE_ROOTS,
    gdviz.PRESETS["himmelblau"].objective,
    gdviz.PRESETS["rosenbrock"].objective,
    gdviz.parse("exp(-0.1(x^2 + y^2))*sin(3x)*cos(2y) + 0.05(x^2 + y^2)"),
    gdviz.parse("x*cos(0.15*pi*x)"),
    gdviz.parse("log(1 + exp(x)) - x/3"),
    gdviz.parse("x*y"),
    gdviz.Quadratic(np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, -1.0])),
]


@pytest.mark.parametrize("objective", FORMULAS, ids=lambda f: getattr(f, "text", "quadratic"))
@pytest.mark.parametrize("rate", [1.0, 0.3])
def test_every_code_takes_the_same_steps(objective, rate: float):
    n = len(objective.variables)
    for start in ([1.3, -0.4], [-2.0, 0.7], [0.1, 0.1], [3.0, 2.5]):
        runs = [
            gdviz.descend(objective, start[:n], rate, 40, "newton", engine=engine) for engine in ("python", "native")
        ]
        assert runs[0].thetas.tobytes() == runs[1].thetas.tobytes()
        assert runs[0].stop_reason is runs[1].stop_reason
        for engine in ("python", "native"):
            batch = gdviz.descend_batch(objective, [start[:n]] * 9, rate, 40, "newton", engine=engine)
            assert (batch.thetas == runs[0].thetas[-1]).all()
            assert (batch.epochs == runs[0].epochs).all()
            assert batch.values[4] == runs[0].values[-1]
        for theta, gradient, following in zip(runs[0].thetas, runs[0].gradients, runs[0].thetas[1:], strict=False):
            step = np.linalg.solve(objective.hessian(theta), gradient)
            assert following == pytest.approx(theta - rate * step, rel=1e-9, abs=1e-9 * (1 + np.abs(step).max()))


def test_the_browser_takes_the_same_steps(tmp_path: Path):
    module = tmp_path / "newton.mjs"
    module.write_text(gdviz.step_javascript(CUBE_ROOTS, "newton", 50), encoding="utf-8")
    script = tmp_path / "run.mjs"
    script.write_text(
        f"import {{ descend }} from {json.dumps(module.as_uri())};\n"
        "const run = descend([-1.2, 0.8], 1, 1e-8);\n"
        "console.log(JSON.stringify({ thetas: Array.from(run.thetas), stop: run.stop }));\n",
        encoding="utf-8",
    )
    settings = os.environ | {"DENO_DIR": str(tmp_path), "DENO_NO_UPDATE_CHECK": "1"}
    command = [find_deno_bin(), "run", "--quiet", "--no-check", "--allow-read", str(script)]
    told = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, env=settings).stdout)
    run = gdviz.descend(CUBE_ROOTS, [-1.2, 0.8], 1.0, 50, "newton")
    assert told["stop"] == run.stop_reason.value
    assert told["thetas"] == run.thetas.ravel().tolist()


finite = st.floats(-1e3, 1e3)


@given(st.tuples(*[finite] * 3), st.tuples(finite, finite))
def test_the_written_step_solves_the_equations(entries, gradient):
    a, b, d = (x if abs(x) > 1e-3 else 0.0 for x in entries)
    matrix = np.array([[a, b], [b, d]])
    if np.linalg.cond(matrix) > 1e8:
        return
    with np.errstate(all="ignore"):
        direction = NEWTON.written(np.array(gradient), matrix)
    expected = -np.linalg.solve(matrix, gradient)
    assert np.array(direction, dtype=float) == pytest.approx(expected, rel=1e-6, abs=1e-9 * np.abs(expected).max())


@pytest.mark.parametrize("text", ["x + y", "(x + y)^2", "x^4 + 0*y", "x"])
def test_a_singular_hessian_ends_the_run_as_diverged(text: str):
    f = gdviz.parse(text)
    start = [1.0, 2.0][: len(f.variables)]
    for engine in ("python", "native"):
        run = gdviz.descend(f, start, 1.0, 10, "newton", engine=engine)
        assert (run.stop_reason, run.epochs) == (StopReason.DIVERGED, 0)
    assert set(gdviz.descend_batch(f, [start] * 8, 1.0, 10, "newton").stop_reasons) == {StopReason.DIVERGED}


def test_what_is_paid_for_is_counted_as_before():
    run = gdviz.descend(gdviz.parse("x^2 + 3y^2"), [1.0, 1.0], 1.0, 10, "newton")
    assert run.stop_reason is StopReason.CONVERGED
    assert run.paid is not None
    assert run.paid[-1].tolist() == [run.epochs + 1, run.epochs]
    assert (run.evaluations, run.hessian_evaluations) == (run.epochs + 1, run.epochs)


def test_larger_objectives_and_fits_stay_in_python():
    fit = gdviz.LeastSquares("a*exp(b*u)", data={"u": [0.0, 1.0, 2.0], "v": [1.0, 2.0, 4.5]}, target="v")
    for objective in (gdviz.parse("x^2 + y^2 + z^2"), gdviz.EstimatedGradient(gdviz.parse("x^2")), fit):
        assert not can_trace(objective, NEWTON)
        assert gdviz.descend(objective, [1.0] * len(objective.variables), 0.5, 5, "newton").epochs == 5
        with pytest.raises(ValueError, match="has no JavaScript"):
            gdviz.step_javascript(objective, "newton")
