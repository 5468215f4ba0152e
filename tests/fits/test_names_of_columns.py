"""Names in models: what is said where one is nearly a column's, and how parameters are called beside columns."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.datasets import read_csv
from gdviz.experiments import ProblemError, pose
from gdviz.fits import MODELS, Fit, FitError, about_names, first_model, near_misses
from gdviz.formulas import parse_expression

ROWS = {"temperature": [1, 2, 4], "Age": [3, 1, 2], "sq_ft": [1, 5, 2], "e_column": [2, 3, 1], "x": [1, 2, 3],
        "y": [2, 4, 5]}  # fmt: skip


def fit(model: str) -> Fit:
    return Fit(model, ROWS, "y")


@pytest.mark.parametrize(
    ("model", "mended"),
    [
        ("a*temp + b", "a*temperature + b"),
        ("a*Temperature + b", "a*temperature + b"),
        ("a*temprature + b", "a*temperature + b"),
        ("slope*age + intercept", "slope*Age + intercept"),
        ("a*sqft + b", "a*sq_ft + b"),
        ("a*X + b", "a*x + b"),
        ("a*e + b", "a*e_column + b"),
        ("a*temp + temp_0 + temp^2", "a*temperature + temp_0 + temperature^2"),
    ],
)
def test_a_near_miss_is_pointed_out_and_mended(model: str, mended: str):
    found = fit(model)
    (miss,) = near_misses(found)
    assert miss.corrected(model) == mended
    said = about_names(found)
    assert said.startswith("The model uses no column")
    assert f"Did you mean the column “{miss.column}” by “{miss.word}”?" in said
    assert about_names(fit(mended)) == ""


def test_the_first_model_beside_a_column_called_slope_is_left_alone():
    columns = {"age": [1, 2, 4], "slope": [3, 1, 2], "y": [1, 5, 2]}
    assert first_model(columns, "y") == "slope_fit*age + intercept"
    assert about_names(Fit("slope_fit*age + intercept", columns, "y")) == ""


def test_a_near_miss_beside_a_column_is_pointed_out_too():
    assert about_names(fit("a*x + b*temprature")) == "Did you mean the column “temperature” by “temprature”?"


@pytest.mark.parametrize(
    "model", ["slope*x + intercept", "a*temperature + temp_0", "A*x + X0", "a*exp(-b*x) + c", "linear(x, Age)"]
)
def test_ordinary_parameters_are_left_alone(model: str):
    assert about_names(fit(model)) == ""


def test_a_model_without_columns_is_warned_of():
    said = about_names(fit("foo*bar"))
    assert said.startswith("The model uses no column: foo, bar are parameters")
    assert said.endswith("The columns are temperature, Age, sq_ft, e_column, x.")


def test_a_linear_model_names_the_column_that_may_be_meant():
    with pytest.raises(FitError, match=r"no column “Temp”; .* Did you mean “temperature”"):
        fit("linear(Temp)")


def test_a_columns_new_name_is_said_where_its_old_one_is_refused():
    table = read_csv("max,y\n1,2\n2,3\n3,5\n")
    with pytest.raises(ProblemError, match="The column “max” is called max_column in formulas") as caught:
        pose("fit", data="upload", model="a*max + b", target="y", table=table)
    assert caught.value.field == "model"


@pytest.mark.parametrize("key", MODELS)
def test_no_parameter_of_a_ready_model_is_called_like_a_column(key: str):
    model = MODELS[key]
    words = ["slope", "intercept", "a", "b", "c", "omega", "phase", "level", "amplitude", "top", "rate", "middle"]
    stems = [f"{letter}{i}" for letter in ("b", "w", "p", "q", "k", "weight") for i in range(4)]
    names = [*words, *(f"{word}_fit" for word in words), *stems]
    inputs = names[:2] if model.many else ["a"]
    columns = {name: np.linspace(1, 2, 5) + i for i, name in enumerate([*names, "goal"])}
    columns["goal"] = np.array([0.0, 1, 0, 1, 1])
    found = Fit(model.write(inputs, [*columns]), columns, "goal", model.loss)  # type: ignore[arg-type]
    assert found.used_columns == tuple(sorted(inputs, key=found.model.index))
    assert not set(found.variables) & set(columns)
    assert about_names(found) == ""


def test_the_first_model_passes_over_an_index_and_what_does_not_vary():
    def model(*names: str, **others: list[float]) -> str:
        return first_model(others | {name: [1, 2, 3] for name in (*names, "y")}, "y")

    assert model("index", "tv") == "slope*tv + intercept"
    assert model("index") == "slope*index + intercept"
    assert model("slope", "slope_fit") == "slope_fit2*slope + intercept"
    assert model("x", rings=[6, 6, 6]) == "slope*x + intercept"
    assert model(rings=[6, 6, 6]) == "slope*rings + intercept"


def test_a_text_means_something_else_beside_other_columns():
    known = parse_expression("e*x", ["e", "other"])
    assert known.variables == ("e", "x")
    assert known != parse_expression("e*x")
    assert parse_expression("e*x").variables == ("x",)
    assert known == parse_expression("e*x", ["e"])
    assert parse_expression("a*max + max(x, 1)", ["max"]).variables == ("a", "max", "x")
