"""The Compare page, as a visitor uses it: contenders, pictures, table, fair mode, link and files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from gdviz.comparisons import (
    Comparison,
    Contender,
    compare,
    decode_runs,
    fair_comparison,
    usual_contenders,
    usual_terms,
)
from gdviz.experiments import decode
from gdviz.learning_rates import FormulaRate, StepDecay
from gdviz.optimizers import Momentum, SteeredMomentum
from tests.browser.conftest import drag, pixel, wait_drawn, wait_idle
from tests.browser.visitor import BOWL, Visitor, eventually

CHARTS = ("compare_contour", "compare_theta", "compare_loss")
RUNS = "gd@0.05;momentum@0.02,beta=0.5,name=Heavy ball"


def arrive(visitor: Visitor, **parameters: Any) -> None:
    visitor.page.set_default_timeout(40_000)  # fair mode computes before anything is drawn
    visitor.open("compare", *CHARTS, **parameters)


def contenders(visitor: Visitor) -> tuple[Contender, ...]:
    found, notes = decode_runs(visitor.parameters["runs"])
    assert notes == ()
    return found


def expect_runs(visitor: Visitor, *expected: Contender) -> None:
    """The address names these contenders, and the charts show their runs to the last bit."""

    def check() -> None:
        assert contenders(visitor) == expected
        experiment, _ = decode(visitor.parameters)
        against = visitor.parameters.get("against", "epochs")
        drawn, curves = visitor.traces("compare_contour"), visitor.traces("compare_loss")
        for result in compare(Comparison(experiment, expected)):
            path, curve = drawn[result.label], curves[result.label]
            assert (path["x"][-1], path["y"][-1]) == tuple(result.run.thetas[-1])
            assert curve["customdata"][-1] == result.value
            assert curve["x"][-1] == (result.run.epochs if against == "epochs" else result.costs[-1])
        assert len([name for name in drawn if name.endswith(", end")]) == len(expected)

    visitor.settle(check)


def row(visitor: Visitor, place: int, part: str) -> Locator:
    return visitor.page.locator(f".st-key-run_{place}_{part}")


def press(visitor: Visitor, place: int, part: str) -> None:
    """Press a row's button; Streamlit draws one with a tooltip twice, once for narrow windows."""
    row(visitor, place, part).locator("button:visible").first.click()


def test_the_first_visit_compares_three_methods_that_suit_the_function(visitor: Visitor) -> None:
    arrive(visitor)
    experiment, _ = decode(visitor.parameters)
    expect_runs(visitor, *usual_contenders(experiment.problem()))
    assert "the tolerance" in visitor.verdict
    expect(visitor.page.locator(".st-key-compare_table canvas").first).to_be_visible()
    visitor.choose("objective", "Parabola x²")
    eventually(lambda: expect_objective(visitor, "parabola"))
    expect_runs_follow(visitor)


def expect_objective(visitor: Visitor, key: str) -> None:
    assert visitor.parameters["objective"] == key


def expect_runs_follow(visitor: Visitor) -> None:
    experiment, _ = decode(visitor.parameters)
    eventually(lambda: expect_equal(contenders(visitor), usual_contenders(experiment.problem())))


def expect_equal(one: Any, other: Any) -> None:
    assert one == other


def test_runs_are_added_duplicated_renamed_recolored_changed_and_removed(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs=RUNS)
    page = guest.page
    gd = Contender("gd", 0.05)
    ball = Contender(Momentum(beta=0.5), 0.02, "Heavy ball", 1)
    expect_runs(guest, gd, ball)

    page.locator(".st-key-add_run button").first.click()
    added = Contender("gd", 0.05, color=2)
    expect_runs(guest, gd, ball, added)

    press(guest, 1, "copy")
    copy = Contender(Momentum(beta=0.5), 0.02, "Heavy ball", 3)
    expect_runs(guest, gd, ball, copy, added)

    guest.type("run_2_name", "Light; ball, 50 %")
    light = Contender(Momentum(beta=0.5), 0.02, "Light; ball, 50 %", 3)
    expect_runs(guest, gd, ball, light, added)

    guest.type("run_2_rate", "0.03")
    faster = Contender(Momentum(beta=0.5), 0.03, "Light; ball, 50 %", 3)
    expect_runs(guest, gd, ball, faster, added)

    guest.choose("run_3_optimizer", "Adam")
    adam = Contender("adam", 0.05, color=2)
    expect_runs(guest, gd, ball, faster, adam)

    row(guest, 0, "look").get_by_role("button").first.click()
    row(guest, 0, "color").get_by_text("Ochre").click()
    ochre = Contender("gd", 0.05, color=4)
    expect_runs(guest, ochre, ball, faster, adam)
    assert guest.traces("compare_loss")["Gradient descent"]["line"]["color"] == "#946300"
    page.keyboard.press("Escape")

    press(guest, 1, "remove")
    expect_runs(guest, ochre, faster, adam)
    expect(guest.field("run_1_name")).to_have_value("Light; ball, 50 %")


@pytest.mark.long
def test_a_color_that_a_closed_menu_still_holds_is_not_brought_back(guest: Visitor) -> None:
    """No link and no change of another field may do that."""
    arrive(guest, **BOWL, runs=RUNS)
    gd, ball = Contender("gd", 0.05), Contender(Momentum(beta=0.5), 0.02, "Heavy ball", 1)
    ochre = Contender("gd", 0.05, color=4)

    def choose_ochre() -> None:
        row(guest, 0, "look").get_by_role("button").first.click()
        row(guest, 0, "color").get_by_text("Ochre").click()
        expect_runs(guest, ochre, ball)

    choose_ochre()
    guest.page.keyboard.press("Escape")
    guest.follow("compare", "compare_loss", **BOWL, runs=RUNS)
    guest.page.locator(".st-key-add_run button").first.click()
    expect_runs(guest, gd, ball, Contender("gd", 0.05, color=2))
    press(guest, 2, "remove")
    expect_runs(guest, gd, ball)
    choose_ochre()


@pytest.mark.long
def test_a_hyperparameter_is_changed_in_its_row(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs="momentum@0.02")
    row(guest, 0, "look").get_by_role("button").first.click()
    guest.type("run_0_beta", "0.25")
    expect_runs(guest, Contender(Momentum(beta=0.25), 0.02))


@pytest.mark.long
def test_a_schedule_is_chosen_and_set_in_its_row(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs="gd@0.1")
    row(guest, 0, "look").get_by_role("button").first.click()
    guest.choose("run_0_schedule", "Step decay")
    step = Contender("gd", StepDecay(0.1))
    expect_runs(guest, step)
    guest.type("run_0_every", "5")
    expect_runs(guest, replace(step, learning_rate=StepDecay(0.1, every=5)))
    guest.choose("run_0_schedule", "A formula of the epoch k")
    formula = replace(step, learning_rate=FormulaRate(0.1))
    expect_runs(guest, formula)
    guest.type("run_0_rate_formula", "eta/(1 + q)")
    wrong = guest.page.locator(".st-key-contenders [data-testid='stAlertContentError']")
    expect(wrong).to_contain_text("“q” is not known in a formula for the learning rate")
    assert contenders(guest) == (formula,)
    guest.type("run_0_rate_formula", "eta/(1 + k)")
    expect_runs(guest, replace(formula, learning_rate=FormulaRate(0.1, "eta/(1 + k)")))
    expect(wrong).to_have_count(0)


def test_a_hand_steered_momentum_is_one_of_the_runs(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs="gd@0.05;steered_momentum@0.02,beta_changes=5:0.3;steered_momentum@0.02")
    steered = Contender(SteeredMomentum(beta_changes="5:0.3"), 0.02, color=1)
    other = Contender("steered_momentum", 0.02, color=2)
    expect_runs(guest, Contender("gd", 0.05), steered, other)
    guest.choose("run_0_optimizer", "Momentum, steered by hand")
    expect_runs(guest, Contender("steered_momentum", 0.05), steered, other)


def test_eight_are_the_most(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs=";".join(f"gd@0.0{i}" for i in range(1, 9)))
    expect(guest.page.locator(".st-key-add_run button").first).to_be_disabled()
    press(guest, 7, "remove")
    expect(guest.page.locator(".st-key-add_run button").first).to_be_enabled()


def test_the_axis_counts_epochs_or_gradient_evaluations(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs="gd@0.05;newton@0.1")
    both = Contender("gd", 0.05), Contender("newton", 0.1, color=1)
    expect_runs(guest, *both)
    guest.page.get_by_text("Gradient evaluations", exact=True).first.click()
    eventually(lambda: expect_equal(guest.parameters["against"], "evaluations"))
    expect_runs(guest, *both)
    for chart in ("compare_loss", "compare_theta"):  # which are drawn one after the other
        eventually(lambda chart=chart: expect_equal(guest.traces(chart)["Newton"]["x"][-1], 40 * 3 + 1))


def test_the_start_is_dragged_for_all(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs=RUNS)
    page = guest.page
    drag(page, pixel(page, "compare_contour", 2, 1), pixel(page, "compare_contour", -1, -1))
    eventually(lambda: expect_equal(guest.parameters["start"] == "2,1", False))
    wait_idle(page)
    experiment, _ = decode(guest.parameters)
    assert experiment.start == pytest.approx((-1, -1), abs=0.05)
    expect_runs(guest, *contenders(guest))


def test_the_verdict_names_the_first(guest: Visitor) -> None:
    arrive(guest, **BOWL | {"epochs": 1000}, runs=RUNS + ";newton@1")
    words = "Newton reached the tolerance first: 1 epoch, 4 gradient evaluations"
    expect(guest.page.locator(".st-key-verdict")).to_contain_text(words)


def test_a_run_that_cannot_run_here_says_why_and_leaves_the_others(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs="gd@0.05;gauss_newton@1")
    expect(guest.message("stMain")).to_have_text(re.compile("needs data to fit"))
    assert "Gradient descent" in guest.traces("compare_loss")


def test_fair_mode_tunes_every_rate_with_the_same_budget(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs=RUNS)
    page = guest.page
    expect(page.locator(".st-key-control_epochs")).to_be_visible()
    page.locator(".st-key-fair_mode label").click()
    eventually(lambda: expect_equal(guest.parameters.get("fair"), "on"))
    expect(page.locator(".st-key-control_epochs")).to_be_hidden()  # the budget counts
    experiment, _ = decode(guest.parameters)
    comparison = Comparison(experiment, contenders(guest))

    def check(budget: int) -> None:
        terms = usual_terms(experiment.problem())
        terms = terms if budget == terms.budget else type(terms)(**{**vars(terms), "budget": budget})
        expected = fair_comparison(comparison, terms)
        drawn = guest.traces("compare_rates")
        curves = guest.traces("compare_loss")
        for result in expected.results:
            assert drawn[f"{result.label}, best"]["x"] == [result.best_rate]
            np.testing.assert_array_equal(drawn[result.label]["x"], terms.rates)
            tuned = result.tuned(experiment)
            assert tuned is not None
            run = tuned[1].run()
            assert curves[result.label]["customdata"][-1] == run.values[-1]
            assert run.evaluations <= budget
        assert f"{budget:,} gradient evaluations" in guest.verdict

    wait_drawn(page, "compare_rates")
    guest.settle(lambda: check(200))
    expect(guest.field("run_0_rate")).to_be_disabled()
    guest.type("fair_budget", "50")
    guest.settle(lambda: check(50))
    assert guest.parameters["fair"] == "budget=50"
    best = [r.best_rate for r in fair_comparison(comparison, type(usual_terms(experiment.problem()))(
        **{**vars(usual_terms(experiment.problem())), "budget": 50})).results]  # fmt: skip
    page.locator(".st-key-keep_rates button").click()
    eventually(lambda: expect_equal([c.eta for c in contenders(guest)], best))
    assert "fair" not in guest.parameters


@pytest.mark.long
def test_a_link_shows_the_same_to_someone_else(visit: Callable[..., Visitor]) -> None:
    first = visit()
    runs = "gd@0.05,name=Plain *old* <b>,color=5;momentum@0.02;bfgs@1,schedule=strong_wolfe"
    arrive(first, **BOWL, runs=runs, against="evaluations", fair="budget=60,trials=21")
    other = visit("other")
    other.go(first.address, *CHARTS)
    assert other.parameters == first.parameters
    assert other.parameters["runs"] == runs
    assert other.verdict == first.verdict
    assert "Plain *old* <b>" in other.verdict
    for key in (*CHARTS, "compare_rates"):
        mine, theirs = first.traces(key), other.traces(key)
        assert mine == theirs


@pytest.mark.long
def test_a_broken_link_is_mended_and_says_so(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs="gd@0.05;nope@1;momentum@x", fair="budget=x", against="nonsense")
    expect(guest.page.get_by_text("there is no optimizer “nope”")).to_be_visible()
    expect(guest.page.get_by_text("fair: “budget=x” is not used")).to_be_visible()
    assert {"Gradient descent", "Momentum"} <= set(guest.traces("compare_loss"))


def test_the_runs_stay_in_the_link_of_the_other_pages(guest: Visitor) -> None:
    arrive(guest, **BOWL, runs=RUNS)
    guest.page.get_by_role("link", name="Descend").click()
    wait_drawn(guest.page, "contour")
    wait_idle(guest.page)
    assert "/compare" not in guest.address
    assert guest.parameters["runs"] == RUNS
    guest.page.get_by_role("link", name="Compare").click()
    expect_runs(guest, Contender("gd", 0.05), Contender(Momentum(beta=0.5), 0.02, "Heavy ball", 1))


def export(visitor: Visitor, label: str, what: str | None, folder: Path) -> Path:
    page = visitor.page
    page.get_by_role("button", name="Export").click()
    page.get_by_test_id("stPopoverBody").get_by_text(label, exact=True).click()
    visitor.rest()
    if what:
        visitor.choose("export_table", what)
        expect(page.locator(".st-key-export_download button")).to_contain_text(what)
    visitor.rest()
    with page.expect_download(timeout=60_000) as download:
        page.locator(".st-key-export_download button").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    page.keyboard.press("Escape")
    return path


@pytest.mark.long
def test_all_runs_and_the_table_are_exported_to_the_last_bit(visitor: Visitor, tmp_path: Path) -> None:
    arrive(visitor, **BOWL, runs=RUNS)
    experiment, _ = decode(visitor.parameters)
    gd, ball = compare(Comparison(experiment, contenders(visitor)))
    lines = export(visitor, "Numbers (CSV)", None, tmp_path).read_text().splitlines()
    runs = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert [float(line["x"]) for line in runs if line["run"] == "Heavy ball"] == ball.run.thetas[:, 0].tolist()
    assert [float(line["value"]) for line in runs if line["run"] == gd.label] == gd.run.values.tolist()


def test_the_table_is_exported(guest: Visitor, tmp_path: Path) -> None:
    arrive(guest, **BOWL, runs=RUNS)
    path = export(guest, "Numbers (CSV)", "the table", tmp_path)
    assert path.name == "gdviz-compare-table.csv"
    lines = list(csv.DictReader(io.StringIO(path.read_text())))
    assert [line["run"] for line in lines] == ["Gradient descent", "Heavy ball"]


@pytest.mark.long
def test_the_pictures_are_exported(visitor: Visitor, tmp_path: Path) -> None:
    arrive(visitor, **BOWL, runs=RUNS, fair="on")
    path = export(visitor, "PNG", None, tmp_path)
    assert path.name == "gdviz-compare-loss.png"
    assert path.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    assert path.stat().st_size > 5_000


@pytest.mark.long
def test_nothing_scrolls_sideways(visitor: Visitor) -> None:
    arrive(visitor, **BOWL, runs=RUNS, fair="on")
    inside = "document.querySelector('[data-testid=stMain]')"
    for width in (1440, 390):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        fits = f"innerWidth === {width} && {inside}.scrollWidth <= {inside}.clientWidth"
        visitor.page.wait_for_function(f"() => {fits}")
        visitor.rest()
        assert visitor.page.evaluate(fits)
