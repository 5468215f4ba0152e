"""Training runs of other programs: what is read, what is said, and on which plane they move."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from gdviz import Experiment, parse
from gdviz.command_line import main
from gdviz.comparisons import runs_csv
from gdviz.exports import run_csv, to_csv
from gdviz.exports.data import to_npz
from gdviz.exports.subject import subject_of
from gdviz.exports.training_data import training_csv, training_json, training_npz
from gdviz.figures import CAMERA
from gdviz.figures.plane import plane_figure
from gdviz.scenes import TrainingScene, Unmatched, beside_contenders
from gdviz.training import TrainingError, embedding_of, read_training
from gdviz.training.plane import principal_plane

BOWL = Experiment(objective="gentle_bowl", start=(-5.0, -2.0), learning_rate=0.3, epochs=60).posed()


def npz(**arrays: object) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def test_our_own_files_come_back() -> None:
    run = BOWL.run()
    for data in (run_csv(run).encode(), to_csv(subject_of(BOWL, run)).encode(), to_npz(subject_of(BOWL, run))):
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
        (npz(a=np.zeros((100_002, 1), dtype=np.float16)), "every tenth"),
        (npz(a=np.zeros((4002, 4003), dtype=np.float16)), "too many for a plane"),
        (npz(loss=np.zeros(3)), "no column of parameters"),
        (npz(a=np.zeros((0, 4))), "at least two rows"),
        (npz(a=np.zeros((4, 0))), "real numbers"),
        (npz(**{f"a{i}": np.zeros(2) for i in range(2_001)}), "2,001 arrays"),
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
    with pytest.raises(TrainingError, match="larger than 2,048 MB"):
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


def test_a_long_path_of_few_parameters_has_a_plane() -> None:
    """The inner products of 50,000 epochs would take 20 GB."""
    k = np.arange(50_000.0)
    plane = principal_plane(np.stack([np.cos(k / 9000), np.sin(k / 9000), 0 * k], axis=1))
    assert sum(plane.shares) == pytest.approx(1)
    few = principal_plane(np.stack([np.cos(k[:40]), np.sin(k[:40]), k[:40] / 90], axis=1))
    wide = np.concatenate([np.stack([np.cos(k[:40]), np.sin(k[:40]), k[:40] / 90], axis=1), np.zeros((40, 60))], axis=1)
    np.testing.assert_allclose(np.abs(few.points), np.abs(principal_plane(wide).points), atol=1e-9)


@pytest.mark.parametrize("size", [1e200, 1e-200, 1.0])
def test_a_plane_has_no_overflow_and_ends_before_nan(size: float) -> None:
    thetas = size * np.array([[1.0, 2, 3], [4, 5, 7], [2, 2, 2], [1, 0, 3], [np.nan, 1, 1], [1, 1, 1]])
    plane = principal_plane(thetas)
    assert np.isfinite(plane.points[:4]).all()
    assert np.isnan(plane.points[4:]).all()
    np.testing.assert_allclose(plane.points[:4] / size, principal_plane(thetas[:4] / size).points, atol=1e-12)


def test_a_frame_leads_from_the_plane_to_the_parameters_and_back() -> None:
    rng = np.random.default_rng(5)
    thetas = rng.normal(size=(20, 4)) * [5.0, 2.0, 1e-9, 1e-9]
    frame = embedding_of(thetas, principal_plane(thetas), parse("a^2 + b^2 + c^2 + d^2"))
    np.testing.assert_allclose(frame.directions @ frame.directions.T, np.eye(2), atol=1e-12)
    np.testing.assert_allclose(frame.thetas(frame.points(thetas)), thetas, atol=1e-7)
    np.testing.assert_allclose(frame.value(frame.points(thetas)), (thetas**2).sum(axis=1), rtol=1e-6)
    line = np.outer(np.arange(5.0), [1.0, 1.0])  # moves in one direction only: the plane has a second one all the same
    frame = embedding_of(line, principal_plane(line), parse("x^2 + y^2"))
    np.testing.assert_allclose(frame.directions @ frame.directions.T, np.eye(2), atol=1e-12)


def test_over_its_function_the_surface_is_the_functions_and_ours_lies_beside() -> None:
    run = BOWL.run()
    read = read_training(run_csv(run).encode())
    scene = TrainingScene(read, BOWL, run)
    assert scene.known is not None
    np.testing.assert_allclose(scene.known.values, run.values)
    drawn = scene.plane(CAMERA)
    ground = next(trace for trace in drawn.data if trace.type == "contour")
    u, v = float(ground.x[3]), float(ground.y[7])
    assert scene.ground.z[7, 3] == pytest.approx(BOWL.problem.objective.value(scene.frame.thetas([u, v])))
    names = {trace.name for trace in drawn.data}
    assert {"gdviz’s run", "path", "start", "end"} <= names
    assert "% of the variance" in drawn.layout.xaxis.title.text
    for build in scene.figures().values():
        assert "gdviz’s run" in {trace.name for trace in build(CAMERA).data}
    assert scene.remarks == [f"Left out, as no parameters: {', '.join(read.left_out)}."]


def test_other_names_are_taken_in_their_order_and_said() -> None:
    read = read_training(b"w0,w1,loss\n1,2,99\n0.5,1,98\n")
    scene = TrainingScene(read, BOWL)
    np.testing.assert_array_equal(scene.known.thetas, [[1, 2], [0.5, 1]])
    assert "w0 as x, w1 as y" in " ".join(scene.remarks)
    assert "not this function’s" in " ".join(scene.remarks)
    swapped = TrainingScene(read_training(b"y,x\n2,1\n1,0.5\n"), BOWL)
    np.testing.assert_array_equal(swapped.known.thetas, [[1, 2], [0.5, 1]])
    with pytest.raises(Unmatched, match="3 parameters"):
        TrainingScene(read_training(b"a,b,c\n1,2,3\n1,2,4\n"), BOWL)


def test_epochs_keep_the_numbers_of_the_file() -> None:
    rows = "".join(f"{10 * k},{0.9**k},{2 * 0.9**k}\n" for k in range(30))
    scene = TrainingScene(read_training(f"step,x,y\n{rows}".encode()), BOWL)
    for build in (scene.theta, scene.loss):
        drawn = build(CAMERA)
        assert max(float(np.max(trace.x)) for trace in drawn.data) == 290
        assert drawn.layout.xaxis.range[1] > 290
    beside = beside_contenders(scene.run, BOWL, 3)
    assert beside.last_epoch == 290
    assert beside.costs[-1] == 291
    assert "29 saved epochs" in scene.run.verdict


@pytest.mark.parametrize(
    "rows", [[[1, 2], [np.nan, 1]], [[1e200, 1], [1e300, 2], [np.inf, 3]], [[np.nan, 1], [1, 1]], [[1, 1], [1, 1]]]
)
def test_broken_and_resting_runs_are_drawn(rows: list[list[float]]) -> None:
    read = read_training(npz(thetas=np.array(rows)))
    for scene in (TrainingScene(read), TrainingScene(read, BOWL, BOWL.run())):
        for build in scene.figures().values():
            build(CAMERA).to_json()
        assert "%" in scene.shares
    assert training_json(TrainingScene(read, BOWL)).count("NaN") == 0
    beside = beside_contenders(read, BOWL, 0)
    assert np.isfinite(beside.run.thetas[1:]).all()


def test_a_run_beside_others_ends_where_a_descent_would() -> None:
    run = BOWL.changed(epochs=5000, learning_rate=0.05).run()
    more = np.concatenate([run.thetas, np.repeat(run.thetas[-1:], 50, axis=0)])
    result = beside_contenders(read_training(npz(thetas=more)), BOWL, 1)
    assert result.epochs_to_tolerance == run.epochs
    assert result.run.stop_reason is run.stop_reason
    said = runs_csv([result]).splitlines()
    assert len(said) == run.epochs + 2
    assert said[1].endswith(",")  # its rates are not known


def test_its_numbers_leave_and_come_back() -> None:
    read = read_training(b"epoch,a,b,=cmd,loss\n0,1,2,3,9\n5,1.5,2,4,8\n")
    scene = TrainingScene(read)
    lines = [line for line in training_csv(scene).splitlines() if not line.startswith("#")]
    assert lines[0] == "epoch,first_component,second_component,moved,loss,a,b,'=cmd"
    assert lines[1].startswith("0.0,")
    assert json.loads(training_json(scene))["columns"]["moved"][0] is None
    for data in (training_csv(scene).encode(), training_npz(scene)):
        again = read_training(data)
        np.testing.assert_array_equal(again.thetas, read.thetas)
        np.testing.assert_array_equal(again.losses, read.losses)
        np.testing.assert_array_equal(again.epochs, read.epochs)


def test_what_logs_hold_besides_is_no_parameter() -> None:
    read = read_training(b"epoch,w,train_loss,val_loss,lr\n1,np.float64(1.5),,3,0.1\n2,1,2,3,0.1\n")
    assert read.names == ("w",)
    assert read.left_out == ("val_loss", "lr")
    assert np.isnan(read.losses[0])


def test_it_compares_on_the_command_line(tmp_path: Path, capsys) -> None:
    file = tmp_path / "run.csv"
    file.write_text(run_csv(BOWL.run()))
    words = ["objective=gentle_bowl", "learning_rate=0.3", "epochs=60", "start=-5,-2"]
    assert main(["compare", *words, "--training", str(file)]) == 0
    said = capsys.readouterr().out
    assert "Your run" in said
    for figure in ("plane", "theta", "loss"):
        assert main(["open", str(file), *words, "--figure", figure, "-o", str(tmp_path / f"{figure}.html")]) == 0
        assert "plotly" in (tmp_path / f"{figure}.html").read_text()
    capsys.readouterr()
    assert main(["open", str(file), *words, "--figure", "theta", "-o", str(tmp_path / "theta.tex")]) == 0
    assert "gdviz’s run" in capsys.readouterr().out
    for ending in ("csv", "json", "npz"):
        assert main(["open", str(file), "-o", str(tmp_path / f"made.{ending}")]) == 0
    assert main(["open", str(file), "formula=a+b+c"]) == 2
    assert main(["open", str(file), "-o", str(tmp_path / "made.xyz")]) == 2
    assert main(["compare", "formula=a+b+c", "--training", str(file)]) == 2
    assert main(["open", str(file), "nonsense"]) == 2
    capsys.readouterr()
    for made, option, value in (("x.csv", "--figure", "loss"), ("x.html", "--width", "8cm"), ("", "--profile", "ieee")):
        assert main(["open", str(file), option, value, *(("-o", str(tmp_path / made)) if made else ())]) == 2
        assert f"{option} does not go with {made[1:] or 'no file'}" in capsys.readouterr().err
        assert not (tmp_path / "x.csv").exists()


def test_it_opens_on_the_command_line(tmp_path: Path, capsys) -> None:
    file = tmp_path / "run.npz"
    rng = np.random.default_rng(3)
    file.write_bytes(npz(thetas=np.cumsum(rng.normal(size=(40, 1000)), axis=0), loss=1 / np.arange(1, 41)))
    assert main(["open", str(file)]) == 0
    said = capsys.readouterr().out
    assert "1,000 parameters, 39 epochs." in said
    assert "% of the path’s variance" in said
    assert main(["open", str(tmp_path / "none.npz")]) == 2
    assert main(["open", str(file), "-o", str(file)]) == 2
    assert "No such file" in capsys.readouterr().err
