"""What the page shows of a link that cannot be taken as it stands: nothing is replaced in silence."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from gdviz.datasets import read_csv
from gdviz.experiments import Experiment, decode
from gdviz.lessons.scenarios import FIRST_LOOK
from gdviz.optimizers import Adam, Momentum
from gdviz.ui import page
from gdviz.ui.session import state
from tests.app_test import app_test

_LINK = ":material/link_off:"


def _app() -> None:
    from gdviz.ui.page import page

    page()


def visit(query: str) -> AppTest:
    """Open the page by a link as a browser sends it."""
    app = app_test(_app, timeout=120)
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    return app.run()


def notes(app: AppTest) -> list[str]:
    """What is said of the link, without the marks that keep a stranger's words from being Markdown."""
    assert not app.exception
    return [warning.value.replace("\\", "") for warning in app.warning if warning.icon == _LINK]


def shown(app: AppTest) -> Experiment:
    """The experiment in the address bar; the default one while the page waits for a file."""
    experiment, wrong = decode(dict(app.query_params))
    assert wrong == () or all(text.startswith("This link needs your file") for text in wrong)
    return experiment


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("momentum=0.5", "did you mean beta, with optimizer=momentum?"),
        ("epoch=500", "did you mean epochs?"),
        ("learningrate=0.1", "did you mean learning_rate?"),
        ("lr=0.1", "did you mean learning_rate?"),
        ("beta=0.5", "gd has no beta"),
        ("epochs=", "epochs = “” is empty, so it is not a number. Its default 20 is used instead."),
        ("epochs=1,000", "Its default 20 is used instead."),
        ("objective=rosenbrok&start=1,2,3", "did you mean rosenbrock? The default, "),
        ("objective=formula&formula=x%5E2%2B", "“x^2+”: The formula ends after '+'"),
        ("objective=fit&data=upload&model=a*x", "This link needs your file: upload it again. Until then Ravine"),
        ("objective=fit&data=line&lr=1", "did you mean learning_rate?"),
        ("objective=fit&data=rat43&data_noise=1", "it goes with data=line."),
        ("ridge=1", "it goes with objective=fit"),
        ("axes=x,z", "axes = “x,z” must be two of x, y"),
        ("theory=yes", "theory = “yes” must be one of 0, 1. It is left out."),
        ("scenario=edgy", "did you mean edge?"),
        ("objective=rosenbrock&scenario=ravine", "scenario = ravine is about another function. It is left out."),
        ("hide=lerning_rate", "did you mean learning_rate?"),
        ("schedule=formula&rate_formula=eta*(1-k/10)&epochs=100", "epoch 10 is 0"),
        ("optimizer=adam&beta1=1", "Its default 0.9 is used instead."),
        ("<b>x</b>=*y*", "<b>x</b> = “*y*” is not used"),
    ],
)
def test_what_is_not_taken_is_said_until_something_is_changed(query: str, says: str) -> None:
    app = visit(query)
    (note,) = notes(app)
    assert says in note
    shown(app)
    app.number_input(key="epochs").set_value(33).run()
    assert notes(app) == []


def test_all_that_is_not_taken_stands_in_one_box() -> None:
    (note,) = notes(visit("optimizer=magic&start=1,2,3&lr=1"))
    assert [line[:9] for line in note.splitlines()] == ["- optimiz", "- start =", "- lr = “1"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("learning_rate=1e-300", {"learning_rate": 1e-300}),
        ("h=1e-300&gradient=estimated", {"h": 1e-300, "gradient": "estimated"}),
        ("optimizer=momentum&beta=0.9999999999999", {"optimizer": Momentum(beta=0.9999999999999)}),
        ("optimizer=adam&epsilon=1e-300", {"optimizer": Adam(epsilon=1e-300)}),
        ("objective=fit&data=line&fit_loss=huber&delta=1e-20", {"delta": 1e-20}),
        ("formula=x%5E2%2By%5E2", {"objective": "formula", "formula": "x^2+y^2"}),
        ("scenario=edge", {"objective": "gentle_bowl", "learning_rate": 0.5}),
    ],
)
def test_what_a_link_may_hold_the_fields_hold(query: str, expected: dict[str, object]) -> None:
    app = visit(query)
    assert notes(app) == []
    experiment = shown(app)
    assert experiment == replace(experiment, **expected)


def test_a_plus_sign_in_the_address_is_a_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    query = "objective=formula&formula=x^2+y^2"
    with monkeypatch.context() as patched:
        patched.setattr(state, "_query", lambda: query)  # a browser's; the test's own is a form's encoding
        app = visit(query)
    assert shown(app).formula == "x^2+y^2"
    assert notes(app) == []


@pytest.mark.parametrize(
    ("query", "key", "text"),
    [
        ("formula=(1-x)^2%2B", "formula", "(1-x)^2+"),
        ("objective=formula&formula=<b>x</b>", "formula", "<b>x</b>"),
        ("data=line&model=a*(", "model", "a*("),
    ],
)
def test_a_formula_with_a_mistake_stays_in_its_field_to_be_mended(query: str, key: str, text: str) -> None:
    app = visit(query)
    (note,) = notes(app)
    assert "The default, Ravine" in note
    assert app.text_input(key=key).value == text
    assert len(app.error) == 1, "beside the field"
    assert shown(app) == Experiment()
    app.text_input(key=key).set_value("a*x + b" if key == "model" else "x^2 + 1").run()
    assert not app.error
    assert getattr(shown(app), key) == app.text_input(key=key).value


_OWN = "objective=fit&data=upload&model=a*x%2Bb*z&target=y&start=3,4&learning_rate=0.01&epochs=7&optimizer=momentum"


def _address(app: AppTest) -> dict[str, str]:
    return {n: v if isinstance(v, str) else v[-1] for n, v in dict(app.query_params).items()}


def _paste(app: AppTest, text: str) -> AppTest:
    (way,) = [group for group in app.get("button_group") if group.options and "Pasted text" in str(group.options)]
    way.set_value("Pasted text").run()
    return app.text_area(key="pasted").set_value(text).run()


def test_a_link_to_own_data_asks_for_the_file_and_keeps_the_rest_for_it() -> None:
    app = visit(_OWN)
    (note,) = notes(app)
    assert note.startswith("This link needs your file: upload it again. Until then Ravine")
    assert app.selectbox(key="data").value == "upload"
    assert _address(app)["model"] == "a*x+b*z", "a second reload must not lose it"
    _paste(app, "x,y,z\n1,2,3\n2,4,5\n3,7,6\n4,9,9\n")
    table = read_csv("x,y,z\n1,2,3\n2,4,5\n3,7,6\n4,9,9\n")
    experiment, wrong = decode(_address(app), table)
    assert wrong == ()
    assert (experiment.model, experiment.target, experiment.start) == ("a*x+b*z", "y", (3.0, 4.0))
    assert (experiment.eta, experiment.epochs, experiment.optimizer) == (0.01, 7, Momentum())
    assert all("This link needs" not in note for note in notes(app))


def test_a_file_that_the_link_was_not_for_begins_anew() -> None:
    app = _paste(visit(_OWN), "u,v\n1,2\n2,4\n3,7\n")
    assert not app.exception
    assert app.text_input(key="model").value == "slope*u + intercept"


def test_a_first_visitor_sees_a_run_that_arrives_and_no_claim_to_have_set_it() -> None:
    for query in ("", "utm_source=mail"):
        app = visit(query)
        assert shown(app) == decode(FIRST_LOOK)[0]
        assert any("Just right" not in text.value and "gradient descent" in text.value for text in app.markdown)
        said = " ".join(text.value for text in (*app.markdown, *app.caption))
        assert "set by you" not in said.lower()
        assert "hosen for a first look" in said


def test_what_other_programs_add_to_a_link_is_no_mistake() -> None:
    app = visit("epochs=7&utm_source=mail&utm_campaign=x&fbclid=1&gclid=2&embed=true&embed_options=x&msclkid=3&_ga=1")
    assert notes(app) == []
    assert shown(app).epochs == 7


@pytest.mark.parametrize(
    ("query", "field"),
    [("start=1,2,3", "**Start**"), ("learning_rate=-1", "As offered"), ("objective=rosenbrok&start=1,1", "**Start**")],
)
def test_what_a_link_could_not_set_is_not_said_to_be_set(query: str, field: str) -> None:
    app = visit(query)
    assert len(notes(app)) == 1
    said = [text.value for text in (*app.markdown, *app.caption)]
    assert any(text.startswith(field) for text in said)
    assert not any("et by you or by a link" in text for text in said)


def test_a_name_that_is_given_twice_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    query = "epochs=5&epochs=7"
    with monkeypatch.context() as patched:
        patched.setattr(state, "_query", lambda: query)
        app = visit(query)
    assert notes(app) == ["epochs is given 2 times: “5”, “7”. The last one counts."]
    assert shown(app).epochs == 7


def test_a_link_to_a_fit_brings_its_own_model_into_a_session_with_another() -> None:
    app = visit("objective=fit&data=line&model=a*x^2%2Bb*x%2Bc&fit_loss=absolute")
    assert shown(app).model == "a*x^2+b*x+c"
    app.session_state["scenarios"] = True  # its menu is open
    app.run()
    (scenarios,) = [group for group in app.get("button_group") if group.label == "Guided scenarios"]
    scenarios.set_value("feature_scaling").run()
    experiment = shown(app)
    assert (experiment.model, experiment.fit_loss) == ("slope*x + intercept", "")
    assert experiment.run().variables == ("slope", "intercept")


def test_a_link_is_read_again_when_the_rerun_that_read_it_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that comes meanwhile brings the values that its browser still shows."""
    app = visit("objective=ravine&learning_rate=0.005")
    app.query_params["learning_rate"] = "0.3"
    app.query_params["epochz"] = "9"
    with monkeypatch.context() as patch:
        patch.setattr("gdviz.ui.session.state._goes_through_history", lambda: True)
        cut_short = replace(page._ENTRIES[0], draw=lambda task, places: st.stop())
        patch.setattr(page, "_ENTRIES", (cut_short, *page._ENTRIES[1:]))
        app.run()
    app.session_state["learning_rate"] = 0.005
    app.run()
    assert shown(app).eta == 0.3
    assert "did you mean epochs?" in notes(app)[0]
    app.number_input(key="learning_rate").set_value(0.2).run()
    assert shown(app).eta == 0.2


def test_a_scenario_stays_while_its_function_is_shown_and_no_longer() -> None:
    app = visit("scenario=edge")
    app.number_input(key="learning_rate").set_value(0.49).run()
    assert app.query_params["scenario"] == "edge"
    app.selectbox(key="objective").set_value("rosenbrock").run()
    assert "scenario" not in app.query_params
    assert not any("Edge of stability" in text.value for text in app.markdown)
    app.button(key="undo").click().run()
    assert shown(app).eta == 0.49
