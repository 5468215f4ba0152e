"""The page in one file, in a browser without a network: rate and start are live, and the numbers are the core's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from gdviz import Experiment
from gdviz.comparisons import decode_runs
from gdviz.exports.page_file import to_page
from gdviz.exports.subject import Subject, subject_of, subject_of_comparison

ROWS = 20


@pytest.fixture
def opened(new_page: Callable[..., Page], tmp_path: Path) -> Callable[[Subject], Page]:
    def open_file(subject: Subject) -> Page:
        path = tmp_path / "page.html"
        path.write_text(to_page(subject, with_data=True), encoding="utf-8")
        page = new_page("offline")
        page.context.set_offline(True)
        page.goto(path.as_uri())
        expect(page.locator("html")).to_have_attribute("data-ready", "yes", timeout=30_000)
        return page

    return open_file


def rows(page: Page, run: int = 0) -> np.ndarray:
    """The first rows of theta that the page draws, to the last bit."""
    steps = page.evaluate(f"Array.from(gdviz.runs[{run}].steps.thetas)")
    n = page.evaluate("gdviz.content.variables.length")
    return np.array(steps).reshape(-1, n)[:ROWS]


def set_rate(page: Page, place: int) -> float:
    page.get_by_role("slider", name="Learning rate").evaluate(
        "(slider, place) => { slider.value = place; slider.dispatchEvent(new Event('input')); }", place
    )
    return float(page.evaluate("gdviz.etas[gdviz.chosen]"))


def path_of(page: Page, name: str) -> str:
    return page.locator(f"#chart-contour .over path[data-name='{name}']").get_attribute("d") or ""


def test_the_rate_is_live_and_the_numbers_are_the_cores(opened) -> None:
    e = Experiment(objective="rosenbrock", start=(-1.2, 1.0), learning_rate=0.001, epochs=300, optimizer="adam")
    page = opened(subject_of(e.posed()))
    expect(page.locator("#verdict")).to_have_text(e.verdict(e.run()).sentence.replace("**", ""))
    before = path_of(page, "path")
    eta = set_rate(page, 850)
    assert path_of(page, "path") != before
    np.testing.assert_array_equal(rows(page), e.at_rate(eta).run().thetas[:ROWS], strict=True)
    expect(page.locator("#verdict")).to_contain_text("300 epochs")
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    assert page.evaluate("gdviz.etas[0]") > eta, "keys too"
    page.get_by_role("button", name="As exported").click()
    assert path_of(page, "path") == before
    np.testing.assert_array_equal(rows(page), e.run().thetas[:ROWS])


def test_the_start_is_dragged(opened) -> None:
    e = Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.3, epochs=60)
    page = opened(subject_of(e.posed()))
    grip = page.get_by_role("button", name="Start: drag")
    box = grip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 16, box["y"] + 16)
    page.mouse.down()
    page.mouse.move(box["x"] + 96, box["y"] - 24, steps=4)
    page.mouse.up()
    start = tuple(page.evaluate("gdviz.start"))
    assert start[0] > -5
    assert start[1] > -2
    moved = Experiment(objective="gentle_bowl", start=start, learning_rate=0.3, epochs=60)
    np.testing.assert_array_equal(rows(page), moved.run().thetas[:ROWS])
    grip.press("ArrowLeft")
    assert page.evaluate("gdviz.start[0]") < start[0]


@pytest.mark.parametrize(
    ("more", "rtol"),
    [
        ({"objective": "formula", "formula": "sin(3*x)*exp(y/2) + x^2 + y^4", "start": (0.3, 0.8)}, 1e-12),
        ({"objective": "fit", "data": "line", "start": (0.0, 0.0)}, 0),
        ({"objective": "formula", "formula": "x^4 - 3*x^2 + x", "start": (1.7,)}, 0),
        ({"objective": "formula", "formula": "a^2 + 2*b^2 + c^4", "start": (1.0, 2.0, 1.0)}, 0),
        ({"objective": "fit", "data": "line", "model": "a*x + b", "start": (0.0, 0.0), "standardize": True}, 1e-12),
    ],
    ids=["sines", "a fit", "one", "three", "standardized"],
)
def test_each_kind_is_live(opened, more: dict[str, object], rtol: float) -> None:
    e = Experiment(**more, learning_rate=0.001, epochs=40)  # type: ignore[arg-type]
    page = opened(subject_of(e.posed()))
    moved = e.at_rate(set_rate(page, 400))
    np.testing.assert_allclose(rows(page), moved.run().thetas[:ROWS], rtol=rtol)


def test_a_run_that_diverges_is_said_to(opened) -> None:
    e = Experiment(objective="formula", formula="x^4 + y^2", start=(3.0, 1.0), learning_rate=0.01, epochs=60)
    page = opened(subject_of(e.posed()))
    set_rate(page, 1000)
    expect(page.locator("#verdict")).to_contain_text("Diverged")
    assert "NaN" not in path_of(page, "path")


def test_it_plays_and_scrubs(opened) -> None:
    e = Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.05, epochs=60)
    page = opened(subject_of(e.posed()))
    whole = path_of(page, "path")
    page.get_by_role("slider", name="Epoch").evaluate(
        "(slider) => { slider.value = 10; slider.dispatchEvent(new Event('input')); }"
    )
    part = path_of(page, "path")
    assert whole.startswith(part)
    assert len(part) < len(whole)
    expect(page.locator("#epoch-shown")).to_have_text("10 of 60")
    page.get_by_role("button", name="Play").click()
    expect(page.locator("#epoch-shown")).to_have_text("60 of 60", timeout=30_000)


def test_a_comparison_moves_one_run_by_its_rate(opened) -> None:
    e = Experiment(objective="booth", start=(-8.0, 6.0), epochs=50)
    runs, _ = decode_runs("gd@0.01;adam@0.1,name=<img src=x onerror=alert(1)")
    subject = subject_of_comparison(e.posed(), runs or decode_runs("gd@0.01;adam@0.1")[0])
    page = opened(subject)
    page.get_by_role("combobox", name="Run").select_option(index=1)
    first = rows(page, 0)
    eta = set_rate(page, 700)
    np.testing.assert_array_equal(rows(page, 0), first)
    own = subject.results[1].contender.at_rate(eta).of(subject.task.experiment)
    np.testing.assert_array_equal(rows(page, 1), own.run().thetas[:ROWS])
