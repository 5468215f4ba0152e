"""Comparisons: the runs are those that one would start one by one, the costs are honest, and links lose nothing."""

from __future__ import annotations

import csv
import doctest
import io
import re
from contextlib import suppress
from dataclasses import fields, replace
from math import log10
from urllib.parse import parse_qsl, urlencode

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.comparisons import (
    MAX_CONTENDERS,
    Comparison,
    Contender,
    FairTerms,
    compare,
    contenders,
    decode_runs,
    decode_terms,
    encode_comparison,
    encode_runs,
    encode_terms,
    fair,
    fair_comparison,
    fair_standing,
    labels,
    links,
    next_color,
    results,
    results_csv,
    runs_csv,
    standing,
    sweeps,
    sweeps_csv,
    usual_contenders,
    usual_terms,
    with_optimizer,
)
from gdviz.comparisons.results import costs
from gdviz.datasets import DATASETS
from gdviz.descent import StopReason, descend
from gdviz.experiments import LINK_LIMIT, Experiment, pose
from gdviz.figures import (
    DARK,
    comparison_contour_figure,
    comparison_curve_figure,
    comparison_loss_figure,
    comparison_theta_figure,
    fair_figure,
)
from gdviz.landscapes import curve, landscape
from gdviz.learning_rates import (
    LEARNING_RATES,
    Backtracking,
    Cosine,
    ExactSearch,
    StepDecay,
    StrongWolfe,
    make_learning_rate,
)
from gdviz.optimizers import OPTIMIZERS, Adam, ElementwiseOptimizer, Momentum, SteeredMomentum
from gdviz.presets import PRESETS

BOWL = Experiment(objective="formula", formula="x^2 + 5y^2", start=(3.0, 1.0), learning_rate=0.05, epochs=300)
THREE = Comparison(BOWL, (Contender("gd", 0.15), Contender("momentum", 0.02, color=1), Contender("adam", 0.1, color=2)))


@pytest.mark.parametrize("module", [contenders, results, fair, links], ids=lambda module: module.__name__)
def test_the_examples_in_the_docstrings_give_what_they_say(module):
    assert doctest.testmod(module).failed == 0


# -- side by side --


def test_each_result_is_the_run_that_descend_gives():
    f = gdviz.parse(BOWL.formula)
    for result in compare(THREE):
        c = result.contender
        alone = descend(f, BOWL.start, c.learning_rate, BOWL.epochs, c.optimizer)
        np.testing.assert_array_equal(result.run.thetas, alone.thetas)
        assert result.run.evaluations == alone.evaluations
        assert result.value == alone.values[-1]
        assert result.experiment.run().values[-1] == result.value


def test_epochs_and_evaluations_to_the_tolerance_are_those_of_the_first_small_gradient():
    loose = Comparison(replace(BOWL, tolerance=1e-3), (Contender("gd", 0.15), Contender("gd", 0.0001)))
    reached, never = compare(loose)
    small = reached.run.gradient_norms <= 1e-3
    assert small[-1]
    assert not small[:-1].any()
    assert reached.epochs_to_tolerance == reached.run.epochs
    assert reached.evaluations_to_tolerance == reached.run.epochs + 1
    assert never.epochs_to_tolerance is None
    assert never.evaluations_to_tolerance is None


def test_a_hessian_costs_as_many_gradients_as_there_are_parameters():
    (newton,) = compare(Comparison(BOWL, (Contender("newton", 1.0),)))
    assert newton.run.epochs == 1
    assert newton.costs.tolist() == [1, 4]  # a gradient; then a Hessian of two parameters and a gradient


def test_a_line_search_pays_for_the_gradients_it_asks_for():
    search = Contender("gd", ExactSearch(1.0))
    (result,) = compare(Comparison(replace(BOWL, epochs=10), (search,)))
    paid = result.costs
    assert len(paid) == result.run.epochs + 1
    assert (np.diff(paid) >= 1).all()
    assert paid[-1] == result.run.evaluations > result.run.epochs + 1
    shorter = descend(gdviz.parse(BOWL.formula), BOWL.start, search.learning_rate, 4, "gd")
    np.testing.assert_array_equal(paid[:5], costs(shorter)[:5])


def test_a_contender_that_cannot_run_here_says_why():
    with pytest.raises(ValueError, match="needs data to fit"):
        compare(Comparison(BOWL, (Contender("gauss_newton", 1.0),)))
    with pytest.raises(ValueError, match="at most 8"):
        Comparison(BOWL, (Contender(),) * 9)


@pytest.mark.parametrize(
    "wrong",
    [{"optimizer": "nope"}, {"learning_rate": 0.0}, {"learning_rate": float("nan")}, {"color": 8}, {"name": "a" * 25},
     {"name": " a"}, {"name": "a\nb"}, {"learning_rate": "nope"}, {"learning_rate": 1e7}],
)  # fmt: skip
def test_a_contender_checks_itself(wrong):
    with pytest.raises(ValueError, match=r"."):
        Contender(**wrong)


def test_labels_are_unique_and_say_what_differs():
    gd = Contender("gd", 0.1)
    assert labels([gd, Contender("adam", 0.1)]) == ("Gradient descent", "Adam")
    assert labels([gd, Contender("gd", 0.2)]) == ("Gradient descent, η = 0.1", "Gradient descent, η = 0.2")
    betas = [Contender("momentum", 0.1), Contender(Momentum(beta=0.5), 0.1)]
    assert labels(betas) == ("Momentum, β = 0.9", "Momentum, β = 0.5")
    steered = Contender("steered_momentum", 0.1)
    assert labels([steered, replace(steered, optimizer=SteeredMomentum(beta_changes="5:0.3"))]) == (
        "Momentum, steered by hand, beta changes = –", "Momentum, steered by hand, beta changes = 5:0.3",
    )  # fmt: skip
    step = Contender("gd", StepDecay(0.1))
    assert labels([step, replace(step, learning_rate=StepDecay(0.1, every=5))]) == (
        "Gradient descent, Step decay: drop = 0.5, every = 100", "Gradient descent, Step decay: drop = 0.5, every = 5",
    )  # fmt: skip
    assert labels([gd, gd, replace(gd, name="Mine"), replace(gd, name="Mine")]) == (
        "Gradient descent", "Gradient descent (2)", "Mine", "Mine (2)",
    )  # fmt: skip
    assert next_color([gd, Contender(color=1)]) == 2
    assert next_color([Contender(color=i) for i in range(8)]) == 0


def test_the_standing_names_who_was_first_and_does_not_praise_a_stop_on_a_hill():
    words = standing(compare(THREE), BOWL.tolerance)
    assert words.startswith("**Gradient descent** reached the tolerance first")
    himmelblau = PRESETS["himmelblau"]
    hill = Experiment(objective="himmelblau", start=himmelblau.start, learning_rate=0.01, epochs=200)
    words = standing(compare(Comparison(hill, (Contender("newton", 1.0), Contender("gd", 0.01)))), hill.tolerance)
    assert words.startswith("Of the runs that come lowest, **Gradient descent** reached the tolerance first")
    assert "Higher up came to rest: **Newton** at 182" in words
    lost = Comparison(BOWL, (Contender("gd", 5.0), Contender("momentum", 50.0)))
    assert "all of them diverge" in standing(compare(replace(lost, experiment=replace(BOWL, epochs=5000))), 1e-8)
    assert "add a run" in standing((), 1e-8)


@pytest.mark.parametrize("key", sorted(PRESETS))
def test_every_preset_has_contenders_and_terms(key: str):
    preset = PRESETS[key]
    experiment = Experiment(objective=key, start=preset.start, learning_rate=preset.learning_rate, epochs=50)
    problem = experiment.problem()
    three = usual_contenders(problem)
    assert [c.optimizer.name for c in three] == ["gd", "momentum", "adam"]
    assert len(compare(Comparison(experiment, three))) == 3
    terms = usual_terms(problem)
    assert terms.low <= preset.learning_rate / 100
    assert terms.high >= preset.learning_rate * 10
    assert terms.spacing == pytest.approx(0.1)


# -- fair mode --


def test_the_best_rate_beats_all_others_that_were_tried():
    terms = FairTerms(budget=60, trials=41, low=1e-3, high=1.0)
    found = fair_comparison(THREE, terms)
    f = gdviz.parse(BOWL.formula)
    for result in found.results:
        c = result.contender
        runs = [descend(f, BOWL.start, rate, 59, c.optimizer) for rate in terms.rates]
        assert all(run.evaluations <= terms.budget for run in runs)
        ends = [run.values[-1] for run in runs]
        assert result.value == pytest.approx(min(ends), rel=1e-9)
        assert result.best_rate == terms.rates[int(np.argmin(ends))]
        tuned = result.tuned(BOWL)
        assert tuned is not None
        assert tuned[1].run().values[-1] == pytest.approx(result.value, rel=1e-9)


def test_the_window_of_a_quadratic_is_what_theory_says():
    f = gdviz.parse(BOWL.formula)  # curvatures 2 and 10
    budget = 400
    terms = FairTerms(budget=budget, trials=161, low=1e-3, high=1.0, goal=1e-6)
    (gd,) = fair_comparison(Comparison(BOWL, (Contender("gd"),)), terms).results
    ((low, high),) = gd.windows

    def left(rate: float) -> float:
        with np.errstate(over="ignore"):
            errors = np.array(BOWL.start) * np.abs(1 - rate * np.array([2.0, 10.0])) ** (budget - 1)
            return float(f.value(errors) / f.value(BOWL.start))

    rates = np.geomspace(1e-3, 1, 3_001)
    works = rates[np.array([left(rate) for rate in rates]) <= 1e-6]
    assert log10(low / works[0]) == pytest.approx(0, abs=terms.spacing)
    assert log10(high / works[-1]) == pytest.approx(0, abs=terms.spacing)
    assert high == pytest.approx(2 / 10, rel=0.05)  # the limit 2/L
    assert gd.width == pytest.approx(log10(works[-1] / works[0]), abs=2 * terms.spacing)
    assert not gd.cut


def test_a_window_that_reaches_the_end_of_the_range_says_so():
    terms = FairTerms(budget=400, trials=21, low=0.02, high=0.1)
    (gd,) = fair_comparison(Comparison(BOWL, (Contender("gd"),)), terms).results
    assert gd.cut
    assert gd.works.all()
    assert gd.width == pytest.approx(log10(5))


def test_momentum_and_gradient_descent_are_told_apart_by_their_windows():
    found = fair_comparison(THREE, FairTerms(budget=200, trials=81, low=1e-4, high=1.0))
    gd, momentum, _ = found.results
    assert momentum.width > gd.width > 0
    assert "forgives most" in fair_standing(found)


def test_where_every_rate_diverges_there_is_no_best_one():
    terms = FairTerms(budget=2000, trials=5, low=10.0, high=100.0)
    found = fair_comparison(Comparison(BOWL, (Contender("gd"),)), terms)
    assert found.results[0].best is None
    assert found.results[0].tuned(BOWL) is None
    assert found.results[0].windows == ()
    assert "every run diverges" in fair_standing(found)
    fair_figure(found)


@pytest.mark.parametrize(
    "contender",
    [Contender("newton"), Contender("bfgs", StrongWolfe(0.01)), Contender("gd", ExactSearch(0.01)),
     Contender("gd", Cosine(0.01)), Contender("cg", Backtracking(0.01))],
    ids=lambda c: f"{c.optimizer.name} {c.learning_rate.name}",
)  # fmt: skip
def test_no_method_gets_more_than_the_budget(contender: Contender):
    rosenbrock = Experiment(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=100)
    terms = FairTerms(budget=40, trials=7, low=1e-3, high=1.0)
    (result,) = fair_comparison(Comparison(rosenbrock, (contender,)), terms).results
    assert (result.sweep.costs <= terms.budget).all()
    tuned = result.tuned(rosenbrock)
    assert tuned is not None
    run = tuned[1].run()
    assert costs(run)[-1] <= terms.budget
    assert run.values[-1] == result.value


def test_elementwise_methods_are_swept_as_descend_runs_them():
    terms = FairTerms(budget=30, trials=4, low=1e-3, high=0.1)
    f = gdviz.parse(BOWL.formula)
    for name, cls in OPTIMIZERS.items():
        if issubclass(cls, ElementwiseOptimizer):
            sweep = sweeps.sweep(f, BOWL.start, Contender(name), terms)
            alone = [descend(f, BOWL.start, rate, 29, name).values[-1] for rate in terms.rates]
            np.testing.assert_allclose(sweep.values, alone, rtol=1e-6, err_msg=name)


def test_a_sweep_that_would_take_minutes_is_refused_with_advice():
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 5, 50_000)
    fit = gdviz.LeastSquares("a*exp(-b*x) + c*sin(d*x)", {"x": x, "y": np.exp(-x)}, "y")
    with pytest.raises(ValueError, match="lower the budget to about"):
        sweeps.sweep(fit, [1, 1, 1, 1], Contender("gd"), FairTerms(budget=100_000, trials=100), seconds=0.5)


# -- links --

NAMES = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" ;,=@%"), max_size=24)


@st.composite
def any_contender(draw) -> Contender:
    optimizer = draw(st.sampled_from(sorted(OPTIMIZERS)))
    schedule = draw(st.sampled_from(sorted(LEARNING_RATES)))
    name = draw(NAMES).strip()
    rate = draw(st.floats(1e-300, 1e6))
    length = make_learning_rate(schedule, rate)
    contender = Contender(optimizer, length, name if name.isprintable() else "", draw(st.integers(0, 7)))
    for owner in (contender.optimizer, contender.learning_rate):
        for f in fields(owner):
            if "low" in f.metadata and draw(st.booleans()):
                value = draw(st.floats(f.metadata["low"], f.metadata["high"]))
                with suppress(ValueError):
                    contender = contender.with_setting(f.name, float(int(value)) if f.metadata["whole"] else value)
    if schedule == "formula":
        contender = contender.with_setting("rate_formula", "eta*(1 + 1/(k + 1))")
    return contender


@settings(max_examples=200, deadline=None)
@given(st.lists(any_contender(), max_size=MAX_CONTENDERS))
def test_a_link_brings_every_contender_back_to_the_last_bit(some: list[Contender]):
    text = dict(parse_qsl(urlencode({"runs": encode_runs(some)}), keep_blank_values=True))["runs"]
    assert decode_runs(text) == (tuple(some), ())


def test_a_link_is_short_enough_to_read():
    some = (Contender("gd", 0.4), Contender(Momentum(beta=0.5), 0.1, "Heavy ball", 2))
    assert encode_runs(some) == "gd@0.4;momentum@0.1,beta=0.5,name=Heavy ball,color=2"
    assert encode_runs([Contender("bfgs", StrongWolfe(1.0, c2=0.5))]) == ("bfgs@1,schedule=strong_wolfe,c2=0.5")


def test_eight_runs_fit_into_a_link_and_too_much_is_refused():
    usual = [Contender(Adam(beta1=1 / 7), 1 / 3, f"A good name for {i}", i) for i in range(8)]
    assert len(urlencode(encode_comparison(Comparison(BOWL, tuple(usual))))) < LINK_LIMIT
    formula = " + ".join(["sinh(x)^2*y*1.000000000001"] * 17)
    long = replace(BOWL, formula=formula)
    names = [replace(c, name="𝜃" * 24, optimizer=Adam(1 / 7, 1 / 3, 1e-8 / 3)) for c in usual]
    with pytest.raises(ValueError, match="shorten the names"):
        encode_comparison(Comparison(long, tuple(names)))


@pytest.mark.parametrize(
    ("text", "count", "note"),
    [
        ("nope@1;gd@0.1", 1, "no optimizer “nope”"),
        ("gd@abc", 1, "not a number"),
        ("gd@-1", 1, "above 0"),
        ("gd@inf", 1, "finite"),
        ("momentum@0.1,beta=7", 1, "beta"),
        ("gd@0.1,beta=0.5", 1, "has no “beta”"),
        ("gd@0.1,learning_rate=5", 1, "has no “learning_rate”"),
        ("gd@0.1,color=99", 1, "color"),
        ("gd@0.1,name=" + "a" * 100, 1, "24"),
        ("gd@0.1,schedule=nope", 1, "nope"),
        ("GD@0.1", 0, "did you mean gd\\? That run is left out"),
        ("gd@", 1, "is empty.*The rate 0.25 is used instead"),
        ("gd@0,4", 1, "a number with a point"),
        ("gd@0.1" + "0" * 60 + "x", 1, "too long"),
        ("momentum@0.1,beta=0.5,beta=0.7", 1, "beta is given 2 times"),
        ("momentum@0.1,Beta=0.5", 1, "has no “Beta”: it has beta, schedule, name, color"),
        ("gd@0.1,lr=5", 1, "its rate stands after the @"),
        ("gd@0.1;" * 20, 8, "first 8"),
        (";;;", 0, ""),
        ("", 0, ""),
        ("gd@" + "9" * 100_000, 1, "finite|above|too long|at most"),
    ],
)
def test_what_is_wrong_in_a_link_falls_back_with_a_note(text: str, count: int, note: str):
    found, notes = decode_runs(text, 0.25)
    assert len(found) == count
    assert re.search(note, " ".join(notes))
    assert bool(notes) == bool(note)
    assert decode_runs(encode_runs(found)) == (found, ())


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text("gd@momentum;,=%0123456789.abeta", max_size=80))
def test_a_strangers_text_never_raises(text: str):
    found, _ = decode_runs(text)
    assert len(found) <= MAX_CONTENDERS
    decode_terms(text, FairTerms())


def test_terms_go_there_and_back():
    usual = FairTerms()
    other = FairTerms(budget=777, trials=11, low=1e-3, high=2.5, goal=1e-4)
    assert decode_terms(encode_terms(other, usual), usual) == (other, ())
    assert encode_terms(usual, usual) == "on"
    assert decode_terms("on", usual) == (usual, ())
    for wrong in ("budget=1", "trials=1e9", "low=5,high=1", "nonsense=3", "budget=x", "Budget=5", "trials=2.5", "off"):
        terms, notes = decode_terms(wrong, usual)
        assert terms == usual
        assert notes


# -- files and pictures --


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_files_hold_every_number():
    found = compare(THREE)
    lines = rows(runs_csv(found))
    assert len(lines) == sum(len(r.run.thetas) for r in found)
    adam = [line for line in lines if line["run"] == "Adam"]
    np.testing.assert_array_equal([float(line["x"]) for line in adam], found[2].run.thetas[:, 0])
    assert [int(line["evaluations"]) for line in adam] == list(range(1, len(adam) + 1))
    table = rows(results_csv(found))
    assert [line["optimizer"] for line in table] == ["gd", "momentum", "adam"]
    assert [float(line["value"]) for line in table] == [r.value for r in found]
    terms = FairTerms(budget=50, trials=9)
    trials = rows(sweeps_csv(fair_comparison(THREE, terms)))
    assert len(trials) == 27
    assert sum(line["best"] == "true" for line in trials) == 3


def test_a_name_is_no_formula_of_a_spreadsheet():
    named = replace(THREE.contenders[0], name="=HYPERLINK(1)")
    lines = rows(results_csv(compare(Comparison(BOWL, (named,)))))
    assert lines[0]["run"] == "'=HYPERLINK(1)"


def drawn(figure, name: str):
    return next(trace for trace in figure.data if trace.name == name)


def test_the_pictures_show_the_runs_own_numbers():
    found = compare(THREE)
    ground = landscape(gdviz.parse(BOWL.formula), ((-4.0, 4.0), (-2.0, 2.0)), points=21)
    figure = comparison_contour_figure(ground, found, minima=[(0, 0)], palette=DARK)
    for result in found:
        path = drawn(figure, result.label)
        assert (path["x"][0], path["y"][0]) == BOWL.start
        assert (path["x"][-1], path["y"][-1]) == tuple(result.run.thetas[-1])
    assert len({drawn(figure, r.label)["line"]["color"] for r in found}) == 3
    assert len({drawn(figure, r.label)["line"]["dash"] for r in found}) == 3
    loss = comparison_loss_figure(found, "evaluations", 0.0)
    np.testing.assert_array_equal(drawn(loss, "Adam")["x"], found[2].costs)
    np.testing.assert_array_equal(drawn(loss, "Adam")["customdata"], found[2].run.values)
    assert loss.layout.yaxis.type == "log"
    theta = comparison_theta_figure(found, "epochs", [(0, 0)])
    assert sum(trace.name == "Adam" for trace in theta.data) == 2


def test_every_picture_is_one_that_plotly_knows_and_every_name_is_text():
    named = (replace(THREE.contenders[0], name="<b>%{x}</b>"), *THREE.contenders[1:], Contender("gd", 5.0, color=3))
    comparison = Comparison(replace(BOWL, epochs=3000), named)
    found = compare(comparison)
    assert found[-1].run.stop_reason is StopReason.DIVERGED
    ground = landscape(gdviz.parse(BOWL.formula), ((-4.0, 4.0), (-2.0, 2.0)), points=21)
    parabola = Experiment(objective="parabola", start=(10.0,), learning_rate=0.2, epochs=20)
    on_curve = compare(Comparison(parabola, (Contender("gd", 0.2), Contender("momentum", 0.1, color=1))))
    figures = [
        comparison_contour_figure(ground, found, palette=DARK),
        comparison_curve_figure(curve(gdviz.parse("x^2"), (-11, 11)), on_curve, [((0.0,), 0.0)]),
        comparison_theta_figure(found, "evaluations", [(0, 0)], [1]),
        comparison_theta_figure(found[-1:]),
        comparison_loss_figure(found, "epochs", 0.0),
        comparison_loss_figure(found),
        fair_figure(fair_comparison(comparison, FairTerms(budget=50, trials=9))),
    ]
    for figure in figures:
        go.Figure(figure.to_dict())  # checks every property
        assert "<b>" not in repr(figure.to_dict()["data"])
    _low, high = figures[4].layout.yaxis.range
    assert high < 6, "a run that diverges leaves the picture and does not squeeze the others"


def test_a_fit_is_compared_too():
    dataset = DATASETS["line"]
    experiment = Experiment(objective="fit", data="line", start=dataset.start, learning_rate=0.001, epochs=100)
    two = Comparison(experiment, (Contender("gd", 0.001), Contender("levenberg_marquardt", 1.0)))
    gd, lm = compare(two)
    assert lm.value < gd.value
    assert lm.evaluations_to_tolerance is not None


@pytest.mark.parametrize("standardize", [False, True])
def test_mini_batches_are_tuned_pass_for_pass(standardize: bool):
    dataset = DATASETS["line"]
    experiment = Experiment(
        objective="fit", data="line", data_noise=20.0, start=dataset.start, epochs=100, standardize=standardize,
        batch_size=10, shuffle_seed=7,
    )  # fmt: skip
    three = Comparison(experiment, (Contender("gd"), Contender("momentum", color=1), Contender("adam", color=2)))
    for result in fair_comparison(three, FairTerms(budget=30, trials=9, low=1e-4, high=1.0)).results:
        tuned = result.tuned(experiment)
        assert tuned is not None
        run = tuned[1].run()
        assert tuned[1].batch_size == 10
        assert run.values[-1] == result.value
        assert costs(run)[-1] == 30
    whole = replace(three, contenders=(Contender("newton"),))
    with pytest.raises(ValueError, match="Newton needs the gradient of all rows"):
        fair_comparison(whole)


def test_a_standardized_fit_is_tuned_on_what_it_descends():
    dataset = DATASETS["line"]
    experiment = Experiment(objective="fit", data="line", start=dataset.start, epochs=100, standardize=True)
    one = Comparison(experiment, (Contender("gd"), Contender("gd", ExactSearch(0.01), color=1)))
    for result in fair_comparison(one, FairTerms(budget=50, trials=15, low=1e-3, high=1.0)).results:
        tuned = result.tuned(experiment)
        assert tuned is not None
        run = tuned[1].run()
        assert run.values[-1] == pytest.approx(result.value, rel=1e-9)
        assert costs(run)[-1] <= 50


def test_every_trace_of_a_run_says_whose_it_is_and_what_it_draws():
    results = compare(Comparison(Experiment(), (Contender("gd", 0.4), Contender("momentum", 0.1))))
    ground = landscape(PRESETS["ravine"].objective, PRESETS["ravine"].window)
    contour = comparison_contour_figure(ground, results)
    theta, loss = comparison_theta_figure(results), comparison_loss_figure(results, minimum=0.0)
    for figure, columns in ((contour, {"theta 0", "theta 1"}), (theta, {"theta 0", "theta 1"}), (loss, {"gap"})):
        metas = [trace.meta for trace in figure.data if trace.meta and "part" in trace.meta]
        assert {meta["run"] for meta in metas} == {0, 1}
        assert {meta["y"] for meta in metas} | ({meta["x"] for meta in metas} - {"epoch"}) == columns
    paths = [trace for trace in contour.data if trace.type == "scatter"]
    lines = [trace.meta for trace in paths if "lines" in trace.mode]
    assert [(meta["run"], meta["part"]) for meta in lines] == [(0, "halo"), (1, "halo"), (0, "line"), (1, "line")]
    evaluations = comparison_loss_figure(results, "evaluations")
    assert all("part" not in trace.meta for trace in evaluations.data), "their count is not in what the browser gets"


def test_the_table_as_csv_holds_the_parameters_of_a_schedule():
    step = Contender("gd", StepDecay(0.1, every=5.0))
    (line,) = csv.DictReader(io.StringIO(results_csv(compare(Comparison(Experiment(), (step,))))))
    assert (line["schedule"], line["schedule_parameters"]) == ("step", "every=5.0")


@pytest.mark.parametrize("data", ["misra1a", "rat43", "thurber"])
def test_a_curve_is_fitted_by_levenberg_marquardt_too_where_steps_see_whole_gradients(data: str):
    problem = Experiment(objective="fit", data=data).problem()
    four = usual_contenders(problem)
    assert [c.optimizer.name for c in four] == ["gd", "momentum", "adam", "levenberg_marquardt"]
    assert four[:3] == usual_contenders(problem, whole=False)
    results = compare(Comparison(Experiment(objective="fit", data=data, start=problem.start, epochs=100), four))
    best = min(results, key=lambda r: r.value)
    assert best.contender.optimizer.name == "levenberg_marquardt"
    np.testing.assert_allclose(best.run.thetas[-1], problem.minima[0][0], rtol=1e-6)


def test_a_line_is_fitted_by_the_usual_three():
    problem = Experiment(objective="fit", data="line").problem()
    assert len(usual_contenders(problem)) == 3


def test_another_optimizer_gets_its_own_offered_rate_and_a_typed_one_stays():
    problem = pose("fit", data="misra1a")
    plain, *_, last = usual_contenders(problem)
    assert last.optimizer.name == "levenberg_marquardt"
    assert with_optimizer(plain, "levenberg_marquardt", problem, problem.start).eta == 1.0
    assert with_optimizer(last, "gd", problem, problem.start).eta == plain.eta
    typed = plain.at_rate(3e-9)
    assert with_optimizer(typed, "levenberg_marquardt", problem, problem.start).eta == 3e-9
    scheduled = replace(plain, learning_rate=make_learning_rate("cosine", plain.eta))
    assert with_optimizer(scheduled, "adam", problem, problem.start).learning_rate.name == "constant"
