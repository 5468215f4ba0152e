"""A run shows itself in a notebook."""

from __future__ import annotations

import html
import json
import re

import pytest

import gdviz
from gdviz.descent import Trajectory


def content(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="contents">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


def inner(run: Trajectory) -> str:
    frame = run._repr_html_()
    found = re.fullmatch(r'<iframe [^>]*sandbox="allow-scripts" [^>]*srcdoc="([^"]*)"></iframe>', frame)
    assert found, "the page is inside of one attribute"
    return html.unescape(found[1])


@pytest.mark.parametrize("optimizer", ["gd", "adam", "bfgs"])
def test_a_run_of_the_library_is_live(optimizer: str) -> None:
    run = gdviz.descend(gdviz.parse("(1 - x)**2 + 3*(y - x**2)**2"), [-1.0, 1.0], 0.02, 50, optimizer)
    (found,) = content(inner(run))["experiments"]
    assert (found["fixed"] is None) is (optimizer != "bfgs")
    assert found["start"] == [-1.0, 1.0]
    assert found["settings"]["learning_rate"] == 0.02
    assert inner(run) == html.unescape(re.search(r'srcdoc="([^"]*)"', run.show()._repr_html_())[1])


def test_a_fit_shows_itself(tmp_path) -> None:
    fit = gdviz.LeastSquares("a*exp(-b*x)", data={"x": [0.0, 1, 2], "y": [3.0, 2, 1]}, target="y")
    run = gdviz.descend(fit, [1.0, 0.1], 0.05, 20)
    run.show().save(str(tmp_path / "run.html"))
    assert content((tmp_path / "run.html").read_text())["experiments"][0]["variables"] == ["a", "b"]


def test_a_run_of_an_experiment_is_that_of_the_page() -> None:
    run = gdviz.Experiment(objective="booth", start=(1.0, 1.0), epochs=10).run()
    assert content(inner(run))["experiments"][0]["epochs"] == 10


def test_a_run_of_nothing_has_a_table() -> None:
    run = gdviz.descend(gdviz.parse("x^2"), [1.0], 0.1, 30)
    names = ("<b>x",)
    bare = Trajectory(names, run.thetas, run.values, run.gradients, run.learning_rates, 30, run.stop_reason)
    table = bare.show()._repr_html_()
    assert table.count("<tr>") == 1 + 10
    assert repr(float(run.thetas[-1, 0])) in table
    assert "&lt;b&gt;x" in table
