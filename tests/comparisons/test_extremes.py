"""Comparisons at their extremes: a best rate at the end of its range, a path far away, a run of one epoch."""

from __future__ import annotations

import numpy as np

from gdviz.comparisons import Comparison, Contender, FairTerms, compare, fair_comparison, fair_standing, far_paths
from gdviz.experiments import Experiment
from gdviz.figures import comparison_loss_figure
from gdviz.learning_rates import LOWEST_RATE


def test_a_best_rate_at_the_end_of_the_range_is_said() -> None:
    bowl = Comparison(Experiment(objective="gentle_bowl", start=(-5.0, -2.0)), (Contender("gd"),))
    for low, high, end in ((1e-4, 1e-2, "highest"), (0.1, 0.6, ""), (0.34, 0.9, "lowest")):
        fair = fair_comparison(bowl, FairTerms(budget=50, trials=21, low=low, high=high))
        assert fair.results[0].end_of_range == end
        assert ("widen the range" in fair_standing(fair)) == bool(end)


def _said(formula: str, start: tuple[float, ...], names: str, terms: FairTerms) -> str:
    experiment = Experiment(objective="formula", formula=formula, start=start)
    return fair_standing(fair_comparison(Comparison(experiment, tuple(map(Contender, names.split()))), terms))


def test_advice_to_widen_the_range_is_given_once_and_only_where_it_can_help() -> None:
    low = FairTerms(budget=200, trials=31, low=1e-4, high=1e-3)
    said = _said("x^2 + 10*y^2", (3.0, 1.0), "gd momentum adam", low)
    assert said.count("widen") == 1
    assert "The best rates of **Gradient descent**, **Momentum** and **Adam** are the highest that were tried" in said
    for formula in ("x^2 + y^2", "0*x + 3"):
        said = _said(formula, (0.0,) * (1 + ("y" in formula)), "gd adam", low)
        assert said.endswith("no run gets below f(start) = " + ("3" if "3" in formula else "0")
                             + ": the slope is zero where they start.")  # fmt: skip
    tiny = FairTerms(budget=200, trials=31, low=LOWEST_RATE, high=10 * LOWEST_RATE)
    assert _said("x^2", (3.0,), "gd", tiny).endswith("no run gets below f(start) = 9: try other rates.")


def test_the_window_of_one_alone_is_not_called_the_widest() -> None:
    said = _said("x^2", (3.0,), "gd", FairTerms(budget=200, trials=31, low=0.01, high=10))
    assert "forgives" not in said
    assert "Its rates work over 1." in said


def test_a_path_that_leaves_the_window_by_far_is_named_with_how_far() -> None:
    saddle = Experiment(objective="saddle", start=(1.0, 0.1), learning_rate=0.1, epochs=100)
    found = compare(Comparison(saddle, (Contender("gd", 0.1), Contender("gd", 0.001))))
    window = saddle.problem().window
    far = far_paths(found, window)
    assert len(far) == 1
    assert far[0].startswith(f"The path of **{found[0].label}** leaves the window by far: y = ")
    assert far[0].endswith("at epoch 100.")
    assert far_paths(found[1:], window) == []


def test_a_compared_run_of_one_epoch_is_seen_on_the_loss() -> None:
    bowl = Experiment(objective="gentle_bowl", start=(-5.0, -2.0), epochs=50)
    results = compare(Comparison(bowl, (Contender("gd", 0.1), Contender("newton", 1.0))))
    figure = comparison_loss_figure(results, minimum=0.0)
    ends = {trace.name: trace for trace in figure.data if trace.name.endswith(", end")}
    newton = ends[f"{results[1].label}, end"]
    assert list(newton.x) == [1]
    assert newton.y[0] > 0, "on a log axis the minimum itself has no place: it stands at the lowest value that has one"
    assert "at the minimum itself" in newton.hovertemplate
    assert list(ends[f"{results[0].label}, end"].x) == [50]


def test_a_loss_that_falls_without_end_leaves_the_others_readable() -> None:
    saddle = Experiment(objective="saddle", start=(1.0, 0.1), epochs=400)
    results = compare(Comparison(saddle, (Contender("gd", 0.5), Contender("gd", 0.001))))
    assert results[0].run.values.min() < -1e100
    figure = comparison_loss_figure(results)
    assert "signed log" in figure.layout.yaxis.title.text
    assert np.ptp(figure.data[1].y) > 0.1, "the slow run is no flat line at zero"
