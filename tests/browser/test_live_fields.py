"""Sliders below number fields: what comes of a hyper-parameter, or of more epochs, is seen while the hand moves."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from gdviz import Adam, Momentum
from gdviz.learning_rates import Cosine
from tests.browser.test_alive import LET_GO, SWEEP, experiment_of, lines, ready, shown
from tests.browser.visitor import BOWL, CHARTS, Visitor, check, eventually

STEEP = BOWL | {"formula": "x^2 + 8y^2", "learning_rate": 0.02}


def slider(visitor: Visitor, name: str) -> Locator:
    return visitor.page.get_by_role("slider", name=name, exact=True)


def swept(visitor: Visitor, name: str, place: float) -> float:
    """Bring the slider of a number to a place, in the hand; return the number it shows."""
    before = {key: str(lines(visitor.page, key)) for key in CHARTS}
    slider(visitor, name).evaluate(SWEEP, [place - 0.1, place, 4])
    for key in CHARTS:
        eventually(lambda key=key: check(str(lines(visitor.page, key)) != before[key]))
    return float(str(slider(visitor, name).get_attribute("aria-valuetext")))


@pytest.mark.parametrize(
    ("settings", "name", "place"),
    [
        ({"optimizer": "momentum"}, "beta", 0.3),
        pytest.param({"optimizer": "adam"}, "beta2", 1.2, marks=pytest.mark.long),
        pytest.param({"optimizer": "adam"}, "epsilon", -6.5, marks=pytest.mark.long),
        ({}, "epochs", 2.2),
        ({"schedule": "cosine"}, "cycles", 0.7),
    ],
    ids=["beta", "beta2", "epsilon", "epochs", "cycles"],
)
def test_a_number_in_the_hand_moves_everything(
    guest: Visitor, settings: dict[str, str], name: str, place: float
) -> None:
    guest.open(**STEEP | settings)
    ready(guest)
    if name == "cycles":
        guest.unfold("fold_steps", "cycles")
    label = "Epochs" if name == "epochs" else name
    address = guest.parameters
    value = swept(guest, label, place)
    fields = {
        "beta": lambda: {"optimizer": Momentum(value)},
        "beta2": lambda: {"optimizer": Adam(beta2=value)},
        "epsilon": lambda: {"optimizer": Adam(epsilon=value)},
        "epochs": lambda: {"epochs": int(value)},
        "cycles": lambda: {"learning_rate": Cosine(0.02, cycles=value)},
    }[name]()
    run = experiment_of(STEEP | settings, **fields).run()
    tolerance = 1e-12 if name == "cycles" else 0  # a cosine is each browser's own

    def is_shown() -> None:
        numbers = shown(guest.page)["numbers"]
        found = [numbers["theta 0"], numbers["theta 1"], numbers["value"]]
        np.testing.assert_allclose(found, [*run.thetas[-1], run.values[-1]], rtol=tolerance)

    eventually(is_shown)
    assert guest.parameters == address, "the address waits for the hand"
    slider(guest, label).evaluate(LET_GO)
    guest.expect_address(**fields)


def test_a_typed_number_moves_the_thumb_and_a_key_the_number(guest: Visitor) -> None:
    guest.open(**STEEP | {"optimizer": "momentum"})
    guest.type("beta", "0.5")
    expect(slider(guest, "beta")).to_have_attribute("aria-valuetext", "0.5")
    slider(guest, "beta").press("PageUp")
    value = float(str(slider(guest, "beta").get_attribute("aria-valuetext")))
    assert 0.5 < value < 0.7
    guest.expect_address(optimizer=Momentum(value))
    expect(guest.field("beta")).to_have_value(str(value))


def test_the_rate_is_seen_around_the_limit_and_its_whole_range_is_a_click_away(guest: Visitor) -> None:
    guest.open(**STEEP)
    page, rate = guest.page, guest.page.get_by_role("slider", name="Learning rate", exact=True)

    def ends() -> list[float]:
        return rate.evaluate("(input) => [10 ** input.min, 10 ** input.max]")

    if (back := page.get_by_role("button", name="Show the range near the limit")).is_visible():
        back.click()  # the guest's last link left it so
    assert ends() == pytest.approx([0.125 * 10**-1.5, 0.125 * 10**0.5])
    expect(page.locator(".gdviz-slider-mark")).to_be_visible()
    page.get_by_role("button", name="Show the whole range").click()
    assert ends() == pytest.approx([1e-6, 10])
    page.get_by_role("button", name="Show the range near the limit").click()
    rate.press("End")
    at_the_end = float(str(rate.get_attribute("aria-valuetext")))
    assert at_the_end == pytest.approx(0.125 * 10**0.5, rel=0.01)
    rate.press("ArrowRight")  # goes on beyond it
    assert ends() == pytest.approx([1e-6, 10])
    assert float(str(rate.get_attribute("aria-valuetext"))) > at_the_end
    guest.rest()
