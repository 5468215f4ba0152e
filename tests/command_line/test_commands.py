"""The commands besides ``run``: what they write, and what they end with."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from gdviz.command_line import main
from gdviz.command_line.main import gdviz
from gdviz.experiments import read_link, read_query


def said(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    printed = capsys.readouterr()
    return printed.out, printed.err


def test_run_shows_a_table_of_its_first_and_last_epochs(capsys) -> None:
    assert main(["run", "objective=gentle_bowl", "learning_rate=0.3", "epochs=60"]) == 0
    out, err = said(capsys)
    lines = out.splitlines()
    assert lines[0].split()[:3] == ["epoch", "x", "y"]
    assert [line.split()[0] for line in lines[1:12]] == ["0", "1", "2", "3", "4", "…", "19", "20", "21", "22", "23"]
    assert lines[-2].startswith("Converged after 23 epochs")
    assert lines[-1].startswith("?objective=gentle_bowl")
    assert err == ""


def test_a_short_run_is_shown_whole(capsys) -> None:
    assert main(["run", "objective=gentle_bowl", "epochs=3", "learning_rate=0.1"]) == 0
    assert "…" not in said(capsys)[0]


def test_compare_says_who_was_first(capsys, tmp_path: Path) -> None:
    file = tmp_path / "all.csv"
    assert main(["compare", "objective=gentle_bowl", "runs=gd@0.3;momentum@0.1,name=ball", "--csv", str(file)]) == 0
    out, _ = said(capsys)
    assert "Gradient descent" in out
    assert "ball" in out
    assert "runs=gd@0.3;momentum@0.1,name%3Dball" in out
    lines = file.read_text().splitlines()
    assert lines[0].startswith("# format: gdviz-run")
    assert next(line for line in lines if line[0] != "#").startswith("run,epoch,evaluations,x,y,value")
    assert main(["compare", out.splitlines()[-1]]) == 0, "its link opens the same"
    assert said(capsys)[0] == out


def test_compare_takes_usual_contenders_where_none_are_named(capsys) -> None:
    assert main(["compare", "objective=booth", "epochs=20"]) == 0
    out, _ = said(capsys)
    assert all(name in out for name in ("Gradient descent", "Momentum", "Adam"))


TRAINED = "step,x,y\n0,-8,6\n10,-2,4\n20,1,3\n"


def test_a_run_of_another_program_leaves_with_the_one_that_is_exported(tmp_path: Path, capsys) -> None:
    other = tmp_path / "other.csv"
    other.write_text(TRAINED)
    for words, labels in (
        ((), ["Gradient descent", "Your run"]),
        (("runs=adam@0.1;momentum@0.01",), ["Adam", "Momentum", "Your run"]),
    ):
        file = tmp_path / "both.json"
        assert main(["export", "objective=booth", "epochs=5", *words, "--training", str(other), "-o", str(file)]) == 0
        runs = json.loads(file.read_text())["runs"]
        assert [run["label"] for run in runs] == labels
        assert runs[-1]["epoch_numbers"] == [0, 10, 20]
        assert runs[-1]["thetas"] == [[-8, 6], [-2, 4], [1, 3]]
    capsys.readouterr()
    for words, says in (
        (["objective=booth", "-o", str(other)], "holds the training run"),
        (["formula=x^2", "-o", str(tmp_path / "no.json")], "cannot be laid over"),
        (["objective=booth", "--training", str(other), "-o", str(tmp_path / "no.json")], "give it once"),
    ):
        assert main(["export", *words, "--training", str(other)]) == 2
        assert says in said(capsys)[1]
    assert other.read_text() == TRAINED
    assert not (tmp_path / "no.json").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["compare", "--data", "READ", "--csv", "READ"], "holds the data"),
        (["compare", "objective=booth", "--training", "READ", "--csv", "READ"], "holds the training run"),
        (["map", "basins", "--data", "READ", "-o", "READ"], "holds the data"),
    ],
    ids=lambda a: " ".join(a) if isinstance(a, list) else "",
)
def test_no_command_writes_over_the_file_it_reads(words: list[str], says: str, tmp_path: Path, capsys) -> None:
    read = tmp_path / "read.csv"
    read.write_text(TRAINED)
    assert main([str(read) if word == "READ" else word for word in words]) == 2
    assert says in said(capsys)[1]
    assert read.read_text() == TRAINED


@pytest.mark.parametrize("ending", ["csv", "json", "npz", "parquet"])
def test_the_ending_decides(ending: str, tmp_path: Path, capsys) -> None:
    file = tmp_path / f"run.{ending}"
    assert main(["export", "?objective=booth&epochs=5", "-o", str(file)]) == 0
    begins = {"csv": b"# format: gdviz-run", "json": b'{"format":"gdviz-run"', "npz": b"PK", "parquet": b"PAR1"}
    assert file.read_bytes().startswith(begins[ending])
    assert said(capsys) == ("", "")


def test_json_on_standard_output(capsys) -> None:
    assert main(["export", "objective=booth", "epochs=5", "-o", "-", "--format", "json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert len(read["thetas"]) == 6


_MISTAKES = [
    (["export", "objective=booth"], "Missing option '-o'"),
    (["export", "objective=booth", "-o", "x.exe"], "end it with one of .png"),
    (["export", "objective=booth", "-o", "x"], "end it with one of .png"),
    (["export", "objective=booth", "-o", "x.pdf", "--width", "9 miles"], "is no length"),
    (["export", "objective=booth", "-o", "x.pdf", "--width", "1mm"], "from 2 cm"),
    (["export", "objective=booth", "-o", "x.pdf", "--profile", "ieeee"], "'ieee'"),
    (["export", "objective=booth", "-o", "x.pdf", "--font-size", "3"], "from 6 to 36"),
    (["export", "objective=booth", "-o", "x.png", "--figure", "fit"], "There is no figure “fit”"),
    (["export", "objective=parabola", "-o", "x.png", "--figure", "surface"], "no figure “surface”"),
    (["export", "objective=boot", "-o", "x.png"], "did you mean booth?"),
    (["compare", "objective=booth", "runs=gdd@1"], "no optimizer “gdd”"),
    (["compare", "objective=booth", "runs=gauss_newton@1"], "fit"),
    (["verify", "objective=booth", "lr=3"], "did you mean learning_rate?"),
    (["run", "--bogus"], "unrecognized arguments: --bogus"),
    (["run", "objective=booth", "v=2"], "newer gdviz"),
    (["serve", "--port", "70000"], "--port"),
    (["serve", "--address", "no such place", "--port", "8777"], "“no such place” is no address of this computer"),
    (["export", "objective=booth", "epochs=3", "-o", "x.tex", "--figure", "contour"], "take this figure as pdf"),
    (["export", "objective=booth", "epochs=3", "optimizer=lion", "-o", "x.py", "--torch"], "PyTorch has no Lion"),
    (
        ["export", "objective=booth", "-o", "x.csv", "--figure", "loss"],
        "--figure does not go with .csv: it is for .png",
    ),
    (["export", "objective=booth", "-o", "x.svg", "--dpi", "300"], "--dpi does not go with .svg: it is for .png."),
    (["export", "objective=booth", "-o", "x.png", "--torch"], "--torch does not go with .png: it is for .py."),
    (["export", "objective=booth", "-o", "x.gif", "--width", "8cm"], "--width does not go with .gif"),
    (["export", "objective=booth", "run.json", "-o", "x.png"], "run.json: there is no such file."),
    (["compare", "nope.csv"], "nope.csv: there is no such file."),
]


@pytest.mark.parametrize(("arguments", "words"), _MISTAKES, ids=lambda a: " ".join(a) if isinstance(a, list) else "")
def test_a_mistake_is_one_line_and_nothing_is_written(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = said(capsys)
    assert (out, len(err.splitlines())) == ("", 1)
    assert words in err
    assert list(tmp_path.iterdir()) == []


def test_a_picture_is_no_file_that_opens_again(tmp_path: Path, capsys) -> None:
    (tmp_path / "figure.svg").write_text("<svg/>")
    assert main(["run", str(tmp_path / "figure.svg")]) == 2
    assert "figure.svg: only files with a link in them open again: .json, .npz" in capsys.readouterr().err


def test_where_an_export_cannot_be_written_is_said_before_its_run(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("gdviz.command_line.exporting.subject", lambda _: pytest.fail("it was run"))
    assert main(["export", "objective=booth", "-o", "nowhere/x.csv"]) == 1
    assert capsys.readouterr().err.startswith("nowhere/x.csv could not be written: ")


def test_a_link_is_verified_by_a_second_code(capsys) -> None:
    assert main(["verify", "?objective=himmelblau&start=1,1&epochs=50&optimizer=adam"]) == 0
    out, _ = said(capsys)
    assert "The link opens as it stands" in out
    assert "to the last bit" in out
    link = out.splitlines()[-1]
    assert read_link(read_query(link[1:])[0])[1] == ()


def test_help_teaches_by_example(capsys) -> None:
    for name in gdviz.commands:
        with contextlib.suppress(SystemExit):
            assert main([name, "--help"]) == 0
        out, _ = said(capsys)
        assert f"gdviz {name}" in out
    with pytest.raises(SystemExit):
        main([])
    assert "gdviz export" in said(capsys)[0]
    with pytest.raises(SystemExit):
        main(["--version"])
    assert said(capsys)[0].startswith("gdviz ")
