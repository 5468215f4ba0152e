"""Numbers that leave: every format gives the run back to the last bit, and says what it is a run of."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz import Experiment, decode
from gdviz.descent import Trajectory
from gdviz.experiments import Task, link_text, read_link, read_query
from gdviz.exports import run_csv, to_csv
from gdviz.exports.data import to_json, to_npz, to_parquet
from gdviz.exports.subject import subject_of
from gdviz.spreadsheets import plain_cell

CASES = {
    "converges": Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.3, epochs=60),
    "diverges": Experiment(objective="formula", formula="x^4 + y^2", start=(3.0, 1.0), learning_rate=0.5, epochs=50),
    "one parameter": Experiment(objective="formula", formula="cos(a)", start=(0.5,), learning_rate=0.1, epochs=5),
    "a fit": Experiment(objective="fit", data="line", start=(0.0, 0.0), learning_rate=0.001, epochs=20),
}


@pytest.fixture(params=CASES, scope="module")
def made(request) -> tuple[Task, Trajectory]:
    task = CASES[request.param].posed()
    return task, task.run()


def same_bits(a, b) -> bool:
    return np.asarray(a, dtype=float).tobytes() == np.asarray(b, dtype=float).tobytes()


def test_json_has_the_fields_of_a_trajectory(made) -> None:
    task, run = made
    read = json.loads(to_json(subject_of(task, run)), parse_constant=lambda text: pytest.fail(f"{text} is no JSON"))
    for name in ("thetas", "values", "gradients", "learning_rates"):
        assert same_bits(read[name], getattr(run, name))
    assert read["variables"] == list(run.variables)
    assert read["stop_reason"] == run.stop_reason.value
    assert (read["format"], read["version"]) == ("gdviz-run", 1)
    assert decode(read["experiment"]) == (task.experiment, ())
    assert read_link(read_query(read["link"][1:])[0])[0].experiment == task.experiment
    assert {"gdviz", "numpy", "python"} <= set(read["versions"])
    assert any("Momentum" in sentence for sentence in read["conventions"])


def test_npz_needs_no_pickle(made) -> None:
    task, run = made
    read = np.load(io.BytesIO(to_npz(subject_of(task, run))), allow_pickle=False)
    for name in ("thetas", "values", "gradients", "learning_rates"):
        assert read[name].dtype == np.float64
        assert read[name].shape == getattr(run, name).shape
        assert same_bits(read[name], getattr(run, name))
    assert read["variables"].tolist() == list(run.variables)
    assert json.loads(str(read["metadata"]))["link"] == link_text(task.experiment)


def test_parquet_has_numbers_as_numbers(made) -> None:
    task, run = made
    table = pq.read_table(io.BytesIO(to_parquet(subject_of(task, run))))
    n = len(run.variables)
    assert table.schema.names == ["epoch", "thetas", "values", "gradients", "learning_rates"]
    types = [field.type for field in table.schema]
    vector = pa.list_(pa.float64(), n)
    assert types == [pa.int64(), vector, pa.float64(), vector, pa.float64()]
    assert same_bits(table["thetas"].to_pylist(), run.thetas)
    assert same_bits(table["gradients"].to_pylist(), run.gradients)
    assert same_bits(table["values"].to_pylist(), run.values)
    *rates, last = table["learning_rates"].to_pylist()
    assert last is None
    assert same_bits(rates, run.learning_rates)
    assert json.loads(table.schema.metadata[b"gdviz"])["link"] == link_text(task.experiment)


def test_csv_says_what_it_is_above_its_numbers(made) -> None:
    task, run = made
    text = to_csv(subject_of(task, run))
    said = [line for line in text.splitlines() if line.startswith("#")]
    assert text.endswith(run_csv(run))
    assert any(link_text(task.experiment) in line for line in said)
    rows = list(csv.reader(line for line in text.splitlines() if not line.startswith("#")))
    assert same_bits([row[1] for row in rows[1:]], run.thetas[:, 0])


def test_what_is_no_number_is_null_in_json() -> None:
    run = CASES["one parameter"].run()
    odd = Trajectory(run.variables, run.thetas, np.full_like(run.values, np.nan), np.full_like(run.gradients, -np.inf),
                     run.learning_rates, 1, run.stop_reason)  # fmt: skip
    read = json.loads(to_json(subject_of(CASES["one parameter"].posed(), odd)))
    assert read["values"] == [None] * len(run.values)
    assert read["gradients"] == [[None]] * len(run.values)


RUN = ["=1+1", "+1", "-x", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠A", "\t=1", " =1", "\u200b=1", "\ufeff=1"]


@pytest.mark.parametrize("text", [*RUN, "|calc", "%0A=1", "'=1", "\u3000＝1", "\r=1", "\n=cmd"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert plain_cell(text).startswith("'")
    assert plain_cell(text)[1:] == "".join(c if c.isprintable() else " " for c in text)


@given(st.text())
def test_a_cell_stays_one_cell(text: str) -> None:
    cell = plain_cell(text)
    assert cell.isprintable()
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow([cell, "next"])
    assert next(csv.reader(io.StringIO(file.getvalue()))) == [cell, "next"]
    assert file.getvalue().count("\n") == 1
