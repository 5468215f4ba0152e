"""Scripts that leave: they run without gdviz, and print the run's numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gdviz import OPTIMIZERS, Experiment
from gdviz.comparisons import decode_runs
from gdviz.datasets import read_csv
from gdviz.experiments import Task
from gdviz.exports import ExportError
from gdviz.exports.formats import export
from gdviz.exports.script import to_script
from gdviz.exports.script_text import comment
from gdviz.exports.subject import subject_of, subject_of_comparison
from gdviz.learning_rates import Backtracking, Cosine, ExactSearch, StrongWolfe
from gdviz.optimizers import ElementwiseOptimizer
from tests.own_optimizer import SignDescent

ELEMENTWISE = [name for name, cls in OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer)]
DATA = "x,y,kind\n" + "".join(f"{x},{3 * x + 1 + (x % 3) / 7},{int(x > 5)}\n" for x in range(11))


def formula(text: str, *start: float, **more: object) -> Experiment:
    own = {"objective": "formula", "formula": text, "start": start, "epochs": 80, "learning_rate": 0.02} | more
    return Experiment(**own)  # type: ignore[arg-type]


def fit(model: str, *start: float, **more: object) -> Experiment:
    own = {"objective": "fit", "data": "upload", "model": model, "target": "y", "start": start, "epochs": 60,
           "learning_rate": 0.003}  # fmt: skip
    return Experiment(**own | more)  # type: ignore[arg-type]


def posed(experiment: Experiment) -> Task:
    """The experiment with its problem; of data, those above."""
    return experiment.posed(read_csv(DATA.encode()) if experiment.data == "upload" else None)


CASES = {
    "rosenbrock": Experiment(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=500),
    "sines": formula("sin(3*x)*exp(y/2) + x^2 + y^4/10 + atan2(x, y)", 0.3, 0.8),
    "kinks": formula("abs(x) + max(x, 2*y, 0) + min(x^2, y^2) + sign(x)*y", 1.3, -0.4),
    "powers": formula("x^2.5 + 2^y + y^2 + log(x)^2 + sqrt(x) + tanh(y)", 1.7, 0.3),
    "branches": formula("x > 1 ? (x - 1)^2 : exp(-x) + log(x + 2)", 2.5),
    "all functions": formula("asin(x/9)+acos(x/9)+atan(x)+sinh(x/3)+cosh(x/3)+log2(x+9)+log10(x+9)+asinh(x)+cbrt(x+9)"
                             "+acosh(x+9)+atanh(x/9)+expm1(x/5)+log1p(x+5)+tan(x/9)+x^2", 0.7),
    "diverges": formula("x^4 + y^2", 3.0, 1.0, learning_rate=0.5),
    "a schedule": formula("x^2 + 3*y^2", 3.0, 1.0, learning_rate=Cosine(0.2)),
    "a search": formula("x^2 + 3*y^4", 3.0, 1.0, learning_rate=Backtracking(1.0)),
    "estimated": formula("x^2*y^2 + exp(x)", 1.0, 1.0, gradient="estimated"),
    "a line": fit("a*x + b", 0.0, 0.0),
    "a curve": fit("a*exp(-b*x) + c", 1.0, 0.1, 0.0),
    "a ridge": fit("a*sin(x) + b*x^2", 1.0, 0.1, ridge=0.3, fit_loss="huber", learning_rate=1e-5),
    "classes": fit("a*x + b", 0.0, 0.0, fit_loss="log", target="kind"),
    "standardized": fit("a*x + b*x^2 + c", 0.0, 0.0, 0.0, standardize=True, learning_rate=0.1),
    "data of ours": Experiment(objective="fit", data="line", start=(0.0, 0.0), learning_rate=0.001, epochs=99),
    "an own optimizer": formula("x^2 + 3*y^4", 3.0, -1.0, optimizer=SignDescent(blend=0.25)),
    "an odd name": formula("step*step + (np - 1)^2 + (state0 - 2)^2", 1.0, 0.0, 0.0),
}  # fmt: skip


def printed(script: str, folder: Path) -> dict[str, float]:
    """Run a script by itself, where there is no gdviz, and return what it prints."""
    file = folder / "run.py"
    file.write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", "-I", str(file)], capture_output=True, text=True, timeout=60,
                          check=False, cwd=folder)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name: float(number) for name, number in re.findall(r"^(.+?) = (\S+)$", done.stdout, re.MULTILINE)}


def executed(script: str) -> dict[str, object]:
    """The names of a script whose end is not run."""
    scope: dict[str, object] = {"__name__": __name__}
    exec(compile(script, "script", "exec"), scope)  # noqa: S102
    return scope


def check(experiment: Experiment, rtol: float = 1e-12) -> None:
    task = posed(experiment)
    run = task.run()
    scope = executed(to_script(subject_of(task, run), with_data=True))
    thetas, values, gradients = scope["descend"]()  # type: ignore[operator]
    if "own_units" in scope:
        thetas = scope["own_units"](thetas)  # type: ignore[operator]
        gradients = run.gradients
    for ours, theirs in ((thetas, run.thetas), (values, run.values), (gradients, run.gradients)):
        rounding = 1e-14 * max(1.0, float(abs(theirs).max()))  # of a small gradient between large ones
        np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=rounding if rtol <= 1e-12 else rtol)
    np.testing.assert_allclose(thetas[-1], run.thetas[-1], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", CASES)
def test_every_epoch_is_the_runs(name: str) -> None:
    check(CASES[name])


@pytest.mark.parametrize("optimizer", ELEMENTWISE)
def test_every_optimizer_has_a_script(optimizer: str) -> None:
    check(formula("(1 - x)^2 + 10*(y - x^2)^2", -1.2, 1.0, optimizer=optimizer, learning_rate=0.01))


@pytest.mark.parametrize("name", ["rosenbrock", "a curve"])
def test_it_runs_by_itself_and_prints_the_last_theta(name: str, tmp_path: Path) -> None:
    task = posed(CASES[name])
    run = task.run()
    numbers = printed(to_script(subject_of(task, run), with_data=True), tmp_path)
    assert list(numbers) == [*run.variables, "f"]
    np.testing.assert_allclose([numbers[n] for n in run.variables], run.thetas[-1], rtol=1e-12)
    assert numbers["f"] == pytest.approx(run.values[-1], rel=1e-12)


def test_it_draws_when_asked() -> None:
    task = posed(CASES["rosenbrock"])
    assert "matplotlib" not in to_script(subject_of(task))
    compile(script := to_script(subject_of(task), matplotlib=True), "script", "exec")
    assert "matplotlib.pyplot" in script


def test_it_is_short() -> None:
    task = posed(CASES["rosenbrock"])
    assert len(to_script(subject_of(task)).splitlines()) < 60


VECTORS = {
    "BFGS": formula("(1 - x)^2 + 10*(y - x^2)^2", -1.2, 1.0, optimizer="bfgs", learning_rate=StrongWolfe(1.0)),
    "BFGS at one rate": formula("x^2 + 3*y^2 + x*y", -1.2, 1.0, optimizer="bfgs", learning_rate=0.1),
    "conjugate gradients": formula("x^4 + y^2 + exp(x*y/9)", 2.0, 1.0, optimizer="cg", learning_rate=ExactSearch(0.1)),
    "Newton": formula("x^4 + y^4 + x*y", 2.0, 1.0, optimizer="newton", learning_rate=1.0),
    "Newton in three": formula("x^4 + y^4 + z^2 + x*y*z + log(x + 9)", 2.0, 1.0, 1.5, optimizer="newton",
                               learning_rate=0.5),
    "Newton with a search": formula("x^4 + y^2", 2.0, 1.0, optimizer="newton", learning_rate=Backtracking(1.0)),
    "safeguarded": formula("x^4 - x^2 + y^2 + abs(y)*x/9", 0.3, 1.0, optimizer="newton_safeguarded",
                           learning_rate=Backtracking(1.0)),
    "Newton on a curve": fit("a*exp(-b*x) + c", 8.0, 0.1, 3.0, optimizer="newton_safeguarded", ridge=0.01,
                             learning_rate=Backtracking(1.0)),
    "Newton on classes": fit("a*x + b", 0.0, 0.0, fit_loss="log", target="kind", optimizer="newton", ridge=0.1,
                             learning_rate=Backtracking(1.0)),
    "Newton on Huber": fit("a*x + b", 0.0, 0.0, fit_loss="huber", delta=40.0, optimizer="newton", learning_rate=0.5),
    "BFGS on a fit": fit("a*exp(-b*x) + c", 1.0, 0.1, 0.0, optimizer="bfgs", learning_rate=StrongWolfe(0.1)),
    "Gauss-Newton": fit("a*tanh(b*x) + c", 20.0, 0.1, 1.0, optimizer="gauss_newton", learning_rate=Backtracking(1.0)),
    "Levenberg-Marquardt": fit("a*exp(-b*x) + c", 1.0, 0.1, 0.0, optimizer="levenberg_marquardt", learning_rate=1.0),
    "Levenberg-Marquardt with a ridge": fit("a*exp(-b*x) + c", 1.0, 0.1, 0.0, optimizer="levenberg_marquardt",
                                            learning_rate=1.0, ridge=0.01),
    "on a line": fit("a*x + b", 0.0, 0.0, optimizer="levenberg_marquardt", learning_rate=1.0),
    "standardized": fit("a*x + b*x^2 + c", 0.0, 0.0, 0.0, standardize=True, optimizer="gauss_newton",
                        learning_rate=0.5),
    "estimated": formula("x^2 + 3*y^2 + x*y", -1.2, 1.0, optimizer="bfgs", learning_rate=0.1, gradient="estimated"),
}  # fmt: skip


@pytest.mark.parametrize("name", VECTORS)
def test_methods_of_whole_vectors_are_written_out(name: str) -> None:
    on_the_way = 1e-7 if "curve" in name else 1e-11 if "fit" in name else 1e-12  # badly conditioned before the end
    check(VECTORS[name], on_the_way)


@pytest.mark.parametrize("optimizer", ["gd", "momentum", "adam", "radam"])
@pytest.mark.parametrize("model", ["a*x + b", "a*exp(-b*x) + c", "linear(x)"])
def test_mini_batches_are_written_out(optimizer: str, model: str) -> None:
    start = (0.0, 0.0) if "exp" not in model else (1.0, 0.1, 0.0)
    check(fit(model, *start, optimizer=optimizer, batch_size=4, shuffle_seed=7, ridge=0.01))


def test_a_script_of_several_runs_prints_where_each_ends(tmp_path: Path) -> None:
    task = Experiment(objective="booth", start=(1.0, 1.0), epochs=40, learning_rate=0.01).posed()
    runs, _ = decode_runs('gd@0.01,name=it"s;adam@0.1;bfgs@1,schedule=strong_wolfe')
    subject = subject_of_comparison(task, runs)
    file = tmp_path / "all.py"
    file.write_bytes(export(subject, "py"))
    done = subprocess.run([sys.executable, "-W", "error", "-I", str(file)], capture_output=True, text=True, timeout=60,
                          check=False, cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    numbers = [float(number) for number in re.findall(r"^[xy] = (\S+)$", done.stdout, re.MULTILINE)]
    ends = np.concatenate([result.run.thetas[-1] for result in subject.results])
    np.testing.assert_allclose(numbers, ends, rtol=1e-12)
    assert all(result.label in done.stdout for result in subject.results)


def test_own_data_need_a_word() -> None:
    task = posed(CASES["a curve"])
    with pytest.raises(ExportError, match="holds your data"):
        to_script(subject_of(task))
    line = posed(CASES["a line"])
    to_script(subject_of(line))  # the quadratic form of a linear fit holds no row


@pytest.mark.parametrize("text", ["a\nimport os", "a\rimport os", "a\u2028import os", "a\x0cimport os", 'a"""\n', "\\"])
def test_a_comment_stays_a_comment(text: str) -> None:
    assert executed(comment(text) + "x = 1\n")["x"] == 1
    assert comment(text).count("\n") == 1
    assert not re.search(r"^\s*import", comment(text), re.MULTILINE)
