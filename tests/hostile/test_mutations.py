"""What worked, bent a little: formulas, links and files with pieces cut out, doubled, moved and put in.

Texts made at random are mostly refused at their first character; these get further in. Whatever comes is an answer or
a refusal in words, in bounded time, and what is written down reads back as the same.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdviz import pacing
from gdviz.comparisons import decode_runs, encode_runs
from gdviz.datasets import DATASETS, Table, read_csv
from gdviz.experiments import decode, encode, read_query
from gdviz.lessons.scenarios import SCENARIOS
from gdviz.optimizers import OPTIMIZERS
from tests.formulas.test_formulas_fuzz import FORMULA
from tests.hostile.cases import FORMULAS, links
from tests.hostile.test_core import read_or_refused, used
from tests.hostile.watch import watched

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
MOST = 6.0  # seconds of processor time, three times what a change of a visitor may have
TABLE = read_csv("x,y,z\n" + "\n".join(f"{i},{i * i},{(7 * i) % 5}" for i in range(12)))

ODD = st.sampled_from(
    ["\x00", "\u202e", "\ufeff", "\ud800", "é", "e\u0301", "٣", "½", "²", "\u2212", "\uff0c", "\r", "\n", "\t", '"',
     "'", "`", "=", "&", "%", "%00", "%F0%9F", "+", ",", ";", ":", "@", "#", "\\", "{", "}", "[", "]", "(", ")", "|",
     "^", "**", "nan", "inf", "-", "1e999", "-1e-999", "9" * 40, "0x1f", "1_0", "1.2.3", "..", "__class__", "eval(",
     "if(", "max(", "x" * 60, "sin(" * 12, "<script>", "=1+1", " ", "\u00a0", "\u200b"]
)  # fmt: skip


@st.composite
def bent(draw: st.DrawFn, sources: st.SearchStrategy[str], most: int = 4) -> str:
    """A text of ``sources`` after one to ``most`` edits."""
    text = draw(sources)
    for _ in range(draw(st.integers(1, most))):
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        edit = draw(st.sampled_from(["cut", "put", "double", "move", "swap"]))
        piece = text[first : min(last, first + 40)]
        if edit == "cut":
            text = text[:first] + text[first + len(piece) :]
        elif edit == "put":
            text = text[:first] + draw(ODD) + text[first:]
        elif edit == "double":
            text = text[:first] + piece * draw(st.integers(2, 6)) + text[first + len(piece) :]
        elif edit == "move":
            rest = text[:first] + text[first + len(piece) :]
            place = draw(st.integers(0, len(rest)))
            text = rest[:place] + piece + rest[place:]
        else:
            text = text[:first] + piece[::-1] + text[first + len(piece) :]
    return text


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """What is imported on first use is imported before anybody watches."""
    for text in ("x^2 + sin(y) + max(x, y)", "\\frac{x}{2}", "x^"):
        used(text)
    for encoding in ENCODINGS:
        read_csv("x,y\n1,2\n3,4".encode(encoding))
    b"x".decode("cp1252")


@settings(max_examples=1500)
@given(bent(FORMULA | st.sampled_from(FORMULAS)))
def test_a_bent_formula_is_one_or_refused(text: str) -> None:
    with watched() as seen, pacing.work(1000.0, lambda: None) as work:
        used(text)
        assert work.used < MOST
    assert seen == []


QUERIES = st.integers(0, 10**9).map(lambda seed: links(1, seed)[0]) | st.sampled_from(
    [urlencode(scenario.link) for scenario in SCENARIOS.values()]
)


@settings(max_examples=800)
@given(bent(QUERIES, 8), st.booleans())
@example("\ud800epochs=&delta=1_000", False)
@example("objective=\x00parabola", False)
@example("data=\x1b[31m&objective=fit", False)
@example("objective=fit&data=upload&target=\x1b[31m", True)
def test_a_bent_link_is_an_experiment_that_runs_and_reads_back_as_itself(query: str, own: bool) -> None:
    table = TABLE if own else None
    with pacing.work(1000.0, lambda: None) as work:
        parameters, _ = read_query(query)
        experiment, notes = decode(parameters, table)
        assert all(note.isprintable() for note in notes)
        assert decode(encode(experiment), table) == (experiment, ())
        few = replace(experiment, epochs=min(3, experiment.epochs))
        run = few.run(table)
        assert np.isfinite(run.thetas).all()
        assert few.verdict(run, table).sentence
        assert work.used < MOST


CONTENDERS = st.lists(
    st.tuples(st.sampled_from([*OPTIMIZERS]), st.sampled_from(["0.1", "1", "1e-3"])).map("@".join), max_size=6
).map(";".join)


@settings(max_examples=200)
@given(bent(CONTENDERS, 6))
@example("gd@1,schedule=formula,rate_formula=eta*exp(-k)")
def test_a_bent_list_of_contenders_reads_back_as_itself(text: str) -> None:
    found, _ = decode_runs(text)
    assert decode_runs(encode_runs(found)) == (found, ())


def written(table: Table) -> str:
    """A table as CSV, to the last digit."""
    rows = zip(*(column.tolist() for column in table.columns.values()), strict=True)
    return "\n".join([",".join(table.names), *(",".join(map(repr, row)) for row in rows)])


def _some_file(name: str, quoted: bool, separator: str, newline: str) -> str:
    """The first rows of a bundled data set, as some program writes them."""
    table = DATASETS[name].table
    few = replace(table, columns={name: column[:15] for name, column in table.columns.items()})
    cells = [line.split(",") for line in written(few).split("\n")]
    marked = [[f'"{cell}"' if quoted else cell for cell in line] for line in cells]
    return newline.join(separator.join(line) for line in marked)


FILES = st.builds(
    _some_file, st.sampled_from([*DATASETS]), st.booleans(), st.sampled_from([",", ";", "\t", "|", "  "]),
    st.sampled_from(["\n", "\r\n", "\r", "\n\n"]),
)  # fmt: skip


@settings(max_examples=1500)
@given(bent(FILES, 5), st.sampled_from(ENCODINGS), st.booleans())
def test_a_bent_file_is_a_table_or_refused(text: str, encoding: str, drop: bool) -> None:
    with watched() as seen, pacing.work(1000.0, lambda: None) as work:
        table = read_or_refused(text.encode(encoding, "replace"), drop)
        assert table
        if isinstance(table, Table):
            assert all(np.isfinite(column).all() and len(column) >= 2 for column in table.columns.values())
            again = read_csv(written(table))
            assert again.names == table.names
            assert all(np.array_equal(again.columns[name], table.columns[name]) for name in table.names)
        assert work.used < MOST
    assert seen == []
