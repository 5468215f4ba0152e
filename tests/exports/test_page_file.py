"""The page as one file: what is in it, and what cannot be."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from gdviz import Experiment
from gdviz.comparisons import Contender, decode_runs
from gdviz.datasets import read_csv
from gdviz.exports import ExportError
from gdviz.exports.page_file import embedded_json, to_page
from gdviz.exports.subject import subject_of, subject_of_comparison
from gdviz.learning_rates import Cosine
from gdviz.optimizers import Adam

DATA = read_csv(b"x,y\n0,5\n1,3\n2,2.2\n3,1.4\n4,1.3\n5,1\n")
BOWL = Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.3, epochs=60)


class Parts(HTMLParser):
    """The elements of a page, and what each script holds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag == "script"
        if self._inside:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data


def content(page: str) -> dict:
    return json.loads(Parts(page).scripts[0])


def test_it_asks_for_nothing_and_is_no_larger_than_it_may_be() -> None:
    page = to_page(subject_of(BOWL.posed()))
    parts = Parts(page)
    assert len(page.encode()) < 6_000_000
    assert not any({"src", "href", "data", "action", "srcset"} & set(attrs) for _, attrs in parts.tags)
    policy = next(attrs["content"] for tag, attrs in parts.tags if tag == "meta" and "http-equiv" in attrs)
    assert policy.startswith("default-src 'none'")
    assert [tag for tag, _ in parts.tags].count("script") == 3
    slider = next(attrs for tag, attrs in parts.tags if attrs.get("id") == "rate")
    assert (slider["type"], slider["aria-label"]) == ("range", "Learning rate")


def test_the_steps_own_code_is_inside() -> None:
    page = to_page(subject_of(BOWL.posed()))
    script = Parts(page).scripts[2]
    assert "function descend(start, rates, tolerance)" in script
    assert not re.search(r"^\s*(import|export) ", script, re.MULTILINE)
    found = content(page)
    assert found["live"] is True
    assert found["runs"][0]["verdict"].startswith("Converged after 23 epochs")
    assert found["range"][0] < 0.3 < found["range"][1]


def test_a_comparison_has_all_its_runs() -> None:
    task = Experiment(objective="booth", start=(-8.0, 6.0), epochs=50).posed()
    runs, _ = decode_runs("gd@0.01;adam@0.1,name=</script>;momentum@0.01,beta=0.5")
    page = to_page(subject_of_comparison(task, runs))
    found = content(page)
    assert [run["label"] for run in found["runs"]] == ["Gradient descent", "</script>", "Momentum"]
    assert Parts(page).scripts[2].count("return descend;") == 3
    assert len(Parts(page).scripts) == 3, "the name ends no script"


HOSTILE = ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "\u2028alert(1)", '"};alert(1);{"', "&lt;"]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_ends_its_script(hostile: str) -> None:
    text = embedded_json({"name": hostile, hostile: 1})
    assert "<" not in text
    assert ">" not in text
    assert json.loads(text) == {"name": hostile, hostile: 1}


@pytest.mark.parametrize("optimizer", ["bfgs", "newton", "cg"])
def test_what_cannot_be_live_is_played_and_says_why(optimizer: str) -> None:
    task = Experiment(objective="booth", start=(-8.0, 6.0), epochs=30, optimizer=optimizer).posed()
    page = to_page(subject_of(task))
    found = content(page)
    assert found["live"] is False
    assert "plays its run" in found["why"]
    assert found["why"] in page.replace("&#x27;", "'")


def test_own_data_need_a_word() -> None:
    e = Experiment(objective="fit", data="upload", model="a*exp(-b*x)", target="y", start=(1.0, 0.1), epochs=20,
                   learning_rate=0.01)  # fmt: skip
    subject = subject_of(e.posed(DATA))
    with pytest.raises(ExportError, match="holds your data"):
        to_page(subject)
    assert content(to_page(subject, with_data=True))["live"] is True


def test_rates_that_follow_the_slider_are_told_from_those_that_do_not() -> None:
    cosine = Experiment(objective="booth", start=(1.0, 1.0), epochs=20, learning_rate=Cosine(0.1), optimizer=Adam())
    run = content(to_page(subject_of(cosine.posed())))["runs"][0]
    assert run["follows"] is True
    np.testing.assert_array_equal(run["rates"], cosine.run().learning_rates)
    assert Contender
