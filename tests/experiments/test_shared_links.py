"""Links that are handed on: one for each experiment, short, and of a format whose meaning never changes."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz import OPTIMIZERS, PRESETS, Experiment, decode
from gdviz.experiments import link_text, read_link, read_query
from gdviz.experiments.shared import SHORT
from gdviz.exports.reopened import link_in
from gdviz.learning_rates import Cosine
from gdviz.optimizers import Adam, Momentum

# Never change a row: somebody has such a link. A new version of the format is a new row.
FROZEN = {
    "?objective=rosenbrock&start=-1.2,1&learning_rate=0.001&epochs=2000&optimizer=gd": Experiment(
        objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=2000
    ),
    "?objective=formula&formula=x**2%2By**2": Experiment(
        objective="formula", formula="x**2+y**2", start=(1.0, 1.5), learning_rate=0.25, epochs=200
    ),
    "?objective=rosenbrock&start=-1.2,1&learning_rate=0.001&epochs=2000&optimizer=gd&v=1": Experiment(
        objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=2000
    ),
    "?objective=gentle_bowl&start=-5%2C-2&learning_rate=0.1&epochs=60&optimizer=momentum&beta=0.5&v=1": Experiment(
        objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.1, epochs=60, optimizer=Momentum(0.5)
    ),
    "?objective=booth&start=-8,6&learning_rate=0.1&epochs=100&optimizer=adam&schedule=cosine&v=1": Experiment(
        objective="booth", start=(-8.0, 6.0), learning_rate=Cosine(0.1), epochs=100, optimizer=Adam()
    ),
    "?objective=fit&data=line&start=0,0&learning_rate=0.001&epochs=5000&optimizer=gd&v=1": Experiment(
        objective="fit", data="line", start=(0.0, 0.0), learning_rate=0.001, epochs=5000
    ),
}


@pytest.mark.parametrize("link", FROZEN)
def test_an_old_link_opens_what_it_always_did(link: str) -> None:
    parameters, notes = read_query(link[1:])
    assert notes == ()
    task, notes = read_link(parameters)
    assert notes == ()
    found, meant = task.experiment, FROZEN[link]
    if "learning_rate" not in link:  # what is offered may get better, what is meant may not
        assert (found.objective, found.formula, found.start) == (meant.objective, meant.formula, meant.start)
    else:
        assert found == meant


@pytest.mark.parametrize("name", sorted(PRESETS))
@pytest.mark.parametrize("optimizer", ["gd", "adam", "steered_momentum"])
def test_a_link_is_canonical_short_and_opens_the_same(name: str, optimizer: str) -> None:
    preset = PRESETS[name]
    experiment = Experiment(objective=name, start=preset.start, optimizer=optimizer, learning_rate=1 / 3)
    link = link_text(experiment)
    assert len(link.encode()) < SHORT
    assert link.isascii()
    assert link.endswith("&v=1")
    read = read_link(read_query(link[1:])[0])[0].experiment
    assert read == experiment
    assert link_text(read) == link


@given(st.text("xyz0123456789+-*/^() .", max_size=60))
def test_a_formula_survives_a_link(text: str) -> None:
    link = link_text(Experiment(objective="formula", formula=text or "x"))
    parameters, notes = read_query(link[1:])
    assert notes == ()
    assert parameters["formula"] == (text or "x")


def test_the_longest_formula_fits() -> None:
    formula = "x^2" + "+y^2*x" * 82
    assert len(formula) <= 500
    assert len(link_text(Experiment(objective="formula", formula=formula, start=(0.1, 0.1)))) < SHORT


def test_a_newer_format_is_said() -> None:
    _, notes = read_link({"objective": "booth", "v": "7"})
    assert "newer gdviz" in str(notes[0])
    assert OPTIMIZERS


def _is_too_long(formula: str) -> bool:
    """Whether it has more signs or names than a formula may have."""
    try:
        Experiment(objective="formula", formula=formula, start=(0.1,)).posed()
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("sign", ["²", "⁵", "α", "½", "·", "−", "√", "θ₁"])
def test_long_formulas_of_signs_beyond_ascii_are_short_and_open_the_same(sign: str) -> None:
    term = {"²": "x²", "⁵": "x⁵⁵", "½": "½·x", "√": "√(x)", "·": "2·x", "−": "x − 1"}.get(sign, sign)
    sums = ["+".join([term] * count) for count in range(1, 500 // (len(term) + 1))]
    text = sums[bisect_left(sums, True, lo=1, key=_is_too_long) - 1]
    experiment = Experiment(objective="formula", formula=text, start=(0.123456789012345,), epochs=99)
    link = link_text(experiment)
    assert len(link.encode()) < SHORT
    parameters, notes = read_query(link[1:])
    assert notes == ()
    assert read_link(parameters)[0].experiment == experiment
    assert link_in(f"see {link} there") == link


@pytest.mark.parametrize("text", ["?{}", "{}", "http://localhost:8501/compare?{}", "https://example.org/?{}#chart"])
def test_a_link_decodes_from_its_text(text: str) -> None:
    experiment = Experiment(objective="booth", start=(1.0, 2.0), epochs=7)
    link = text.format(link_text(experiment)[1:])
    assert decode(link) == (experiment, ())
    assert decode("booth")[1] == ("booth = “” is not used: there is no such setting; did you mean objective=booth?",)
