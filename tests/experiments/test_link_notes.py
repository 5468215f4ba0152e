"""What a link says and no run reads, and values that cannot be: each is named, with what was probably meant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gdviz.experiments import Experiment, decode, encode
from gdviz.presets import DEFAULT


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("momentum", "0.5", "did you mean beta, with optimizer=momentum?"),
        ("epoch", "500", "did you mean epochs?"),
        ("iterations", "500", "did you mean epochs?"),
        ("learningrate", "0.1", "did you mean learning_rate?"),
        ("lr", "", "did you mean learning_rate?"),
        ("eta", "0.1", "did you mean learning_rate?"),
        ("step_size", "0.1", "did you mean learning_rate?"),
        ("Learning_Rate", "0.1", "did you mean learning_rate?"),
        ("EPOCHS", "5", "did you mean epochs?"),
        (" epochs", "5", "did you mean epochs?"),
        ("x0", "1,2", "did you mean start?"),
        ("loss", "huber", "did you mean fit_loss?"),
        ("tol", "1", "did you mean tolerance?"),
        ("beta_1", "0.5", "did you mean beta1?"),
        ("fomula", "x^2", "did you mean formula?"),
        ("nesterov", "True", "did you mean optimizer=nesterov?"),
        ("cosine", "1", "did you mean schedule=cosine?"),
        ("rosenbrock", "", "did you mean objective=rosenbrock?"),
        ("themes", "dark", "there is no such setting."),
        ("utmsource", "chat", "there is no such setting."),
        ("", "5", "there is no such setting."),
        ("<b>x</b>", "*y*", "there is no such setting."),
        ("beta", "0.5", "gd has no beta (its own settings: none); it goes with optimizer=momentum"),
        ("beta1", "0.5", "it goes with optimizer=adam"),
        ("every", "5", "constant has no every (its own settings: none); it goes with schedule=step."),
        ("rate_formula", "eta", "it goes with schedule=formula."),
        ("formula", "x^2", "it goes with objective=formula, and the objective is booth."),
        ("model", "a*x", "it goes with objective=fit, and the objective is booth."),
        ("ridge", "1", "it goes with objective=fit"),
        ("standardize", "1", "it goes with objective=fit"),
        ("batch_size", "5", "it goes with objective=fit"),
    ],
)
def test_what_is_no_setting_of_the_run_is_named(name: str, value: str, says: str):
    experiment, (note,) = decode({"objective": "booth", name: value})
    assert experiment == decode({"objective": "booth"})[0]
    assert note.startswith(f"{name} = “{value}” is not used: ")
    assert says in note


@pytest.mark.parametrize(
    ("fields_of_fit", "name", "says"),
    [
        ({"data": "rat43"}, "data_noise", "it goes with data=line."),
        ({"data": "line"}, "delta", "it goes with fit_loss=huber."),
        ({"data": "line", "fit_loss": "absolute"}, "delta", "it goes with fit_loss=huber."),
        ({"data": "line", "batch_size": "0"}, "shuffle_seed", "it goes with a batch_size above 0."),
        ({"data": "line"}, "formula", "it goes with objective=formula, and the objective is fit."),
    ],
)
def test_what_has_no_effect_on_a_fit_is_named_and_goes(fields_of_fit: dict[str, str], name: str, says: str):
    experiment, (note,) = decode({"objective": "fit", **fields_of_fit, name: "2"})
    assert says in note
    assert name not in encode(experiment)


def test_what_has_an_effect_is_not_named():
    for link in (
        {"objective": "fit", "data": "line", "data_noise": "2"},
        {"objective": "fit", "data": "line", "fit_loss": "huber", "delta": "2"},
        {"objective": "fit", "data": "line", "batch_size": "5", "shuffle_seed": "2"},
        {"optimizer": "adam", "beta1": "0.5", "schedule": "step", "every": "10"},
        {"h": "0.5", "seed": "3", "tolerance": "0.1"},
        {"axes": "x,y", "theory": "1", "runs": "gd@0.1", "question": "?", "hide": "epochs", "scenario": "edge"},
    ):
        assert decode(link)[1] == ()


def test_very_many_names_are_counted():
    _, notes = decode({f"n{i}": "1" for i in range(1000)})
    assert len(notes) == 6
    assert notes[-1].startswith("995 more names")


@pytest.mark.parametrize(
    ("link", "objective"),
    [
        ({"formula": "x^2+y^2"}, "formula"),
        ({"model": "a*x + b"}, "fit"),
        ({"data": "rat43"}, "fit"),
        ({"target": "y"}, "fit"),
        ({"epochs": "5"}, DEFAULT),
        ({"scenario": "edge"}, DEFAULT),
    ],
)
def test_a_formula_or_data_without_an_objective_mean_it(link: dict[str, str], objective: str):
    experiment, notes = decode(link)
    assert notes == ()
    assert experiment.objective == objective


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"objective": "Rosenbrock"}, "did you mean rosenbrock? The default, "),
        ({"objective": "rosenbrok", "start": "1"}, "did you mean rosenbrock? The default, "),
        ({"objective": ""}, "There is no objective “”."),
        ({"data": "lines"}, "did you mean line?"),
        ({"data": ""}, "is empty"),
        ({"data": "line", "model": ""}, "is empty. Its default is used instead."),
        ({"optimizer": "Adam"}, "did you mean adam? Its default gd is used instead."),
        ({"optimizer": "gradient descent"}, "did you mean gd?"),
        ({"schedule": "cosin"}, "did you mean cosine?"),
        ({"gradient": "Exact"}, "did you mean exact?"),
        ({"data": "line", "fit_loss": "Huber"}, "did you mean huber?"),
        ({"epochs": "1,000"}, "such as 0.5 or 1000. Its default 20 is used instead."),
        ({"epochs": ""}, "is empty"),
        ({"epochs": "5\n6"}, "epochs = “5�6” is not a number"),
        ({"data": "line", "standardize": "yes"}, "must be one of 0, 1"),
        ({"optimizer": "adam", "beta1": "1"}, "beta1 = “1”: beta1 of Adam is 1; it must be"),
        ({"schedule": "formula", "rate_formula": "eta*(1 - k/10)"}, "epoch 10 is 0"),
        ({"schedule": "exponential", "keep": "0.001", "epochs": "500"}, "epoch 108 is 0"),
    ],
)
def test_a_value_that_cannot_be_is_told_once_with_what_was_meant(link: dict[str, str], says: str):
    experiment, (note,) = decode(link)
    assert says in note
    experiment.run()


def test_a_minus_sign_may_be_copied_from_a_verdict():
    assert decode({"start": "−1.2, −2"}) == (replace(Experiment(), start=(-1.2, -2.0)), ())


def test_whole_numbers_may_be_written_as_people_do():
    for text in ("1000", "1e3", "1000.0", " 1000 ", "1_000"):
        assert decode({"epochs": text}) == (replace(Experiment(), epochs=1000), ())


def test_a_near_miss_is_a_setting_of_the_method_where_it_has_one():
    assert "did you mean beta1?" in decode({"optimizer": "adam", "betas": "0.9,0.99"})[1][0]
    assert "did you mean beta?" in decode({"optimizer": "momentum", "betas": "0.9"})[1][0]
