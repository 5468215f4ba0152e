"""What the page shows of a link that cannot be taken as it stands: nothing is replaced in silence."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from gdviz.experiments import Experiment, decode
from gdviz.optimizers import Adam, Momentum
from gdviz.ui import state

_LINK = ":material/link_off:"


def _app() -> None:
    from gdviz.ui.page import page

    page()


def visit(query: str) -> AppTest:
    """Open the page by a link as a browser sends it."""
    app = AppTest.from_function(_app, default_timeout=120)
    for name, value in parse_qsl(query, keep_blank_values=True):
        app.query_params[name] = value
    return app.run()


def notes(app: AppTest) -> list[str]:
    """What is said of the link, without the marks that keep a stranger's words from being Markdown."""
    assert not app.exception
    return [warning.value.replace("\\", "") for warning in app.warning if warning.icon == _LINK]


def shown(app: AppTest) -> Experiment:
    """The experiment in the address bar."""
    experiment, wrong = decode(dict(app.query_params))
    assert wrong == ()
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
        ("objective=fit&data=upload&model=a*x", "upload the file again. The default, "),
        ("objective=fit&data=line&lr=1", "did you mean learning_rate?"),
        ("objective=fit&data=rat43&data_noise=1", "it goes with data=line."),
        ("ridge=1", "it goes with objective=fit"),
        ("axes=x,z", "axes = “x,z” must be two of x, y"),
        ("theory=yes", "theory = “yes” must be one of 0, 1. It is left out."),
        ("scenario=edgy", "did you mean edge?"),
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


def test_a_link_to_own_data_asks_for_the_file() -> None:
    app = visit("objective=fit&data=upload&model=a*x&target=y")
    (note,) = notes(app)
    assert "upload the file again" in note
    assert app.selectbox(key="data").value == "upload"
    assert shown(app) == Experiment()


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
    (scenarios,) = [group for group in app.get("button_group") if group.label == "Guided scenarios"]
    scenarios.set_value("feature_scaling").run()
    experiment = shown(app)
    assert (experiment.model, experiment.fit_loss) == ("slope*x + intercept", "")
    assert experiment.run().variables == ("slope", "intercept")
