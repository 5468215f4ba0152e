"""Experiments and their links: nothing is lost on the way there and back, and a stranger's link does no harm."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from itertools import product
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.datasets import DATASETS, make_table
from gdviz.experiments import LINK_LIMIT, Experiment, ProblemError, decode, encode, pose
from gdviz.learning_rates import (
    LEARNING_RATES,
    Constant,
    Cosine,
    Schedule,
    StepDecay,
    make_learning_rate,
    scheduled_rates,
)
from gdviz.lessons.scenarios import SCENARIOS
from gdviz.optimizers import OPTIMIZERS, Momentum, make_optimizer
from gdviz.presets import DEFAULT, PRESETS

FORMULAS = ["x**2 + y**2", "0.1*a^2 + 2*b^2", "sin(x)", "(x - 1)² + 3·y⁴", "slope^2 + intercept^2 + 1e-3*slope"]
FITS = [("line", "", ""), ("line", "a*x^2 + b*x + c", ""), ("rat43", "", ""), ("anscombe1", "m*x + q", "y")]


def through_a_link(experiment: Experiment, table=None) -> tuple[Experiment, tuple[str, ...]]:
    """As a browser does it: percent-encoded into an address and read back."""
    return decode(dict(parse_qsl(urlencode(encode(experiment)), keep_blank_values=True)), table)


def numbers(low: float, high: float, **more) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False, allow_infinity=False, **more)


@st.composite
def objectives(draw) -> dict[str, str]:
    kind = draw(st.sampled_from(["preset", "formula", "fit"]))
    if kind == "formula":
        return {"objective": "formula", "formula": draw(st.sampled_from(FORMULAS))}
    if kind == "fit":
        data, model, target = draw(st.sampled_from(FITS))
        return {"objective": "fit", "data": data, "model": model, "target": target}
    return {"objective": draw(st.sampled_from(sorted(PRESETS)))}


def with_own_parameters(draw, owner):
    """An optimizer or a learning rate with legal values of its own numbers, some with their default."""
    for f in fields(owner):
        if "low" not in f.metadata:
            continue
        value = draw(st.one_of(st.just(f.default), numbers(f.metadata["low"], f.metadata["high"])))
        value = float(round(value)) if f.metadata.get("whole") else value
        with suppress(ValueError):  # an end that the range leaves out
            owner = replace(owner, **{f.name: value})
    return owner


@st.composite
def experiments(draw) -> Experiment:
    named = draw(objectives())
    n = len(pose(**named).variables)
    optimizer = draw(st.sampled_from(sorted(OPTIMIZERS)))
    schedule = draw(st.one_of(st.just("constant"), st.sampled_from(sorted(LEARNING_RATES))))
    rate = make_learning_rate(schedule, draw(numbers(0, 1e6, exclude_min=True)))
    experiment = Experiment(
        **named,
        start=tuple(draw(st.lists(numbers(-1e300, 1e300), min_size=n, max_size=n))),
        learning_rate=with_own_parameters(draw, rate),
        epochs=draw(st.integers(1, 100_000)),
        optimizer=with_own_parameters(draw, make_optimizer(optimizer)),
        gradient=draw(st.sampled_from(["exact", "estimated"])),
        h=draw(numbers(0, 1, exclude_min=True)),
        tolerance=draw(numbers(0, 1)),
        seed=draw(st.integers(0, 2**31 - 1)),
    )
    try:
        replace(experiment, epochs=1).run()
        if isinstance(experiment.learning_rate, Schedule):
            scheduled_rates(experiment.learning_rate, experiment.epochs)
    except ValueError:  # these do not go together: no such run, no such link
        assume(False)
    return experiment


def test_no_two_parameters_of_a_link_share_a_name():
    own = {f.name for cls in OPTIMIZERS.values() for f in fields(cls)}
    theirs = {f.name for cls in LEARNING_RATES.values() for f in fields(cls)} - {"learning_rate"}
    ours = {f.name for f in fields(Experiment)}
    assert not own & theirs
    assert not (own | theirs) & ours


# ---------------------------------------------------------------- there and back


@settings(max_examples=200)
@given(experiments())
def test_a_link_brings_every_field_back_to_the_last_bit(experiment: Experiment):
    found, notes = through_a_link(experiment)
    assert notes == ()
    assert found == experiment
    assert repr(found).replace("-0.0", "0.0") == repr(experiment).replace("-0.0", "0.0")
    assert len(urlencode(encode(experiment)).encode()) <= LINK_LIMIT


@pytest.mark.parametrize("key", sorted(PRESETS))
def test_every_preset_has_a_short_link(key: str):
    preset = PRESETS[key]
    experiment = Experiment(objective=key, start=preset.start, learning_rate=preset.learning_rate, epochs=preset.epochs)
    assert through_a_link(experiment) == (experiment, ())
    assert len(urlencode(encode(experiment))) < 250
    assert decode({"objective": key}) == (experiment, ())


@pytest.mark.parametrize("key", sorted(DATASETS))
def test_every_data_set_has_a_link_and_opens_by_its_name(key: str):
    experiment, notes = decode({"objective": "fit", "data": key})
    assert notes == ()
    assert experiment.problem().table is DATASETS[key].table
    assert through_a_link(experiment) == (experiment, ())


def test_an_empty_link_is_the_default_experiment():
    assert decode({}) == (Experiment(), ())
    assert Experiment().objective == DEFAULT


def test_the_link_names_the_main_fields_always_and_the_others_only_where_they_differ():
    assert list(encode(Experiment())) == ["objective", "start", "learning_rate", "epochs", "optimizer"]
    more = encode(Experiment(tolerance=1e-6, optimizer=Momentum(beta=0.5), seed=3))
    assert more["tolerance"] == "1e-06"
    assert more["beta"] == "0.5"
    assert more["seed"] == "3"
    assert "h" not in more
    assert "formula" not in more


def test_the_link_of_a_long_formula_is_bounded():
    formula = " + ".join(["sinh(x)^2*y*1.000000000001"] * 17)
    assert 480 < len(formula) <= 500
    experiment = Experiment(objective="formula", formula=formula, start=(-1.2345678901234567e-300,) * 2)
    assert through_a_link(experiment) == (experiment, ())
    assert len(urlencode(encode(experiment))) <= LINK_LIMIT


def test_the_contract_link_opens_that_run():
    query = "objective=rosenbrock&start=-1.2,1&learning_rate=0.001&epochs=2000&optimizer=gd"
    experiment, notes = decode(dict(parse_qsl(query)))
    assert notes == ()
    assert (experiment.start, experiment.eta, experiment.epochs) == ((-1.2, 1.0), 0.001, 2000)
    run = experiment.run()
    assert run.experiment is experiment
    assert run.epochs == 2000
    assert run.values[0] == pytest.approx(24.2)
    assert run.thetas[-1] == pytest.approx(
        gdviz.descend(gdviz.parse("(1-x)^2+100*(y-x^2)^2"), [-1.2, 1], 0.001, 2000).thetas[-1]
    )


def test_the_contract_link_of_a_formula_opens_it():
    experiment, notes = decode(dict(parse_qsl("objective=formula&formula=x**2%2By**2")))
    assert notes == ()
    assert experiment.formula == "x**2+y**2"
    assert experiment.run().values[-1] < 1e-6
    assert through_a_link(experiment) == (experiment, ())


# ---------------------------------------------------------------- what is wrong falls back, and is told


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("objective", "rosenbrok", "no objective “rosenbrok”"),
        ("start", "1", "must be 2 numbers with commas between them (x, y)"),
        ("start", "1,2,3", "must be 2 numbers"),
        ("start", "1,here", "is not a number"),
        ("start", "1,inf", "must be a finite number"),
        ("start", "", "is not a number"),
        ("learning_rate", "0", "must be above 0"),
        ("learning_rate", "-1", "must be above 0"),
        ("learning_rate", "1e7", "at most 1 × 10⁶"),
        ("learning_rate", "nan", "must be a finite number"),
        ("learning_rate", "0,1", "is not a number"),
        ("learning_rate", "0." + "1" * 80, "too long"),
        ("epochs", "0", "whole number from 1 to 100,000"),
        ("epochs", "100001", "whole number from 1 to 100,000"),
        ("epochs", "10.5", "whole number"),
        ("epochs", "1e9", "whole number from 1 to 100,000"),
        ("tolerance", "2", "at most 1"),
        ("epochs", "1e400", "must be a finite number"),
        ("optimizer", "sgdd", "must be one of gd, momentum"),
        ("beta", "1", "beta"),
        ("beta", "-0.5", "beta"),
        ("gradient", "guessed", "must be one of exact, estimated"),
        ("h", "0", "must be above 0"),
        ("h", "2", "at most 1"),
        ("tolerance", "-1", "must be at least 0"),
        ("seed", "-1", "whole number from 0"),
        ("seed", "1e99", "whole number from 0"),
    ],
)
def test_an_invalid_value_falls_back_to_its_default_with_a_note_that_names_it(name: str, value: str, says: str):
    good = {"objective": "rosenbrock", "optimizer": "momentum"}
    experiment, notes = decode(good | {name: value})
    assert len(notes) == 1, notes
    assert says in notes[0]
    assert name in notes[0]
    assert value[:40] in notes[0]
    usual = decode({k: v for k, v in good.items() if k != name})[0]
    assert experiment == usual
    experiment.run()


@pytest.mark.parametrize(
    ("parameters", "field", "says"),
    [
        ({"objective": "formula", "formula": "x^2 +"}, "formula", "ends after '+'"),
        ({"objective": "formula"}, "formula", "formula"),
        ({"objective": "formula", "formula": "__import__('os')"}, "formula", ""),
        ({"objective": "fit", "data": "atlantis"}, "data", "no data set “atlantis”"),
        ({"objective": "fit", "data": "upload"}, "data", "upload it again"),
        ({"objective": "fit", "data": "line", "model": "a*("}, "model", ""),
        ({"objective": "fit", "data": "line", "model": "a*x + y"}, "model", "target column"),
        ({"objective": "fit", "data": "line", "model": "2*x"}, "model", "no parameter"),
        ({"objective": "fit", "data": "line", "target": "z"}, "target", "no column “z”"),
    ],
)
def test_an_objective_that_cannot_be_made_falls_back_to_the_default_one(parameters, field: str, says: str):
    experiment, notes = decode(parameters | {"epochs": "7"})
    assert experiment == replace(Experiment(), epochs=7)
    assert len(notes) == 1
    assert notes[0].startswith("This link needs your file" if "upload" in parameters.values() else f"{field} = “")
    assert says in notes[0]
    with pytest.raises(ProblemError) as caught:
        pose(**parameters)
    assert caught.value.field == field


def test_two_wrong_values_are_two_notes_and_the_rest_stays():
    experiment, notes = decode({"objective": "booth", "epochs": "many", "learning_rate": "fast", "start": "3,4"})
    assert experiment.start == (3.0, 4.0)
    assert [note.split(" ")[0] for note in notes] == ["learning_rate", "epochs"]


def test_a_very_long_value_is_shortened_in_the_note():
    (note,) = decode({"epochs": "9" * 5000})[1]
    assert len(note) < 250


PIECES = st.one_of(
    st.text(max_size=30),
    st.floats().map(repr),
    st.integers().map(str),
    st.lists(st.floats().map(str), max_size=5).map(",".join),
    st.sampled_from(
        [
            "formula",
            "fit",
            "upload",
            "adam",
            "newton",
            "cosine",
            "backtracking",
            "line",
            "momentum",
            "estimated",
            "x^2",
            "a*x",
            "rosenbrock",
            "٣",
            "1_0",
        ]
    ),
)
NAMES = (
    [f.name for f in fields(Experiment)]
    + [f.name for cls in [*OPTIMIZERS.values(), *LEARNING_RATES.values()] for f in fields(cls)]
    + ["other"]
)


@settings(max_examples=250)
@given(st.dictionaries(st.sampled_from(NAMES), PIECES, max_size=8))
def test_no_link_raises_and_what_it_gives_can_run(parameters: dict[str, str]):
    experiment, notes = decode(parameters)
    assert all(note.endswith(".") for note in notes)
    assert 1 <= experiment.epochs <= 100_000
    assert experiment.eta > 0
    run = replace(experiment, epochs=min(experiment.epochs, 3)).run()
    assert len(run.thetas) >= 1
    assert experiment.verdict(run).sentence
    assert through_a_link(experiment) == (experiment, ())


# ---------------------------------------------------------------- problems


def test_a_hyperparameter_of_another_optimizer_is_not_used_and_its_owners_are_named():
    experiment, (note,) = decode({"optimizer": "gd", "beta": "0.5"})
    assert experiment == Experiment()
    assert note.startswith("beta = “0.5” is not used: gd has no beta")
    assert "optimizer=momentum" in note


def test_an_upload_is_fitted_from_its_table_and_stays_out_of_the_link():
    table = make_table({"time": [0.0, 1.0, 2.0, 3.0], "height": [1.0, 3.0, 5.0, 7.0]})
    experiment, notes = decode({"objective": "fit", "data": "upload"}, table)
    assert notes == ()
    problem = experiment.problem(table)
    assert problem.variables == ("slope", "intercept")
    assert problem.minima[0][0] == pytest.approx((2, 1))
    assert problem.fit.target == "height"
    run = replace(experiment, epochs=5000).run(table)
    assert run.thetas[-1] == pytest.approx([2, 1], abs=1e-3)
    assert "3.0" not in "".join(encode(experiment).values())
    with pytest.raises(ProblemError, match="upload it again"):
        experiment.run()


def test_a_column_of_one_number_cannot_carry_a_line():
    table = make_table({"x": [2.0, 2.0, 2.0], "y": [1.0, 2.0, 3.0]})
    with pytest.raises(ProblemError, match="Every “x” is the same number"):
        pose("fit", data="upload", table=table)


@pytest.mark.parametrize(
    "formula", [*FORMULAS, "exp(x) + exp(-x) + y^2", "log(x)^2", "1/x + x", "x - log(x)", "5 + 0*x"]
)
def test_a_formula_never_seen_gets_a_start_a_window_and_a_rate_that_work(formula: str):
    problem = pose("formula", formula=formula)
    assert len(problem.start) == len(problem.window) == len(problem.variables)
    assert np.isfinite(problem.objective.value(problem.start))
    assert all(low <= x <= high for x, (low, high) in zip(problem.start, problem.window, strict=True))
    run = gdviz.descend(problem.objective, problem.start, problem.learning_rate, problem.epochs)
    assert run.stop_reason is not gdviz.StopReason.DIVERGED
    assert run.values[-1] <= run.values[0]


def test_a_run_along_the_estimated_gradient_is_the_descent_of_that_objective():
    preset = PRESETS["booth"]
    exact = Experiment(objective="booth", start=preset.start, learning_rate=0.05, epochs=50)
    estimated = replace(exact, gradient="estimated", h=0.01)
    by_hand = gdviz.descend(gdviz.EstimatedGradient(preset.objective, 0.01), preset.start, 0.05, 50)
    assert estimated.run().thetas.tolist() == by_hand.thetas.tolist()
    assert estimated.run().thetas[-1] != pytest.approx(exact.run().thetas[-1], abs=1e-4)


@pytest.mark.parametrize(
    ("objective", "h", "says", "never"),
    [
        ("parabola", 0.5, "beside a minimum, where the slope estimated with h = 0.5 is zero", "local minimum"),
        ("himmelblau", 0.5, "beside a minimum, where the slope estimated with h = 0.5 is zero", "local minimum"),
        ("parabola", 1e-12, "Converged after", "estimated"),
        ("saddle", 0.1, "the exact one is", "saddle"),
    ],
)
def test_the_verdict_on_an_estimated_gradient_that_vanishes_beside_the_minimum(objective, h, says, never):
    preset = PRESETS[objective]
    rate = {"parabola": 0.2}.get(objective, preset.learning_rate)
    experiment = Experiment(objective, start=preset.start, learning_rate=rate, epochs=500, gradient="estimated", h=h)
    sentence = experiment.verdict(experiment.run()).sentence
    assert says in sentence
    assert never not in sentence


def test_an_experiment_cannot_be_changed_and_serves_as_a_key():
    experiment = Experiment()
    with pytest.raises(AttributeError):
        experiment.epochs = 5  # type: ignore[misc]
    assert {experiment: 1}[Experiment()] == 1


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("learning_rate", 0.0, "learning rate"),
        ("epochs", 0, "epochs"),
        ("optimizer", "x", "no optimizer"),
        ("start", (1.0,), "start"),
    ],
)
def test_running_an_experiment_that_makes_no_sense_names_the_field(field: str, value, says: str):
    with pytest.raises(ValueError, match=says):
        replace(Experiment(), **{field: value}).run()


def test_a_standardized_fit_is_descended_once_for_picture_and_verdict(monkeypatch):
    experiment = Experiment(objective="fit", data="line", standardize=True, start=(0.0, 0.0), learning_rate=0.4)
    run = experiment.run()
    assert run.moved is not None
    assert run.moved.epochs == run.epochs
    expected = experiment.verdict(replace(run, moved=None))
    monkeypatch.setattr("gdviz.experiments.experiment.descend", None)
    assert experiment.verdict(run) == expected


def test_mini_batches_do_not_pass_exact_gradients_off_as_estimated_ones():
    link = {"objective": "fit", "data": "line", "batch_size": "10", "gradient": "estimated"}
    with pytest.raises(ValueError, match="Mini-batches take exact gradients"):
        Experiment(objective="fit", data="line", start=(0.0, 0.0), batch_size=10, gradient="estimated").run()
    found, (note,) = decode(link)
    assert (found.batch_size, found.gradient) == (10, "exact")
    assert note.startswith("Mini-batches take exact gradients")


# ---------------------------------------------------------------- an experiment with its problem


def test_a_name_and_a_number_stand_for_an_optimizer_and_a_constant_rate():
    named = Experiment(optimizer="momentum", learning_rate=0.2)
    assert named == Experiment(optimizer=Momentum(), learning_rate=Constant(0.2))
    assert named.eta == 0.2
    decayed = Experiment(learning_rate=StepDecay(0.2, every=7))
    assert decayed.at_rate(0.1).learning_rate == StepDecay(0.1, every=7)
    with pytest.raises(ValueError, match="There is no optimizer “nope”"):
        Experiment(optimizer="nope")
    with pytest.raises(ValueError, match="above 0"):
        Experiment(learning_rate=0)


def test_no_two_methods_share_what_is_remembered_of_a_run():
    methods = [Experiment(optimizer=name) for name in OPTIMIZERS]
    rates = [Experiment(learning_rate=make_learning_rate(name, 0.1)) for name in LEARNING_RATES if name != "constant"]
    assert len({e.posed().key for e in (*methods, *rates)}) == len(methods) + len(rates)


@pytest.mark.parametrize("optimizer", sorted(OPTIMIZERS))
def test_what_is_refused_before_a_run_is_what_a_run_refuses(optimizer: str):
    line = {"objective": "fit", "data": "line", "start": (1.0, 1.0)}
    for fields_of_objective, rate in product(
        (
            {},
            {"gradient": "estimated"},
            line,
            line | {"batch_size": 9},
            line | {"batch_size": 9, "gradient": "estimated"},
        ),
        sorted(LEARNING_RATES),
    ):
        task = Experiment(
            **fields_of_objective, epochs=2, optimizer=optimizer, learning_rate=make_learning_rate(rate, 1e-5)
        ).posed()
        said = []
        for tried in (task.check, task.run):
            try:
                tried()
            except ValueError as error:
                said.append(str(error))
            else:
                said.append("")
        assert said[0] == said[1]


def test_what_is_said_of_a_presets_own_run_is_said_of_no_other():
    experiment = Experiment()
    assert experiment.posed().is_as_offered
    for other in (
        {"start": (-4.0, -2.0)}, {"learning_rate": 0.55}, {"epochs": 21}, {"optimizer": "adam"},
        {"gradient": "estimated"}, {"learning_rate": Cosine(0.4)},
    ):  # fmt: skip
        assert not replace(experiment, **other).posed().is_as_offered
    divergence = decode(dict(SCENARIOS["divergence"].link))[0].posed()
    assert "arrives" not in divergence.problem.note
    assert not divergence.is_as_offered


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Experiment(optimizer=Momentum(0)), Experiment(optimizer=Momentum(0.0))),
        (Experiment(optimizer=Momentum(np.float64(0.5))), Experiment(optimizer=Momentum(0.5))),
        (Experiment(learning_rate=1), Experiment(learning_rate=np.float64(1.0))),
        (decode("schedule=step&every=7")[0], Experiment(learning_rate=StepDecay(Experiment().eta, every=7))),
        (decode("optimizer=noisy_gd&noise_seed=3")[0], Experiment(optimizer=make_optimizer("noisy_gd", noise_seed=3))),
    ],
)  # fmt: skip
def test_equal_settings_are_remembered_as_one(one: Experiment, other: Experiment):
    assert one == other
    assert one.posed().key == other.posed().key
