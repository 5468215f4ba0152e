"""Links through the real page, without a browser: whatever is in one, the page is drawn and says what it left out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from gdviz.fits import LOSSES
from gdviz.learning_rates import LEARNING_RATES
from gdviz.optimizers import OPTIMIZERS
from gdviz.ui.session.hyperparameter_names import field_key, hyperparameters_of
from tests.hostile.cases import links
from tests.ui.test_links_on_the_page import visit


def is_whole(app: AppTest) -> bool:
    """Whether the page was drawn down to the charts, the legend of the landscape among them."""
    return not app.exception and any("Ring: start" in text.value for text in app.caption)


@dataclass(frozen=True)
class Link:
    query: str
    why: str


KNOWN = [
    Link("formula=divisor^2&schedule=one_cycle", "a start's field and a hyper-parameter's would have one key"),
    Link("formula=point^2%2Bpoint_index^2", "a start's field and a widget's would have one key"),
    Link("schedule=formula&rate_formula=eta*(1-k/500)&epochs=1000", "the schedule ends before the run does"),
    Link("schedule=formula&rate_formula=1/(k-3)&epochs=100", "it has a pole"),
    Link("optimizer=bfgs&schedule=polyak&f_min=1e300", "the search has nowhere to go"),
    Link("objective=formula&formula=sqrt(-1-x^2)", "it has no value anywhere"),
    Link("objective=fit&data=upload", "the data are not there"),
    Link("objective=fit&data=thurber&model=polynomial(x,20)", "terms that have no quadratic form: it would be inexact"),
    *(
        Link(f"objective=fit&data={data}&model={model}&fit_loss={loss}", "terms under a loss without a quadratic form")
        for data, model in (("line", "polynomial(x,9)"), ("classes", "linear(*)"))
        for loss in LOSSES
    ),
    Link("objective=formula&formula=x&start=1e308", "a straight line, from the end of the floats"),
    Link("objective=formula&formula=1&start=", "nothing varies"),
    Link("learning_rate=1e6&epochs=100000&optimizer=adam&objective=ackley", "it flies about"),
]


@pytest.mark.parametrize("link", KNOWN, ids=[f"{link.query[:60]}: {link.why}" for link in KNOWN])
def test_a_link_that_was_once_too_much_is_a_page_and_stays_one(link: Link) -> None:
    app = visit(link.query)
    if "hide" not in link.query and not app.exception:
        app.number_input(key="epochs").set_value(1000).run()
        app.number_input(key="learning_rate").set_value(0.2).run()
    assert not app.exception


def test_settings_that_fail_half_way_do_not_stay() -> None:
    """They run for 100 epochs and not for 1,000: the page says so, shows what worked, and is mended by one change."""
    app = visit("schedule=formula&rate_formula=eta*(1-k/500)&epochs=100")
    app.number_input(key="epochs").set_value(1000).run()
    assert is_whole(app)
    assert ["epoch 500" in error.value for error in app.error] == [True]
    app.number_input(key="epochs").set_value(400).run()
    assert is_whole(app)
    assert not app.error


@settings(max_examples=100)
@given(st.integers(0, 10**9))
def test_any_link_is_a_page(seed: int) -> None:
    (query,) = links(1, seed)
    assert not visit(query).exception, query


def test_no_two_fields_have_one_key() -> None:
    """Of an optimizer and a schedule together; and none is called as a start's field can be."""
    for optimizer in OPTIMIZERS.values():
        for schedule in LEARNING_RATES.values():
            keys = [field_key(f.name) for cls in (optimizer, schedule) for f in hyperparameters_of(cls)]
            assert len(set(keys)) == len(keys)
            assert not any(key.startswith("start_") for key in keys)
