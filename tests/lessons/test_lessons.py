"""Teaching links: what is hidden, the question, and which prediction a run makes true."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

import gdviz
from gdviz.experiments import LINK_LIMIT, Experiment, decode, encode
from gdviz.lessons.scenarios import SCENARIOS
from gdviz.lessons.teaching import (
    CONTROLS,
    PREDICTIONS,
    QUESTION_LIMIT,
    decode_hidden,
    encode_hidden,
    lesson_parameters,
    outcome,
    plain_question,
    reply,
    swings,
)
from gdviz.verdict import Kind, Verdict


def test_hidden_controls_go_into_a_link_and_come_back() -> None:
    for names in ((), ("learning_rate",), ("optimizer", "function", "pages"), tuple(CONTROLS)):
        found, notes = decode_hidden(encode_hidden(names))
        assert notes == ()
        assert set(found) == set(names)
    assert encode_hidden(["pages", "function"]) == "function,pages"


def test_unknown_controls_are_dropped_with_a_note_each() -> None:
    found, notes = decode_hidden("epochs,nonsense, start ,<b>x</b>," + "y" * 100)
    assert found == ("epochs", "start")
    assert len(notes) == 3
    assert "“nonsense”" in notes[0]
    assert len(notes[2]) < 120
    many, notes = decode_hidden(",".join(f"n{i}" for i in range(3000)))
    assert many == ()
    assert len(notes) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Which  rate\n diverges?\t", "Which rate diverges?"),
        ("**bold** <b>x</b> [a](b)", "**bold** <b>x</b> [a](b)"),
        ("a\x00b\u202ec", "abc"),
        ("", ""),
        ("x" * 10_000, "x" * QUESTION_LIMIT),
    ],
)
def test_a_question_is_one_line_of_bounded_length(text: str, expected: str) -> None:
    assert plain_question(text) == expected


def test_a_lessons_link_opens_the_same_experiment() -> None:
    experiment, _ = decode(SCENARIOS["edge"].link)
    link = lesson_parameters(encode(experiment), ["learning_rate", "pages"], True, "What happens?")
    assert (link["hide"], link["cover"], link["question"]) == ("learning_rate,pages", "1", "What happens?")
    assert decode(link) == (experiment, ())
    assert lesson_parameters(link) == encode(experiment), "nothing of an older lesson stays"
    assert lesson_parameters(link, question="?").keys() - encode(experiment).keys() == {"question"}


def test_a_link_that_would_be_too_long_is_refused() -> None:
    runs = {"runs": "x" * (LINK_LIMIT - 600)}
    parameters = encode(Experiment()) | runs
    assert len(urlencode(lesson_parameters(parameters, question="why?"))) <= LINK_LIMIT
    with pytest.raises(ValueError, match="4 kB"):
        lesson_parameters(parameters, question="…" * QUESTION_LIMIT)


@pytest.mark.parametrize("kind", Kind)
def test_every_verdict_makes_one_prediction_true(kind: Kind) -> None:
    run = gdviz.descend(gdviz.parse("x^2"), [1.0], 0.1, 5)
    assert outcome(Verdict(kind, "so"), run) in PREDICTIONS


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        ("too_small", "slow"),
        ("just_right", "arrives"),
        ("edge", "for_ever"),
        ("divergence", "diverges"),
        ("ravine", "slow"),
        ("saddle", "stuck"),
        ("local_minimum", "arrives"),
    ],
)
def test_what_a_scenario_comes_to(scenario: str, expected: str) -> None:
    experiment, _ = decode(SCENARIOS[scenario].link)
    run = experiment.run()
    assert outcome(experiment.verdict(run), run) == expected


@pytest.mark.parametrize(("rate", "expected"), [(0.05, False), (0.5, False), (0.6, False), (0.8, True), (0.95, True)])
def test_swinging_is_passing_the_end_again_and_again(rate: float, expected: bool) -> None:
    # x is multiplied by 1 - 2 rate: alternating from 0.5 on, by a factor of 0.2 at 0.6, of 0.6 at 0.8
    run = gdviz.descend(gdviz.parse("x^2 + 0*y"), [1.0, 5.0], rate, 500)
    assert swings(run) is expected


def test_no_step_is_no_swing() -> None:
    assert not swings(gdviz.descend(gdviz.parse("x^2"), [0.0], 0.1, 5))


def test_the_reply_says_what_came() -> None:
    assert reply("diverges", "diverges") == "Right: it diverges."
    wrong = reply("arrives", "diverges")
    assert wrong.startswith("Not this time: it diverges.")
    assert "goes to a minimum" in wrong
