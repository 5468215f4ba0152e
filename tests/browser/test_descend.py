"""The Descend page, as a visitor uses it: what the hand changes, the picture, the verdict and the address follow."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import gdviz
from gdviz.experiments import Experiment, decode
from gdviz.lessons.scenarios import FIRST_LOOK
from gdviz.optimizers import OPTIMIZERS, Momentum
from gdviz.presets import PRESETS
from tests.browser.conftest import chart, draws, pixel, swing, wait_drawn, zoom
from tests.browser.visitor import BOWL, CHARTS, Visitor, check, eventually


def test_the_first_visit_shows_a_run_that_arrives(visitor: Visitor) -> None:
    visitor.open()
    for key in CHARTS:
        expect(chart(visitor.page, key)).to_be_visible()
    assert visitor.expect_address() == decode(FIRST_LOOK)[0]
    assert "Converged after 23 epochs" in visitor.verdict
    assert {"path", "start", "end", "landscape", "minima"} <= set(visitor.traces("contour"))
    assert set(visitor.parameters) == {"objective", "start", "learning_rate", "epochs", "optimizer"}
    expect(visitor.page.locator(".katex").first).to_be_visible()


# -- the learning rate --


def test_the_path_follows_the_learning_rate_during_the_drag(visitor: Visitor) -> None:
    visitor.open(**BOWL)
    page = visitor.page
    zoom(page, "contour", (-1.5, 1.2), (2.2, -1))
    zoomed = visitor.ranges()
    page.evaluate("window.__urls = new Set()")
    page.evaluate("setInterval(() => window.__urls.add(location.href), 5)")
    page.evaluate(
        """() => {
            window.__steps = 0;
            const { pushState } = history;
            history.pushState = (...step) => { window.__steps += 1; pushState.apply(history, step); };
        }"""
    )

    begin, end = visitor.slider_pixel(0.05), visitor.slider_pixel(0.25)
    seen: set[str] = set()

    def several_paths_are_drawn() -> bool:
        paths = "[...document.querySelectorAll('.gdviz-overlay path')].map((path) => path.outerHTML)"
        seen.update(page.evaluate(paths))
        return len(seen) > 3

    swing(page, begin, end, several_paths_are_drawn)
    assert visitor.parameters["learning_rate"] == "0.05", "the address waits for the hand"
    page.mouse.up()
    eventually(lambda: check(visitor.parameters["learning_rate"] != "0.05"))
    experiment = visitor.expect_address(start=(2.0, 1.0))
    assert experiment.eta == pytest.approx(0.25, rel=0.2)
    assert visitor.ranges() == zoomed
    assert page.evaluate("window.__urls.size") == 2, "one address before the drag, one after it"
    assert page.evaluate("window.__steps") <= 1, "the Back button undoes the whole drag"
    expect(chart(page, "contour").locator(".gdviz-overlay")).to_be_hidden()


def test_the_slider_and_the_number_field_follow_each_other(guest: Visitor) -> None:
    guest.open(**BOWL)
    before = draws(guest.page, "contour")
    guest.slider.press("ArrowRight")
    wait_drawn(guest.page, "contour", before)
    guest.expect_address(learning_rate=0.0512)
    expect(guest.field("learning_rate")).to_have_value("0.0512")
    guest.type("learning_rate", "0.123456789")
    guest.expect_address(learning_rate=0.123456789)
    expect(guest.slider).to_have_attribute("aria-valuetext", "0.123")
    guest.type("learning_rate", "25")  # beyond the slider's end
    guest.expect_address(learning_rate=25.0)
    expect(guest.slider).to_have_attribute("aria-valuetext", "10")


def test_a_rate_above_the_limit_diverges_and_is_not_clipped(guest: Visitor) -> None:
    guest.open(**BOWL | {"learning_rate": 0.35, "epochs": 100})
    verdict = guest.verdict
    assert "Diverges" in verdict
    assert "2/L" in verdict
    assert "0.333" in verdict
    run = guest.expect_address().run()
    assert np.abs(guest.path()[-1]).max() == np.abs(run.thetas[-1]).max() > 1e3
    drawn = guest.ranges()
    assert drawn[1][1] < 100, "the window stays with the landscape"
    guest.page.locator(".st-key-whole_path label").click()
    eventually(lambda: check(guest.ranges()[1][1] >= np.abs(run.thetas[:, 1]).max()))


def test_epochs_and_tolerance(guest: Visitor) -> None:
    guest.open(**BOWL)
    guest.type("epochs", "7")
    assert guest.expect_address(epochs=7).run().epochs == 7
    guest.type("epochs", "1000")
    guest.expect_address(epochs=1000)
    guest.unfold("fold_steps", "tolerance")
    guest.type("tolerance", "0.01")
    run = guest.expect_address(tolerance=0.01).run()
    assert run.epochs < 200
    assert "Converged" in guest.verdict
    guest.type("epochs", "1000000")  # beyond the limit: refused by the field
    eventually(lambda: check(guest.page.get_by_text(re.compile("100,?000")).count() > 0))
    guest.expect_address(epochs=1000)


# -- the start --


def test_a_click_on_the_landscape_sets_the_start(guest: Visitor) -> None:
    guest.open(**BOWL)
    page = guest.page
    page.mouse.click(*pixel(page, "contour", -1.3, 0.8))
    eventually(lambda: check(guest.start()[0] < 0))
    experiment = guest.expect_address()
    assert experiment.start == pytest.approx((-1.3, 0.8), abs=0.03)
    assert guest.start() == experiment.start
    for name, value in zip("xy", experiment.start, strict=True):
        assert float(guest.field(f"start_{name}").input_value()) == value


@pytest.mark.long
def test_the_start_is_dragged(visitor: Visitor) -> None:
    visitor.open(**BOWL)
    page = visitor.page
    page.evaluate("window.__urls = new Set()")
    page.evaluate("setInterval(() => window.__urls.add(location.href), 5)")
    begin, end = pixel(page, "contour", 2, 1), pixel(page, "contour", -1, -1)
    before = draws(page, "contour")
    swing(page, begin, end, lambda: draws(page, "contour") > before + 2)  # the path is drawn while the button is down
    assert pixel(page, "contour", -1, -1) == pytest.approx(end, abs=1), "the landscape stands still under the hand"
    overlay = page.locator(".st-key-contour .gdviz-overlay")
    expect(overlay).to_be_visible()
    plotlys = page.locator(".st-key-contour [class*='scatterlayer'] > .trace")
    assert all(
        node.evaluate("(node) => node.style.display === 'none' || !node.__data__[0].trace.meta?.moving")
        for node in plotlys.all()
    ), "nothing of the old path stays behind"
    page.mouse.up()
    eventually(lambda: check("start=2%2C1&" not in visitor.address))
    expect(overlay).to_be_hidden()
    experiment = visitor.expect_address()
    assert experiment.start == pytest.approx((-1, -1), abs=0.03)
    visitor.rest()
    assert page.evaluate("window.__urls.size") == 2


@pytest.mark.long
def test_a_typed_start_a_random_one_and_back(visitor: Visitor) -> None:
    visitor.open(objective=Experiment.objective)
    preset = PRESETS[Experiment.objective]
    visitor.type("start_x", "-1.25")
    visitor.expect_address(start=(-1.25, preset.start[1]))
    seen = {visitor.start()}
    for _ in range(2):
        before = visitor.address
        visitor.page.get_by_role("button", name="Random").click()
        eventually(lambda before=before: check(visitor.address != before))
        start = visitor.expect_address().start
        assert all(low <= x <= high for x, (low, high) in zip(start, preset.window, strict=True))
        seen.add(start)
    assert len(seen) == 3, "every press draws another start"
    visitor.reset_start()
    visitor.expect_address(start=preset.start)


def test_a_start_outside_the_window_widens_it(guest: Visitor) -> None:
    guest.open(**BOWL)
    guest.type("start_x", "-500")
    guest.expect_address()
    eventually(lambda: check(guest.ranges()[0][0] <= -500))


# -- functions --


def test_choosing_a_function_brings_its_own_start_and_rate(guest: Visitor) -> None:
    guest.open(**BOWL)
    rosenbrock = PRESETS["rosenbrock"]
    guest.choose("objective", rosenbrock.title)
    guest.expect_address(
        objective="rosenbrock", start=rosenbrock.start, learning_rate=rosenbrock.learning_rate, epochs=rosenbrock.epochs
    )
    guest.page.get_by_role("button", name="Edit this formula").click()
    guest.expect_address(objective="formula", formula=rosenbrock.formula)
    expect(guest.field("formula")).to_have_value(rosenbrock.formula)


def test_an_own_formula_is_read_back_and_drawn(guest: Visitor) -> None:
    guest.open(objective="ravine")
    guest.choose("objective", "Your own formula")
    guest.expect_address(objective="formula")
    guest.type("formula", "x^2 + 3y^2")
    experiment = guest.expect_address(objective="formula", formula="x^2 + 3y^2")
    assert guest.thetas().keys() == {"x", "y"}
    expected = gdviz.descend(gdviz.parse("x^2 + 3y^2"), experiment.start, experiment.learning_rate, experiment.epochs)
    guest.expect_run(expected)
    latex = guest.page.locator(".st-key-formula_latex annotation")
    expect(latex).to_have_text(re.compile(r"f\(x, y\) = .*x\^\{?2\}?.*3.*y\^\{?2\}?"))
    guest.page.get_by_text("Gradient ∇f", exact=True).click()
    expect(guest.page.locator(".st-key-gradient_latex .katex-display")).to_have_count(2)


def test_what_the_reading_left_out_is_said_beside_the_formula(guest: Visitor) -> None:
    guest.open(**BOWL)
    guest.type("formula", r"f(x, y) = \frac{x^2}{2} + 3y^2  # *bowl*")
    assert guest.thetas().keys() == {"x", "y"}
    said = guest.page.locator(".st-key-formula_latex [data-testid=stCaptionContainer]")
    expect(said).to_have_text(
        ["The comment “*bowl*” is left out.", "“f(x, y) =” only names what follows and is left out."]
    )


def test_a_formula_goes_on_in_the_next_line(guest: Visitor) -> None:
    guest.open(objective="rosenbrock")
    widths = guest.page.locator(".st-key-formula_latex .katex-display").evaluate(
        "(formula) => [formula.clientWidth, formula.scrollWidth]"
    )
    assert widths[1] <= widths[0]


BAD_FORMULAS = {  # what is said of others is tested with the parser
    "sin x y": r"sin\(x\)\*y or sin\(x\*y\)",
    "": r".",
    "x^2 + " + "y*" * 300 + "y": r"500|300",
}


def test_a_bad_formula_is_explained_beside_the_field_and_mended(guest: Visitor, subtests: pytest.Subtests) -> None:
    guest.open(**BOWL)
    before, address = guest.path(), guest.address
    for bad, advice in BAD_FORMULAS.items():
        with subtests.test(bad):
            guest.type("formula", bad)
            expect(guest.message()).to_have_text(re.compile(advice))
            expect(guest.message()).to_have_count(1)
            expect(guest.field("formula")).to_have_value(bad)
            guest.rest()
            np.testing.assert_array_equal(guest.path(), before)
            assert guest.address == address, "a link always opens a run"
    guest.slider.press("ArrowRight")  # the last good picture still answers
    guest.expect_address(formula="x^2 + 3y^2", learning_rate=0.0512)
    expect(guest.field("formula")).to_have_value(bad)
    guest.type("formula", "x^2 + 2y^2")
    guest.expect_address(formula="x^2 + 2y^2")
    expect(guest.message()).to_have_count(0)


def test_one_variable_is_drawn_as_a_curve(guest: Visitor) -> None:
    guest.open(objective="formula", formula="x^2", start="10", learning_rate=0.2, epochs=10)
    guest.expect_address(start=(10.0,))
    traces = guest.traces("contour")
    assert traces["landscape"]["mode"] == "lines"
    np.testing.assert_allclose(traces["landscape"]["y"], np.square(traces["landscape"]["x"]))
    np.testing.assert_allclose(traces["path"]["y"], np.square(traces["path"]["x"]))
    page = guest.page
    page.mouse.click(*pixel(page, "contour", 6, 50))
    eventually(lambda: check(guest.start()[0] < 9))
    assert guest.expect_address().start == pytest.approx((6,), abs=0.1)


def test_of_many_variables_two_are_seen_from_above(guest: Visitor) -> None:
    guest.open(objective="formula", formula="a^2 + 2b^2 + 3c^2 + d^2", start="1,2,3,4", learning_rate=0.1, epochs=20)
    assert guest.thetas().keys() == {"a", "b", "c", "d"}
    guest.expect_address(axes=(0, 1))
    box = guest.page.locator(".st-key-axes input")
    box.click()
    guest.page.get_by_role("option", name=re.compile("^b and d")).click()
    eventually(lambda: check(guest.parameters.get("axes") == "b,d"))
    guest.expect_address(axes=(1, 3), start=(1.0, 2.0, 3.0, 4.0))
    guest.page.mouse.click(*pixel(guest.page, "contour", -1, -1))
    eventually(lambda: check(guest.start()[0] < 0))
    start = guest.expect_address(axes=(1, 3)).start
    assert (start[0], start[2]) == (1.0, 3.0), "a click moves what it sees and nothing else"
    assert (start[1], start[3]) == pytest.approx((-1, -1), abs=0.1)


# -- how to descend --


@pytest.mark.long
def test_momentum_has_its_beta(guest: Visitor) -> None:
    guest.open(**BOWL)
    guest.choose("optimizer", OPTIMIZERS["momentum"].title)
    guest.expect_address(optimizer="momentum")
    guest.type("beta", "0.5")
    experiment = guest.expect_address(optimizer=Momentum(beta=0.5))
    assert guest.parameters["beta"] == "0.5"
    guest.expect_run(gdviz.descend(gdviz.parse("x^2 + 3y^2"), (2, 1), 0.05, 40, gdviz.Momentum(beta=0.5)))
    assert decode(guest.parameters) == (experiment, ())


@pytest.mark.long
def test_the_gradient_is_estimated_with_h(guest: Visitor) -> None:
    guest.open(**BOWL)
    guest.unfold("fold_steps", "gradient")
    expect(guest.field("h")).to_be_disabled()
    exact = guest.path()
    guest.page.locator(".st-key-gradient label", has_text="estimated").click()
    guest.expect_address(gradient="estimated", h=0.0001)
    guest.type("h", "0.1")
    guest.expect_address(gradient="estimated", h=0.1)
    shift = guest.path()[-1] - exact[-1]
    assert shift == pytest.approx([-0.05, -0.05], abs=0.01), "with forward quotients the path ends h/2 too low"
