"""The step's JavaScript in a real browser, without the page: the rows of the core."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

import gdviz
from gdviz.fits import Fit
from gdviz.optimizers import ElementwiseOptimizer

ELEMENTWISE = [name for name, cls in gdviz.OPTIMIZERS.items() if issubclass(cls, ElementwiseOptimizer)]
EPOCHS = 200

RUN = """async ([text, start, rates, tolerance]) => {
    const address = URL.createObjectURL(new Blob([text], {type: "text/javascript"}));
    const {descend} = await import(address);
    const {thetas, gradients, values, stop} = descend(start, rates, tolerance);
    // As text, to the last bit: JSON knows no infinity.
    return [thetas, gradients, values].map((numbers) => Array.from(numbers, String)).concat([stop]);
}"""


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.goto("about:blank")
    yield page
    page.close()


def run_in(page: Page, objective: Any, start: list[float], rate: Any, optimizer: str, **more: Any) -> list[Any]:
    text = gdviz.step_javascript(objective, optimizer, EPOCHS, **more)
    *numbers, stop = page.evaluate(RUN, [text, start, rate, 1e-8])
    arrays = [np.array([float(x.replace("Infinity", "inf")) for x in column]) for column in numbers]
    return [*arrays, stop]


def rows_of(run: gdviz.Trajectory) -> list[np.ndarray]:
    return [run.thetas.ravel(), run.gradients.ravel(), run.values]


ARITHMETIC = {
    "rosenbrock": ("(1 - x)**2 + 100*(y - x**2)**2", [-1.2, 1.0], 0.0005),
    "himmelblau": ("(x^2 + y - 11)^2 + (x + y^2 - 7)^2", [0.1, -0.3], 0.01),
    "roots": ("sqrt(x^2 + y^2 + 1) + x^0.5", [4.0, 2.0], 0.1),
    "kinks": ("abs(x - 1) + max(x, y, -y) + min(x, 2)", [3.0, 2.0], 0.05),
    "quotient": ("x/(1 + x^2) + y^-2 + y", [0.5, 2.0], 0.05),
    "diverges": ("x^4 + y^4", [9.0, 1.0], 5.0),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@pytest.mark.parametrize("key", ARITHMETIC)
def test_arithmetic_and_roots_give_the_core_s_bits(blank: Page, key: str, name: str):
    text, start, rate = ARITHMETIC[key]
    f = gdviz.parse(text)
    run = gdviz.descend(f, start, rate, EPOCHS, name)
    *found, stop = run_in(blank, f, start, rate, name)
    assert stop == run.stop_reason.value
    for one, other in zip(found, rows_of(run), strict=True):
        assert one.tobytes() == other.tobytes()


def data(rows: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(rows)
    x = random.normal(size=rows)
    y = np.exp(0.3 * x) + 0.1 * random.normal(size=rows)
    return {"x": x, "y": y, "kind": (y > 1).astype(float)}


FITS = {
    "line": ("a*x + b", "y", {}, [0.0, 0.0], 0.1),
    "rational": ("a/(1 + b*x^2)", "y", {}, [1.0, 0.1], 0.05),
    "absolute": ("a*x + b", "y", {"loss": "absolute"}, [0.0, 0.0], 0.1),
    "huber with ridge": ("a*x + b*x^2 + c", "y", {"loss": "huber", "ridge": 0.1}, [0.0, 0.0, 0.0], 0.1),
    "wide": ("polynomial(x, 20)", "y", {"standardize": True}, [0.0] * 21, 0.01),
}


@pytest.mark.parametrize("key", FITS)
@pytest.mark.parametrize("name", ["gd", "adam", "radam"])
def test_a_fit_s_sums_give_the_core_s_bits(blank: Page, key: str, name: str):
    model, target, more, start, rate = FITS[key]
    table = data(101)
    fit = Fit(model, {"x": table["x"], target: table[target]}, target, **more)
    run = gdviz.descend(fit, start, rate, EPOCHS, name)
    *found, stop = run_in(blank, fit, start, rate, name)
    assert stop == run.stop_reason.value
    for one, other in zip(found, rows_of(run), strict=True):
        assert one.tobytes() == other.tobytes()


TAME = {
    "exp and sin": (gdviz.parse("exp(0.3x)*sin(y) + x^2 + y^2"), [1.0, 2.0], 0.05),
    "trigonometric": (
        gdviz.parse("cos(x) + tan(y/4) + atan(x*y) + asin(x/9) - acos(y/9) + x^2 + y^2"),
        [1.0, 2.0],
        0.05,
    ),
    "hyperbolic": (gdviz.parse("cosh(x) + sinh(y)^2 + tanh(x - y)"), [1.0, 0.5], 0.05),
    "logarithms": (gdviz.parse("x - log(x) + y - log2(y) + log10(x*y)^2 + x^1.3 + 2^y"), [2.0, 1.5], 0.05),
    "angle": (gdviz.parse("atan2(y, x)^2 + x^2 + y^2 - 3*x"), [1.0, 0.5], 0.05),
    "growth": (Fit("a*exp(b*x)", {k: data(101)[k] for k in ("x", "y")}, "y"), [1.0, 0.1], 0.05),
    "classes": (Fit("a*x + b", {"x": data(101)["x"], "kind": data(101)["kind"]}, "kind", "log"), [0.0, 0.0], 0.5),
    "estimated": (gdviz.EstimatedGradient(gdviz.parse("x^2 + exp(y) - y"), 0.001), [1.0, 0.5], 0.1),
}


@pytest.mark.parametrize("key", TAME)
@pytest.mark.parametrize("name", ["gd", "momentum", "adam"])
def test_other_functions_stay_within_a_trillionth(blank: Page, key: str, name: str):
    objective, start, rate = TAME[key]
    run = gdviz.descend(objective, start, rate, EPOCHS, name)
    *found, stop = run_in(blank, objective, start, rate, name)
    assert stop == run.stop_reason.value
    bound = 1e-9 if key == "estimated" else 1e-12  # a difference quotient magnifies the last digit of its values by 1/h
    for one, other in zip(found[::2], rows_of(run)[::2], strict=True):
        assert np.abs(one - other).max() <= bound * (1 + np.abs(other).max())


def test_rates_may_differ_from_epoch_to_epoch(blank: Page):
    f = gdviz.parse("x^2 + 3y^2")
    schedule = gdviz.LEARNING_RATES["cosine"](0.2)
    run = gdviz.descend(f, [1.0, 2.0], schedule, 50)
    *found, stop = run_in(blank, f, [1.0, 2.0], run.learning_rates.tolist(), "gd")
    assert stop == run.stop_reason.value
    assert found[0].tobytes() == run.thetas.tobytes()


def test_more_epochs_than_the_module_knows_are_refused(blank: Page):
    f = gdviz.parse("x^2")
    text = gdviz.step_javascript(f, "noisy_gd", 10)
    with pytest.raises(Exception, match="knows 10 epochs"):
        blank.evaluate(RUN, [text, [1.0], [0.1] * 11, 1e-8])
