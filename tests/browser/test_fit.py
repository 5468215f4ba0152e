"""A model of one's own on data of one's own: ready models, losses, scaling, batches, what is left over."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from gdviz.datasets import DATASETS, read_csv
from tests.browser.visitor import Visitor, eventually

FIT = ("contour", "theta", "loss", "fit", "residuals", "score")
DECAY = "t,y\n" + "\n".join(f"{t / 4},{3 * np.exp(-0.5 * t / 4) + 1:.4f}" for t in range(24))


@pytest.mark.long
def test_a_ready_model_is_written_into_the_field_with_a_start_that_suits_it(visitor: Visitor) -> None:
    visitor.open("", *FIT, objective="fit", data="line")
    visitor.choose("data", "Your own data")
    visitor.upload(DECAY.encode())
    visitor.expect_address(read_csv(DECAY), data="upload", model="slope*t + intercept")
    visitor.page.get_by_role("button", name="Ready models").click()
    visitor.choose("ready", "Exponential")
    visitor.page.get_by_role("button", name="Take this model").click()
    experiment = visitor.expect_address(read_csv(DECAY), data="upload", model="a*exp(-b*t) + c")
    # A fresh exponential begins near the data, not at a thousand times their size.
    assert np.abs(experiment.start).max() < 10
    visitor.expect_calm()


def test_pasted_rows_are_read_and_bad_ones_left_out_on_the_visitors_word_only(visitor: Visitor) -> None:
    visitor.open("", *FIT, objective="fit", data="line")
    visitor.choose("data", "Your own data")
    visitor.page.get_by_text("Pasted text").click()
    area = visitor.page.locator(".st-key-pasted textarea")
    text = "x,y\n1,2\n2,oops\n3,6.5\n4,8"
    area.fill(text)
    area.press("Control+Enter")
    expect(visitor.message()).to_have_text(re.compile("line 3"))
    expect(area).to_have_value(text)
    visitor.page.get_by_role("button", name=re.compile("Leave out 1 row")).click()
    visitor.expect_address(read_csv(text, drop_bad_rows=True), data="upload")
    assert visitor.traces("fit")["data"]["x"] == [1, 3, 4]
    expect(visitor.message()).to_have_count(0)


def test_standardizing_keeps_theta_in_the_datas_units_and_says_what_it_does(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="line")
    summary = guest.page.locator(".st-key-fit_summary")
    expect(summary).to_contain_text("833.8")
    guest.unfold("fold_fitting", "standardize")
    guest.page.locator(".st-key-standardize label").click()
    experiment = guest.expect_address(standardize=True)
    assert guest.thetas()["slope"][1, -1] == pytest.approx(20, rel=1e-6)
    assert experiment.run().epochs < 100  # the raw columns take thousands
    guest.expect_calm()


def test_batches_are_drawn_beside_the_full_gradient(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="line", data_noise=100, batch_size=10, epochs=30, learning_rate=0.0003)
    experiment = guest.expect_address(batch_size=10, data_noise=100.0)
    assert "full batch" in guest.traces("contour")
    guest.unfold("fold_fitting", "batch_size")
    guest.type("shuffle_seed", "7")
    other = guest.expect_address(shuffle_seed=7)
    assert not np.array_equal(other.run().thetas, experiment.run().thetas)
    guest.expect_calm()


def test_residuals_and_score_are_those_of_the_run(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="anscombe3")
    run = guest.expect_address().run()
    table = DATASETS["anscombe3"].table
    slope, intercept = run.thetas[-1]
    left = table.columns["y"] - (slope * table.columns["x"] + intercept)
    np.testing.assert_allclose(next(iter(guest.traces("residuals").values()))["y"], left, atol=1e-12)
    around = table.columns["y"] - table.columns["y"].mean()
    score = 1 - np.sum(left**2) / np.sum(around**2)
    assert guest.traces("score")["R²"]["y"][-1] == pytest.approx(score, rel=1e-9)
    assert f"{score:.3f}"[:5] in guest.page.locator(".st-key-fit_summary").inner_text()


def test_two_classes_have_a_boundary_and_an_accuracy(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="classes")
    traces = guest.traces("fit")
    assert {"boundary", "probability ½"} & set(traces)
    assert re.search(r"\d\d\.\d % of 80 rows", guest.page.locator(".st-key-fit_summary").inner_text())
    guest.expect_calm()


@pytest.mark.long
def test_another_loss_says_what_it_is(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="anscombe3")
    guest.unfold("fold_fitting", "fit_loss")
    guest.choose("fit_loss", "Huber loss")
    guest.expect_address(fit_loss="huber")
    eventually(lambda: expect(guest.page.get_by_test_id("stSidebar")).to_contain_text("linear beyond"))
    guest.choose("fit_loss", "Log loss (logistic regression)")
    expect(guest.message()).to_have_text(re.compile("zeros and ones"))
    guest.expect_calm()


@pytest.mark.long
def test_levenberg_marquardt_reaches_the_certified_values(guest: Visitor) -> None:
    guest.open(
        "", *FIT, objective="fit", data="misra1a", start="250,0.0005", optimizer="levenberg_marquardt", learning_rate=1,
        epochs=100,
    )  # fmt: skip
    assert guest.thetas()["b₁"][1, -1] == pytest.approx(238.94212918, rel=1e-6)


def test_the_fitted_curve_follows_the_epoch_that_is_looked_at(guest: Visitor) -> None:
    guest.open("", *FIT, objective="fit", data="line")
    run = guest.expect_address().run()
    guest.page.get_by_role("button", name="Step in numbers").click()
    guest.page.get_by_role("slider", name="Epoch", exact=True).press("Home")
    eventually(lambda: guest.traces("fit")["fit at epoch 0"])
    guest.page.get_by_role("slider", name="Epoch", exact=True).press("ArrowRight")
    curve = eventually(lambda: guest.traces("fit")["fit at epoch 1"])
    slope, intercept = run.thetas[1]
    np.testing.assert_allclose(curve["y"], slope * np.array(curve["x"]) + intercept, rtol=1e-12)
    guest.expect_calm()


@pytest.mark.long
def test_a_model_taken_beside_a_ridge_begins_at_a_rate_for_both(guest: Visitor) -> None:
    guest.open(objective="fit", data="anscombe1", ridge=1000)
    guest.type("model", "a*x + b*x^2/10 + c")
    experiment = guest.expect_address(model="a*x + b*x^2/10 + c", ridge=1000.0)
    assert experiment.eta == experiment.problem().learning_rate < 0.001
    assert "Diverges" not in guest.verdict
