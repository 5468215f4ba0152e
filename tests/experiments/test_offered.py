"""What is offered for a fit: starts near the data and stable rates, whatever the columns' magnitude and offset."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.datasets import DATASETS, Table, make_table
from gdviz.experiments import Experiment, ProblemError, decode, encode, offered_rate, pose
from gdviz.experiments.rates import sensible_learning_rate, steepness
from gdviz.fits import MODELS, Fit, FitError, start_near_data
from gdviz.optimizers import OPTIMIZERS, make_optimizer
from gdviz.theory import curvature, stability_limit
from gdviz.verdict import Kind

LOST = {Kind.DIVERGING, Kind.UNBOUNDED, Kind.UNDEFINED}


def table(x, y) -> Table:
    return make_table({"x": np.asarray(x, dtype=float).tolist(), "y": np.asarray(y, dtype=float).tolist()})


UNIX = table(
    [1026689495, 1032948957, 1033037820, 1033175985, 1033544110, 1033794716, 1035382618, 1035473824, 1036246565,
     1036526395, 1046404258, 1050599907, 1053371976, 1058188482, 1062404620, 1064270054, 1002403160, 978672841],
    [0.04346642, 0.07106946, 0.07173154, 0.07276095, 0.07550369, 0.07737085, 0.08920164, 0.08988118, 0.09563855,
     0.09772345, 0.21763852, 0.31031713, 0.39293122, 0.57294858, 0.82424998, 0.93543851, 0.00592598, 0.00081391],
)  # fmt: skip
CARS = table(
    [240000, 139800, 150500, 185530, 176000, 114800, 166800, 89000, 144500, 84000, 82029, 63060, 74000, 97500, 67000,
     76025, 48235, 93000, 60949, 65674, 54000, 68500, 22899, 61789],
    [3650, 3800, 4400, 4450, 5250, 5350, 5800, 5990, 5999, 6200, 6390, 6390, 6600, 6800, 6800, 6900, 6900, 6990, 7490,
     7555, 7990, 7990, 7990, 8290],
)  # fmt: skip
YEARS = table([2011, 2012, 2013, 2014, 2015], [255, 349, 449, 554, 658])
WAVE_X = np.linspace(0, 100, 300)
WAVE = table(WAVE_X, np.sin(1.759 * WAVE_X))
SEPARABLE = table([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])
NOISE = np.random.RandomState(0).standard_normal(60)
DAY = 1.7e12 + np.linspace(0, 8.64e7, 60)

FILES = {
    "years": YEARS,
    "unix time": UNIX,
    "cars": CARS,
    "wave": WAVE,
    "separable": SEPARABLE,
    "anscombe": DATASETS["anscombe1"].table,
    "negative x": table(np.linspace(-40, -3, 30), np.linspace(-40, -3, 30) ** 2 + NOISE[:30]),
    "tiny": table(np.linspace(1e-9, 5e-9, 20), 1e-12 * np.exp(np.linspace(0, 2, 20))),
    "huge": table(np.linspace(1e9, 9e9, 20), 1e15 * np.linspace(1, 9, 20) ** 1.7),
    "milliseconds": table(DAY, 20 + 5 * np.sin(np.linspace(0, 12, 60)) + NOISE),
    "nearly constant": table(np.arange(12), 7 + 1e-9 * np.arange(12)),
    "three rows": table([1, 2, 3], [2, 1, 5]),
    "s-shaped years": table(1960 + np.arange(60), 50 / (1 + np.exp(-0.4 * (np.arange(60) - 35))) + NOISE / 2),
}


def texts(data: Table) -> list[tuple[str, str]]:
    """Each ready model's text for the data, plain and as the page writes it, with its loss."""
    found = [
        (model.write(["x"], data.names, data=columns), model.loss)
        for model in MODELS.values()
        for columns in ({}, data.columns)
        if not (columns and model.above_0 and data.columns["x"].min() <= 0)  # refused, see below
    ]
    return list(dict.fromkeys(found))


def refused(data: Table, model: str, loss: str, standardize: bool) -> bool:
    """Whether a model cannot apply: no classes, not linear in its parameters, a power of what is not above 0."""
    classes = set(data.columns["y"]) <= {0.0, 1.0}
    return (
        (loss == "log" and not classes)
        or (standardize and not Fit(model, data.columns, "y", loss if classes else "squared").is_linear)
        or (model == "a*x^b" and data.columns["x"].min() <= 0)
    )


def variance(data: Table) -> float:
    return float(np.var(data.columns[data.names[-1]]))


@pytest.mark.parametrize("standardize", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_no_ready_model_diverges_at_first_sight_or_begins_above_the_variance(name: str, standardize: bool):
    data = FILES[name]
    tried = 0
    for model, loss in texts(data):
        link = {
            "objective": "fit",
            "data": "upload",
            "model": model,
            "fit_loss": loss,
            "standardize": str(int(standardize)),
        }
        with suppress(ProblemError):
            problem = None
            problem = pose("fit", data="upload", model=model, fit_loss=loss, standardize=standardize, table=data)
        if problem is None:
            assert refused(data, model, loss, standardize)
            continue
        tried += 1
        if loss == "log":
            assert set(problem.start) == {0.0}
        else:
            assert problem.fit.value(problem.start) <= variance(data) * (1 + 1e-9)
        for optimizer in ("gd", "momentum", "adam"):
            experiment, notes = decode(link | {"optimizer": optimizer}, data)
            assert notes == ()
            run = experiment.run(data)
            assert run.values[-1] <= run.values[0] * 1.001, (model, optimizer)
            if optimizer == "gd":
                assert experiment.verdict(run, data).kind not in LOST, model
                assert np.isfinite(run.values).all()
                assert run.values.max() <= run.values[0] * 1.01, model
    assert tried >= (3 if standardize else 5)


# ---------------------------------------------------------------- what is known of these files


def test_years_have_their_line_and_every_ready_model_begins_well_below_their_variance():
    assert variance(YEARS) == pytest.approx(20_452.4)
    problem = pose("fit", data="upload", model="slope*x + intercept", table=YEARS)
    assert problem.minima[0][0] == pytest.approx((101.1, -203061), rel=1e-5)
    assert problem.minima[0][1] == pytest.approx(9.98, abs=0.005)
    for key, model in MODELS.items():
        if key != "logistic":
            text = model.write(["x"], YEARS.names, data=YEARS.columns)
            fit = Fit(text, YEARS.columns, "y")
            assert fit.value(start_near_data(fit)) < 0.3 * 20_452, text


def test_the_ready_sine_ends_at_the_frequency_that_made_the_data():
    model = MODELS["sine"].write(["x"], WAVE.names, data=WAVE.columns)
    experiment, notes = decode({"objective": "fit", "data": "upload", "model": model}, WAVE)
    assert notes == ()
    run = experiment.run(WAVE)
    amplitude, omega, _, level = run.thetas[-1]
    assert omega == pytest.approx(1.759, abs=1e-6)
    assert (abs(amplitude), level) == pytest.approx((1, 0), abs=1e-4)
    assert run.values[-1] < 1e-9 < run.values[0]


def test_growth_over_unix_time_starts_at_its_rate_and_stays_there():
    experiment, notes = decode({"objective": "fit", "data": "upload", "model": "a*exp(k*x)"}, UNIX)
    assert notes == ()
    run = experiment.run(UNIX)
    assert run.thetas[-1, 1] == pytest.approx(8.165e-8, rel=1e-4)
    assert run.values[-1] == pytest.approx(1.68e-5, rel=0.01)
    assert experiment.verdict(run, UNIX).kind not in LOST


def test_a_line_over_unix_time_is_stable_at_a_rate_far_below_one_in_a_billion():
    experiment, _ = decode({"objective": "fit", "data": "upload", "model": "slope*x + intercept"}, UNIX)
    problem = experiment.problem(UNIX)
    limit = stability_limit(make_optimizer("gd"), curvature(problem.objective, problem.start).L)
    assert limit == pytest.approx(9.3e-19, rel=0.01)
    assert limit / 5 < experiment.eta < limit
    assert decode(encode(experiment), UNIX) == (experiment, ())


def test_the_price_of_a_car_falls_at_an_offered_rate_below_the_limit():
    experiment, _ = decode({"objective": "fit", "data": "upload", "model": "slope*x + intercept"}, CARS)
    assert 7.768e-11 / 5 < experiment.eta < 7.768e-11
    assert experiment.problem(CARS).minima[0][0] == pytest.approx((-0.0214490, 8499.5997), rel=1e-5)
    run = experiment.run(CARS)
    assert (np.diff(run.values) <= 1e-9 * run.values[:-1]).all()


def test_classes_begin_at_zero_at_a_rate_that_is_stable_everywhere():
    problem = pose("fit", data="upload", model="b0 + b1*x", fit_loss="log", table=SEPARABLE)
    assert problem.start == (0.0, 0.0)
    steepest = curvature(problem.objective, (0.0, 0.0)).L
    assert 0.5 / steepest < problem.learning_rate < 2 / steepest
    assert (
        offered_rate(problem, (30.0, -9.0), make_optimizer("gd")) == problem.learning_rate
    )  # flat there, not below it


# ---------------------------------------------------------------- starts


@settings(max_examples=40, deadline=None)
@given(
    st.integers(-9, 12), st.floats(-50, 50), st.floats(0.3, 3), st.booleans(), st.sampled_from([-6, 0, 9]),
)  # fmt: skip
def test_a_ready_exponential_starts_near_data_of_any_magnitude_and_offset(power, offset, bend, grows, height):
    at = np.linspace(0, 1, 25)
    x, y = 10.0**power * (at + offset), 10.0**height * (np.exp(bend * (at if grows else -at)) + 2)
    fit = Fit(MODELS["exponential"].write(["x"], data={"x": x}), {"x": x, "y": y}, "y")
    start = start_near_data(fit)
    assert fit.value(start) < 0.1 * np.var(y)
    inner = sensible_learning_rate(fit, start)
    run = gdviz.descend(fit, start, inner, 50)
    assert run.values[-1] <= run.values[0]


@settings(max_examples=15, deadline=None)
@given(st.floats(0.6, 24), st.floats(0, 6.28), st.integers(-9, 12), st.floats(-30, 30), st.integers(0, 5))
def test_a_sines_frequency_is_found_up_to_the_fastest_that_the_rows_can_tell(periods, phase, power, offset, seed):
    at = np.sort(np.random.RandomState(seed).uniform(size=80))
    x = 10.0**power * (at + offset)
    y = 3 * np.sin(2 * np.pi * periods * at + phase) + 10
    fit = Fit(MODELS["sine"].write(["x"], data={"x": x}), {"x": x, "y": y}, "y")
    assert fit.value(start_near_data(fit)) < 0.3 * np.var(y)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("offset", [0.0, 2000.0])
def test_an_s_and_a_power_start_near_their_data(scale: float, offset: float):
    at = np.linspace(1, 10, 40)
    x = scale * (at + offset)
    for key, y in (("logistic_curve", 30 / (1 + np.exp(-1.5 * (at - 6)))), ("power", 2 * (x / x.mean()) ** 1.7)):
        fit = Fit(MODELS[key].write(["x"], data={"x": x}), {"x": x, "y": y}, "y")
        assert fit.value(start_near_data(fit)) < 0.1 * np.var(y)


@pytest.mark.parametrize("key", ["misra1a", "rat43", "thurber"])
def test_published_curves_start_near_their_data_without_being_told(key: str):
    dataset = DATASETS[key]
    fit = Fit(dataset.model, dataset.table.columns, dataset.target)
    assert fit.value(start_near_data(fit)) < 0.1 * np.var(fit.columns["y"])


def test_a_start_is_not_rounded_and_leaves_something_to_be_won():
    fit = Fit("slope*x + intercept", CARS.columns, "y")
    start, best = np.array(start_near_data(fit)), fit.quadratic.center
    mean = np.array([0.0, CARS.columns["y"].mean()])
    assert start == pytest.approx((mean + best) / 2, rel=1e-9)
    curve = Fit("a*exp(k*x)", UNIX.columns, "y")
    assert 1.68e-5 * 2 < curve.value(start_near_data(curve)) < 0.1 * variance(UNIX)


def test_a_model_without_a_finite_value_is_refused_in_words():
    data = table([-3.0, 1.0, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ProblemError, match="no finite value on these data where x = −3") as caught:
        pose("fit", data="upload", model="a*x^b", table=data)
    assert caught.value.field == "model"
    with pytest.raises(ProblemError, match="scale the columns down"):
        pose("fit", data="upload", model="b0 + b1*x + b2*x^2", table=table([1e120, 2e120, 4e120], [1, 2, 3]))


def test_a_column_far_from_zero_is_written_around_a_number_in_its_midst():
    write = MODELS["exponential"].write
    assert write(["x"], data={"x": [2011, 2015]}) == "a*exp(-b*(x - 2013)) + c"
    assert write(["x"], data={"x": [-305.0, -300.0]}) == "a*exp(-b*(x + 302)) + c"
    assert write(["x"], data={"x": [0.0, 10.0]}) == write(["x"]) == "a*exp(-b*x) + c"
    assert MODELS["power"].write(["x"], data={"x": [2011, 2015]}) == "a*(x/2013)^b"
    assert MODELS["line"].write(["x"], data={"x": [2011, 2015]}) == "slope*x + intercept"
    with pytest.raises(FitError, match="above 0 in every row"):
        MODELS["power"].write(["x"], data={"x": [0.0, 1.0]})


# ---------------------------------------------------------------- rates


@settings(max_examples=60, deadline=None)
@given(st.integers(-9, 12), st.floats(-1e3, 1e3), st.sampled_from(["squared", "huber"]), st.booleans())
def test_the_offered_rate_is_near_and_below_the_limit_at_any_magnitude(power, offset, loss, standardize):
    x = 10.0**power * (np.linspace(0, 1, 20) + offset)
    y = 3 * np.linspace(0, 1, 20) + NOISE[:20]
    problem = pose("fit", data="upload", fit_loss=loss, standardize=standardize, table=table(x, y))
    bend = 2.0 if loss == "squared" else 1.0
    design = problem.descended.design[0]
    largest = bend * np.linalg.eigvalsh(design.T @ design / 20)[-1]
    assert 0.6 / largest < problem.learning_rate < 1.5 / largest


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_a_rate_that_works_on_a_fit_as_it_is_offered(name: str):
    problem = pose("fit", data="upload", table=table(np.arange(20.0), 3 * np.arange(20.0) + NOISE[:20]))
    rate = offered_rate(problem, problem.start, make_optimizer(name))
    run = gdviz.descend(problem.descended, problem.start, rate, 300, make_optimizer(name))
    assert run.values[-1] < run.values[0]
    assert run.values.max() < 5 * run.values[0]


def test_changing_the_units_of_a_column_changes_an_adaptive_rate_with_its_parameter():
    x, y = np.linspace(1, 3, 20), np.linspace(2, 5, 20) + 0.1 * NOISE[:20]
    adam = make_optimizer("adam")
    rates = []
    for unit in (1.0, 1e6):
        problem = pose("fit", data="upload", model="slope*x", table=table(unit * x, y))
        rates.append(offered_rate(problem, problem.start, adam))
    assert rates[1] == pytest.approx(rates[0] / 1e6)


def test_a_loss_that_is_straight_far_out_still_has_the_curvature_of_its_middle():
    fit = Fit("slope*x + intercept", table(np.arange(10.0), 1000 * np.arange(10.0)).columns, "y", "huber")
    assert fit.hessian([0.0, -1e6]).max() == 0
    assert steepness(fit, (0.0, -1e6)).largest == pytest.approx(
        np.linalg.eigvalsh(np.array([[28.5, 4.5], [4.5, 1]]))[-1]
    )


def test_a_link_that_names_no_rate_gets_the_one_for_its_optimizer_scaling_and_start():
    link = {"objective": "fit", "data": "line", "standardize": "1"}
    assert decode(link)[0].eta == pytest.approx(0.5)
    assert decode(link | {"optimizer": "levenberg_marquardt", "standardize": "0"})[0].eta == 1.0
    assert decode({"objective": "fit", "data": "line"})[0].eta == 0.001  # the notebook's own
    assert decode(link | {"learning_rate": "1e-19"})[0].eta == 1e-19
    far = {"objective": "fit", "data": "upload", "model": "a*exp(b*x)"}
    data = table(np.linspace(0, 2, 20), np.exp(np.linspace(0, 2, 20)))
    near, steep = (decode(far | start, data)[0].eta for start in ({}, {"start": "1,5"}))
    assert steep < near / 100


def test_presets_keep_their_own_rate_for_plain_descent():
    for key in ("rosenbrock", "booth", "himmelblau"):
        preset = gdviz.PRESETS[key]
        assert decode({"objective": key})[0].eta == preset.learning_rate
        assert decode({"objective": key, "optimizer": "adam"})[0].eta != preset.learning_rate
    assert Experiment().eta == decode({})[0].eta
