"""Driving: learning rate and momentum change while the run goes, and what was done is a run like any other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from gdviz.experiments import decode
from gdviz.experiments.driving import turns
from gdviz.learning_rates import SteeredRate
from gdviz.optimizers import SteeredMomentum
from tests.browser.conftest import chart
from tests.browser.test_alive import button, run_arrives, shown
from tests.browser.visitor import Visitor, check, eventually

STEEP = {"objective": "formula", "formula": "x^2 + 8y^2", "start": "2,1", "learning_rate": 0.02, "epochs": 90}


def set_to(page: Page, name: str, value: float) -> None:
    """Move a slider of the drive."""
    slider = page.locator(f'.gdviz-drive input[data-set="{name}"]')
    slider.fill(f"{np.log10(value):.2f}" if name == "rate" else str(value))


def epoch(page: Page) -> int:
    text: str = page.locator(".gdviz-player > output").inner_text()
    return int(text.split()[1].replace(",", ""))


def words(page: Page) -> Locator:
    return page.locator(".gdviz-verdict-under-hand")


def drives(visitor: Visitor, **parameters: Any) -> Page:
    visitor.open(**STEEP | parameters)
    return at_the_wheel(visitor)


def at_the_wheel(visitor: Visitor) -> Page:
    run_arrives(visitor)
    button(visitor.page, "Drive").click()
    expect(visitor.page.locator(".gdviz-drive")).to_be_visible()
    return visitor.page


def test_a_drive_goes_on_from_where_it_is_and_becomes_the_pages_run(visitor: Visitor) -> None:
    page = drives(visitor)
    page.get_by_label("Speed").select_option("0.5")
    button(page, "Play").click()
    eventually(lambda: check(epoch(page) >= 4))
    first = epoch(page)
    set_to(page, "rate", 0.1)
    eventually(lambda: check("η = 0.1" in words(page).inner_text()))
    eventually(lambda: check(epoch(page) >= first + 4))
    set_to(page, "beta", 0.8)
    eventually(lambda: check("β = 0.8" in words(page).inner_text()))
    second = epoch(page)
    assert second > first, "the run went on from the point it had reached"
    button(page, "Pause").click()
    stopped = epoch(page)
    eventually(lambda: check("rate_changes" in visitor.parameters))
    experiment = visitor.expect_address()
    assert isinstance(experiment.learning_rate, SteeredRate)
    assert isinstance(experiment.optimizer, SteeredMomentum)
    path = turns(experiment)
    assert [(turn.rate, turn.beta) for turn in path] == [(0.02, 0.0), (0.1, 0.0), (0.1, 0.8)]
    assert first <= path[1].epoch < path[2].epoch <= stopped
    eventually(lambda: check(shown(page)["kind"] == "moment"))
    assert epoch(page) == stopped, "it waits where it was left"
    expect(chart(page, "rates")).to_be_visible()
    expect(chart(page, "contour").get_by_text("steered by hand", exact=True)).to_be_visible()

    button(page, "Play").click()  # and goes on, as steered so far
    page.get_by_label("Speed").select_option("4")
    eventually(lambda: check(shown(page) is None), 60)
    assert visitor.parameters["rate_changes"] == f"{path[1].epoch}:0.1"
    visitor.expect_calm()

    assert decode(visitor.parameters) == (experiment, ())
    visitor.expect_run(experiment.run())


@pytest.mark.long
def test_a_drive_can_be_steered_anew_from_an_earlier_epoch_and_started_over(visitor: Visitor) -> None:
    page = drives(visitor, schedule="steered", rate_changes="10:0.05 60:0.01")
    slider = page.get_by_role("slider", name="Epoch", exact=True)
    slider.fill("30")
    set_to(page, "rate", 0.1)
    eventually(lambda: check("η = 0.1" in words(page).inner_text()))
    button(page, "Drive").click()
    visitor.expect_address(learning_rate=SteeredRate(0.02, "10:0.05 30:0.1"), optimizer="gd")
    button(page, "Drive").click()
    button(page, "Start over").click()
    eventually(lambda: check(words(page).is_visible()))
    button(page, "Drive").click()
    visitor.expect_address(learning_rate=0.02)


def test_what_cannot_be_steered_is_not_offered_and_the_page_says_so(guest: Visitor) -> None:
    guest.open(**STEEP, schedule="cosine")
    expect(button(guest.page, "Drive")).to_be_disabled()
    guest.open(**STEEP, optimizer="adam")
    page = at_the_wheel(guest)
    expect(page.get_by_label("Momentum β")).to_be_hidden()
    page.get_by_role("slider", name="Epoch", exact=True).press("End")
    before = guest.address
    set_to(page, "rate", 0.1)
    expect(page.locator(".gdviz-drive p")).to_contain_text("The run is over")
    assert guest.address == before
    page.get_by_role("slider", name="Epoch", exact=True).fill("10")
    button(page, "Drive").click()
    expect(page.locator(".gdviz-player > output")).to_have_text("epoch 90 of 90")  # the run stands whole again
