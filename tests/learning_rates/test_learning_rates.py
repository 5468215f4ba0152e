"""Schedules against PyTorch's and closed forms; line searches against their conditions and the textbooks' numbers."""

from __future__ import annotations

import json
import re
from dataclasses import FrozenInstanceError, dataclass, fields
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz import learning_rates
from gdviz.learning_rates import (
    LEARNING_RATES,
    Backtracking,
    BarzilaiBorwein,
    Constant,
    Cosine,
    ExactSearch,
    FormulaRate,
    InverseTimeDecay,
    LearningRate,
    LineSearch,
    OneCycle,
    PolyakStep,
    Schedule,
    StepDecay,
    StrongWolfe,
    Triangular,
    WarmUpCosine,
    make_learning_rate,
    scheduled_rates,
)
from gdviz.optimizers import OPTIMIZERS

REFERENCE = json.loads((Path(__file__).parents[1] / "reference" / "torch.json").read_text())
SCHEDULES = [cls for cls in LEARNING_RATES.values() if issubclass(cls, Schedule)]
SEARCHES = [cls for cls in LEARNING_RATES.values() if issubclass(cls, LineSearch)]
ROSENBROCK = gdviz.parse("(1 - x)^2 + 100*(y - x^2)^2")
BOWL = gdviz.parse("0.1*x^2 + 2*y^2")
StopReason = gdviz.StopReason
EVERY = pytest.mark.parametrize("cls", LEARNING_RATES.values(), ids=LEARNING_RATES.keys())


# ---------------------------------------------------------------- schedules


@pytest.mark.parametrize("case", REFERENCE["schedules"], ids=[c["schedule"] for c in REFERENCE["schedules"]])
def test_a_schedule_is_pytorchs(case):
    ours = make_learning_rate(case["schedule"], case["learning_rate"], **case["hyperparameters"])
    rates = scheduled_rates(ours, len(case["rates"]))
    assert rates == pytest.approx(case["rates"], rel=1e-12)


def test_schedules_follow_their_formulas():
    k = np.arange(100.0)
    assert InverseTimeDecay(0.2, decay=0.1).at(k, 100) == pytest.approx(0.2 / (1 + 0.1 * k))
    assert Constant(0.2).at(k, 100).tolist() == [0.2] * 100
    assert StepDecay(0.2, drop=0.1, every=30).at(k, 100)[[29, 30, 99]] == pytest.approx([0.2, 0.02, 0.0002])
    warm = WarmUpCosine(0.2, warmup=0.2, final=0.5).at(k, 100)
    assert warm[:20] == pytest.approx(0.01 * (k[:20] + 1))
    assert warm[20] == pytest.approx(0.2)
    assert warm[60] == pytest.approx(0.15)
    assert (np.diff(warm[20:]) < 0).all()
    assert WarmUpCosine(0.2, warmup=0.0).at(k, 100) == pytest.approx(Cosine(0.2).at(k, 100))
    waves = Triangular(0.2, cycles=2, low=0.5).at(k, 100)
    assert waves[[0, 25, 50, 75]] == pytest.approx([0.1, 0.2, 0.1, 0.2])
    assert OneCycle(0.2, rise=0.0).at(k, 100)[0] == pytest.approx(0.2)


@pytest.mark.parametrize("cls", SCHEDULES, ids=lambda cls: cls.name)
@given(total=st.integers(1, 400), first=st.integers(0, 400), count=st.integers(0, 50))
def test_the_rates_of_some_epochs_are_those_of_the_whole_run(cls, total: int, first: int, count: int):
    schedule = cls(0.3)
    first, count = min(first, total), min(count, total - min(first, total))
    some = np.broadcast_to(schedule.at(np.arange(first, first + count, dtype=float), total), count)
    whole = scheduled_rates(schedule, total)
    assert whole.shape == (total,)
    assert (whole > 0).all()
    assert whole.max() <= 0.3 * (1 + 1e-12)
    assert some == pytest.approx(whole[first : first + count], rel=1e-12)


@pytest.mark.parametrize("cls", SCHEDULES, ids=lambda cls: cls.name)
def test_a_run_records_the_rates_it_used_and_a_batch_uses_the_same(cls):
    schedule = cls(0.05)
    run = gdviz.descend(BOWL, [-5, -2], schedule, 300, "momentum", beta=0.5, tolerance=0)
    assert run.learning_rates.tolist() == scheduled_rates(schedule, 300).tolist()
    moved = np.diff(run.thetas, axis=0) / run.learning_rates[:, None]
    velocity = np.zeros(2)
    for gradient, step in zip(run.gradients[:50], moved[:50], strict=True):
        velocity = 0.5 * velocity + gradient
        assert step == pytest.approx(-velocity, rel=1e-9, abs=1e-9)
    batch = gdviz.descend_batch(BOWL, [[-5, -2], [1, 1]], schedule, 300, "momentum", beta=0.5, tolerance=0)
    assert batch.thetas[0] == pytest.approx(run.thetas[-1], rel=1e-12)
    assert gdviz.judge(BOWL, run, 0.05, OPTIMIZERS["momentum"](0.5)).sentence


# ---------------------------------------------------------------- a formula of the epoch


def test_a_formula_of_the_epoch_knows_k_the_number_of_epochs_and_the_rate():
    k = np.arange(50.0)
    assert scheduled_rates(FormulaRate(0.1, "0.1/(1+0.01k)"), 50) == pytest.approx(0.1 / (1 + 0.01 * k))
    assert scheduled_rates(FormulaRate(0.1), 50) == pytest.approx(0.1 / (1 + 0.01 * k))
    assert scheduled_rates(FormulaRate(0.3, "eta*(1 - k/N)"), 50) == pytest.approx(0.3 * (1 - k / 50))
    run = gdviz.descend(BOWL, [-5, -2], FormulaRate(0.1, "0.1/(1+0.01k)"), 50)
    assert run.learning_rates == pytest.approx(0.1 / (1 + 0.01 * k))


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("0.1 - 0.01k", r"learning rate at epoch 10 is .*; it must be a finite number above 0"),
        ("1/(k - 3)^2", "learning rate at epoch 3 is ∞"),
        ("log(k)", "learning rate at epoch 0 is −∞"),
        ("sqrt(5 - k)", "learning rate at epoch 5 is 0"),
    ],
)
def test_a_formula_that_gives_no_rate_names_the_epoch(formula: str, says: str):
    with pytest.raises(ValueError, match=says):
        gdviz.descend(BOWL, [-5, -2], FormulaRate(0.1, formula), 50)


def test_a_formula_is_checked_when_it_is_made():
    with pytest.raises(gdviz.FormulaError) as caught:
        FormulaRate(0.1, "0.1/(1 + ")
    assert caught.value.position >= 8
    with pytest.raises(ValueError, match=r"“x” is not known .* k .* N .* eta"):
        FormulaRate(0.1, "0.1/x")


# ---------------------------------------------------------------- line searches


@pytest.mark.parametrize("gamma", [2.0, 5.0, 10.0, 50.0])
def test_exact_search_zigzags_as_boyd_and_vandenberghe_say(gamma: float):
    """Convex Optimization (2004), section 9.3.2."""
    f = gdviz.Quadratic(np.diag([1.0, gamma]), np.zeros(2))
    run = gdviz.descend(f, [gamma, 1.0], ExactSearch(1.0), 30, tolerance=0)
    k, r = np.arange(len(run.thetas)), (gamma - 1) / (gamma + 1)
    assert run.epochs == 30
    assert run.thetas[:, 0] == pytest.approx(gamma * r**k, rel=1e-9)
    assert run.thetas[:, 1] == pytest.approx((-r) ** k, rel=1e-9)
    assert run.learning_rates == pytest.approx(np.full(30, 2 / (1 + gamma)), rel=1e-9)
    assert run.evaluations <= 2 * 30 + 1


def test_exact_search_ends_where_the_slope_along_the_direction_is_gone():
    for f, start in ((ROSENBROCK, [-1.2, 1.0]), (gdviz.parse("exp(x) + exp(-3x) + y^4 + y^2"), [2.0, 1.0])):
        run = gdviz.descend(f, start, ExactSearch(1e-4), 15)
        along = np.einsum("ij,ij->i", run.gradients[1:], run.gradients[:-1])
        assert along == pytest.approx(np.zeros(len(along)), abs=1e-9 * (run.gradients[:-1] ** 2).sum(axis=1).max())
        assert (np.diff(run.values) <= 0).all()


@pytest.mark.parametrize(
    "formula", ["(1 - x)^2 + 100*(y - x^2)^2", "exp(x) + exp(-3x) + y^4", "sqrt(1 + x^2) + sin(y)/2"]
)
@pytest.mark.parametrize("rate", [1e-4, 0.1, 1.0, 100.0])
def test_every_step_of_a_strong_wolfe_search_keeps_both_conditions(formula: str, rate: float):
    f = gdviz.parse(formula)
    run = gdviz.descend(f, [-1.2, 1.0], StrongWolfe(rate, c1=1e-3, c2=0.4), 40, tolerance=1e-6)
    assert run.epochs > 3
    for i in range(run.epochs):
        slope, slope_ahead = -(run.gradients[i] ** 2).sum(), -run.gradients[i + 1] @ run.gradients[i]
        assert run.values[i + 1] <= run.values[i] + 1e-3 * run.learning_rates[i] * slope + 1e-15
        assert abs(slope_ahead) <= 0.4 * abs(slope)


@pytest.mark.parametrize("rate", [1e-3, 1.0, 1e6])
def test_backtracking_takes_the_first_of_the_shrinking_steps_that_lowers_f_enough(rate: float):
    run = gdviz.descend(ROSENBROCK, [-1.2, 1.0], Backtracking(rate, shrink=0.25, c1=0.1), 60)
    tried = 0
    for i, used in enumerate(run.learning_rates):
        size = (run.gradients[i] ** 2).sum()
        exponent = round(np.log(used / rate) / np.log(0.25))
        assert used == pytest.approx(rate * 0.25**exponent)
        assert run.values[i + 1] <= run.values[i] - 0.1 * used * size
        longer = run.thetas[i] - 4 * used * run.gradients[i]
        assert exponent == 0 or not ROSENBROCK.value(longer) <= run.values[i] - 0.1 * 4 * used * size
        tried += exponent + 1
    assert run.value_evaluations == tried + 1
    assert run.evaluations == run.epochs + 1


@pytest.mark.parametrize("search", [Backtracking(1.0), StrongWolfe(1.0)], ids=lambda s: s.name)
def test_rounding_in_the_values_does_not_end_a_search_before_the_gradient_is_gone(search):
    """At a minimum of value 1000 a gradient of 1e-6 changes f by less than its last digit."""
    f = gdviz.parse("(x - 1)^2 + 3*(y + 2)^2 + 1000")
    run = gdviz.descend(f, [7.0, 5.0], search, 500, tolerance=1e-10)
    assert run.stop_reason is StopReason.CONVERGED


def test_barzilai_and_borwein_take_the_rate_that_fits_the_last_step():
    f = gdviz.Quadratic(np.diag([1.0, 20.0]), np.zeros(2))
    run = gdviz.descend(f, [3.0, 1.0], BarzilaiBorwein(0.01), 100)
    s, y = np.diff(run.thetas, axis=0), np.diff(run.gradients, axis=0)
    fitted = np.einsum("ij,ij->i", s, s) / np.einsum("ij,ij->i", s, y)
    assert run.learning_rates[0] == 0.01
    assert run.learning_rates[1:] == pytest.approx(fitted[:-1], rel=1e-12)
    assert run.stop_reason is StopReason.CONVERGED
    assert run.epochs < 30
    assert (run.evaluations, run.value_evaluations) == (run.epochs + 1, 0)
    upside_down = gdviz.descend(gdviz.parse("cos(x)"), [0.1], BarzilaiBorwein(0.2), 200)
    assert upside_down.values[-1] == pytest.approx(-1)  # s·y ≤ 0 at first


def test_polyaks_step_is_the_gap_over_the_squared_slope():
    run = gdviz.descend(gdviz.parse("x^2 + 4*y^2 + 3"), [2.0, 1.0], PolyakStep(1.0, f_min=3.0), 200)
    assert run.learning_rates == pytest.approx((run.values[:-1] - 3) / (run.gradients[:-1] ** 2).sum(axis=1), rel=1e-9)
    assert run.thetas[-1] == pytest.approx([0, 0], abs=1e-7)
    above = gdviz.descend(gdviz.parse("x^2 + 4*y^2 + 3"), [2.0, 1.0], PolyakStep(1.0, f_min=3.5), 200)
    assert above.stop_reason is StopReason.STALLED
    assert above.values[-1] <= 3.5


def test_a_search_that_finds_no_step_ends_the_run_as_stalled():
    top = gdviz.parse("x^2 - y^2")
    run = gdviz.descend(top, [1.0, 1.0], Backtracking(1.0), 50, "newton")  # uphill along y
    assert run.stop_reason is StopReason.STALLED
    assert run.epochs == 0
    assert gdviz.judge(top, run, 1.0, OPTIMIZERS["newton"]()).sentence
    kink = gdviz.descend(gdviz.parse("abs(x - 1/3) + y^2"), [1.0, 1.0], StrongWolfe(1.0), 500)
    assert kink.stop_reason in (StopReason.STALLED, StopReason.CONVERGED)
    assert kink.epochs < 500


def test_a_function_without_a_floor_ends_as_diverged():
    for search in (Backtracking(1.0), StrongWolfe(1.0), ExactSearch(1.0)):
        run = gdviz.descend(gdviz.parse("x^3"), [-1.0], search, 2000)
        assert run.stop_reason is StopReason.DIVERGED
        assert run.values[-1] < -1e12


@pytest.mark.parametrize("cls", SEARCHES, ids=lambda cls: cls.name)
def test_a_search_that_does_not_fit_the_optimizer_is_refused_in_words_beforehand(cls):
    for name in ("adam", "momentum", "nesterov", "lion", "adamw", "noisy_gd", "adadelta"):
        with pytest.raises(ValueError, match=r"does not (go with|fit)"):
            gdviz.descend(BOWL, [-5, -2], cls(1.0), 10, name)
        with pytest.raises(ValueError, match=r"does not (go with|fit)"):
            gdviz.descend_batch(BOWL, [[-5, -2]], cls(1.0), 10, name)


@pytest.mark.parametrize("cls", [BarzilaiBorwein, PolyakStep])
def test_a_rate_made_for_the_gradient_refuses_other_directions(cls):
    with pytest.raises(ValueError, match=r"does not fit BFGS: choose the optimizer gd"):
        gdviz.descend(BOWL, [-5, -2], cls(1.0), 10, "bfgs")


@pytest.mark.parametrize("cls", [BarzilaiBorwein, PolyakStep])
def test_a_rate_made_for_the_gradient_asks_for_the_direction_and_not_for_a_name(cls):
    class OwnDescent(gdviz.optimizers.GradientDescent):
        name = "own"

    own, known = (gdviz.descend(BOWL, [-5, -2], cls(0.1), 10, method) for method in (OwnDescent(), "gd"))
    assert own.thetas.tolist() == known.thetas.tolist()


def test_the_optimizers_that_a_search_goes_with_are_those_it_names():
    with pytest.raises(ValueError, match="searches go with") as refused:
        gdviz.descend(BOWL, [-5, -2], StrongWolfe(1.0), 10, "adam")
    for name in str(refused.value).rsplit("go with ", 1)[1].rstrip(".").split(", "):
        if name not in ("gauss_newton", "levenberg_marquardt"):  # of a fit
            gdviz.descend(BOWL, [-5, -2], StrongWolfe(1.0), 10, name)


@pytest.mark.parametrize("cls", SEARCHES, ids=lambda cls: cls.name)
@pytest.mark.filterwarnings("error")
def test_no_search_raises_whatever_the_function_does(cls):
    for text, start in (("x^4 + y^2", [1e3, 1.0]), ("log(x) + y", [1.0, 1.0]), ("1/x + y^2", [-1.0, 0.0]),
                        ("exp(x*y)", [20.0, 30.0]), ("exp(x^2)", [26.0]), ("abs(x) + abs(y)", [0.3, 1.0]),
                        ("0*x + y", [0.0, 1.0]), ("sqrt(x) + y^2", [0.25, 1.0]), ("log(x)", [-1.0])):  # fmt: skip
        for rate in (1e-300, 1.0, 1e300):
            f = gdviz.parse(text)
            run = gdviz.descend(f, start, cls(rate), 60)
            assert np.isfinite(run.thetas).all()
            assert len(run.thetas) == len(run.gradients) == len(run.values) == len(run.learning_rates) + 1
            gdviz.judge(f, run, rate)


def test_a_batch_with_a_search_goes_one_by_one():
    batch = gdviz.descend_batch(ROSENBROCK, [[-1.2, 1], [0, 0]], StrongWolfe(1.0), 100, "bfgs")
    assert batch.thetas == pytest.approx(np.ones((2, 2)), abs=1e-6)


def test_time_that_is_up_ends_a_search_as_a_value():
    run = gdviz.descend(ROSENBROCK, [-1.2, 1.0], Backtracking(1.0), 5000, deadline=0)
    assert run.stop_reason is StopReason.DEADLINE
    assert 0 < run.epochs < 500


# ---------------------------------------------------------------- declared as data


@EVERY
def test_a_learning_rate_is_a_frozen_dataclass_with_ranges_and_help(cls):
    assert LEARNING_RATES[cls.name] is cls
    assert re.fullmatch("[a-z][a-z_]*", cls.name)
    assert cls.title
    assert cls.__doc__
    made = cls(0.1)
    assert fields(cls)[0].name == "learning_rate"
    for f in fields(cls)[1:]:
        assert f.metadata["help"].endswith(".")
        assert f.metadata.get("text") or f.metadata["low"] <= f.default <= f.metadata["high"]
        with pytest.raises(FrozenInstanceError):
            setattr(made, f.name, 0.5)
    assert made == make_learning_rate(cls.name, 0.1) == make_learning_rate(made)
    assert hash(made) == hash(cls(0.1))


@EVERY
@pytest.mark.parametrize("rate", [0.0, -0.1, np.nan, np.inf])
def test_the_rate_that_the_user_sets_must_be_finite_and_above_zero(cls, rate: float):
    with pytest.raises(ValueError, match=r"learning rate is .*; it must be a finite number above 0"):
        cls(rate)


@EVERY
def test_a_hyperparameter_out_of_range_is_named_with_its_range(cls):
    for f in fields(cls)[1:]:
        if "low" not in f.metadata:
            continue
        for value in (f.metadata["low"] - 1e-3 - 0.01 * abs(f.metadata["low"]), f.metadata["high"] * 1.01, np.nan):
            with pytest.raises(ValueError, match=f"^{f.name} of .* is .*; it must be "):
                make_learning_rate(cls.name, 0.1, **{f.name: value})


def test_c2_must_be_above_c1():
    with pytest.raises(ValueError, match=r"c2 of Strong Wolfe search is 0.05; it must be above c1 = 0.1"):
        StrongWolfe(1.0, c1=0.1, c2=0.05)


def test_what_make_learning_rate_cannot_make_it_says():
    with pytest.raises(ValueError, match="no learning rate “cosin”; choose one of constant, step"):
        make_learning_rate("cosin", 0.1)
    with pytest.raises(ValueError, match="Step decay has no hyper-parameter “cycles”; it has: drop, every"):
        make_learning_rate("step", 0.1, cycles=3)
    with pytest.raises(ValueError, match="Step decay needs learning_rate"):
        make_learning_rate("step")


def test_no_hyperparameter_has_the_name_of_another_ones_field():
    own = {f.name for f in fields(gdviz.Experiment)} - {"learning_rate"}
    of_optimizers = {f.name for cls in OPTIMIZERS.values() for f in fields(cls)}
    of_rates = {f.name for cls in LEARNING_RATES.values() for f in fields(cls)[1:]}
    assert not of_rates & (own | of_optimizers)


@dataclass(frozen=True)
class Halving(Schedule):
    """Half the rate from the middle of the run on."""

    name: ClassVar[str] = "halving"
    title: ClassVar[str] = "Halving"

    def at(self, epochs, total):
        return np.where(epochs < total / 2, self.learning_rate, self.learning_rate / 2)


def test_a_new_learning_rate_is_one_class_and_one_line(monkeypatch):
    monkeypatch.setattr(learning_rates, "LEARNING_RATES", LEARNING_RATES | {"halving": Halving})
    made = make_learning_rate("halving", 0.2)
    assert isinstance(made, LearningRate)
    run = gdviz.descend(BOWL, [-5, -2], made, 10)
    assert run.learning_rates.tolist() == [0.2] * 5 + [0.1] * 5
