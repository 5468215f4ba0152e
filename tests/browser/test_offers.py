"""What the page offers follows what is shown; what a hand or a link has set stays, and the page says which is which."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from gdviz.datasets import read_csv
from tests.browser.visitor import Visitor, check, eventually

FIT = ("contour", "theta", "loss", "fit")
KM = "km,price\n240000,3650\n139800,3800\n150500,4400\n185530,4450\n54000,7990\n22899,7990\n61789,8290\n"
YEARS = "x,y\n2011,255\n2012,349\n2013,449\n2014,554\n2015,658\n"


def bring(visitor: Visitor, text: str) -> None:
    visitor.open("", *FIT, objective="fit", data="line")
    visitor.choose("data", "Your own data")
    visitor.upload(text.encode())
    visitor.expect_address(read_csv(text), data="upload")


def said(visitor: Visitor, words: str) -> None:
    expect(visitor.page.locator(".st-key-offered_rate")).to_contain_text(words)


def standardize(visitor: Visitor) -> None:
    visitor.page.locator(".st-key-standardize label").click()


def take(visitor: Visitor, title: str) -> None:
    visitor.page.get_by_role("button", name="Ready models").click()
    visitor.choose("ready", title)
    visitor.page.get_by_role("button", name="Take this model").click()


@pytest.mark.long
def test_a_file_of_large_numbers_does_not_diverge_at_first_sight(visitor: Visitor) -> None:
    bring(visitor, KM)
    experiment = visitor.expect_address(read_csv(KM))
    assert experiment.eta < 1e-9
    assert "Diverges" not in visitor.verdict
    said(visitor, "As offered here")
    visitor.type("learning_rate", "1e-19")
    visitor.expect_address(read_csv(KM), learning_rate=1e-19)
    expect(visitor.field("learning_rate")).to_have_value("1e-19")
    said(visitor, "Set by you or by a link. Offered here: ")
    visitor.expect_calm()


def test_what_is_offered_follows_scaling_and_optimizer_and_what_is_set_stays(visitor: Visitor) -> None:
    bring(visitor, KM)
    table = read_csv(KM)
    offered = visitor.expect_address(table)
    visitor.unfold("fold_fitting", "standardize")
    standardize(visitor)
    scaled = visitor.expect_address(table, standardize=True, start=offered.start)
    assert scaled.eta == pytest.approx(0.5)
    visitor.type("learning_rate", "1e-13")
    visitor.type("start_intercept", "7000")
    chosen = visitor.expect_address(table, learning_rate=1e-13)
    assert chosen.start == (offered.start[0], 7000.0)
    standardize(visitor)
    visitor.expect_address(table, standardize=False, learning_rate=1e-13, start=chosen.start)
    visitor.page.get_by_role("button", name="Take the offered rate").click()
    eventually(lambda: check(1e-12 < visitor.expect_address(table).eta < 1e-9))
    visitor.reset_start()
    visitor.expect_address(table, start=offered.start)
    visitor.expect_calm()


@pytest.mark.long
def test_a_ready_model_of_years_starts_near_them_and_says_that_it_is_not_standardized(visitor: Visitor) -> None:
    bring(visitor, YEARS)
    table = read_csv(YEARS)
    visitor.unfold("fold_fitting", "standardize")
    standardize(visitor)
    visitor.expect_address(table, standardize=True)
    take(visitor, "Exponential")
    experiment = visitor.expect_address(table, model="a*exp(-b*(x - 2013)) + c", standardize=False)
    assert experiment.problem(table).objective.value(experiment.start) < 0.1 * np.var(table.columns["y"])
    assert "Diverges" not in visitor.verdict
    expect(visitor.page.get_by_test_id("stSidebar")).to_contain_text("Standardizing is off")
    visitor.expect_calm()


def test_a_link_sets_what_it_names_and_the_pages_own_link_tells_what_it_offered(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="anscombe1", learning_rate=0.001)
    said(guest, "Set by you or by a link. Offered here: 0.01")
    guest.unfold("fold_fitting", "standardize")
    standardize(guest)
    guest.expect_address(standardize=True, learning_rate=0.001)

    guest.open("", *FIT, objective="fit", data="anscombe1")
    assert set(guest.parameters["offered"].split(",")) == {"start", "learning_rate", "epochs"}
    link = guest.parameters
    guest.open(objective="ravine")
    guest.open("", *FIT, **link)
    said(guest, "As offered here")
    guest.unfold("fold_fitting", "standardize")
    standardize(guest)
    guest.expect_address(standardize=True, learning_rate=0.5)


@pytest.mark.long
def test_a_power_of_negative_numbers_is_refused_beside_the_model(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="line")
    guest.page.get_by_role("button", name="Ready models").click()
    guest.choose("ready", "Power law")
    expect(guest.page.get_by_text(re.compile("needs a column above 0 in every row"))).to_be_visible()
    guest.page.keyboard.press("Escape")
    guest.type("model", "a*x^b")
    expect(guest.message()).to_have_text(re.compile("no finite value on these data"))
    guest.expect_calm()
