"""The text of a link: what a plus sign stands for in it, and names that are given twice."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.experiments import Experiment, decode, encode, read_query
from gdviz.experiments.queries import MOST_PARAMETERS

_OURS = "&start=1%2C1.5&learning_rate=0.1&epochs=10&optimizer=gd"  # what every link of the page ends with


@pytest.mark.parametrize(
    ("written", "formula"),
    [
        # typed by hand
        ("x^2+y^2", "x^2+y^2"),
        ("x**2+y**2", "x**2+y**2"),
        ("x+y", "x+y"),
        ("2+x", "2+x"),
        ("(1-x)^2+100*(y-x^2)^2", "(1-x)^2+100*(y-x^2)^2"),
        ("|x|+|y|", "|x|+|y|"),
        ("1e+3*x^2", "1e+3*x^2"),
        ("x^2+", "x^2+"),
        ("+x^2", "+x^2"),
        ("x²+y²", "x²+y²"),
        ("\\sin(x)+\\cos(y)", "\\sin(x)+\\cos(y)"),
        # by hand, by someone who knows what a plus sign becomes
        ("x**2%2By**2", "x**2+y**2"),
        ("x^2%2by^2", "x^2+y^2"),
        ("x^2%2By^2+z^2", "x^2+y^2+z^2"),
        ("x%2By+z", "x+y+z"),
        ("x^2%20+%20y^2", "x^2 + y^2"),
        ("x^2%20%2B%20y^2", "x^2 + y^2"),
        # by programs: a chat that encodes addresses, JavaScript, forms
        ("x%5E2+y%5E2", "x^2+y^2"),
        ("x%5E2%2By%5E2", "x^2+y^2"),
        ("x%5E2+%2B+y%5E2", "x^2 + y^2"),
        ("%281+-+x%29%5E2", "(1 - x)^2"),
        ("sin%28x%29+*+y", "sin(x) * y"),
        ("sin%28x%29+%2A+y", "sin(x) * y"),
        ("2%2A%28x+y%29", "2*(x+y)"),
    ],
)
def test_a_plus_sign_in_a_formula_stands_for_itself(written: str, formula: str) -> None:
    for name in ("formula", "model", "rate_formula"):
        assert read_query(f"objective=formula&{name}={written}") == ({"objective": "formula", name: formula}, ())


@pytest.mark.parametrize(
    "formula", ["x^2 + y^2", "(1 - x)^2", "x ** 2 * 3", "x^2 + 2 x y", "exp(x)  +  y", "1e+3 * x", "x - y"]
)
def test_links_that_we_wrote_keep_opening(formula: str) -> None:
    experiment = Experiment(objective="formula", formula=formula, start=(1.0, 1.5))
    assert read_query(urlencode(encode(experiment))) == (encode(experiment), ())


@given(st.sampled_from(["formula", "model", "rate_formula", "question", "hide", "runs"]), st.text(max_size=40))
def test_every_text_comes_back_from_a_link_that_we_wrote(name: str, text: str) -> None:
    link = encode(Experiment()) | {name: text.encode("utf-8", "ignore").decode()}
    assert read_query(urlencode(link))[0] == link
    assert read_query("&".join(f"{n}={quote(t, safe='')}" for n, t in link.items()))[0] == link


def test_a_product_without_a_sign_stays_one_in_our_links_and_is_pointed_out() -> None:
    found, (note,) = read_query(f"objective=formula&formula=2+x%5E2{_OURS}")
    assert found["formula"] == "2 x^2"
    assert "“2 x^2”: a plus sign in such a link is a blank" in str(note)


@pytest.mark.parametrize("formula", ["x^2+y^2", "x**2+y**2", "2*(x+y)", "x^2 +y^2"])
def test_a_formula_that_is_changed_by_hand_in_our_link_is_a_sum(formula: str) -> None:
    typed = formula.replace(" ", "%20")
    assert read_query(f"objective=formula&formula={typed}{_OURS}") == (
        {"objective": "formula", "formula": formula, **read_query(_OURS)[0]},
        (),
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("learning_rate=1e+1", {"learning_rate": "1e+1"}),
        ("start=1e+2,+3", {"start": "1e+2, 3"}),
        ("question=Which+rate%3F", {"question": "Which rate?"}),
        ("runs=gd@1e+0;momentum@0.1,name=Heavy+ball", {"runs": "gd@1e+0;momentum@0.1,name=Heavy ball"}),
        (
            "runs=gd@0.1,schedule=formula,rate_formula=eta/(1+k),name=a+b",
            {"runs": "gd@0.1,schedule=formula,rate_formula=eta/(1+k),name=a b"},
        ),
        ("theory", {"theory": ""}),
        ("&&epochs=5&", {"epochs": "5"}),
        ("", {}),
        ("epochs=%FF", {"epochs": "\ufffd"}),
    ],
)
def test_elsewhere_a_plus_sign_is_a_blank_but_in_a_number(query: str, expected: dict[str, str]) -> None:
    assert read_query(query) == (expected, ())


def test_a_name_that_is_given_twice_is_pointed_out() -> None:
    found, (note,) = read_query("epochs=5&seed=1&epochs=7")
    assert found == {"epochs": "7", "seed": "1"}
    assert str(note) == "epochs is given 2 times: “5”, “7”. The last one counts."
    assert read_query("epochs=5&epochs=5")[1] == ()


def test_a_link_of_very_many_names_is_cut_and_told() -> None:
    found, notes = read_query("&".join(f"n{i}={i}" for i in range(5000)))
    assert len(found) == MOST_PARAMETERS
    assert "5,000 parameters" in str(notes[0])
    assert len(decode(found)[1]) < 10


@given(st.text(max_size=200) | st.text("formula=model&+%2Bx^y *()", max_size=60))
def test_no_text_raises(text: str) -> None:
    read_query(text)
