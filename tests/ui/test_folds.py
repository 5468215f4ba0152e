"""Fields that are folded away hold what they held: nothing that was typed is lost, nothing is replaced."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ui.test_links_on_the_page import shown, visit

STEPS = "objective=ravine&schedule=cosine&cycles=0.7&gradient=estimated&h=0.002&tolerance=0.01"
FITTED = "objective=fit&data=line&fit_loss=huber&delta=2.5&ridge=0.5&standardize=1&batch_size=7&shuffle_seed=3"


def unfolded(app: Any, fold: str, is_open: bool = True) -> Any:
    app.session_state[fold] = is_open
    return app.run()


@pytest.mark.parametrize(
    ("link", "fold", "key"), [(STEPS, "fold_steps", "tolerance"), (FITTED, "fold_fitting", "ridge")]
)
def test_fields_are_drawn_while_they_are_seen_and_count_all_the_time(link: str, fold: str, key: str) -> None:
    app = visit(link)
    first = shown(app)
    assert key not in [field.key for field in app.number_input]
    for is_open in (True, False, True):
        unfolded(app, fold, is_open)
        assert not app.exception
        assert (key in [field.key for field in app.number_input]) == is_open
        assert shown(app) == first


@pytest.mark.parametrize("at_once", [False, True], ids=["then folded", "folded with the same message"])
def test_what_is_typed_stays_when_it_is_folded_away(at_once: bool) -> None:
    app = unfolded(visit("objective=ravine"), "fold_steps")
    app.number_input(key="tolerance").set_value(0.25)
    if not at_once:
        app.run()
    unfolded(app, "fold_steps", False)
    for _ in range(2):
        assert shown(app).tolerance == 0.25
        app.run()
    unfolded(app, "fold_steps")
    assert app.number_input(key="tolerance").value == 0.25


def test_what_is_out_of_range_is_not_used_when_it_is_folded_away() -> None:
    app = unfolded(visit("objective=ravine&tolerance=0.5"), "fold_steps")
    app.number_input(key="tolerance").set_value(7.0).run()
    assert shown(app).tolerance == 0.5
    unfolded(app, "fold_steps", False)
    assert shown(app).tolerance == 0.5
    unfolded(app, "fold_steps")
    assert app.number_input(key="tolerance").value == 7.0


def test_a_step_back_reaches_what_is_folded_away() -> None:
    app = unfolded(visit("objective=ravine"), "fold_steps")
    before = shown(app)
    app.selectbox(key="schedule").set_value("cosine").run()
    unfolded(app, "fold_steps", False)
    app.button(key="undo").click().run()
    assert shown(app) == before
    app.button(key="redo").click().run()
    assert shown(app).learning_rate.name == "cosine"
