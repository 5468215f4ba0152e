"""The core against hostile texts: an answer or a refusal in words; nothing is opened, imported, run, connected to."""

from __future__ import annotations

import importlib
from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz import pacing
from gdviz.datasets import Table, TableError, read_csv
from gdviz.descent import descend
from gdviz.experiments import decode, read_query
from gdviz.experiments.experiment import Experiment
from gdviz.exports import run_csv
from gdviz.formulas import FormulaError
from gdviz.objectives import parse
from tests.hostile.cases import FORMULAS, files, links
from tests.hostile.watch import watched

PARTS = st.sampled_from(
    [*"xyz0123456789.+-*/^()|, =<>?:;[]{}@#$%&!~\"'\\_\n\x00", "__", "import ", "lambda ", "exec", ".__class__",
     "sin(", "²", "√", "\\frac{", "\\left(", "1e", "if(", " if ", " else ", "max(", "e", "pi", "μ", "\u202e", "\ud800"]
)  # fmt: skip
TEXTS = st.lists(PARTS, max_size=60).map("".join)


def used(text: str) -> str:
    """Parse a formula and use it in every way that the page does; return why it was refused, if it was."""
    try:
        found = parse(text)
    except FormulaError as error:
        return str(error) if 0 <= error.position <= len(text) else f"Traceback: nowhere in {text!r}"
    n = len(found.variables)
    point = np.full(n, 0.7)
    found.latex, found.gradient_latex, found.value(point), found.gradient(point)
    for engine in ("python", None):
        descend(found, point.tolist(), 1e-3, 30, "adam", engine=engine)  # type: ignore[arg-type]
    try:
        found.hessian(point)
    except FormulaError as error:
        return str(error)
    return ""


def read_or_refused(data: bytes, drop_bad_rows: bool = False) -> Table | str:
    """Return the table, or why there is none."""
    try:
        return read_csv(data, drop_bad_rows)
    except TableError as error:
        return str(error)


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """What is imported on first use is imported before anybody watches."""
    for text in ("x^2 + sin(y) + max(x, y)", "\\frac{x}{2}", "x^"):
        used(text)
    read_csv("x,y\n1,2\n3,4")
    decode({"objective": "fit", "data": "line"})
    importlib.import_module("numpy.ma")
    with pytest.raises(TableError):
        read_csv("x,y\n2020-01-01,a\n2020-01-02,b")


def test_there_are_many_of_them() -> None:
    assert len(set(FORMULAS)) >= 300
    assert len(set(links(100))) >= 95
    assert len(files(60)) == 60


def test_no_formula_gets_out() -> None:
    with watched() as seen:
        said = [used(text) for text in FORMULAS]
    assert seen == []
    refused = [sentence for sentence in said if sentence]
    assert len(refused) > len(FORMULAS) / 2
    assert all("Traceback" not in sentence and len(sentence) < 600 for sentence in refused)


def test_the_watch_sees_what_it_is_to_see() -> None:
    with watched() as seen:
        open("/dev/null").close()
        eval("1 + 1")  # noqa: S307
        exec(compile("x.__class__", "<generated code>", "exec"), {"x": 1})  # noqa: S102
    assert [word.split()[0] for word in seen] == ["open", "compile", "exec", "name"]


def test_the_watch_does_not_see_what_others_left_behind() -> None:
    class Leftover:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            open("/dev/null").close()

    Leftover()
    with watched() as seen:
        Leftover()
        kept = [[] for _ in range(5_000)]  # the collector would come by now
    assert seen == []
    assert len(kept) == 5_000


def test_no_formula_takes_more_than_its_time() -> None:
    """Counted in processor time: each may have as much as one change of a visitor."""
    for text in FORMULAS:
        with pacing.work(1000.0, lambda: None) as work:
            used(text)
            assert work.used < 6.0, text


def test_no_link_gets_out() -> None:
    with watched() as seen:
        for query in links(150, seed=1):
            parameters, _ = read_query(query)
            experiment, notes = decode(parameters)
            assert isinstance(experiment, Experiment)
            assert all(isinstance(note, str) for note in notes)
    assert seen == []


def test_no_file_gets_out() -> None:
    with watched() as seen:
        for data in files(120):
            table = read_or_refused(data)
            assert isinstance(table, str) or all(np.isfinite(column).all() for column in table.columns.values())
    assert seen == []


def test_a_file_of_nothing_but_lines_is_not_walked_through() -> None:
    for data in (b"\n" * 5_000_000, b"\r" * 5_000_000, b"# c\n" * 1_200_000):
        assert "lines, and at most 1,000,000 can be read" in str(read_or_refused(data))


def test_what_leaves_as_a_table_is_numbers_and_names() -> None:
    """A spreadsheet runs a cell that begins with =, +, - or @, also in their wide forms: names never do."""
    data = {"=1+1": [1, 2, 3], "\uff1dcmd": [4, 5, 7], "@x": [1, 2, 4]}
    rows = "\n".join(",".join(map(str, row)) for row in zip(*data.values(), strict=True))
    table = read_csv(",".join(data) + "\n" + rows)
    run = Experiment(
        "fit", data="upload", model=f"a*{table.names[0]} + b", target=table.names[1], start=(0.0, 0.0), epochs=3
    ).run(table)
    for line in run_csv(run).splitlines():
        for cell in filter(None, line.split(",")):
            assert cell[0] not in "=+@\uff1d\uff0b\uff20\t\r"
            assert cell[0] != "-" or not isnan(float(cell))


@settings(max_examples=300)
@given(TEXTS)
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    with watched() as seen:
        used(text)
    assert seen == []


@settings(max_examples=150)
@given(st.dictionaries(st.sampled_from(["objective", "formula", "model", "data", "target", "start", "optimizer",
       "schedule", "rate_formula", "runs", "epochs", "learning_rate"]), TEXTS, max_size=6))  # fmt: skip
def test_any_parameters_are_an_experiment(parameters: dict[str, str]) -> None:
    experiment, _ = decode(parameters)
    assert isinstance(experiment, Experiment)


@settings(max_examples=200)
@given(st.binary(max_size=400) | TEXTS.map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    assert read_or_refused(data)
