"""Learning-rate sweeps: each rate is a run of its own, and the threshold is the method's own limit."""

from __future__ import annotations

import numpy as np
import pytest

import gdviz
from gdviz import StopReason
from gdviz.figures import sweep_figure

ROSENBROCK = gdviz.PRESETS["rosenbrock"]
RATES = np.geomspace(1e-4, 10, 2000)


@pytest.mark.parametrize(
    ("optimizer", "settings", "times_curvature"),
    [  # Goh (2017), Lessard, Recht & Packard (2016): the largest stable rate, times the largest curvature
        ("gd", {}, 2.0),
        ("momentum", {"beta": 0.5}, 3.0),
        ("momentum", {"beta": 0.9}, 3.8),
        ("nesterov", {"beta": 0.5}, 1.5),
        ("nesterov", {"beta": 0.9}, 3.8 / 2.8),
    ],
)
@pytest.mark.parametrize("curvatures", [(1.0, 10.0), (0.5, 4.0), (20.0, 20.0)])
def test_the_threshold_is_the_methods_own_limit(optimizer, settings, times_curvature, curvatures):
    bowl = gdviz.Quadratic(np.diag(curvatures), [1.0, -1.0])
    swept = gdviz.learning_rate_sweep(bowl, [3.0, 1.0], RATES, 1000, optimizer, **settings)
    limit = times_curvature / max(curvatures)
    assert swept.threshold == pytest.approx(limit, rel=0.005)
    assert swept.limit == pytest.approx(limit, rel=1e-9)
    assert swept.works[0.995 * limit > RATES].all()
    assert not swept.works[1.005 * limit < RATES].any()


def test_newtons_limit_is_two_whatever_the_curvature():
    for text in ("x^2 + 50*y^2", "0.01*x^2 + x*y + 60*y^2"):
        swept = gdviz.learning_rate_sweep(gdviz.parse(text), [3.0, 1.0], RATES, 1000, "newton")
        assert swept.threshold == pytest.approx(2, rel=0.005)
        assert swept.fastest == pytest.approx(1, rel=0.05)


def test_the_best_rate_is_the_textbooks():
    bowl = gdviz.Quadratic(np.diag([0.01, 0.1, 1.0]), np.zeros(3))
    swept = gdviz.learning_rate_sweep(bowl, [1.0, 1.0, 1.0], np.geomspace(0.01, 5, 300), 3000)
    assert swept.best == pytest.approx(1.980198, rel=1e-3)  # 2/(L + mu), Distill (Goh 2017)
    assert swept.fastest == pytest.approx(1.98, rel=0.03)
    heavy = gdviz.learning_rate_sweep(bowl, [1.0] * 3, np.geomspace(0.01, 5, 300), 500, "momentum", beta=0.669421)
    assert heavy.best == pytest.approx(3.305785, rel=1e-3)


def test_every_rate_is_a_run_of_its_own():
    rates = np.geomspace(1e-5, 1, 40)
    for optimizer in ("gd", "adam", "newton", "bfgs"):
        swept = gdviz.learning_rate_sweep(ROSENBROCK.objective, ROSENBROCK.start, rates, 200, optimizer)
        assert swept.thetas.shape == (40, 2)
        for i in (0, 13, 27, 39):
            run = gdviz.descend(ROSENBROCK.objective, ROSENBROCK.start, rates[i], 200, optimizer)
            assert swept.epochs[i] == run.epochs
            assert swept.stop_reasons[i] is run.stop_reason
            assert swept.values[i] == run.values[-1]
            assert np.array_equal(swept.thetas[i], run.thetas[-1])


def test_the_window_is_the_unbroken_run_of_rates_that_work_around_the_fastest():
    f = gdviz.parse("x^2 + 0.02*cos(2*pi*x/0.5)")
    swept = gdviz.learning_rate_sweep(f, [0.9], RATES, 500)
    low, high = swept.window
    inside = (low < RATES) & (high > RATES)
    assert swept.works[inside].all()
    assert not swept.works[np.flatnonzero(inside)[-1] + 1]
    assert low <= swept.fastest <= high
    assert swept.decades == pytest.approx(np.log10(high / low))


def test_where_no_rate_works_there_is_no_window():
    swept = gdviz.learning_rate_sweep(gdviz.parse("x^2 + y^2"), [1.0, 1.0], [30.0, 20.0], 100)
    assert np.isnan([swept.fastest, *swept.window, swept.decades]).all()
    assert set(swept.stop_reasons) <= {StopReason.EPOCHS, StopReason.DIVERGED}


def test_rates_keep_their_order_and_a_start_at_rest_works_everywhere():
    swept = gdviz.learning_rate_sweep(gdviz.parse("x^2 + y^2"), [0.0, 0.0], [3.0, 0.1, 0.5], 100)
    assert swept.rates.tolist() == [3.0, 0.1, 0.5]
    assert swept.works.all()
    assert swept.threshold == np.inf


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rates": []}, "rates has shape"),
        ({"rates": 0.1}, "rates has shape"),
        ({"rates": [[0.1]]}, "rates has shape"),
        ({"rates": [0.1, -1]}, "finite number above 0"),
        ({"rates": [0.1, np.inf]}, "finite number above 0"),
        ({"start": [1.0]}, "start has 1 number;"),
        ({"start": [1.0, np.nan]}, "must be finite"),
        ({"epochs": 2.5}, "epochs is 2.5"),
        ({"optimizer": "levenberg_marquardt"}, "needs data to fit"),
    ],
)
def test_what_makes_no_sweep_is_refused_in_words(changes, says: str):
    arguments = {"start": [1.0, 1.0], "rates": [0.1]} | changes
    with pytest.raises(ValueError, match=says):
        gdviz.learning_rate_sweep(gdviz.parse("x^2 + y^2"), **arguments)


def test_values_below_zero_are_drawn_above_the_lowest_and_the_axis_says_so() -> None:
    swept = gdviz.learning_rate_sweep(gdviz.parse("x^2 - 3"), [1.0], np.geomspace(0.01, 0.9, 20), 300)
    drawn = sweep_figure({"gd": swept})
    assert drawn.layout.yaxis.title.text == "value at the end, above −3"
    assert min(drawn.data[0].y) > 0
    for text in ("x^2", "x^2 - 2.2*x + 1.21"):  # rounding leaves −2 × 10⁻¹⁶ of the other's 0
        swept = gdviz.learning_rate_sweep(gdviz.parse(text), [3.0], np.geomspace(0.01, 0.9, 20), 300)
        assert sweep_figure({"gd": swept}).layout.yaxis.title.text == "value at the end"
