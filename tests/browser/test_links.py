"""The address bar is the experiment: links open runs, what is wrong in them is said, pages share one experiment."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

import gdviz
from gdviz.experiments import Experiment, decode
from gdviz.optimizers import Momentum
from gdviz.presets import PRESETS
from tests.browser.conftest import chart, wait_drawn
from tests.browser.visitor import BOWL, CHARTS, Visitor, check, eventually

DERIVATIVES = ("secant", "quotient", "errors")
ROSENBROCK = {
    "objective": "rosenbrock", "start": "-1.2,1", "learning_rate": "0.001", "epochs": 2000, "optimizer": "gd",
}  # fmt: skip


def test_a_link_opens_its_run(guest: Visitor) -> None:
    guest.open(**ROSENBROCK)
    run = gdviz.descend(PRESETS["rosenbrock"].objective, start=[-1.2, 1.0], learning_rate=0.001, epochs=2000)
    guest.expect_run(run)
    assert [values[-1] for _, values in guest.thetas().values()] == run.thetas[-1].tolist()
    guest.expect_address(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=2000)


def test_a_sum_that_is_typed_into_the_address_is_a_sum(visitor: Visitor) -> None:
    visitor.go(visitor.url + "?objective=formula&formula=x^2+y^2")
    visitor.expect_address(objective="formula", formula="x^2+y^2", start=(1.0, 1.5))
    expect(visitor.field("formula")).to_have_value("x^2+y^2")
    visitor.page.reload()
    wait_drawn(visitor.page, "contour")
    visitor.expect_address(objective="formula", formula="x^2+y^2", start=(1.0, 1.5))


@pytest.mark.long
def test_a_copied_link_gives_the_same_picture_to_someone_else(visit: Callable[..., Visitor]) -> None:
    first, second = visit(), visit("other")
    first.open(
        objective="formula", formula="a^2 + 2b^2 + 3c^2", start="1,2,3", axes="b,c", optimizer="momentum", beta=0.5
    )
    before = first.parameters["learning_rate"]
    first.slider.press("PageUp")
    eventually(lambda: check(first.parameters["learning_rate"] != before))
    experiment = first.expect_address(axes=(1, 2), optimizer=Momentum(beta=0.5))
    second.go(first.address)
    assert second.expect_address(axes=(1, 2)) == experiment
    assert second.address == first.address
    assert second.verdict == first.verdict
    for key in ("contour", "theta", "loss"):
        assert second.traces(key) == first.traces(key)


def test_what_is_wrong_in_a_link_is_said_and_the_default_shown(guest: Visitor) -> None:
    """What there is to say of each field is tested without a browser (:mod:`tests.ui.test_numbers_out_of_range`)."""
    wrong = {"start": "1,2,3", "learning_rate": "-1", "optimizer": "magic"}
    guest.open(**wrong)
    notes = guest.page.get_by_test_id("stMain").get_by_test_id("stAlertContentWarning")
    notes = notes.filter(has_text="its default")
    expect(notes).to_have_count(1)  # one box, with a line for each
    for note in decode(wrong)[1]:
        expect(notes).to_contain_text(note)
    assert guest.expect_address() == Experiment()
    guest.slider.press("ArrowRight")
    expect(notes).to_have_count(0)


HOSTILE: list[dict[str, str]] = [
    {"objective": "formula", "formula": "<script>window.__hacked = 1</script>"},
    {"objective": "formula", "formula": "<img src=x onerror='window.__hacked = 1'>"},
    {"objective": "formula", "formula": "__import__('os').system('id')"},
    {"objective": "formula", "formula": "x + " * 2500 + "x"},
    {"objective": "formula", "formula": "9**9**9**9 + x"},
    {"objective": "<script>window.__hacked = 1</script>", "start": "[x](javascript:alert(1))"},
    {"start": "1" * 10_000, "epochs": "9" * 5_000, "learning_rate": "\x00", "optimizer": "gd\n"},
    {"axes": "<script>window.__hacked = 1</script>", "unknown": "a" * 2_000, "beta": "$\\href{javascript:1}{x}$"},
    {"objective": "fit", "data": "../../etc/passwd", "model": "a*x", "target": "y"},
    {"objective": "fit", "data": "upload"},
    {"learning_rate": "1e-300", "h": "1e-300", "gradient": "estimated", "tolerance": "1e-300"},
    {"optimizer": "momentum", "beta": "0.99999999999999"},
    {"start": "1e308,-1e308"},
    {"start": "1e-290,0"},
]


@pytest.mark.long
def test_hostile_links_do_no_harm(visitor: Visitor, subtests: pytest.Subtests) -> None:
    visitor.open(**BOWL)
    for parameters in HOSTILE:
        with subtests.test("&".join(parameters), **parameters):
            visitor.follow(**parameters)
            assert visitor.page.evaluate("window.__hacked") is None
            assert visitor.page.locator(".stApp script, .stApp img[src='x'], .stApp a[href^='javascript']").count() == 0
            assert visitor.verdict.strip()
            assert "x^2 + 3y^2" not in visitor.parameters.values(), "the link was taken"
            assert len(visitor.address) < 1_000, "what makes no sense does not stay in the address"


def test_a_hostile_link_does_no_harm_to_who_arrives_with_it(visitor: Visitor) -> None:
    visitor.open(**{name: value for parameters in HOSTILE[5:8] for name, value in parameters.items()})
    assert visitor.page.evaluate("window.__hacked") is None
    assert visitor.page.locator(".stApp script, .stApp img[src='x'], .stApp a[href^='javascript']").count() == 0
    assert visitor.expect_address() == Experiment()


# -- pages --


def test_the_derivatives_page_by_navigation_and_back(guest: Visitor) -> None:
    guest.open(objective="rosenbrock", start="-1.2,1", learning_rate=0.0005, epochs=300)
    before = guest.path()
    guest.page.get_by_role("link", name="Derivatives").click()
    for key in DERIVATIVES:
        wait_drawn(guest.page, key)
    guest.rest()
    assert "/derivatives?" in guest.address
    assert guest.parameters["learning_rate"] == "0.0005"
    assert "-215.6" in guest.verdict.replace("−", "-"), "the derivative of Rosenbrock's function along x at (-1.2, 1)"
    guest.page.get_by_role("link", name="Descend").click()
    wait_drawn(guest.page, "contour")
    guest.expect_address(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.0005, epochs=300)
    np.testing.assert_array_equal(guest.path(), before)


def test_the_derivatives_page_by_its_address(guest: Visitor) -> None:
    guest.open("derivatives", *DERIVATIVES, objective="formula", formula="x^3", start="2", h=0.5, gradient="estimated")
    # ((2 + h)^3 - 2^3) / h = 12 + 6 h + h^2
    assert "15.25" in guest.verdict
    assert "12" in guest.verdict
    points = guest.traces("secant")["points"]
    assert points["x"] == [2, 2.5]
    assert points["y"] == [8, 15.625]
    # Its points are gone through by arrow keys, and their numbers are spoken.
    quotient = chart(guest.page, "quotient")
    quotient.locator(".gdviz-plot").focus()
    guest.page.keyboard.press("ArrowDown")
    guest.page.keyboard.press("End")
    words = re.compile(r"^difference quotient, (\d+) of \1: step h = 1, slope in x = 19$")
    expect(quotient.locator('[role="status"]')).to_have_text(words)


def test_the_spacing_moves_the_secant(guest: Visitor) -> None:
    guest.open("derivatives", *DERIVATIVES, objective="formula", formula="x^3", start="2", h=0.5)
    slider = guest.page.get_by_role("slider", name="Step h")
    slider.press("End")
    eventually(lambda: check(guest.traces("secant")["points"]["x"] == [2, 3]))
    eventually(lambda: check("19" in guest.verdict))
    eventually(lambda: check(guest.parameters["h"] == "1"))
    slider.press("PageDown")
    eventually(lambda: check(2.7 < guest.traces("secant")["points"]["x"][1] < 2.9))


def test_the_back_button_goes_back_one_change(guest: Visitor) -> None:
    guest.open(objective="rosenbrock", start="-1.2,1", learning_rate=0.0005, epochs=300)
    guest.type("epochs", "500")
    guest.expect_address(epochs=500)
    guest.type("learning_rate", "0.001")
    guest.expect_address(epochs=500, learning_rate=0.001)
    guest.page.go_back()
    guest.expect_address(epochs=500, learning_rate=0.0005)
    expect(guest.field("learning_rate")).to_have_value("0.0005")
    guest.page.go_back()
    guest.expect_address(epochs=300, learning_rate=0.0005)
    guest.page.go_forward()
    guest.expect_address(epochs=500, learning_rate=0.0005)


@pytest.mark.long
def test_the_back_button_returns_from_a_page(guest: Visitor) -> None:
    guest.open(objective="rosenbrock", start="-1.2,1", learning_rate=0.0005, epochs=300)
    guest.page.get_by_role("link", name="Derivatives").click()
    for key in DERIVATIVES:
        wait_drawn(guest.page, key)
    eventually(lambda: check("/derivatives?" in guest.address))

    for _ in range(2):  # Streamlit may put the page into the history twice, without its parameters and with them
        if "/derivatives" in guest.address:
            guest.page.go_back()
            eventually(lambda: check("?" in guest.address))
            guest.rest()
    assert "/derivatives" not in guest.address
    expect(chart(guest.page, "contour")).to_be_visible()
    guest.expect_address(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.0005, epochs=300)


# -- looks --


def test_on_a_dark_page_the_charts_are_dark_from_the_first(visitor: Visitor) -> None:
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.add_init_script(
        """document.addEventListener('gdviz:drawn', (event) => {
            (window.__colors ??= []).push(event.target.querySelector('.js-plotly-plot').layout.font.color);
        });"""
    )
    visitor.open()
    assert set(visitor.page.evaluate("window.__colors")) == {"#e8eaf2"}
    assert visitor.traces("contour")["path"]["line"]["color"] == "#ffa24d"
    background = visitor.page.locator(".stApp").evaluate("(app) => getComputedStyle(app).backgroundColor")
    assert background == "rgb(18, 20, 28)"


@pytest.mark.long
def test_on_a_phone_nothing_scrolls_sideways_and_the_sidebar_opens(visit: Callable[..., Visitor]) -> None:
    visitor = visit("phone")
    for path, keys in (("derivatives", DERIVATIVES), ("", CHARTS)):
        visitor.open(path, *keys, objective="rosenbrock")
        sizes = visitor.page.evaluate(
            """() => [document.documentElement, document.querySelector('[data-testid="stMain"]')]
                .map((node) => node.scrollWidth)"""
        )
        assert max(sizes) <= 390
        for figure in visitor.page.locator("figure.gdviz-live-plot").all():
            box = figure.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
    visitor.slider.scroll_into_view_if_needed()
    expect(visitor.slider).to_be_in_viewport()
    visitor.slider.press("ArrowLeft")
    visitor.expect_address(objective="rosenbrock")
    assert re.search(r"epochs?", visitor.verdict)
    visitor.page.get_by_test_id("stExpandSidebarButton").click()
    expect(visitor.field("objective")).to_be_in_viewport()
