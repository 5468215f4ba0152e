"""What the page offers against a slow run helps: whoever takes it gets what was promised."""

from __future__ import annotations

import re

import pytest

from gdviz.experiments import Experiment, decode
from tests.ui.test_links_on_the_page import visit

RAW = "objective=fit&data=line&model=slope*x+%2B+intercept&start=0,0&learning_rate=0.0001&epochs=50"


def _promise(app) -> str:
    return next((text.value for text in app.caption if "the same fit" in text.value), "")


@pytest.mark.parametrize(
    "query",
    [RAW, RAW.replace("50", "5"), "objective=fit&data=anscombe1", "objective=fit&data=classes&learning_rate=0.001"],
)
def test_standardizing_is_offered_where_it_helps_and_does(query: str) -> None:
    app = visit(query)
    assert not app.exception
    promise = _promise(app)
    epochs = re.search(r"converges after ([\d,]+) epoch", promise)
    assert epochs, promise
    app.button(key="standardize_now").click().run()
    assert not app.exception
    experiment: Experiment = decode(dict(app.query_params))[0]
    assert experiment.standardize
    run = experiment.run()
    assert run.stop_reason.value == "converged"
    assert run.epochs == int(epochs[1].replace(",", ""))
    assert not _promise(app)


@pytest.mark.parametrize(
    "query",
    [
        RAW + "&standardize=1",
        "objective=fit&data=line&learning_rate=0.1",  # it diverges: another remedy
        "objective=fit&data=rat43",  # not linear in its parameters
        "objective=rosenbrock",
        "objective=fit&data=line&start=20,5",
    ],
)
def test_it_is_not_offered_elsewhere(query: str) -> None:
    app = visit(query)
    assert not app.exception
    assert not _promise(app)


def test_the_fastest_settings_are_taken_with_a_click_and_are_faster() -> None:
    app = visit("formula=0.1*x^2%2B2*y^2&start=-5,-2&learning_rate=0.1&epochs=400&optimizer=momentum&beta=0.5&theory=1")
    before: Experiment = decode(dict(app.query_params))[0]
    app.button(key="use_best").click().run()
    assert not app.exception
    after: Experiment = decode(dict(app.query_params))[0]
    assert (after.eta, after.optimizer.beta) == (pytest.approx(0.6679, rel=1e-3), pytest.approx(0.4026, rel=1e-3))
    assert after.run().epochs < before.run().epochs
