"""What a link says of the page's views, and what of it cannot be shown."""

from __future__ import annotations

import pytest

from gdviz.lessons.scenarios import SCENARIOS, with_scenario
from gdviz.views import decode_views, is_pair

THREE = ("a", "b", "c")


def test_views_that_can_be_shown_are_taken_without_a_word() -> None:
    link = {
        "axes": "a,c", "landscape": "both", "against": "evaluations", "scenario": "edge", "hide": "epochs,start",
        "question": "Why?", "runs": "gd@0.1", "fair": "on", "theory": "1", "cover": "0",
    }  # fmt: skip
    views, notes = decode_views(link, THREE)
    assert notes == ()
    assert views == {name: text for name, text in link.items() if name != "cover"} | {"hide": "start,epochs"}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("axes", "a,z", "must be two of a, b, c"),
        ("axes", "c,a", "in this order"),
        ("axes", "", "axes = “”"),
        ("landscape", "3d", "must be one of above, surface, both"),
        ("landscape", "Surface", "did you mean surface?"),
        ("against", "epoch", "did you mean epochs?"),
        ("scenario", "edgy", "did you mean edge?"),
        ("theory", "yes", "must be one of 0, 1"),
        ("cover", "true", "must be one of 0, 1"),
        ("present", "", "present = “”"),
        ("whole_path", "2", "must be one of 0, 1"),
        ("hide", "lerning_rate", "no control “lerning_rate”; did you mean learning_rate?"),
        ("hide", "Learning rate", "did you mean learning_rate?"),
        ("runs", "gd@0.1;" * 1000, "runs is longer than 4,096 characters. The rest is left out."),
        ("question", "why " * 100, "question has 399 characters, more than 200. The first 200 are shown."),
    ],
)
def test_what_cannot_be_shown_is_said(name: str, value: str, says: str) -> None:
    views, (note,) = decode_views({name: value}, THREE)
    assert says in str(note)
    assert views.get(name) != value


def test_axes_of_a_function_of_one_parameter_are_none() -> None:
    assert "more parameters than one" in str(decode_views({"axes": "x,y"}, ("x",))[1][0])
    assert decode_views({"axes": "x,y"}, ("x", "y"))[1] == (), "there are no others, but it is no mistake"
    assert is_pair("a,b", THREE)
    assert not is_pair("x,y", ("x", "y"))


def test_a_scenario_opens_where_no_objective_is_named() -> None:
    edge = SCENARIOS["edge"].link
    assert with_scenario({"scenario": "edge"}) == {**edge, "scenario": "edge"}
    assert with_scenario({"scenario": "edge", "epochs": "3"})["epochs"] == "3"
    assert with_scenario({"scenario": "edge", "objective": "booth"}) == {"scenario": "edge", "objective": "booth"}
    assert with_scenario({"scenario": "edgy"}) == {"scenario": "edgy"}
