"""A run that another program made leaves with the compared ones, with the numbers of its own epochs."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from PIL import Image

from gdviz.comparisons import decode_runs
from gdviz.experiments import Experiment
from gdviz.exports import NotOffered
from gdviz.exports.film import _Course, _Curves
from gdviz.exports.formats import export
from gdviz.exports.page_contents import contents_of
from gdviz.exports.reopened import link_in
from gdviz.exports.subject import Subject, subject_of_comparison
from gdviz.scenes import beside_contenders
from gdviz.training import read_training

TASK = Experiment(objective="quadratic_bowl", start=(1.0, 2.0), epochs=30).posed()
ROWS = "".join(f"{10 * k},{0.9**k},{2 * 0.9**k}\n" for k in range(30))
EPOCHS = [10 * k for k in range(30)]


@pytest.fixture(scope="module")
def subject() -> Subject:
    two = subject_of_comparison(TASK, decode_runs("gd@0.1;adam@0.1", 0.1)[0])
    other = beside_contenders(read_training(f"step,x,y\n{ROWS}".encode()), TASK, 2)
    return replace(two, results=(*two.results, other))


def test_numbers_of_every_kind_have_it(subject: Subject) -> None:
    label = subject.results[2].label
    found = json.loads(export(subject, "json"))["runs"][2]
    assert found["label"] == label
    assert found["epoch_numbers"] == EPOCHS
    assert found["epochs"] == 290
    assert found["thetas"] == subject.results[2].run.thetas.tolist()
    assert set(found["learning_rates"]) == {None}
    assert "link" not in found
    with np.load(io.BytesIO(export(subject, "npz"))) as arrays:
        assert arrays["labels"].tolist()[2] == label
        assert arrays["epoch_numbers_2"].tolist() == EPOCHS
        np.testing.assert_array_equal(arrays["thetas_2"], subject.results[2].run.thetas)
        assert "epoch_numbers_0" not in arrays
    rows = [row for row in pq.read_table(io.BytesIO(export(subject, "parquet"))).to_pylist() if row["run"] == label]
    assert [row["epoch"] for row in rows] == EPOCHS
    assert {row["learning_rates"] for row in rows} == {None}
    table = [line for line in export(subject, "csv").decode().splitlines() if line.startswith(label)]
    assert [int(line.split(",")[1]) for line in table] == EPOCHS


@pytest.mark.parametrize("ending", ["json", "npz", "csv", "py", "ipynb", "tex", "html"])
def test_what_opens_again_is_gdvizs_own(subject: Subject, ending: str) -> None:
    assert link_in(export(subject, ending)) == subject.link
    assert subject.link.count("@") == 2


def test_a_script_says_what_it_cannot_make(subject: Subject) -> None:
    script = export(subject, "py").decode()
    assert f"# Left out, since another program made it: {subject.results[2].label}" in script
    assert "run2" not in script
    with pytest.raises(NotOffered, match="anew"):
        export(replace(subject, results=subject.results[2:]), "py")


def test_latex_has_its_row(subject: Subject) -> None:
    (row,) = [line for line in export(subject, "tex").decode().splitlines() if line.startswith("Your run")]
    assert [part.strip() for part in row.split("&")][1:3] == ["--", "290"]


def test_the_live_file_shows_it_as_it_was(subject: Subject) -> None:
    found = contents_of(subject).shown
    *own, other = found["experiments"]
    assert [one["fixed"] for one in own] == [None, None]
    assert other["fixed"] == "another program made this run"
    assert other["ran"] == 290
    assert other["settings"] == {}
    assert other["step"] is None
    packed = found["arrays"][other["recorded"]["columns"]["epoch"]["$"]]
    assert packed["dtype"] == "f8"


def test_a_film_counts_its_epochs_and_not_its_rows() -> None:
    course = _Course(np.zeros((4, 2)), "red", np.array([0.0, 10, 20, 50]))
    assert [course.row(epoch) for epoch in (0, 9, 10, 49, 50, 400)] == [0, 0, 1, 2, 3, 3]


def test_a_film_names_its_curves_from_the_first_frame_on() -> None:
    curves = _Curves(Image.new("RGB", (400, 200), "red"), Image.new("RGB", (400, 200), "white"), 68.0, 10.0)
    early = np.asarray(curves.until(0))
    assert (early[:20, 300] == (255, 0, 0)).all(), "the legend"
    assert (early[100:, 300] == (255, 255, 255)).all(), "what is still to come"
