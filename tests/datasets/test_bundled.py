"""The data that come with gdviz: made, published, and fitted as published."""

from __future__ import annotations

import re

import numpy as np
import pytest

from gdviz.datasets import DATASETS, line_table, read_csv
from gdviz.datasets.bundled import Dataset, classes_table
from gdviz.datasets.table import to_csv
from gdviz.descent import StopReason, descend

EACH = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS.keys())


def test_the_noisy_line_is_the_notebooks_without_noise_and_reproducible_with_it():
    assert line_table(0.0) == DATASETS["line"].table
    one = line_table(5.0)
    assert one == line_table(5.0) != line_table(4.0)
    errors = one.columns["y"] - (20 * one.columns["x"] + 5)
    assert 3 < errors.std() < 7
    assert line_table(10.0).columns["y"] - (20 * one.columns["x"] + 5) == pytest.approx(2 * errors)
    assert one.columns["y"][0] == -995 + 5 * 1.764052345967664  # RandomState(0), frozen by NEP 19
    for wrong in (-1.0, float("nan")):
        with pytest.raises(ValueError, match="noise"):
            line_table(wrong)


def test_the_classes_are_reproducible_and_as_far_apart_as_asked():
    table = classes_table()
    assert table == DATASETS["classes"].table
    assert sorted(set(table.columns["label"].tolist())) == [0, 1]
    far = classes_table(distance=12.0).columns
    ones = far["label"] == 1
    along = 0.8 * (far["x1"] - 10) / 3 + 0.6 * far["x2"]
    assert along[ones].min() > along[~ones].max()


@EACH
def test_a_dataset_is_complete_and_fits_a_link(dataset: Dataset):
    assert DATASETS[dataset.key] is dataset
    assert re.fullmatch("[a-z][a-z0-9_]*", dataset.key)
    assert dataset.target in dataset.table.names
    n = len(dataset.objective.variables)
    assert np.shape(dataset.start) == (n,)
    low, high = np.array(dataset.window).T
    assert len(low) == n
    for point in (dataset.start, *(point for point, _ in dataset.minima)):
        assert np.all((low <= point) & (point <= high))
    assert read_csv(to_csv(dataset.table).encode()) == dataset.table


@EACH
def test_a_datasets_learning_rate_goes_down(dataset: Dataset):
    run = descend(dataset.objective, dataset.start, dataset.learning_rate, dataset.epochs)
    assert run.stop_reason in (StopReason.EPOCHS, StopReason.CONVERGED)
    assert np.isfinite(run.thetas).all()
    assert run.values[-1] < run.values[0]


@EACH
def test_the_best_fit_has_the_published_error_and_no_slope(dataset: Dataset):
    point, error = dataset.minima[0]
    assert dataset.objective.value(point) == pytest.approx(error, rel=1e-5)
    hessian = dataset.objective.hessian(point)
    curvatures = np.linalg.eigvalsh(hessian)
    assert curvatures[0] > 0
    # How far the slope says the best point still is: nothing, to the printed digits.
    step = np.linalg.solve(hessian, dataset.objective.gradient(point))
    assert np.all(np.abs(step) <= 1e-4 * np.abs(point))


def test_the_line_is_the_notebooks():
    line = DATASETS["line"]
    assert line.objective.variables == ("slope", "intercept")
    assert line.table.columns["x"].tolist() == list(range(-50, 50))
    assert line.table.columns["y"].tolist() == [20 * x + 5 for x in range(-50, 50)]
    run = descend(line.objective, line.start, line.learning_rate, line.epochs)
    assert run.thetas[1] == pytest.approx([11.145854121436422, 0.4487591676219131], rel=1e-12)
    assert run.thetas[2] == pytest.approx([25.901164060169528, 0.4490075034081058], rel=1e-12)
    assert run.thetas[-1] == pytest.approx([20, 5], abs=0.001)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_anscombes_sets_have_one_line(number: int):
    columns = DATASETS[f"anscombe{number}"].table.columns
    assert len(columns["x"]) == 11
    assert np.mean(columns["x"]) == 9
    assert np.var(columns["x"], ddof=1) == 11
    assert round(float(np.mean(columns["y"])), 2) == 7.5
    design = np.stack([columns["x"], np.ones(11)], axis=1)
    slope, intercept = np.linalg.lstsq(design, columns["y"], rcond=None)[0]
    # Anscombe (1973) prints y = 3 + 0.5 x for all; 3.0001 + 0.5001 x, often quoted for all, is set I to four decimals.
    assert round(slope, 2) == 0.5
    assert round(intercept, 2) == 3
    if number == 1:
        assert (round(slope, 4), round(intercept, 4)) == (0.5001, 3.0001)
    assert (slope, intercept) == pytest.approx(DATASETS[f"anscombe{number}"].minima[0][0], abs=5.1e-8)


@pytest.mark.parametrize(("key", "rows"), [("misra1a", 14), ("rat43", 15), ("thurber", 37)])
def test_nists_sum_of_squares_is_reproduced(key: str, rows: int):
    dataset = DATASETS[key]
    point, error = dataset.minima[0]
    assert dataset.table.rows == rows
    # Eleven printed digits of the parameters give the error, quadratic there, to ten.
    assert dataset.objective.value(point) == pytest.approx(error, rel=1e-9)
    assert "Statistical Reference" in dataset.source
