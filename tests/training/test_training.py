"""Training runs of other programs: what is read, what is said, and on which plane they move."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gdviz import Experiment
from gdviz.command_line import main
from gdviz.exports import run_csv, to_csv, to_npz
from gdviz.figures import CAMERA
from gdviz.figures.plane import plane_figure
from gdviz.training import TrainingError, principal_plane, read_training

BOWL = Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.3, epochs=60).posed()


def npz(**arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_our_own_files_come_back() -> None:
    run = BOWL.run()
    for data in (run_csv(run).encode(), to_csv(BOWL, run).encode(), to_npz(BOWL, run)):
        read = read_training(data)
        np.testing.assert_array_equal(read.thetas, run.thetas)
        np.testing.assert_array_equal(read.losses, run.values)


def test_layers_are_put_side_by_side() -> None:
    rng = np.random.default_rng(1)
    weights, bias = rng.normal(size=(5, 3, 2)).astype(np.float32), rng.normal(size=(5, 2))
    read = read_training(npz(weights=weights, bias=bias, loss=np.arange(5.0)))
    assert read.names[:2] == ("weights[0]", "weights[1]")
    assert read.names[-1] == "bias[1]"
    np.testing.assert_array_equal(read.thetas, np.hstack([weights.reshape(5, -1), bias]))
    assert read.losses.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("epoch,a,b,loss\n0,1,2,3\n1,1,1,2\n", ("a", "b")),
        ("Step;w;Train_Loss\n0;1.5;3\n10;1;2\n", ("w",)),
        ("1\t2\n3\t4\n5\t6\n", ("theta0", "theta1")),
        ("# a comment\na,learning_rate\n1,0.1\n2,\n", ("a",)),
        ("\ufeffa\n1\n2\n", ("a",)),
    ],
)
def test_tables_are_read_as_people_write_them(text: str, names: tuple[str, ...]) -> None:
    assert read_training(text.encode()).names == names


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "at least two rows"),
        (b"a,b\n1,2\n3,x\n", "Row 2, column"),
        (b"a,b\n1,2\n3\n", "Row 2 has 1 cells"),
        (b"a,a\n1,2\n3,4\n", "Two columns"),
        (b"epoch,loss\n1,2\n3,4\n", "no column of parameters"),
        (b"\xff\xfe\x00", "neither a text"),
        (b"PK nonsense", "cannot be read"),
        (npz(), "no array"),
        (npz(a=np.zeros((3, 2)), b=np.zeros((4, 2))), "first axis"),
        (npz(a=np.array(["x", "y"])), "real numbers"),
        (npz(a=np.zeros((9000, 1))), "every tenth"),
        (npz(loss=np.zeros(3)), "no column of parameters"),
        (b"a\n1_0\n2\n", "no number"),
    ],
)
def test_what_is_no_run_is_said(data: bytes, words: str) -> None:
    with pytest.raises(TrainingError, match=words):
        read_training(data)


def test_a_pickle_is_never_opened() -> None:
    file = io.BytesIO()
    np.savez(file, a=np.array([{"x": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(TrainingError):
        read_training(file.getvalue())


def test_an_array_that_claims_to_be_huge_is_not_read() -> None:
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "<f8", "fortran_order": False, "shape": (3, 10**12)})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.npy", head.getvalue())
    with pytest.raises(TrainingError, match="2 GB"):
        read_training(file.getvalue())


def test_the_plane_is_that_of_the_singular_vectors() -> None:
    rng = np.random.default_rng(2)
    thetas = rng.normal(size=(30, 5)) * [9, 4, 1, 0.5, 0.1]
    plane = principal_plane(thetas)
    centered = thetas - thetas.mean(axis=0)
    _, sizes, directions = np.linalg.svd(centered, full_matrices=False)
    np.testing.assert_allclose(np.abs(plane.points), np.abs(centered @ directions[:2].T), atol=1e-9)
    np.testing.assert_allclose(plane.shares, (sizes**2 / (sizes**2).sum())[:2])
    assert (plane.points[-1] >= plane.points[0]).all()
    titles = plane_figure(plane, CAMERA).layout
    assert f"{100 * plane.shares[0]:.1f} % of the variance" in titles.xaxis.title.text
    assert "%" in titles.yaxis.title.text


@pytest.mark.parametrize("thetas", [np.zeros((4, 3)), np.arange(4.0)[:, None], np.ones((2, 1))])
def test_a_path_that_hardly_moves_has_a_plane(thetas: np.ndarray) -> None:
    plane = principal_plane(thetas)
    assert np.isfinite(plane.points).all()
    assert all(0 <= share <= 1 for share in plane.shares)


def test_the_rate_is_measured() -> None:
    thetas = 3.0 * 0.9 ** np.arange(80)[:, None] * [1.0, -2.0]
    run = read_training(npz(thetas=thetas, loss=np.sum(thetas**2, axis=1)))
    assert run.rate == pytest.approx(0.9)
    assert run.verdict.startswith("Settling")
    assert "0.9 times" in run.verdict
    assert "The loss goes from 45" in run.verdict
    growing = read_training(npz(thetas=1.1 ** np.arange(50)[:, None]))
    assert growing.verdict.startswith("Growing")
    broken = read_training(npz(thetas=np.array([[1.0], [2.0], [np.nan]])))
    assert broken.verdict.startswith("Diverged: at epoch 2")
    still = read_training(npz(thetas=np.ones((9, 2))))
    assert "Nothing moved" in still.verdict


def test_it_opens_on_the_command_line(tmp_path: Path, capsys) -> None:
    file = tmp_path / "run.npz"
    rng = np.random.default_rng(3)
    file.write_bytes(npz(thetas=np.cumsum(rng.normal(size=(40, 1000)), axis=0), loss=1 / np.arange(1, 41)))
    assert main(["open", str(file)]) == 0
    said = capsys.readouterr().out
    assert "1,000 parameters, 39 epochs." in said
    assert "% of its variance" in said
    assert main(["open", str(tmp_path / "none.npz")]) == 2
    assert main(["open", str(file), "-o", str(file)]) == 2
    assert "No such file" in capsys.readouterr().err
