"""Undo and redo: each change of the experiment is a step, in whatever way it was made."""

from __future__ import annotations

import pytest

from gdviz.experiments import Experiment
from tests.ui.test_links_on_the_page import shown, visit


def test_every_kind_of_change_is_taken_back_and_made_again() -> None:
    app = visit("objective=ravine")
    app.session_state["fold_steps"] = True  # where the schedule is
    app.run()
    path = [shown(app)]
    for change in (
        lambda: app.number_input(key="learning_rate").set_value(0.3),
        lambda: app.number_input(key="epochs").set_value(50),
        lambda: app.number_input(key="start_x").set_value(2.0),
        lambda: app.selectbox(key="optimizer").set_value("adam"),
        lambda: app.number_input(key="beta1").set_value(0.5),
        lambda: app.selectbox(key="objective").set_value("formula"),
        lambda: app.text_input(key="formula").set_value("x^4 + y^2 + z^2"),
        lambda: app.button(key="random").click(),
        lambda: app.selectbox(key="objective").set_value("fit"),
        lambda: app.selectbox(key="data").set_value("rat43"),
        lambda: app.selectbox(key="schedule").set_value("cosine"),
    ):
        change().run()
        assert not app.exception
        path.append(shown(app))
    assert len(set(map(repr, path))) == len(path)
    for before in path[-2::-1]:
        app.button(key="undo").click().run()
        assert shown(app) == before
    assert app.button(key="undo").disabled
    for after in path[1:]:
        app.button(key="redo").click().run()
        assert shown(app) == after
    assert app.button(key="redo").disabled


def test_a_new_change_ends_what_could_be_made_again() -> None:
    app = visit("epochs=7")
    app.number_input(key="epochs").set_value(8).run()
    app.button(key="undo").click().run()
    app.number_input(key="epochs").set_value(9).run()
    assert app.button(key="redo").disabled
    app.button(key="undo").click().run()
    assert shown(app).epochs == 7


def test_a_view_is_no_step_and_stays() -> None:
    app = visit("epochs=7")
    app.number_input(key="epochs").set_value(8).run()
    app.toggle(key="theory").set_value(True).run()
    app.button(key="undo").click().run()
    assert shown(app).epochs == 7
    assert app.toggle(key="theory").value is True
    assert app.button(key="undo").disabled


@pytest.mark.parametrize("wrong", [1e100, -1.0])
def test_what_is_refused_is_no_step(wrong: float) -> None:
    app = visit("objective=ravine")
    app.number_input(key="learning_rate").set_value(wrong).run()
    assert app.button(key="undo").disabled
    assert shown(app) == Experiment()
