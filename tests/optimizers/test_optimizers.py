"""Optimizers against PyTorch's own numbers, printed and closed-form results; one definition on floats and arrays."""

from __future__ import annotations

import json
import re
from dataclasses import FrozenInstanceError, dataclass, fields, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

import gdviz
from gdviz import optimizers
from gdviz.descent import check_together
from gdviz.experiments import decode, encode
from gdviz.hyperparameters import hyperparameter
from gdviz.learning_rates import Backtracking, ExactSearch, StrongWolfe
from gdviz.lessons.worked_step import explain_step
from gdviz.numerals import format_number
from gdviz.optimizers import (
    OPTIMIZERS,
    ElementwiseOptimizer,
    NoisyGradientDescent,
    VectorOptimizer,
    make_optimizer,
)
from gdviz.theory import contraction, curvature, stability_limit
from gdviz.theory.laws import law_of

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "torch.json").read_text())
ELEMENTWISE = sorted(name for name, cls in OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer))
VECTOR = sorted(name for name, cls in OPTIMIZERS.items() if issubclass(cls, VectorOptimizer))
FOR_FITS = ["gauss_newton", "levenberg_marquardt"]
ROSENBROCK = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
BOWL = gdviz.parse("0.1*x^2 + 2*y^2")
StopReason = gdviz.StopReason


def exponential_fit() -> gdviz.LeastSquares:
    x = np.linspace(0, 4, 30)
    return gdviz.LeastSquares("a*exp(b*x)", {"x": x, "y": 3 * np.exp(-0.7 * x) + 0.01 * np.sin(9 * x)}, "y")


def objective_for(name: str):
    return (exponential_fit(), [1.0, 0.0]) if name in FOR_FITS else (BOWL, [-5.0, -2.0])


# ---------------------------------------------------------------- PyTorch


@pytest.mark.parametrize(
    "run",
    REFERENCE["runs"],
    ids=[f"{r['optimizer']}-{r['learning_rate']:g}-{r['formula'][:12]}" for r in REFERENCE["runs"]],
)
def test_fifty_steps_are_pytorchs(run):
    rows = REFERENCE["rows"]
    formula, rate, name = gdviz.parse(run["formula"]), run["learning_rate"], run["optimizer"]
    ours = gdviz.descend(formula, run["start"], rate, 50, name, tolerance=0, **run["hyperparameters"])
    theirs = np.array(run["thetas"])
    assert ours.thetas[rows] == pytest.approx(theirs, rel=1e-12, abs=1e-12 * np.abs(theirs).max())
    batch = gdviz.descend_batch(formula, run["start"], rate, 50, name, tolerance=0, **run["hyperparameters"])
    assert batch.thetas == pytest.approx(theirs[-1], rel=1e-12, abs=1e-12 * np.abs(theirs).max())


def test_the_reference_covers_every_optimizer_that_pytorch_has_with_its_usual_rate():
    assert REFERENCE["torch"] == "2.13.0"
    usual = {run["optimizer"]: run["learning_rate"] for run in REFERENCE["runs"] if run["usual"]}
    assert usual.keys() <= OPTIMIZERS.keys()
    assert len({run["optimizer"] for run in REFERENCE["runs"]}) == 13
    assert {name: OPTIMIZERS[name].usual_learning_rate for name in usual} == usual


# ---------------------------------------------------------------- one definition, two speeds


@pytest.mark.parametrize("formula", ["0.1*x^2 + 2*y^2", "log(cosh(x)) + sin(y)^2 + x*y/10"])
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_fifty_steps_on_floats_are_those_on_arrays(name: str, formula: str):
    f = gdviz.parse(formula)
    starts = np.random.default_rng(1).uniform(-3, 3, (9, 2))
    rates = np.geomspace(1e-3, 0.05, 9)
    batch = gdviz.descend_batch(f, starts, rates, 50, name, tolerance=0)
    for start, rate, end, value in zip(starts, rates, batch.thetas, batch.values, strict=True):
        run = gdviz.descend(f, start, rate, 50, name, tolerance=0)
        assert end == pytest.approx(run.thetas[-1], rel=1e-12, abs=1e-12)
        assert value == pytest.approx(run.values[-1], rel=1e-11, abs=1e-12)


def test_a_batch_drops_members_at_rest_and_the_others_keep_their_states():
    starts = np.array([[0.0, 0.0], [1.0, 2.0], [0.0, 0.0], [-3.0, 0.5]])
    for name in ELEMENTWISE:
        if name == "noisy_gd":
            continue
        batch = gdviz.descend_batch(BOWL, starts, 0.01, 100, name)
        for i in (1, 3):
            run = gdviz.descend(BOWL, starts[i], 0.01, 100, name)
            assert batch.thetas[i] == pytest.approx(run.thetas[-1], rel=1e-12, abs=1e-12), name
        assert batch.stop_reasons[0] is StopReason.CONVERGED


@pytest.mark.parametrize("name", VECTOR)
def test_a_batch_of_whole_vector_methods_goes_one_by_one(name: str):
    objective, start = objective_for(name)
    starts = np.array([start, np.array(start) + 0.1])
    batch = gdviz.descend_batch(objective, starts, [0.5, 0.25], 7, name)
    for i, rate in enumerate([0.5, 0.25]):
        run = gdviz.descend(objective, starts[i], rate, 7, name)
        assert batch.thetas[i].tolist() == run.thetas[-1].tolist()
        assert batch.epochs[i] == run.epochs
        assert batch.stop_reasons[i] is run.stop_reason


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_every_optimizer_lowers_an_easy_function_at_a_sensible_rate(name: str):
    objective, start = objective_for(name)
    rate = {"adadelta": 1.0, "adagrad": 0.5, "noisy_gd": 0.01, "cg": 0.1}.get(name, 0.05)
    run = gdviz.descend(objective, start, 1.0 if name in VECTOR and name != "cg" else rate, 400, name)
    assert run.values[-1] < 0.3 * run.values[0]
    assert run.values[-1] < run.values[len(run.values) // 8] or run.stop_reason is StopReason.CONVERGED
    assert run.stop_reason in (StopReason.EPOCHS, StopReason.CONVERGED, StopReason.STALLED)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_an_overflow_in_the_objective_does_not_change_what_an_optimizer_does(name: str):
    """Where floats raise, the same steps are taken in IEEE arithmetic, and the state goes on as floats."""
    with_overflow = gdviz.parse("(x - 1)^2 + tanh(x)^2/1e30")  # cosh(900)² is beyond the floats
    plain = gdviz.parse("(x - 1)^2")
    one, other = (gdviz.descend(f, [900.0], 0.01, 600, name, tolerance=0) for f in (with_overflow, plain))
    assert one.thetas == pytest.approx(other.thetas, rel=1e-9)


@pytest.mark.parametrize("name", sorted(set(OPTIMIZERS) - set(FOR_FITS)))
@pytest.mark.parametrize("rate", [1e3, 1e150, 1e300])
@pytest.mark.filterwarnings("error")
def test_nothing_makes_an_optimizer_raise(name: str, rate: float):
    for text, start in (("x^4 + y^2", [1e3, 1.0]), ("log(x) + y", [1.0, 1.0]), ("x^2 + 0*y", [0.0, 1.0]),
                        ("exp(x*y)", [20.0, 30.0]), ("abs(x) + y", [0.0, 0.0])):  # fmt: skip
        f = gdviz.parse(text)
        run = gdviz.descend(f, start, rate, 300, name)
        assert isinstance(run.stop_reason, StopReason)
        assert np.isfinite(run.thetas).all()
        gdviz.judge(f, run, rate, make_optimizer(name))


@pytest.mark.parametrize("name", [n for n in ELEMENTWISE if "epsilon" in {f.name for f in fields(OPTIMIZERS[n])}])
def test_a_division_by_zero_in_an_optimizer_ends_the_run_as_a_value(name: str):
    run = gdviz.descend(gdviz.parse("x^2 + 0*y"), [1.0, 1.0], 0.01, 50, name, epsilon=0.0)
    assert run.stop_reason is StopReason.DIVERGED  # 0/0 along y
    assert run.epochs == (5 if name == "radam" else 0)  # its first five steps divide by nothing
    batch = gdviz.descend_batch(gdviz.parse("x^2 + 0*y"), [[1.0, 1.0]], 0.01, 50, name, epsilon=0.0)
    assert batch.stop_reasons.tolist() == [StopReason.DIVERGED]


# ---------------------------------------------------------------- momentum, noise


def test_nesterov_without_memory_is_gradient_descent():
    plain = gdviz.descend(ROSENBROCK, [-1.2, 1], 0.001, 300)
    assert gdviz.descend(ROSENBROCK, [-1.2, 1], 0.001, 300, "nesterov", beta=0).thetas.tolist() == plain.thetas.tolist()


@pytest.mark.parametrize("name", ["gd", "momentum", "nesterov"])
@pytest.mark.parametrize("beta", [0.1, 0.5, 0.9])
def test_the_limit_of_momentum_is_where_a_quadratic_begins_to_diverge(name: str, beta: float):
    method = make_optimizer(name, **({} if name == "gd" else {"beta": beta}))
    f = gdviz.Quadratic(np.diag([0.3, 4.0]), np.zeros(2))
    limit = stability_limit(method, 4.0)
    inside = gdviz.descend(f, [1.0, 1.0], 0.99 * limit, 3000, method, tolerance=0)
    outside = gdviz.descend(f, [1.0, 1.0], 1.01 * limit, 3000, method, tolerance=0)
    assert np.abs(inside.thetas[-1]).max() < 1e-5
    assert np.abs(outside.thetas[-1]).max() > 1e5
    assert contraction(method, limit, [4.0]) == pytest.approx([1.0], rel=1e-12)
    found = curvature(f, [0.0, 0.0])
    assert found is not None
    rate = 0.4 * limit
    run = gdviz.descend(f, [1.0, 1.0], rate, 400, method, tolerance=0)
    for i, expected in enumerate(contraction(method, rate, [0.3, 4.0])):
        sizes = np.abs(run.thetas[:, i])
        usable = np.flatnonzero(sizes > 1e-250)
        if expected > 0.3 and len(usable) > 100:
            peaks = [sizes[k : k + 40].max() for k in (usable[-1] - 80, usable[-1] - 40)]
            assert (peaks[1] / peaks[0]) ** (1 / 40) == pytest.approx(expected, rel=0.05)


def test_noise_comes_from_its_seed_alone_on_every_machine():
    runs = [gdviz.descend(BOWL, [-5, -2], 0.1, 200, "noisy_gd", noise_seed=seed) for seed in (7, 7, 8)]
    assert runs[0].thetas.tolist() == runs[1].thetas.tolist()
    assert not np.isclose(runs[0].thetas[-1], runs[2].thetas[-1]).any()
    # These are sums of whole numbers below 2**53 and one division each: the digits are the same everywhere.
    first = gdviz.descend(gdviz.parse("x + y"), [0, 0], 1.0, 2, "noisy_gd", noise_seed=7)
    assert first.thetas[1:].tolist() == [
        [-0.28902298365208423, -1.8787361066223756],
        [-3.81672922001068, -3.1688430910784944],
    ]


def test_noise_is_centered_with_the_spread_that_was_asked_for_and_differs_between_components():
    f = gdviz.parse("0*x + 0*y")
    method = NoisyGradientDescent(noise=2.0, noise_seed=3)
    (draws,) = method.sequences(4000, 2)
    noise = np.array([[method.direction(0.0, (), (draw,))[0] for draw in row] for row in draws.tolist()])
    assert noise.mean(axis=0) == pytest.approx([0, 0], abs=0.1)
    assert noise.std(axis=0) == pytest.approx([2, 2], rel=0.03)
    assert abs(np.corrcoef(noise.T)[0, 1]) < 0.05
    assert abs(np.corrcoef(noise[1:, 0], noise[:-1, 0])[0, 1]) < 0.05
    quiet = gdviz.descend(BOWL, [-5, -2], 0.1, 50, "noisy_gd", noise=0.0)
    assert quiet.thetas.tolist() == gdviz.descend(BOWL, [-5, -2], 0.1, 50).thetas.tolist()
    assert gdviz.descend(f, [0, 0], 0.1, 5, method).stop_reason is StopReason.CONVERGED  # judged without the noise


def test_radam_with_the_default_beta2_takes_five_unscaled_steps():
    run = gdviz.descend(gdviz.parse("1000*x"), [0.0], 0.001, 6, "radam")
    steps = np.abs(np.diff(run.thetas[:, 0]))
    assert steps[:5] == pytest.approx(np.ones(5), rel=1e-9)
    assert steps[5] < 0.1


def test_weight_decay_pulls_the_end_from_the_minimum_toward_zero():
    f = gdviz.parse("(x - 3)^2")
    for name, decay in (("adamw", 0.3), ("lion", 0.5)):
        plain = gdviz.descend(f, [1.0], 0.01, 3000, name, weight_decay=0.0)
        pulled = gdviz.descend(f, [1.0], 0.01, 3000, name, weight_decay=decay)
        assert plain.thetas[-1] == pytest.approx([3], abs=0.05)
        assert 1 < pulled.thetas[-1, 0] < 2.9


# ---------------------------------------------------------------- whole vectors


@pytest.mark.parametrize(("rate", "printed"), [(1, "26.8341"), (0.5, "7.2699")])
def test_newton_ends_where_dive_into_deep_learning_printed_it(rate: float, printed: str):
    """The book's Newton has no descent check, and at rate 1 it walks off uphill; so does ours, and so it says."""
    run = gdviz.descend(gdviz.parse("x*cos(0.15*pi*x)"), [10.0], rate, 10, "newton")
    assert f"{run.thetas[-1, 0]:.4f}" == printed
    safe = gdviz.descend(gdviz.parse("x*cos(0.15*pi*x)"), [10.0], Backtracking(1.0), 50, "newton_safeguarded")
    assert (np.diff(safe.values) <= 0).all()
    assert safe.stop_reason is StopReason.CONVERGED


@pytest.mark.parametrize("name", ["newton", "newton_safeguarded"])
def test_newton_takes_one_step_on_a_convex_quadratic_and_counts_what_it_asks(name: str):
    f = gdviz.Quadratic(np.array([[3.0, 1.0], [1.0, 2.0]]), np.array([1.0, -2.0]))
    run = gdviz.descend(f, [10.0, 10.0], 1.0, 20, name, tolerance=1e-10)
    assert run.epochs == 1
    assert run.thetas[-1] == pytest.approx([1, -2], rel=1e-13)
    assert (run.evaluations, run.value_evaluations, run.hessian_evaluations) == (2, 0, 1)


def test_a_singular_hessian_ends_plain_newton_as_diverged_and_the_safeguarded_one_goes_on():
    f = gdviz.parse("x^2 + 0*y")
    assert gdviz.descend(f, [1.0, 1.0], 1.0, 10, "newton").stop_reason is StopReason.DIVERGED
    assert gdviz.descend(f, [1.0, 1.0], 1.0, 10, "newton_safeguarded").stop_reason is StopReason.CONVERGED


def test_the_safeguard_leaves_a_saddle_to_which_plain_newton_is_drawn():
    f = gdviz.parse("x^2 - y^2 + y^4")
    assert gdviz.descend(f, [1.0, 0.1], 1.0, 50, "newton").thetas[-1] == pytest.approx([0, 0], abs=1e-6)
    ends = gdviz.descend(f, [1.0, 0.1], 1.0, 50, "newton_safeguarded").thetas[-1]
    assert ends == pytest.approx([0, 0.5**0.5], abs=1e-8)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_conjugate_gradients_and_bfgs_with_exact_search_take_n_steps_on_a_quadratic(n: int):
    random = np.random.default_rng(n)
    root = random.normal(size=(n, n))
    f = gdviz.Quadratic(root @ root.T + np.eye(n), random.normal(size=n))
    start = random.normal(size=n) * 5
    runs = [gdviz.descend(f, start, ExactSearch(0.1), 50, name, tolerance=1e-9) for name in ("cg", "bfgs")]
    for run in runs:
        assert run.epochs <= n + 1
        assert run.stop_reason is StopReason.CONVERGED
    rows = min(run.epochs for run in runs)
    assert runs[0].thetas[:rows] == pytest.approx(runs[1].thetas[:rows], rel=1e-6, abs=1e-6)  # Nazareth (1979)


@pytest.mark.parametrize("name", ["bfgs", "cg", "newton_safeguarded"])
@pytest.mark.parametrize(
    "search", [Backtracking(1.0), StrongWolfe(1.0), StrongWolfe(1.0, c2=0.1)], ids=lambda s: s.name
)
def test_a_search_brings_them_to_rosenbrocks_minimum_with_honest_counts(name: str, search):
    run = gdviz.descend(ROSENBROCK, [-1.2, 1.0], search, 2000, name)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.thetas[-1] == pytest.approx([1, 1], abs=1e-6)
    assert (np.diff(run.values) <= 1e-15).all()
    assert run.evaluations >= run.epochs + 1
    assert run.value_evaluations >= run.epochs
    assert run.hessian_evaluations in ((run.epochs, run.epochs + 1) if "newton" in name else (0,))
    moves = np.diff(run.thetas, axis=0)
    assert (np.einsum("ij,ij->i", moves, run.gradients[:-1]) < 0).all()


def test_evaluations_are_those_that_the_objective_saw():
    counts = {"value": 0, "gradient": 0, "hessian": 0}

    class Counting:
        variables, latex = ROSENBROCK.variables, ROSENBROCK.latex

        def __init__(self):
            self.counted = True

        def value(self, theta):
            return ROSENBROCK.value(theta)

        def gradient(self, theta):
            return ROSENBROCK.gradient(theta)

        def hessian(self, theta):
            counts["hessian"] += 1
            return ROSENBROCK.hessian(theta)

        def float_value(self, *theta):
            counts["value"] += 1
            return ROSENBROCK.float_value(*theta)

        def float_gradient(self, *theta):
            counts["gradient"] += 1
            return ROSENBROCK.float_gradient(*theta)

    for name, rate in (
        ("gd", StrongWolfe(1.0)),
        ("bfgs", StrongWolfe(1.0)),
        ("newton", Backtracking(1.0)),
        ("cg", 1e-3),
    ):
        counts.update(
            value=0, gradient=0, hessian=-(name == "newton")
        )  # one look beforehand whether there is a Hessian
        run = gdviz.descend(Counting(), [-1.2, 1.0], rate, 13, name)
        assert run.stop_reason is StopReason.EPOCHS
        assert counts == {
            "value": run.value_evaluations, "gradient": run.evaluations, "hessian": run.hessian_evaluations
        }  # fmt: skip


@pytest.mark.parametrize("name", FOR_FITS)
def test_a_linear_fit_takes_gauss_newton_one_step(name: str):
    x = np.arange(-50, 50.0)
    f = gdviz.LeastSquares("slope*x + intercept", {"x": x, "y": 20 * x + 5}, "y")
    run = gdviz.descend(f, [3.0, 8.0], 1.0, 20, name)
    assert run.thetas[-1] == pytest.approx([20, 5], rel=1e-10)
    assert run.epochs <= (1 if name == "gauss_newton" else 5)


@pytest.mark.parametrize("key", ["misra1a", "rat43", "thurber"])
def test_levenberg_marquardt_reaches_the_certified_fit(key: str):
    dataset = gdviz.DATASETS[key]
    run = gdviz.descend(dataset.objective, dataset.start, 1.0, 200, "levenberg_marquardt")
    (certified, _), *_ = dataset.minima
    assert run.thetas[-1] == pytest.approx(np.array(certified), rel=1e-6)
    assert run.stop_reason is StopReason.CONVERGED  # within the tolerance, where values no longer tell steps apart
    assert (np.diff(run.values) <= 1e-13 * run.values[1:]).all()
    assert (np.diff(run.values) < 0).sum() >= 5
    assert run.value_evaluations >= run.epochs  # one for each trial of a step
    assert run.hessian_evaluations == 0


@pytest.mark.parametrize("name", FOR_FITS)
def test_a_method_for_fits_refuses_a_plain_function_in_words(name: str):
    for objective in (BOWL, gdviz.EstimatedGradient(exponential_fit())):
        with pytest.raises(ValueError, match="needs data to fit"):
            gdviz.descend(objective, [1.0, 1.0], 1.0, 10, name)


def test_a_hessian_too_long_to_write_down_is_an_error_before_the_run():
    class TooLong:
        variables = ("x",)

        def hessian(self, theta):
            raise gdviz.FormulaError("The Hessian of the formula needs more than 12,000 operations.", 0)

    with pytest.raises(gdviz.FormulaError, match="Hessian"):
        gdviz.descend(TooLong(), [1.0], 1.0, 5, "newton")


# ---------------------------------------------------------------- declared as data


@pytest.mark.parametrize("cls", OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def test_an_optimizer_is_a_frozen_dataclass_that_explains_itself(cls):
    assert OPTIMIZERS[cls.name] is cls
    assert re.fullmatch("[a-z][a-z_]*", cls.name)
    assert re.search(r"Source: .*\d{4}", " ".join(cls.__doc__.split()))
    assert cls.title
    assert cls.usual_learning_rate > 0
    for f in fields(cls):
        assert f.metadata.get("text") or f.metadata["low"] <= f.default <= f.metadata["high"]
        assert f.metadata["help"].endswith(".")
        with pytest.raises(FrozenInstanceError):
            setattr(cls(), f.name, 0.5)
    assert cls() == cls()
    assert hash(cls()) == hash(cls())


@pytest.mark.parametrize(
    ("cls", "name"),
    [(cls, f.name) for cls in OPTIMIZERS.values() for f in fields(cls) if not f.metadata.get("text")],
    ids=lambda x: getattr(x, "name", x),
)
def test_a_hyperparameter_out_of_range_is_named_with_its_range(cls, name: str):
    metadata = next(f.metadata for f in fields(cls) if f.name == name)
    low, high = (format_number(metadata[end], 12) for end in ("low", "high"))
    beyond = [np.nextafter(metadata["low"], -np.inf), metadata["high"] * 1.01 + 1e-9, np.nan, np.inf, -np.inf]
    beyond += [metadata["low"]] * metadata["open_low"] + [metadata["high"]] * metadata["open_high"]
    for value in beyond:
        with pytest.raises(
            ValueError, match=f"^{name} of .* is .*; it must be .*{re.escape(low)} and .*{re.escape(high)}"
        ):
            make_optimizer(cls.name, **{name: value})
    with pytest.raises(ValueError, match="must be a number"):
        make_optimizer(cls.name, **{name: "0.5"})
    assert replace(cls(), **{name: np.float64(getattr(cls(), name))}) == cls()


def test_a_seed_is_a_whole_number():
    with pytest.raises(ValueError, match=r"noise_seed of .* is 1.5; it must be a whole number"):
        make_optimizer("noisy_gd", noise_seed=1.5)


def test_no_hyperparameter_has_the_name_of_a_field_of_the_experiment():
    own = {f.name for f in fields(gdviz.Experiment)}
    for cls in OPTIMIZERS.values():
        assert not own & {f.name for f in fields(cls)}


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_an_optimizer_with_its_hyperparameters_goes_through_a_link(name: str):
    chosen = []
    for f in fields(OPTIMIZERS[name]):
        if f.metadata.get("text"):
            chosen.append((f.name, "7:0.25 19:0.5"))
            continue
        low, high = f.metadata["low"], f.metadata["high"]
        chosen.append((f.name, 12.0 if f.metadata["whole"] else low + 0.37 * (min(high, 1.0) - low)))
    fitted = {"objective": "fit", "data": "line", "start": (3.0, 8.0)} if name in FOR_FITS else {}
    experiment = gdviz.Experiment(**fitted, optimizer=make_optimizer(name, **dict(chosen)))
    assert decode(encode(experiment)) == (experiment, ())
    assert experiment.optimizer == make_optimizer(name, **dict(chosen))


@dataclass(frozen=True)
class Signs(ElementwiseOptimizer):
    """Moves by sign and size of a root. Source: this test (2026)."""

    power: float = hyperparameter(0.5, 0.0, 1.0, "How much the size counts.")

    name: ClassVar[str] = "signs"
    title: ClassVar[str] = "Signs"
    downhill: ClassVar[bool] = True

    def direction(self, gradient, state):
        return -gradient * (gradient * gradient + 1e-30) ** ((self.power - 1) / 2), state


def test_a_new_optimizer_is_one_class_and_one_line(monkeypatch):
    registry = OPTIMIZERS | {"signs": Signs}
    for module in (optimizers, __import__("gdviz.experiments.links", fromlist=["links"])):
        monkeypatch.setattr(module, "OPTIMIZERS", registry)
    experiment = gdviz.Experiment(objective="ravine", optimizer=Signs(power=0.8))
    parameters = encode(experiment)
    assert parameters["power"] == "0.8"
    back, notes = decode(parameters)
    assert back.optimizer == Signs(0.8)
    assert notes == ()
    assert decode(parameters | {"power": "1.5"})[1] == (
        "power = “1.5” must be at least 0 and at most 1. Its default 0.5 is used instead.",
    )
    run = back.run()
    assert run.values[-1] < run.values[0]
    assert back.verdict(run).sentence
    by_instance = gdviz.descend(BOWL, [-5, -2], Backtracking(1.0), 20, Signs())
    assert by_instance.values[-1] < by_instance.values[0]
    ends = gdviz.descend_batch(BOWL, [[-5, -2]] * 3, [0.1, 0.2, 0.3], 20, Signs()).thetas
    assert ends[2] == pytest.approx(gdviz.descend(BOWL, [-5, -2], 0.3, 20, Signs()).thetas[-1], rel=1e-12)
    own = gdviz.descend_batch(BOWL, [-5, -2], 0.1, 20, Signs(), power=[0.2, 0.8]).thetas
    assert own[1] == pytest.approx(gdviz.descend(BOWL, [-5, -2], 0.1, 20, Signs(0.8)).thetas[-1], rel=1e-12)
    with pytest.raises(ValueError, match="power of Signs is 2; it must be at least 0 and at most 1"):
        make_optimizer("signs", power=2.0)


@pytest.mark.parametrize("name", sorted(OPTIMIZERS))
def test_whether_a_search_goes_with_an_optimizer_is_known_beforehand(name: str):
    objective, _ = objective_for(name)
    method = make_optimizer(name)
    if method.downhill:
        check_together(objective, method, Backtracking(1.0))
    else:
        with pytest.raises(ValueError, match=f"does not go with {re.escape(method.title)}: .* Choose a constant"):
            check_together(objective, method, Backtracking(1.0))


@dataclass(frozen=True)
class Averaged(ElementwiseOptimizer):
    """Heavy ball on an average, with a push of the gradient's own. Source: this test (2026)."""

    keep: float = hyperparameter(0.5, 0.0, 1.0, "Share of the average kept.", open_high=True)
    push: float = hyperparameter(0.25, 0.0, 1.0, "Share of the gradient itself.")

    name: ClassVar[str] = "averaged"
    title: ClassVar[str] = "Averaged"
    initial: ClassVar[tuple[float]] = (0.0,)

    def direction(self, gradient, state):
        mean = self.keep * state[0] + (1 - self.keep) * gradient
        return -((1 - self.push) * mean + self.push * gradient), (mean,)


def test_the_limit_of_an_optimizer_that_nobody_knows_is_found_and_true():
    """By hand: z² - (1 + k - a s) z + k (1 - p s) passes -1 where 2 (1 + k) = s (a + k p), a = (1 - p)(1 - k) + p."""
    keep, push = 0.5, 0.25
    limit = 2 * (1 + keep) / ((1 - push) * (1 - keep) + push + keep * push)
    law = law_of(Averaged(keep, push))
    assert law.largest == pytest.approx(limit, rel=1e-12)
    curvature = 2 * 3.0
    for share, settles in ((0.98, True), (1.02, False)):
        run = gdviz.descend(gdviz.parse("3x^2"), [1.0], share * limit / curvature, 2000, Averaged(keep, push))
        assert (abs(run.thetas[-1, 0]) < 1e-3) == settles
    text = explain_step(run, 1, Averaged(keep, push))
    assert r"s_{1,2} = \mathrm{keep} \, s_{1,1} + \left(1 - \mathrm{keep}\right) \, g_{1} = " in text.lines[1]
    assert "export function descend" in gdviz.step_javascript(gdviz.parse("3x^2"), Averaged())
