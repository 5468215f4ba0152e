"""A number that is typed out of range stays in its field, and beside it stands what to type."""

from __future__ import annotations

import pytest

from tests.app_test import app_test
from tests.ui.test_links_on_the_page import shown, visit


@pytest.mark.parametrize(
    ("query", "key", "typed", "says"),
    [
        (
            "objective=ravine",
            "learning_rate",
            1e100,
            "Learning rate 1 × 10¹⁰⁰ is out of range: type a number at most 1 × 10⁶",
        ),
        ("objective=ravine", "learning_rate", 0.0, "0 is out of range: type a number above 0."),
        ("objective=ravine", "learning_rate", -3.0, "−3 is out of range: type a number above 0."),
        ("objective=ravine", "epochs", 0, "Epochs 0 is out of range: type a number at least 1. Until then 20 is used."),
        ("objective=ravine", "epochs", 1_000_000, "type a number at most 100,000."),
        ("objective=ravine", "tolerance", -1.0, "Tolerance −1 is out of range: type a number at least 0."),
        ("gradient=estimated", "h", 5.0, "Step h 5 is out of range: type a number at most 1."),
        ("objective=fit&data=line", "data_noise", 1e9, "Noise 1 × 10⁹ is out of range"),
        ("objective=fit&data=line", "ridge", -1.0, "Ridge −1 is out of range"),
        ("optimizer=adam", "beta1", 2.0, "beta1 2 is out of range"),
        ("schedule=cosine", "cycles", -5.0, "out of range"),
    ],
)
def test_what_is_out_of_range_is_kept_and_said(query: str, key: str, typed: float, says: str) -> None:
    app = visit(query)
    for fold in ("fold_steps", "fold_fitting"):
        app.session_state[fold] = True
    app.run()
    before = shown(app)
    app.number_input(key=key).set_value(typed).run()
    assert not app.exception
    assert app.number_input(key=key).value == typed, "what was typed stays"
    assert any(says in error.value.replace("\\", "") for error in app.error), [error.value for error in app.error]
    assert shown(app) == before


def test_a_number_in_range_ends_it() -> None:
    app = visit("objective=ravine")
    app.number_input(key="learning_rate").set_value(1e100).run()
    app.number_input(key="learning_rate").set_value(0.3).run()
    assert not app.error
    assert shown(app).eta == 0.3


def _compare() -> None:
    from gdviz.ui.pages.compare import compare_page
    from gdviz.ui.pages.contender_rows import choose_usual_runs
    from gdviz.ui.places import arrange
    from gdviz.ui.session import state
    from gdviz.ui.sidebar.sidebar import sidebar

    state.arrive()
    places = arrange(one_run=False)
    task = sidebar(places.rate)
    choose_usual_runs(task)
    compare_page(task, places)


def test_terms_of_a_fair_comparison_out_of_range_are_refused_in_words() -> None:
    app = app_test(_compare, timeout=120)
    app.query_params["objective"] = "ravine"
    app.query_params["fair"] = "on"
    app.run()
    for key, typed, says in (
        ("fair_budget", 1, "budget is 1; it must be from 2 to 100,000"),
        ("fair_trials", 100_000, "trials is 100000; it must be from 2 to 200"),
    ):
        before = app.number_input(key=key).value
        app.number_input(key=key).set_value(typed).run()
        assert not app.exception
        assert any(says in error.value.replace("\\", "") for error in app.error), key
        assert app.number_input(key=key).value == before
